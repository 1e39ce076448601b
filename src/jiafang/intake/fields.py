"""The columns each kind of table may have: key, the heading of the template, and what else schools call it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ..lib import text
from ..lib.codes import BOARDING, DISABILITY, ETHNIC_GROUP, ID_KIND, LEFT_BEHIND, RELATION, SEX, STAGE, CodeTable

YES_NO = ("是", "否")


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `names` are further headings; `choices` go into the template's drop-down list."""

    key: str
    title: str
    names: str = ""
    required: bool = False
    choices: CodeTable | tuple[str, ...] | None = None
    note: str = ""
    width: int = 12


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of table. `signs` are columns of which at least one tells this kind from the others."""

    key: str
    title: str
    columns: tuple[Column, ...]
    signs: frozenset[str]
    sheet_words: str = ""
    note: str = ""

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.key for column in self.columns if column.required)

    def column(self, key: str) -> Column:
        """The column of a key; subjects of the teaching matrix make theirs on the fly."""
        for column in self.columns:
            if column.key == key:
                return column
        return Column(key, key.removeprefix("subject:"))


_SCHOOL = Column("school", "学校", "学校名称 所在学校 就读学校 校名", width=20)
_SCHOOL_CODE = Column("school_code", "学校标识码", "学校代码 学校编码 标识码", width=14)
_GRADE = Column("grade", "年级", "所在年级 年级名称 学生年级")
_CLASS = Column("klass", "班级", "班级名称 所在班级 班别 班 行政班 班号 学生班级", True, note="如 七年级1班、初一1班、2024级1班")
_NAME = Column("name", "姓名", "学生姓名 学生 名字 学生名字 学生名称", True)
_NUMBER = Column("student_number", "全国学籍号", "学籍号 学籍号码 全国统一学籍号 学生学籍号 学籍编号", note="19 位，以 G、J 或 L 开头", width=23)
_ID = Column("id_number", "身份证件号", "身份证号 身份证号码 身份证件号码 证件号码 证件号 公民身份号码 身份证 学生身份证号", note="18 位，请保持文本格式", width=21)
_LON = Column("lon", "经度", "lng lon longitude x 东经")
_LAT = Column("lat", "纬度", "lat latitude y 北纬")
_SYSTEM = Column("system", "坐标系", "坐标系统 坐标类型", choices=("WGS-84", "GCJ-02"), note="高德、腾讯地图取的点是 GCJ-02；不填按 WGS-84")
_PLACE = Column("place", "经纬度", "坐标 位置坐标 经纬度坐标")


def _member(n: int) -> tuple[Column, ...]:
    return (
        Column(f"member{n}_name", f"成员{n}姓名"),
        Column(f"member{n}_relation", f"成员{n}关系", choices=RELATION, width=14),
        Column(f"member{n}_address", f"成员{n}现住址", width=26),
        Column(f"member{n}_phone", f"成员{n}联系电话", width=15),
        Column(f"member{n}_guardian", f"成员{n}是否监护人", choices=YES_NO, width=14),
    )


STUDENTS = Kind(
    "students",
    "学生名册",
    (
        _SCHOOL,
        _GRADE,
        _CLASS,
        _NAME,
        Column("sex", "性别", "学生性别", choices=SEX),
        Column("born", "出生日期", "出生年月日 出生年月 生日 出生日", note="如 2013-09-07"),
        Column("ethnic", "民族", "民族名称", choices=ETHNIC_GROUP),
        Column("id_type", "身份证件类型", "证件类型 身份证类型", choices=ID_KIND, width=14),
        _ID,
        _NUMBER,
        Column("aux_number", "学籍辅号", "学籍副号 辅号 省学籍号 地方学籍号", width=20),
        Column("class_number", "班内学号", "学号 班内序号 座号 班级学号"),
        Column("entered_on", "入学年月", "入学时间 入学日期 入校时间 入校年月 入学年份", note="如 2024-09"),
        Column("study", "就读方式", "住宿情况 是否住校 是否寄宿 走读住校 是否住宿", choices=BOARDING),
        Column("address", "现住址", "家庭住址 家庭地址 现家庭住址 居住地址 住址 常住地址 详细地址 通信地址 通讯地址", width=30),
        Column("phone", "联系电话", "学生联系电话 联系方式 手机 手机号 手机号码 电话 家庭电话", width=15),
        Column("left_behind", "是否留守儿童", "留守儿童 是否留守 留守情况 留守类型 留守", choices=LEFT_BEHIND, width=16),
        Column("orphan", "是否孤儿", "孤儿", choices=YES_NO),
        Column(
            "migrant",
            "是否进城务工人员随迁子女",
            "随迁子女 是否随迁子女 是否随迁 进城务工人员随迁子女 是否农民工子女 是否进城务工子女",
            choices=YES_NO,
            width=26,
        ),
        Column(
            "aid",
            "是否需要申请资助",
            "需要申请资助 申请资助 是否贫困 贫困 是否家庭经济困难 家庭经济困难 是否建档立卡 是否低保 是否困难家庭",
            choices=YES_NO,
            width=18,
        ),
        Column("disability", "残疾类型", "残疾类别 残疾情况 是否残疾 残疾", choices=DISABILITY),
        Column("inclusive", "随班就读", "是否随班就读", choices=YES_NO),
        *_member(1),
        *_member(2),
        _LON,
        _LAT,
        _SYSTEM,
        _PLACE,
    ),
    frozenset({"student_number", "id_number", "sex", "born", "aux_number", "class_number", "address", "member1_name", "member1_phone", "phone"}),
    "学生 学籍 花名册 名单",
)

FLAGS = {
    "single_parent": "单亲",
    "divorced": "离异",
    "learning": "学困",
    "psychological": "心理",
    "dropout_risk": "流失倾向",
    "behaviour": "行为异常",
    "excellent": "学业优秀",
}

SURVEY = Kind(
    "survey",
    "班主任摸排表",
    (
        _SCHOOL,
        _GRADE,
        _CLASS,
        _NAME,
        _NUMBER,
        Column("single_or_divorced", "单亲/离异", "单亲离异 是否单亲或离异 单亲或离异", choices=("单亲", "离异"), note="填 单亲 或 离异，两者不同"),
        Column("single_parent", "单亲", "是否单亲 单亲家庭 是否单亲家庭"),
        Column("divorced", "离异", "是否离异 父母离异 父母是否离异 离异家庭"),
        Column("learning", "学困", "学习困难 是否学困 学困生 是否学困生", choices=YES_NO),
        Column("psychological", "心理", "心理异常 心理问题 心理困扰 是否心理异常 心理状况", choices=YES_NO),
        Column("dropout_risk", "流失倾向", "辍学倾向 有流失倾向 辍学风险 是否有流失倾向 流失", choices=YES_NO),
        Column("behaviour", "行为异常", "行为问题 是否行为异常 行为偏差", choices=YES_NO),
        Column("excellent", "学业优秀", "优秀 学优 学优生 是否学业优秀 成绩优秀", choices=YES_NO),
        Column("categories", "类别", "关爱类别 特殊类别 学生类别 类型 特殊学生类型 关爱类型"),
        Column("note", "情况说明", "备注 说明 具体情况 情况 情况描述 原因", width=36),
    ),
    frozenset({"single_or_divorced", *FLAGS, "categories"}),
    "摸排 关爱 特殊 重点",
)

STAFF = Kind(
    "staff",
    "教师花名册",
    (
        _SCHOOL,
        Column("name", "姓名", "教师姓名 教师 老师姓名 教职工姓名 教职工", True),
        Column("number", "工号", "教师工号 职工号 教职工号 教工号 人员编号 编号", note="同名老师靠工号区分"),
        Column("sex", "性别", "", choices=SEX),
        Column("phone", "手机", "手机号 手机号码 联系电话 电话 联系方式", width=15),
        Column("title", "职务", "职位 行政职务 岗位 担任职务", note="如 校长、书记、德育主任、年级组长、心理教师"),
        Column("subject", "任教学科", "学科 任教科目 科目 所教学科 任课学科"),
        Column("party", "党员", "是否党员 政治面貌 中共党员", choices=YES_NO),
    ),
    frozenset({"number", "title", "subject", "party"}),
    "教师 教职工 老师",
)

TEACHING = Kind(
    "teaching",
    "任课安排表",
    (_SCHOOL, _GRADE, _CLASS, Column("class_teacher", "班主任", "班主任姓名 正班主任 班主任老师")),
    frozenset({"class_teacher"}),
    "任课 课任 安排",
    "同名老师请在姓名后写工号，如 张伟(T012)",
)

SUBJECTS: dict[str, str] = {
    alias: words.split()[0]
    for words in (
        "语文", "数学", "英语 外语", "物理", "化学", "生物 生物学", "道德与法治 道法 政治 思政 思想政治 思品 品德", "历史",
        "地理", "音乐", "体育 体育与健康", "美术", "信息科技 信息技术 信息 微机 计算机", "科学", "劳动 劳动教育 劳技",
        "心理健康 心理", "综合实践 综合实践活动 综合", "书法", "蒙古语文 蒙语文 蒙语 蒙文", "俄语", "日语", "通用技术", "舞蹈",
        "安全教育 安全", "校本课程 校本", "阅读", "生命教育", "法治教育",
    )
    for alias in words.split()
}  # fmt: skip

CLASSES = Kind(
    "classes",
    "学校与班级",
    (
        _SCHOOL,
        _SCHOOL_CODE,
        Column("stage", "学段", "办学学段 学段名称", choices=STAGE),
        _GRADE,
        Column("entered", "入学年份", "入学届 届别 入学年度 级 入学年", note="如 2024"),
        _CLASS,
        Column("class_teacher", "班主任", "班主任姓名"),
    ),
    frozenset({"entered", "stage", "school_code"}),
    "班级",
)

SCHOOLS = Kind(
    "schools",
    "学校",
    (
        Column("school", "学校", "学校名称 校名 学校全称", True, width=24),
        Column("school_code", "学校标识码", "学校代码 学校编码 标识码", True, width=14),
        Column("stages", "学段", "办学学段 学校类别 办学类型", note="多个学段用顿号隔开，如 小学、初中"),
        Column("primary_years", "小学学制", "学制", choices=("6", "5")),
        Column("grade_style", "年级叫法", "年级名称样式", choices=("七年级", "初一")),
        Column("address", "地址", "学校地址 校址", width=30),
        _LON,
        _LAT,
        _SYSTEM,
        _PLACE,
    ),
    frozenset({"school_code"}),
    "学校",
)

COORDINATES = Kind(
    "coordinates",
    "坐标表",
    (_SCHOOL, _GRADE, Column("klass", "班级", _CLASS.names), Column("name", "姓名", _NAME.names), _NUMBER, _ID, _LON, _LAT, _SYSTEM, _PLACE),
    frozenset({"lon", "place"}),
    "坐标 位置 经纬",
)

WEEKDAYS: dict[str, int] = {
    prefix + day: number
    for number, days in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天7"), 1)
    for day in days
    for prefix in ("星期", "周", "礼拜")
}

BUSY = Kind(
    "busy",
    "占用时段",
    (
        Column("name", "姓名", "教师姓名 教师 老师"),
        Column("number", "工号", "教师工号 职工号"),
        Column("weekday", "星期", "周几 星期几"),
        Column("starts", "开始", "开始时间 起"),
        Column("ends", "结束", "结束时间 止"),
        Column("reason", "事由", "类别 事项 类型", choices=("上课", "课后服务", "晚自习", "值班")),
    ),
    frozenset({"weekday"}),
    "课表 课后服务 课后延时 晚自习 值班 占用",
)

KINDS: dict[str, Kind] = {
    kind.key: kind for kind in (STUDENTS, SURVEY, STAFF, TEACHING, CLASSES, SCHOOLS, COORDINATES, BUSY)
}

_MEMBER = re.compile(r"(?:家庭|主要|家庭主要)?(?:成员或监护人|成员|监护人|家长|联系人|亲属)([12一二])?(?:信息|情况|的)?(.*)")
_PARENT = re.compile(r"(父亲|母亲|爸爸|妈妈)(?:信息|情况|的)?(.*)")
_PART = {
    text.heading(name): part
    for part, names in {
        "name": "姓名 名字 名称",
        "relation": "关系 与学生关系 与本人关系 与该生关系 称谓 与学生的关系 家庭关系",
        "address": "现住址 住址 地址 家庭住址 居住地 居住地址 家庭地址",
        "phone": "联系电话 电话 手机 手机号 手机号码 联系方式 电话号码 联系手机",
        "guardian": "是否监护人 监护人 是否为监护人",
    }.items()
    for name in names.split()
}
_RELATION_OF = {"父亲": ("1", "51"), "爸爸": ("1", "51"), "母亲": ("2", "52"), "妈妈": ("2", "52")}


@cache
def _known(kind: str) -> dict[str, str]:
    names = {}
    for column in KINDS[kind].columns:
        for name in (column.title, *column.names.split()):
            names.setdefault(text.heading(name), column.key)
    return names


def meaning(kind: str, heading: str) -> tuple[str, str]:
    """(column key, implied relation code) of a heading in a kind of table; ("", "") when it is not known.

    "父亲电话" is member 1's phone and says that member 1 is the father: ("member1_phone", "51").
    """
    key = text.heading(heading)
    if not key:
        return "", ""
    found = _known(kind).get(key)
    if found:
        return found, ""
    if kind == "students":
        return _member_meaning(key)
    if kind == "teaching":
        subject = SUBJECTS.get(key.removesuffix("教师").removesuffix("老师"))
        return (f"subject:{subject}", "") if subject else ("", "")
    if kind == "busy":
        return (f"day:{WEEKDAYS[key]}", "") if key in WEEKDAYS else ("", "")
    if kind in ("coordinates", "students", "schools"):
        return _degrees(key), ""
    return "", ""


def _member_meaning(key: str) -> tuple[str, str]:
    if parent := _PARENT.fullmatch(key):
        number, relation = _RELATION_OF[parent[1]]
        part = _PART.get(parent[2]) if parent[2] else "name"
        return (f"member{number}_{part}", relation) if part and part != "relation" else ("", "")
    if member := _MEMBER.fullmatch(key):
        number = "2" if member[1] in ("2", "二") else "1"
        part = _PART.get(member[2]) if member[2] else "name"
        return (f"member{number}_{part}", "") if part else ("", "")
    if key in ("与学生关系", "与监护人关系", "与该生关系"):
        return "member1_relation", ""
    return _degrees(key), ""


def _degrees(key: str) -> str:
    """"经度wgs84", "gcj02纬度": the heading may name the coordinate system."""
    bare = re.sub(r"wgs84|gcj02|高德|腾讯|火星|地球|家庭|住址|学校", "", key)
    return {"经度": "lon", "纬度": "lat", "坐标": "place", "经纬度": "place"}.get(bare, "")
