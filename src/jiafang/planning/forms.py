"""Forms of the timetable pages: shape only; the rules are the services'."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiafang.lib.errors import Problem

WEEKDAYS = [
    (1, _("周一")),
    (2, _("周二")),
    (3, _("周三")),
    (4, _("周四")),
    (5, _("周五")),
    (6, _("周六")),
    (7, _("周日")),
]


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)


class Clock(forms.TimeInput):
    input_type = "time"

    def __init__(self, **kwargs):
        super().__init__(format="%H:%M", **kwargs)


class Plain(forms.Form):
    """A form that can show what a service refused."""

    def refuse(self, problem: Problem) -> None:
        placed = False
        for name, sentences in problem.fields.items():
            if name in self.fields:
                self.add_error(name, sentences)
                placed = True
        if not placed:
            self.add_error(None, problem.message)


class SettingsForm(Plain):
    """How the school wants its plan; weeks and categories are offered by the campaign."""

    ordinary_mode = forms.ChoiceField(
        label=_("一般学生怎么访"), widget=forms.RadioSelect,
        help_text=_("家长另有意愿、或者类别规定必须入户的，按意愿和规定。"),
    )  # fmt: skip
    special_percent = forms.IntegerField(
        label=_("特殊群体在前百分之多少的时间里访完第一次"), min_value=10, max_value=100
    )
    twice = forms.MultipleChoiceField(
        label=_("要访两次的类别"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("第二次与第一次至少隔开学校规定的天数。"),
    )  # fmt: skip
    weeks_off = forms.MultipleChoiceField(
        label=_("不安排家访的周"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("节假日、考试日按校历自动避开，不用在这里选。"),
    )  # fmt: skip
    everyone_goes = forms.BooleanField(label=_("每位任课老师至少参加一次上门家访"), required=False)
    boarders_at_weekends = forms.BooleanField(label=_("住校生的家庭安排在周五晚和周末"), required=False)

    def __init__(self, *args: Any, modes, categories, weeks, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ordinary_mode"].choices = modes
        self.fields["twice"].choices = categories
        self.fields["weeks_off"].choices = weeks


class WindowForm(forms.Form):
    """One line of the week's windows; left empty it is no window."""

    weekday = forms.TypedChoiceField(label=_("星期"), choices=WEEKDAYS, coerce=int, required=False)
    starts = forms.TimeField(label=_("出发不早于"), widget=Clock(), required=False)
    ends = forms.TimeField(label=_("返回不晚于"), widget=Clock(), required=False)

    def clean(self) -> dict:
        given = super().clean()
        if bool(given.get("starts")) != bool(given.get("ends")):
            raise forms.ValidationError(_("开始和结束都要填；不要这个时段就都清空。"))
        return given


WindowForms = forms.formset_factory(WindowForm, extra=2, max_num=30)


def windows_in(forms_: Any) -> list[tuple[str, int, time, time]]:
    """What ``set_windows`` takes, from a valid formset."""
    rows = [form.cleaned_data for form in forms_]
    return [
        ("", row["weekday"], row["starts"], row["ends"]) for row in rows if row.get("starts") and row.get("weekday")
    ]


class ReliefForm(Plain):
    """照顾: which teacher, and how. The reason is not asked."""

    staff = forms.ChoiceField(label=_("老师"))
    factor = forms.DecimalField(label=_("工作量系数"), min_value=0, max_value=1, decimal_places=2, initial=1,
                                help_text=_("1 是照常，0.5 是一半；外出次数按它折算。"))  # fmt: skip
    max_km = forms.DecimalField(label=_("只去离学校多少公里以内"), required=False, decimal_places=1)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("只在星期"), choices=WEEKDAYS, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    max_outings_per_week = forms.IntegerField(label=_("每周最多外出几次"), required=False, min_value=0, max_value=7)

    def __init__(self, *args: Any, staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].choices = staff


class QuotaForm(Plain):
    """带头家访: a leader and a number."""

    staff = forms.ChoiceField(label=_("书记、校长、中层"))
    min_visits = forms.IntegerField(label=_("至少参加几次"), min_value=0, max_value=200)

    def __init__(self, *args: Any, staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].choices = staff


class AbsenceForm(Plain):
    """Who cannot go on which days; empty: the whole school."""

    staff = forms.ChoiceField(label=_("谁"), required=False)
    begins = forms.DateField(label=_("从哪天起"), widget=Day())
    ends = forms.DateField(label=_("到哪天止（含）"), widget=Day(), required=False,
                           help_text=_("还不知道到哪天，就留空，一直算到家访结束。"))  # fmt: skip
    why = forms.ChoiceField(label=_("原因"))
    starts = forms.TypedChoiceField(
        label=_("一天里的哪个时段"), coerce=time.fromisoformat, empty_value=None, required=False
    )

    def __init__(self, *args: Any, staff, whys, starts: Iterable[time], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        begins = [(f"{start:%H:%M}", _("%s 开始的时段") % f"{start:%H:%M}") for start in starts]
        self.fields["starts"].choices = [("", _("全天")), *begins]
        self.fields["staff"].choices = [("", _("全校")), *staff]
        self.fields["why"].choices = whys


class WishForm(Plain):
    """What a family said suits it."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("方便的日子"), choices=WEEKDAYS, coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("一个都不选，就是哪天都可以。"),
    )  # fmt: skip
    hard = forms.BooleanField(label=_("只有这些日子行"), required=False)
    mode = forms.ChoiceField(label=_("希望的形式"), required=False)
    not_before = forms.DateField(label=_("不早于"), widget=Day(), required=False)

    def __init__(self, *args: Any, modes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mode"].choices = [("", _("没有特别要求")), *modes]


def mondays(begins: date, ends: date) -> list[tuple[str, str]]:
    """The weeks between two days as choices: ISO Monday and “3月2日—3月8日”."""
    monday = begins - timedelta(days=begins.weekday())
    found = []
    while monday <= ends:
        sunday = monday + timedelta(days=6)
        found.append((monday.isoformat(), f"{monday.month}月{monday.day}日—{sunday.month}月{sunday.day}日"))
        monday += timedelta(days=7)
    return found
