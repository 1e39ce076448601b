"""Shapes of what is typed on the pages of classes and files: lengths, codes, numbers with a check digit."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiafang.lib import clock, codes, coords, numbers
from jiafang.lib.text import half
from jiafang.paperwork.services import MAX_BYTES
from jiafang.roster.kinds import CareKind
from jiafang.roster.services import GuardianFacts, StudentFacts

KEPT = gettext_lazy("已加密保存，不改就留空。")
MOST_GUARDIANS = 4


class Day(forms.DateField):
    """A native date field."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _with_blank(table: codes.CodeTable) -> list[tuple[str, str]]:
    return [("", "—"), *table]


class StudentForm(forms.Form):
    """Facts of a child, for adding and for correcting. When correcting, a sealed field left empty stays as it is."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    sex = forms.ChoiceField(label=gettext_lazy("性别"), choices=[("1", "男"), ("2", "女")], required=False)
    born = Day(label=gettext_lazy("出生日期"), required=False)
    class_number = forms.CharField(label=gettext_lazy("班内学号"), max_length=10, required=False)
    study = forms.ChoiceField(
        label=gettext_lazy("就读方式"), choices=[("1", gettext_lazy("走读")), ("2", gettext_lazy("住校"))]
    )
    ethnic = forms.ChoiceField(label=gettext_lazy("民族"), choices=_with_blank(codes.ETHNIC_GROUP), required=False)
    id_type = forms.ChoiceField(label=gettext_lazy("身份证件类型"), choices=_with_blank(codes.ID_KIND), required=False)
    id_number = forms.CharField(label=gettext_lazy("身份证件号"), max_length=30, required=False)
    student_number = forms.CharField(label=gettext_lazy("全国学籍号"), max_length=30, required=False)
    aux_number = forms.CharField(label=gettext_lazy("学籍辅号"), max_length=30, required=False)
    entered_on = Day(label=gettext_lazy("入学年月"), required=False)
    address = forms.CharField(label=gettext_lazy("现住址"), max_length=200, required=False)
    place = forms.CharField(
        label=gettext_lazy("住处坐标"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("经度,纬度，例如 109.8652,40.6350。没有坐标也能家访，只是排路线时不计远近。"),
    )
    place_system = forms.ChoiceField(
        label=gettext_lazy("坐标来自"),
        choices=[("gcj02", gettext_lazy("高德、腾讯地图")), ("wgs84", gettext_lazy("GPS（WGS-84）"))],
        required=False,
    )

    def __init__(self, *args: Any, correcting: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.correcting = correcting
        if correcting:
            for name in ("id_number", "student_number", "address"):
                self.fields[name].help_text = KEPT

    def clean_born(self):
        born = self.cleaned_data["born"]
        if born and born > clock.today():
            raise forms.ValidationError(_("出生日期不能晚于今天。"))
        return born

    def clean_student_number(self):
        number = half(self.cleaned_data["student_number"]).upper().replace(" ", "")
        if number and (fault := numbers.student_number_fault(number)):
            raise forms.ValidationError(numbers.fault_text(fault, number))
        return number

    def clean_place(self):
        typed = half(self.cleaned_data["place"]).replace("，", ",").replace(" ", "")
        if not typed:
            return None
        try:
            lon, lat = map(float, typed.split(","))
        except ValueError:
            raise forms.ValidationError(_("请写成“经度,纬度”，例如 109.8652,40.6350。")) from None
        if not coords.in_china(lat, lon):
            raise forms.ValidationError(_("这个位置不在国内，经度和纬度是不是写反了？"))
        return lat, lon

    def clean(self):
        data = super().clean()
        number = half(data.get("id_number") or "").upper().replace(" ", "")
        if number and data.get("id_type") in ("", "1") and (fault := numbers.id_fault(number)):
            self.add_error("id_number", numbers.fault_text(fault, number))
        data["id_number"] = number
        if data.get("place") and data.get("place_system") != "wgs84":
            data["place"] = coords.gcj02_to_wgs84(*data["place"])
        return data

    def facts(self, guardians: list[GuardianFacts]) -> StudentFacts:
        """What was typed, for the services."""
        data = self.cleaned_data
        lat, lon = data["place"] or (None, None)
        sealed = {
            name: data[name] or (None if self.correcting else "") for name in ("id_number", "student_number", "address")
        }
        return StudentFacts(
            name=data["name"].strip(), sex=data["sex"] or "0", born=data["born"], ethnic=data["ethnic"],
            id_type=data["id_type"], aux_number=data["aux_number"], class_number=data["class_number"],
            entered_on=data["entered_on"], study=data["study"], lat=lat, lon=lon, guardians=tuple(guardians), **sealed,
        )  # fmt: skip


class GuardianForm(forms.Form):
    """One guardian. ``pk`` is one on file, whose phone left empty stays as it is."""

    pk = forms.UUIDField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=gettext_lazy("家长姓名"), max_length=60, required=False)
    relation = forms.ChoiceField(label=gettext_lazy("关系"), choices=_with_blank(codes.RELATION), required=False)
    phone = forms.CharField(
        label=gettext_lazy("电话"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    is_guardian = forms.BooleanField(label=gettext_lazy("是监护人"), required=False, initial=True)
    gone = forms.BooleanField(label=gettext_lazy("移除这位家长"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.initial.get("pk"):
            self.fields["phone"].help_text = KEPT
        else:
            del self.fields["gone"]

    def clean_phone(self):
        typed = self.cleaned_data["phone"].strip()
        if not typed:
            return ""
        number = numbers.phone(half(typed))
        if number is None:
            raise forms.ValidationError(numbers.fault_text("phone_form", typed))
        return number

    def clean(self):
        data = super().clean()
        if not data.get("name", "").strip() and (data.get("phone") or data.get("pk")) and not data.get("gone"):
            self.add_error("name", _("请填写家长姓名。"))
        return data

    def facts(self) -> GuardianFacts | None:
        """The guardian, ``None`` for an empty or a removed one."""
        data = self.cleaned_data
        if data.get("gone") or not data.get("name", "").strip():
            return None
        phone = data["phone"] or (None if data["pk"] else "")
        return GuardianFacts(data["name"].strip(), data["relation"], phone, data["is_guardian"], data["pk"])


GuardianForms = forms.formset_factory(GuardianForm, extra=1, min_num=1, max_num=MOST_GUARDIANS, absolute_max=8)


class MoveForm(forms.Form):
    """Into another class of the school."""

    klass = forms.TypedChoiceField(label=gettext_lazy("转入班级"), coerce=int)
    on = Day(label=gettext_lazy("转班日期"))
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=30, required=False)

    def __init__(self, *args: Any, classes: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["klass"].choices = classes


class LeaveForm(forms.Form):
    """Out of the school."""

    on = Day(label=gettext_lazy("离校日期"))
    reason = forms.CharField(
        label=gettext_lazy("原因"), max_length=30, required=False, help_text=gettext_lazy("例如：转学、休学、毕业。")
    )


class CareForm(forms.Form):
    """A kind of care. The level is asked only where the school sorts by levels."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"))
    level = forms.ChoiceField(
        label=gettext_lazy("三级分类"),
        required=False,
        choices=[("", gettext_lazy("未分级")), ("1", gettext_lazy("一级")), ("2", gettext_lazy("二级")),
                 ("3", gettext_lazy("三级"))],
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("情况说明"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "加密保存；只有班主任、学校领导和心理教师能看，心理方面的说明只有心理教师能看。不会出现在给家长的任何内容里。"
        ),
    )
    begins = Day(label=gettext_lazy("起始日期"))
    responsible = forms.ChoiceField(label=gettext_lazy("责任教师"), required=False)

    def __init__(
        self, data: Any, *, row: Any, taken: set[str], levels: bool, staff: list[tuple[Any, str]], psychological: bool
    ) -> None:
        """``row`` is a care in force to update, none to begin another kind than those ``taken``."""
        super().__init__(data, initial=_care_as_it_is(row) if row else {"begins": clock.today()})
        self.row = row
        hidden = taken if psychological else {*taken, CareKind.PSYCHOLOGICAL.value}
        free = [(kind.value, kind.label) for kind in CareKind if kind.value not in hidden]
        self.fields["kind"].choices = [("", _("请选择")), *free]
        self.fields["responsible"].choices = [("", _("班主任")), *((str(pk), name) for pk, name in staff)]
        if row:
            del self.fields["kind"], self.fields["begins"]
            self.fields["reason"].help_text = KEPT
        if not levels:
            del self.fields["level"]

    def facts(self) -> dict[str, Any]:
        """What was typed, for ``note_care``; a level that is not asked for stays as it is."""
        kept = {"kind": self.row.kind.value, "level": self.row.level} if self.row else {}
        return kept | self.cleaned_data


def _care_as_it_is(row: Any) -> dict[str, Any]:
    return {"level": row.level, "responsible": str(row.responsible_id or "")}


class FileForm(forms.Form):
    """A paper for the file."""

    title = forms.CharField(
        label=gettext_lazy("名称"), max_length=80, required=False, help_text=gettext_lazy("不填就用文件名。")
    )
    upload = forms.FileField(
        label=gettext_lazy("文件"),
        help_text=gettext_lazy("PDF、JPG 或 PNG，不超过 20 MB。"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        if upload.size > MAX_BYTES:
            raise forms.ValidationError(_("文件超过 %d MB，请压缩或拆分后再上传。") % (MAX_BYTES // 2**20))
        return upload
