"""Shapes of what people fill in about units, staff, posts and the calendar."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiafang.access.roles import Role
from jiafang.units.states import BusyKind, DayKind, GradeStyle

SEXES = [("0", _("未填")), ("1", _("男")), ("2", _("女"))]


class DayInput(forms.DateInput):
    """The machine's own date picker."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class SchoolForm(forms.Form):
    name = forms.CharField(label=_("学校名称"), max_length=80)
    grade_style = forms.ChoiceField(
        label=_("年级叫法"), choices=GradeStyle.choices, help_text=_("只改叫法，班级和档案都不动。")
    )
    lat = forms.FloatField(label=_("纬度"), required=False, min_value=-90, max_value=90)
    lon = forms.FloatField(
        label=_("经度"),
        required=False,
        min_value=-180,
        max_value=180,
        help_text=_("学校大门的位置（WGS-84），安排家访路线用。"),
    )


class StaffForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=40)
    number = forms.CharField(label=_("工号"), max_length=30, required=False)
    sex = forms.ChoiceField(label=_("性别"), choices=SEXES, required=False)
    subject = forms.CharField(label=_("任教学科"), max_length=30, required=False)
    title = forms.CharField(label=_("职务"), max_length=40, required=False)
    party_member = forms.BooleanField(label=_("党员"), required=False)
    phone = forms.RegexField(
        r"^[0-9+\- ]{5,20}$", label=_("手机"), required=False, help_text=_("留空就不改动；加密保存。"),
        error_messages={"invalid": _("请填写电话号码。")}, widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip


class PostForm(forms.Form):
    """A post begins: where, as what, from when."""

    unit = forms.ChoiceField(label=_("在哪里"))
    role = forms.ChoiceField(label=_("职务"))
    subject = forms.CharField(label=_("学科"), max_length=30, required=False)
    begins = forms.DateField(label=_("开始日期"), required=False, widget=DayInput(), help_text=_("不填就是今天。"))
    ends = forms.DateField(
        label=_("结束日期"), required=False, widget=DayInput(), help_text=_("这一天起不再任职；长期任职就留空。")
    )

    def __init__(self, *args: Any, units: list[tuple[str, Any]], roles: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units
        self.fields["role"].choices = [choice for choice in Role.choices if choice[0] in roles]


class AccountForm(forms.Form):
    username = forms.RegexField(
        r"^[A-Za-z0-9._-]{2,60}$", label=_("用户名"), help_text=_("字母、数字、点和横线，例如工号。"),
        error_messages={"invalid": _("用户名只用字母、数字、点和横线，2 到 60 个。")},
    )  # fmt: skip


class HandoverForm(forms.Form):
    new = forms.ChoiceField(label=_("新班主任"))
    on = forms.DateField(
        label=_("交接日期"),
        required=False,
        widget=DayInput(),
        help_text=_("从这一天起由新班主任负责；不填就是今天，马上生效。"),
    )
    note = forms.CharField(
        label=_("交接说明"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("班级情况、正在跟进的事、答应过家长的事。不要写心理辅导的内容，由心理教师另行交接。"),
    )  # fmt: skip

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new"].choices = [("", _("请选择")), *people]


class DaysForm(forms.Form):
    """Mark one day, or every day from one to another."""

    begins = forms.DateField(label=_("从"), widget=DayInput())
    ends = forms.DateField(label=_("到"), required=False, widget=DayInput(), help_text=_("只有一天就不填。"))
    kind = forms.ChoiceField(label=_("标为"), choices=[*DayKind.choices, ("usual", _("恢复平常"))])
    note = forms.CharField(label=_("说明"), max_length=60, required=False)


class PeriodForm(forms.Form):
    begins = forms.DateField(label=_("从"), widget=DayInput())
    ends = forms.DateField(label=_("到"), widget=DayInput())


class TermForm(PeriodForm):
    year = forms.IntegerField(
        label=_("学年起始年"), min_value=2000, max_value=2100, help_text=_("2026—2027 学年填 2026。")
    )
    part = forms.TypedChoiceField(label=_("学期"), choices=[(1, _("第一学期")), (2, _("第二学期"))], coerce=int)
    field_order = ("year", "part", "begins", "ends")


class BusyForm(forms.Form):
    """One weekly time."""

    weekday = forms.TypedChoiceField(choices=[(n, n) for n in range(1, 8)], coerce=int)
    starts = forms.TimeField()
    ends = forms.TimeField()
    kind = forms.ChoiceField(choices=BusyKind.choices)
