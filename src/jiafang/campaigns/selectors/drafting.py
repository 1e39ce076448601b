"""The first draft of a school's plan, in the campaign's own words; what only the school knows stays empty."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiafang.campaigns.models import Campaign, CampaignItem, CareCategory, Deliverable
from jiafang.campaigns.states import Mode, Pair

# Section list of 一校一策实施方案 (code, heading, what the school is asked for), in the order of the paper.
SECTIONS = (
    ("guiding", gettext_lazy("指导思想"), gettext_lazy("依据哪些文件，为什么开展。")),
    ("goals", gettext_lazy("目标"), gettext_lazy("本校要达到什么：覆盖面、重点学生、质量。")),
    ("organization", gettext_lazy("组织领导"), gettext_lazy("谁牵头、谁负责、谁参加，写到姓名和分工；在学校年度计划中的位置。")),
    ("people", gettext_lazy("对象与形式"), gettext_lazy("访哪些学生、用什么形式、几人同行。")),
    ("contents", gettext_lazy("内容"), gettext_lazy("家访谈什么、做什么。")),
    ("steps", gettext_lazy("步骤（时间表、任务图）"), gettext_lazy("分几步走；下面的任务会画成任务图。")),
    ("process", gettext_lazy("流程"), gettext_lazy("访前、访中、访后各做什么。")),
    ("assessment", gettext_lazy("考核与课时折算"), gettext_lazy("学校怎样考核，一次家访折算多少课时。")),
    ("safety", gettext_lazy("安全保障"), gettext_lazy("安全报备、就近安排、困难教师照顾、带班领导。")),
    ("attachments", gettext_lazy("附件"), gettext_lazy("每行写一份附件的名称。")),
)  # fmt: skip
CODES = tuple(code for code, _heading, _hint in SECTIONS)


def _lines(rows: list[CampaignItem]) -> str:
    return "\n".join(f"{row.number}. {row.text}" for row in rows)


def draft_sections(campaign: Campaign) -> dict[str, str]:
    """``{section code: text}`` of every section, ``""`` where the campaign says nothing; two queries."""
    items: dict[str, list[CampaignItem]] = {}
    for row in CampaignItem.objects.filter(campaign=campaign):
        items.setdefault(row.kind, []).append(row)
    categories = list(CareCategory.objects.filter(campaign=campaign))
    kind = CampaignItem.Kind
    contents = [
        _("%(title)s：\n%(lines)s") % {"title": title, "lines": _lines(items[code])}
        for code, title in (
            (kind.TASK, kind.TASK.label),
            (kind.CONTENT, kind.CONTENT.label),
            (kind.INTO_HOME, kind.INTO_HOME.label),
        )
        if items.get(code)
    ]
    return dict.fromkeys(CODES, "") | {
        "guiding": "\n".join(filter(None, (campaign.basis, campaign.purpose))),
        "goals": "\n".join(_goals(campaign, categories)),
        "organization": "\n".join(row.text for row in items.get(kind.TIER, [])),
        "people": "\n".join(filter(None, (campaign.scope_note, _modes(campaign), _pair(campaign)))),
        "contents": "\n".join(contents),
        "steps": _("活动时间：%(from)s至%(to)s。") % {"from": _day(campaign.begins), "to": _day(campaign.ends)}
        if campaign.begins and campaign.ends
        else "",
        "process": _("访后 %d 小时内填写家访记录表。") % campaign.record_hours if campaign.record_hours else "",
        "attachments": "\n".join(filter(None, (campaign.conduct_title if items.get(kind.CONDUCT) else "",))),
    }


def _goals(campaign: Campaign, categories: list[CareCategory]) -> list[str]:
    out = [_("覆盖全体在校学生。")] if campaign.cover_all else []
    for least in sorted({row.min_visits for row in categories if row.min_visits}, reverse=True):
        names = "、".join(row.name for row in categories if row.min_visits == least)
        out.append(_("%(names)s每学期至少 %(n)d 次。") % {"names": names, "n": least})
    return out


def _modes(campaign: Campaign) -> str:
    words = [campaign.mode_words.get(mode) or str(Mode(mode).label) for mode in campaign.modes]
    return _("形式：%s。") % "、".join(words) if words else ""


def _pair(campaign: Campaign) -> str:
    if campaign.pair == Pair.FREE:
        return ""
    return f"{campaign.pair_words or Pair(campaign.pair).label}。"


def _day(day) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def draft_tasks(campaign: Campaign) -> list[dict[str, str]]:
    """The task chart's first bars: the period itself, and what is to be handed in by when."""
    if not (campaign.begins and campaign.ends):
        return []
    begins, ends = campaign.begins.isoformat(), campaign.ends.isoformat()
    tasks = [{"name": _("入户与线上家访"), "owner": "", "begins": begins, "ends": ends}]
    for row in Deliverable.objects.filter(campaign=campaign, due__isnull=False):
        due = row.due.isoformat()
        tasks.append({"name": _("报送%s") % row.title, "owner": "", "begins": min(begins, due), "ends": due})
    return tasks
