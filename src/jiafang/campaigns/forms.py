"""Shapes of what people fill in: types, lengths and lists; what holds between them is the services' to say."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiafang.campaigns.states import Mode, Pair
from jiafang.lib import dates
from jiafang.units.models import Term


class DayInput(forms.DateInput):
    """The machine's own date picker."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=DayInput(), **kwargs)


def _term_choices(terms: list[Term]) -> list[tuple[str, str]]:
    return [("", _("不按学期"))] + [(str(term.pk), f"{term}（{term.begins}—{term.ends}）") for term in terms]


class TermForm(forms.Form):
    """Base: a term of the bureau, by its pk."""

    def __init__(self, *args: Any, terms: list[Term], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.terms = {str(term.pk): term for term in terms}
        self.fields["term"].choices = _term_choices(terms)

    def clean_term(self) -> Term | None:
        return self.terms.get(self.cleaned_data.get("term") or "")


class CreateForm(TermForm):
    """What a bureau settles when a campaign is made; empty fields keep what the template says."""

    title = forms.CharField(label=_("活动名称"), max_length=100)
    term = forms.ChoiceField(
        label=_("学期"), required=False, help_text=_("选了学期，日期会移到这个学期里，之后还能改。")
    )
    begins = day_field(_("开始日期"))
    ends = day_field(_("结束日期"))
    document_number = forms.CharField(label=_("文号"), max_length=60, required=False)
    form = forms.ChoiceField(label=_("家访记录表"), required=False)

    def __init__(self, *args: Any, asks: tuple[str, ...] = (), own_form: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = (_("沿用“%s”") % own_form) if own_form else _("以后再定")
        self.fields["form"].choices = [
            ("", kept),
            ("annex_2", _("“大家访”活动记录表（建议，见常经社〔2021〕30号附件2）")),
        ]
        if own_form:
            self.fields["form"].choices = self.fields["form"].choices[:1]
        for name in asks:
            if name in self.fields:
                self.fields[name].help_text = _("原文没有写，请按本局的安排填写；现在不填，开始前再补也可以。")


class BasicsForm(TermForm):
    """A campaign's own columns."""

    title = forms.CharField(label=_("活动名称"), max_length=100)
    document_number = forms.CharField(label=_("文号"), max_length=60, required=False)
    parent_campaign = forms.CharField(label=_("上级活动"), max_length=200, required=False)
    term = forms.ChoiceField(label=_("学期"), required=False)
    begins = day_field(_("开始日期"))
    ends = day_field(_("结束日期"))
    basis = forms.CharField(label=_("依据"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    purpose = forms.CharField(
        label=_("活动意义"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    scope_note = forms.CharField(
        label=_("活动范围"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    modes = forms.MultipleChoiceField(
        label=_("家访形式"), choices=Mode.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    home_word = forms.CharField(label=_("“上门家访”在文件里的说法"), max_length=20, required=False)
    online_word = forms.CharField(label=_("“线上家访”在文件里的说法"), max_length=20, required=False)
    pair = forms.ChoiceField(label=_("两人同行"), choices=Pair.choices, widget=forms.RadioSelect)
    pair_words = forms.CharField(label=_("两人同行的原文"), max_length=100, required=False)
    cover_all = forms.BooleanField(label=_("覆盖全体在校学生"), required=False)
    record_hours = forms.IntegerField(
        label=_("记录时限（小时）"),
        required=False,
        min_value=1,
        max_value=720,
        help_text=_("不作规定就留空，由学校自定。"),
    )
    annual_sheet = forms.BooleanField(
        label=_("生成教师年度家访情况表"),
        required=False,
        help_text=_("只列事实，不打分。减负要求不以材料评价教师的地方不要打开。"),
    )
    conduct_title = forms.CharField(label=_("守则名称"), max_length=60, required=False)

    def changes(self) -> dict[str, Any]:
        """The columns as the service takes them."""
        data = dict(self.cleaned_data)
        words = {"home": data.pop("home_word"), "online": data.pop("online_word")}
        return data | {"mode_words": {mode: word for mode, word in words.items() if word}}


class SchoolRulesForm(forms.Form):
    """A school's own rules; empty means: the campaign's rule stands."""

    record_hours = forms.IntegerField(label=_("记录时限（小时）"), required=False, min_value=1, max_value=720)
    pair = forms.ChoiceField(label=_("两人同行"), required=False, choices=[("", _("按活动规定")), *Pair.choices])
    visit_from = day_field(_("家访开始日期"), help_text=_("留空就按活动的时间。"))
    visit_until = day_field(_("家访结束日期"))
    full_round_each_term = forms.BooleanField(label=_("每学期一次全员家访"), required=False)
    levels = forms.BooleanField(label=_("三级分类管理"), required=False)
    approval = forms.BooleanField(label=_("记录由学校审核归档"), required=False)
    max_outings_per_week = forms.IntegerField(label=_("每位老师每周外出最多（次）"), min_value=1, max_value=7)
    visit_minutes = forms.IntegerField(label=_("每户时长（分钟）"), min_value=10, max_value=180)
    second_gap_days = forms.IntegerField(label=_("两次家访至少间隔（天）"), min_value=1, max_value=180)
    hours_home = forms.DecimalField(
        label=_("上门一次折算课时"), required=False, min_value=0, max_value=20, decimal_places=2,
        help_text=_("家访工作量按学校自己的办法折算为课时；不折算就留空。"),
    )  # fmt: skip
    hours_online = forms.DecimalField(
        label=_("线上一次折算课时"), required=False, min_value=0, max_value=20, decimal_places=2
    )
    hours_companion = forms.DecimalField(
        label=_("同行一次折算课时"), required=False, min_value=0, max_value=20, decimal_places=2
    )


class RemarkForm(forms.Form):
    remark = forms.CharField(
        label=_("退回意见"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明要修改的地方。")},
    )  # fmt: skip


class SealForm(forms.Form):
    scan = forms.FileField(
        label=_("盖章扫描件"),
        help_text=_("PDF、JPG 或 PNG，不超过 20 MB。"),
        error_messages={"required": _("请选择扫描件。"), "empty": _("这个文件是空的。")},
    )


def rows_of(data: Any, *names: str) -> list[dict[str, str]]:
    """Rows of equal columns sent under the same names again and again; blank rows (but for defaults) stay in."""
    lists = [data.getlist(name) for name in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*lists, strict=False)]


def day_of(text: str) -> date | None:
    """The day meant, or ``None``."""
    return dates.parse_date(text) if text else None
