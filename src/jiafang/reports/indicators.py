"""Every indicator, once: its name, unit, numerator, denominator, rule and which rows stand behind it.

Dashboard, exports, reports and tests all read this table. Parts of class rollups are additive over classes; parts of
schools (people, conduct) are counted for a school and additive over schools. 生次 counts a pupil's visits, 户次 a
household's; every indicator says which.
"""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_lazy as _

PUPIL_VISITS, HOUSEHOLD_VISITS, PUPILS, PEOPLE, RECORDS, CHECKS = (
    _("生次"), _("户次"), _("人"), _("人"), _("份"), _("次"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure: ``numerator`` and ``denominator`` name parts; without a denominator it is a count.

    ``evidence`` names the kind of rows behind it; ``sensitive`` ones show no rows above the school, and small counts
    only as ＜5. ``good`` says which direction is better, for colours; never for ranking people.
    """

    code: str
    name: object
    unit: object
    numerator: str
    denominator: str = ""
    rule: object = ""
    evidence: Literal["students", "visits", "staff", "checks", ""] = ""
    sensitive: bool = False
    level: Literal["class", "school"] = "class"
    good: Literal["high", "low", ""] = "high"


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "files", _("建立家访档案"), PUPILS, "files", "students",
        _("至少有一次家访、且本次家访记录已提交的在校学生 ÷ 在校学生"), "students",
    ),
    Indicator(
        "coverage", _("家访覆盖率"), PUPILS, "visited", "students",
        _("活动期内至少家访过一次的在校学生 ÷ 在校学生"), "students",
    ),
    Indicator("pupil_visits", _("家访总次数"), PUPIL_VISITS, "visits", rule=_("已完成的家访，按学生计"), evidence="visits"),
    Indicator(
        "household_visits", _("走访家庭"), HOUSEHOLD_VISITS, "household_visits",
        rule=_("已完成的家访，按家庭计：同一家的孩子一起走访算一次"), evidence="visits",
    ),
    Indicator(
        "first_online", _("首访：线上"), PUPIL_VISITS, "first_online", "visited",
        _("第一次家访以线上方式完成的学生 ÷ 已访学生"), "visits", good="",
    ),
    Indicator(
        "first_on_site", _("首访：实地"), PUPIL_VISITS, "first_on_site", "visited",
        _("第一次家访以上门或另选地点方式完成的学生 ÷ 已访学生"), "visits", good="",
    ),
    Indicator(
        "online", _("线上家访"), PUPIL_VISITS, "online", "visits", _("线上完成的家访 ÷ 家访总次数"), "visits", good="",
    ),
    Indicator(
        "on_site", _("实地家访"), PUPIL_VISITS, "on_site", "visits",
        _("上门或另选地点完成的家访 ÷ 家访总次数"), "visits", good="",
    ),
    Indicator(
        "special_reached", _("特殊群体达标"), PUPILS, "special_reached", "special_students",
        _("家访次数（只计算数的形式）达到活动要求的特殊群体学生 ÷ 特殊群体学生"), "students", sensitive=True,
    ),
    Indicator(
        "special_visits", _("特殊群体家访"), PUPIL_VISITS, "special_visits",
        rule=_("对特殊群体学生完成的、形式算数的家访，按学生计"), evidence="visits", sensitive=True,
    ),
    Indicator(
        "special_second", _("特殊群体二次家访"), PUPILS, "special_second", "special_visited",
        _("完成第二次（形式算数）家访的特殊群体学生 ÷ 至少家访过一次的特殊群体学生"), "students", sensitive=True,
    ),
    Indicator(
        "records_complete", _("记录表填写率"), RECORDS, "records_submitted", "records_needed",
        _("已提交的家访记录表 ÷ 已完成的家访（按学生计）"), "visits",
    ),
    Indicator(
        "records_on_time", _("记录按时率"), RECORDS, "records_on_time", "records_submitted",
        _("在规定时限内首次提交的记录表 ÷ 已提交的记录表；学校没有规定时限的都算按时"), "visits",
    ),
    Indicator(
        "records_confirmed", _("同行确认率"), RECORDS, "records_confirmed", "records_with_companion",
        _("同行教师已确认的记录表 ÷ 有同行教师的已提交记录表"), "visits",
    ),
    Indicator(
        "participation", _("教师参与率"), PEOPLE, "staff_out", "staff",
        _("至少参加过一次家访（主访、同行或陪同）的教师 ÷ 在岗教师"), "staff", level="school",
    ),
    Indicator(
        "acknowledged", _("守则阅知率"), PEOPLE, "acknowledged", "staff", _("已阅知行为守则的教师 ÷ 在岗教师"), "staff",
        level="school",
    ),
    Indicator(
        "conduct", _("家访行为合规率"), CHECKS, "checks_kept", "checks",
        _("自查全部做到的次数 ÷ 已提交的自查次数；每人每次外出自查一次"), "checks", level="school",
    ),
    Indicator(
        "checks_complete", _("自查完成率"), CHECKS, "checks", "checks_needed",
        _("已提交的自查 ÷ 应自查次数（每次外出的每位老师，线上家访每次一份）"), "checks", level="school",
    ),
)  # fmt: skip
BY_CODE = {i.code: i for i in INDICATORS}
CLASS_PARTS = (
    "students", "visited", "files", "visits", "household_visits", "first_online", "first_on_site", "online", "on_site",
    "special_students", "special_visited", "special_reached", "special_visits", "special_second",
    "records_needed", "records_submitted", "records_on_time", "records_with_companion", "records_confirmed",
)  # fmt: skip
SCHOOL_PARTS = ("staff", "staff_out", "acknowledged", "checks", "checks_kept", "checks_needed")
THRESHOLD = 5
