"""Shapes of what the import wizard sends."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jiafang.intake.fields import KINDS
from jiafang.intake.headings import KIND, column_meanings
from jiafang.intake.tables import SKIP

MOST_FILES = 20


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or many files; cleans to a list."""

    widget = Files

    def clean(self, data, initial=None):
        files = data if isinstance(data, (list, tuple)) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files or [None]]


class UploadForm(forms.Form):
    """For which school or bureau, and which files."""

    unit = forms.ModelChoiceField(None, label=_("导入到"))
    files = FilesField(
        label=_("名册文件"),
        help_text=_("可以一次选几个 .xlsx、.xls 或 .csv：学籍导出、教师花名册、任课安排表、班主任摸排表、坐标表都可以，列的顺序不限。"),
        widget=Files(attrs={"accept": ".xlsx,.xls,.csv"}),
    )

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = places
        only = places[:2]
        if len(only) == 1:
            self.fields["unit"].initial = only[0].pk
            self.fields["unit"].widget = forms.HiddenInput()

    def clean_files(self):
        files = self.cleaned_data["files"]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("一次最多选 %d 个文件。") % MOST_FILES)
        return files


class SheetForm(forms.Form):
    """What one sheet is, and what each of its columns means; cleans to the overrides `intake.headings` takes."""

    kind = forms.ChoiceField(
        label=_("这是哪种表"),
        choices=[*((kind.key, kind.title) for kind in KINDS.values()), (SKIP, _("不导入这张表"))],
    )

    def __init__(self, *args, columns: dict[str, str], kind: str, **kwargs):
        """`columns`: letter → heading as it stands in the sheet."""
        super().__init__(*args, **kwargs)
        self.letters = list(columns)
        meanings = [("", _("不读取")), *column_meanings(kind)] if kind in KINDS else [("", _("不读取"))]
        for letter, heading in columns.items():
            known = {key for key, _title in meanings}
            given = self.initial.get(letter, "")
            extra = [(given, given.removeprefix("subject:").removeprefix("day:"))] if given and given not in known else []
            self.fields[letter] = forms.ChoiceField(
                label=heading or letter,
                required=False,
                choices=[*meanings, *extra],
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def overrides(self) -> dict[str, str]:
        data = self.cleaned_data
        if data["kind"] == SKIP:
            return {KIND: SKIP}
        return {KIND: data["kind"]} | {letter: data[letter] for letter in self.letters}
