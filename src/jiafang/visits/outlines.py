"""个性化家访提纲: a first draft from facts of the student's file around the campaign's tasks and contents.

Pure text work. The draft goes into 家访准备 and is read by who goes along, so it never names a kind of care: each
kind only turns into a question or a reminder that fits any family.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

# What a kind of care means for the talk, in words that name no kind and hurt nobody who reads them.
PROMPTS: dict[str, str] = {
    "orphan": "了解孩子现在和谁一起生活、由谁照顾，日常起居和学习有没有要学校帮忙的地方。",
    "single_parent": "了解平时主要由谁陪伴孩子、接送和辅导怎样安排，商量学校能配合什么。",
    "divorced": "了解平时主要由谁陪伴孩子、接送和辅导怎样安排，商量学校能配合什么。",
    "left_behind_one": "了解孩子平时由谁照看，多久和家人通一次电话，教给照看人与学校联系的办法。",
    "left_behind_both": "了解孩子平时由谁照看，多久和家人通一次电话，教给照看人与学校联系的办法。",
    "left_behind": "了解孩子平时由谁照看，多久和家人通一次电话，教给照看人与学校联系的办法。",
    "poverty": "顺带介绍现行的各项助学政策和申请办法，由家长自己决定是否需要，注意方式。",
    "learning": "带上近期作业，先说进步，再一起找一两个能马上做到的学习办法。",
    "psychological": "多听少问，听孩子近来的心情、睡眠和交往，肯定他的长处，不追问。",
    "migrant": "了解到本地后的学习和生活是否适应，介绍入学、升学的有关政策。",
    "disability": "了解孩子在校在家的便利需要，商量座位、作业和活动的安排。",
    "dropout_risk": "了解孩子对上学的想法和近期出勤，和家长一起把一周的作息定下来。",
    "behaviour": "先讲孩子做得好的事，再就一两个具体情形一起商量办法，不告状。",
    "excellent": "了解孩子的兴趣和劳逸安排，商量如何保持身心健康、全面发展。",
}

LISTEN = "家长最想和老师说的事：先听完，再商量；能当场答复的当场答复，其余记下来。"


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier visit: its day, way and what the family asked for (already opened by the caller)."""

    day: date
    mode: str
    demands: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What an outline is drafted from; ``kinds`` are only those the writer may know."""

    student: str
    klass: str
    tasks: Sequence[str] = ()
    contents: Sequence[str] = ()
    into_home: Sequence[str] = ()
    kinds: Sequence[str] = ()
    before: Sequence[Before] = ()
    teachers: Sequence[tuple[str, str]] = ()  # (subject, name) of the class
    siblings: int = 0
    boarding: bool = False
    theme: str = ""


def draft(facts: Facts) -> list[dict[str, str]]:
    """Sections ``{"title", "text"}``: one for each task (or content) of the campaign, what is open from last time,
    and what this family is to be asked."""
    sections = []
    if facts.theme:
        sections.append(_section(_("本次主题"), facts.theme))
    if facts.before:
        sections.append(_section(_("上次家访"), _last_time(facts.before)))
    for title in facts.tasks or facts.contents:
        sections.append(_section(_shorter(title), _hint(title, facts)))
    sections.append(_section(_("想多了解的"), "\n".join(_questions(facts))))
    if facts.into_home:
        sections.append(_section(_("带进家庭的"), "；".join(facts.into_home)))
    sections.append(_section(_("听听家长的话"), _(LISTEN)))
    return [section for section in sections if section["text"]]


def _section(title: str, text: str) -> dict[str, str]:
    return {"title": title, "text": text}


def _shorter(title: str) -> str:
    """The line of the document as a heading: up to its first comma, when it is a long one."""
    return title if len(title) <= 14 else title.split("，")[0].split("、")[0].rstrip("。；")


def _last_time(before: Sequence[Before]) -> str:
    lines = []
    for visit in before[:3]:
        asked = " ".join(visit.demands.split())
        asked = asked if len(asked) <= 120 else f"{asked[:118]}……"
        line = _("%(year)d年%(month)d月%(day)d日%(mode)s") % {
            "year": visit.day.year, "month": visit.day.month, "day": visit.day.day, "mode": visit.mode,
        }  # fmt: skip
        lines.append(_("%(line)s，家长提出：%(asked)s（这次说说办得怎样）") % {"line": line, "asked": asked}
                     if asked and asked not in ("无", "没有") else line)  # fmt: skip
    return "\n".join(lines)


def _hint(title: str, facts: Facts) -> str:
    """A line to begin with under a task, by what the task speaks of."""
    if "政策" in title or "理念" in title:
        return _("学校近期的安排和有关政策：")
    if "表现" in title or "反馈" in title:
        names = "、".join(
            f"{name}老师（{subject}）" if subject else f"{name}老师" for subject, name in facts.teachers[:4]
        )
        ask = _("出发前问问%s，各带一件孩子的进步。") % names if names else _("出发前问问任课老师，带上孩子的进步。")
        return _("%(student)s近期的长处：\n还可以更好的一处和办法：\n%(ask)s") % {"student": facts.student, "ask": ask}
    if "情况" in title:
        return _("家里的成员和分工、学习的地方、作息、手机和运动：")
    if "意见" in title:
        return _("对班级、学校的意见和建议：")
    return _("可以谈的：")


def _questions(facts: Facts) -> list[str]:
    lines = list(dict.fromkeys(_(PROMPTS[kind]) for kind in facts.kinds if kind in PROMPTS))
    if facts.boarding:
        lines.append(_("住校一周的饮食、睡眠和同伴，周末在家怎样安排。"))
    if facts.siblings:
        lines.append(_("家里几个孩子之间的照应，有没有顾不过来的地方。"))
    return lines or [_("孩子回家后最愿意说起学校里的什么事。")]


def outline_text(sections: list[dict[str, str]]) -> str:
    """An outline as one text, for the row 家访准备; sections without a text are left out."""
    return "\n".join(f"{s['title']}：{s['text']}" if s["title"] else s["text"] for s in sections if s["text"].strip())
