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
        help_text=_("可以一次选几个 .xlsx、.xls 或 .csv：学籍导出、教师花名册、任课安排表、班主任摸排表、坐标表都可以，列的顺序不限；也可以是 OneRoster 1.2 的 CSV 压缩包（.zip）。"),
        widget=Files(attrs={"accept": ".xlsx,.xls,.csv,.zip"}),
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

    def __init__(self, *args, columns: dict[str, str], **kwargs):
        """`columns`: letter → heading as it stands in the sheet; `initial`: the overrides so far.

        When another kind is sent, the columns' meanings are guessed anew and not read from the form.
        """
        super().__init__(*args, **kwargs)
        kind = self.initial[KIND]
        self.another = self.is_bound and self.data.get(self.add_prefix(KIND)) != kind
        self.letters = [] if self.another or kind == SKIP else list(columns)
        for letter in self.letters:
            self.fields[letter] = forms.ChoiceField(
                label=columns[letter] or letter,
                required=False,
                choices=_meanings(kind, columns[letter]),
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def overrides(self) -> dict[str, str]:
        """As `intake.headings.recognise` takes them."""
        return {KIND: self.cleaned_data[KIND]} | {letter: self.cleaned_data[letter] for letter in self.letters}


def _meanings(kind: str, heading: str) -> list[tuple[str, str]]:
    """What a column may be read as; in a teaching matrix also a subject of the column's own name."""
    offered = [("", _("不读取")), *column_meanings(kind)]
    if kind == "teaching" and heading:
        offered.append((f"subject:{heading}", heading))
    return list(dict(offered).items())
