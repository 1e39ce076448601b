"""Rules as people read them: short lines, in the document's words where it has any."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _

from jiafang.campaigns.models import Campaign, FormTemplate, SchoolCampaign
from jiafang.campaigns.selectors.rules import Category, Rules
from jiafang.campaigns.states import Mode, Pair


@dataclass(frozen=True, slots=True)
class Said:
    """One rule: what it is about, the text, whether the school added it, and whether it still has to be said."""

    label: str
    text: str
    own: bool = False
    missing: bool = False


def day(value: date | None) -> str:
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def campaign_rules(campaign: Campaign, form: FormTemplate | None) -> list[Said]:
    """The campaign's rules; what its document leaves open is said to be open, what opening needs is marked."""
    open_ = _("原文没有规定")
    words = "、".join(campaign.mode_words.get(m) or str(Mode(m).label) for m in campaign.modes)
    pair = str(Pair(campaign.pair).label)
    if campaign.begins and campaign.ends:
        period = Said(_("时间"), _("%(a)s 至 %(b)s") % {"a": day(campaign.begins), "b": day(campaign.ends)})
    else:
        period = Said(_("时间"), _("还没有定，开始前要填"), missing=True)
    return [
        Said(_("文号"), campaign.document_number or open_),
        period,
        Said(_("家访形式"), words or _("还没有选，开始前要选"), missing=not words),
        Said(_("同行"), f"{pair}（{campaign.pair_words}）" if campaign.pair_words else pair),
        Said(_("覆盖"), _("覆盖全体在校学生") if campaign.cover_all else open_),
        Said(
            _("记录时限"),
            _("家访后 %d 小时内填写") % campaign.record_hours
            if campaign.record_hours
            else _("活动没有规定，学校可以自定"),
        ),
        Said(_("记录表"), form.schema["title"] if form else _("还没有选，开始前要选"), missing=form is None),
        Said(_("教师年度家访情况表"), _("生成（只列事实，不打分）") if campaign.annual_sheet else _("不生成")),
    ]


def category_rule(category: Category, campaign: Campaign) -> str:
    """What holds for one category beyond the ordinary, e.g. “须实地家访（入户），每学期至少 1 次”."""
    parts = []
    if set(category.modes) != set(campaign.modes):
        words = "、".join(campaign.mode_words.get(m) or str(Mode(m).label) for m in category.modes)
        parts.append(_("须%s") % words)
    if category.min_visits:
        parts.append(_("每学期至少 %d 次") % category.min_visits)
    return "，".join(parts) or _("没有另外的次数要求")


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """Categories for which the same holds, said once."""

    names: str
    text: str
    special: bool


def category_lines(categories: Iterable[Category], campaign: Campaign) -> list[CategoryLine]:
    """The categories as people read them; neighbours with the same rule share a line."""
    said = ((c.special, category_rule(c, campaign), c.name) for c in categories)
    return [
        CategoryLine("、".join(name for _special, _text, name in rows), text, special)
        for (special, text), rows in groupby(said, key=lambda row: row[:2])
    ]


def school_rules(row: SchoolCampaign, rules: Rules) -> list[Said]:
    """What holds in this school; ``own`` marks what the school added."""
    hours = rules.record_hours
    counted = [
        _("%(mode)s %(n)s 课时") % {"mode": rules.mode_label(mode), "n": value.normalize().to_eng_string()}
        for mode, value in (("home", rules.hours_home), ("online", rules.hours_online))
        if value is not None and mode in rules.modes
    ]
    if rules.hours_companion is not None:
        counted.append(_("同行 %s 课时") % rules.hours_companion.normalize().to_eng_string())
    out = [
        Said(
            _("家访时间"),
            _("%(a)s 至 %(b)s") % {"a": day(rules.visit_from), "b": day(rules.visit_until)},
            own=bool(row.visit_from or row.visit_until),
        ),
        Said(_("同行"), str(Pair(rules.pair).label), own=bool(row.pair) and row.pair != row.campaign.pair),
        Said(
            _("记录时限"),
            _("家访后 %d 小时内填写") % hours if hours else _("没有规定"),
            own=row.record_hours is not None and row.record_hours == hours,
        ),
        Said(_("每位老师每周外出"), _("最多 %d 次") % rules.max_outings_per_week, own=True),
        Said(_("每户时长"), _("约 %d 分钟") % rules.visit_minutes, own=True),
        Said(_("两次家访间隔"), _("至少 %d 天") % rules.second_gap_days, own=True),
    ]
    if rules.full_round_each_term:
        out.append(Said(_("全员家访"), _("每学期一次"), own=True))
    if rules.levels:
        out.append(Said(_("分级管理"), _("三级分类"), own=True))
    if rules.approval:
        out.append(Said(_("记录审核"), _("同行确认后由学校审核归档"), own=True))
    out.append(Said(_("课时折算"), "；".join(counted) or _("没有规定"), own=bool(counted)))
    return out
