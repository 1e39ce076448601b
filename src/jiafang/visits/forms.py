"""Forms of the visit pages: shape only. The record's own form is made from the campaign's schema."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.paperwork.forms import FormSchema, VisitHeader
from jiafang.visits.states import Origin

# Where a service speaks of a moment, the page has a day and two times.
_FIELD_OF = {"starts_at": "starts", "held_from": "starts", "answers": None}


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)


class _Time(forms.TimeInput):
    input_type = "time"

    def __init__(self, **kwargs):
        super().__init__(format="%H:%M", **kwargs)


class Plain(forms.Form):
    """A form that can show what a service refused."""

    def refuse(self, problem: Problem) -> None:
        """Put the problem's sentences beside their fields, the rest on top."""
        placed = False
        for name, sentences in problem.fields.items():
            field = _FIELD_OF.get(name, name)
            if field in self.fields:
                self.add_error(field, sentences)
                placed = True
        if not placed:
            self.add_error(None, problem.message)


class SlotForm(Plain):
    """A day, from, and until."""

    day = forms.DateField(label=_("日期"), widget=_Day())
    starts = forms.TimeField(label=_("开始"), widget=_Time())
    ends = forms.TimeField(label=_("结束"), widget=_Time(), required=False)

    @staticmethod
    def initial_of(starts_at: datetime | None, ends_at: datetime | None) -> dict[str, Any]:
        begins, ends = ((m.astimezone(clock.TZ) if m else None) for m in (starts_at, ends_at))
        return {"day": begins and begins.date(), "starts": begins and begins.time(), "ends": ends and ends.time()}

    def times(self) -> dict[str, datetime | None]:
        """``starts_at`` and ``ends_at`` as services take them."""
        day, ends = self.cleaned_data["day"], self.cleaned_data.get("ends")
        return {
            "starts_at": clock.at(day, self.cleaned_data["starts"]),
            "ends_at": clock.at(day, ends) if ends else None,
        }


class HoldForm(SlotForm):
    """From when to when the visit really was."""

    ends = forms.TimeField(label=_("结束"), widget=_Time())


class AppointForm(SlotForm):
    """Another time, way or place, as agreed by phone."""

    mode = forms.ChoiceField(label=_("家访形式"))
    place = forms.CharField(
        label=_("另选地点"),
        max_length=100,
        required=False,
        help_text=_("不在家里见面时填写，只有参加家访的老师能看到。"),
    )

    def __init__(self, *args, modes: Iterable[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mode"].choices = list(modes)


class ReasonForm(Plain):
    """Why a visit does not come about."""

    reason = forms.CharField(
        label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写清事由即可，例如“家长出差，改期再约”。会印在记录表上。"),
    )  # fmt: skip


class RemarkForm(Plain):
    """What the school asks to complete in a record."""

    remark = forms.CharField(
        label=_("要补充什么"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("老师会在记录上方看到这段话。"),
    )


class AddForm(SlotForm):
    """One visit added by hand; who may be chosen comes from the view."""

    origin = forms.ChoiceField(
        label=_("缘起"), choices=[c for c in Origin.choices if c[0] != Origin.ROUND], initial=Origin.OBSERVATION
    )
    theme = forms.CharField(label=_("主题"), max_length=80, required=False, help_text=_("例如“手机管理”“转学适应”。"))
    mode = forms.ChoiceField(label=_("家访形式"))
    lead = forms.ChoiceField(label=_("家访教师"))
    companion = forms.ChoiceField(label=_("同行教师"), required=False)
    extra = forms.ChoiceField(label=_("一同前往"), required=False)
    place = forms.CharField(label=_("另选地点"), max_length=100, required=False)
    siblings = forms.BooleanField(label=_("家里在本校的其他孩子一并家访"), required=False, initial=True)
    appointed = forms.BooleanField(label=_("电话已约好"), required=False)

    def __init__(self, *args, modes: Iterable[tuple[str, str]], people: list, two: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["companion"].help_text = _("上门家访须两人同行。") if two else ""
        self.fields["mode"].choices = list(modes)
        self.fields["lead"].choices = [("", _("请选择")), *people]
        self.fields["companion"].choices = self.fields["extra"].choices = [("", _("无")), *people]

    def given(self) -> dict[str, Any]:
        """What ``services.add_visit`` takes."""
        names = ("origin", "theme", "mode", "lead", "companion", "extra", "place", "siblings", "appointed")
        return self.times() | {name: self.cleaned_data[name] for name in names}


class CheckForm(Plain):
    """The conduct code line by line: kept or not."""

    note = forms.CharField(label=_("说明"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, items: Iterable[Any], **kwargs):
        super().__init__(*args, **kwargs)
        for item in items:
            self.fields[str(item.number)] = forms.ChoiceField(
                label=item.text, choices=[("1", _("做到了")), ("0", _("没有做到"))], widget=forms.RadioSelect
            )
        self.order_fields([name for name in self.fields if name != "note"])

    def answers(self) -> dict[int, bool]:
        return {int(name): value == "1" for name, value in self.cleaned_data.items() if name.isdigit()}


class _Moment(forms.TextInput):
    input_type = "datetime-local"


def _field(item: Any, known: str = "") -> forms.Field:
    """The control of one question of a record form; ``known`` is what prints when nothing is written."""
    common = {"label": item.label, "help_text": item.hint, "required": item.required}
    if item.kind == "choice":
        return forms.ChoiceField(choices=[(o.code, o.label) for o in item.options], widget=forms.RadioSelect, **common)
    if item.kind == "multi_choice":
        choices = [(o.code, o.label) for o in item.options]
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
    if item.kind == "long_text":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": max(3, min(item.lines, 10))}), **common)
    if item.kind == "date_time":
        return forms.CharField(widget=_Moment(), **common)
    if item.kind == "number":
        return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **common)
    return forms.CharField(widget=forms.TextInput(attrs={"placeholder": known}), **common)


class RecordForm(forms.Form):
    """The asked fields of a record form with what is filled in; it shows the faults a service found and finds none."""

    use_required_attribute = False  # a draft may be incomplete, and submitting names what is missing

    def __init__(
        self,
        schema: FormSchema,
        answers: Mapping[str, Any],
        faults: Mapping[str, list[str]] | None = None,
        header: VisitHeader | None = None,
    ):
        self.faults = faults or {}
        super().__init__(data=dict(answers), auto_id="answer-%s")
        for item in schema.asked:
            self.fields[item.key] = _field(item, getattr(header, item.auto) if header and item.auto else "")

    def full_clean(self) -> None:
        self._errors = ErrorDict()
        self.cleaned_data = {}
        for name, sentences in self.faults.items():
            place = name if name in self.fields else forms.forms.NON_FIELD_ERRORS
            self._errors.setdefault(place, self.error_class()).extend(sentences)


def answers_in(schema: FormSchema, posted: Any) -> dict[str, Any]:
    """The answers of a posted record form, as a service takes them."""
    out: dict[str, Any] = {}
    for item in schema.asked:
        if item.key in posted:
            out[item.key] = posted.getlist(item.key) if item.kind == "multi_choice" else posted[item.key]
    return out


def sections_in(posted: Any) -> list[dict[str, str]]:
    """The sections of a posted outline, in order."""
    pairs = zip(posted.getlist("title"), posted.getlist("text"), strict=False)
    return [{"title": title, "text": text} for title, text in pairs]
