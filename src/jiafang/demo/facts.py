"""The made-up district as plain facts: schools, classes, teachers, children. Same seed, same district.

Numbers that look like ID numbers carry a check digit but an area code that is assigned to nobody; phones likewise.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import cos, radians

from jiafang.demo import words
from jiafang.lib.dates import class_name, school_year
from jiafang.lib.numbers import check_digit

CENTRE = (40.635, 109.865)  # WGS-84
AREA = "1599"  # assigned to no place; two more digits keep the numbers apart
MAIN = {"primary": ("语文", "数学", "英语"), "junior": ("语文", "数学", "英语"), "senior": ("语文", "数学", "英语")}
MORE = {
    "primary": ("科学", "道德与法治", "体育", "音乐", "美术"),
    "junior": ("物理", "道德与法治", "历史", "地理", "体育", "音乐"),
    "senior": ("物理", "化学", "生物", "历史", "体育"),
}
YEARS = {"primary": 6, "junior": 3, "senior": 3}

# (name, stages, classes a grade) for 300 classes in 20 schools
PLAN = (
    ("鹿区附属学校", ("primary", "junior"), 2), ("沼园路小学", ("primary",), 4), ("高新二中", ("junior",), 6),
    ("东方希望小学", ("primary",), 3), ("万水泉中心小学", ("primary",), 3), ("高新一中", ("junior",), 5),
    ("友谊小学", ("primary",), 3), ("青山路小学", ("primary",), 3), ("科学路小学", ("primary",), 2),
    ("高新三中", ("junior",), 5), ("幸福路小学", ("primary",), 2), ("曙光路小学", ("primary",), 2),
    ("鹿区高级中学", ("senior",), 8), ("高新四中", ("junior",), 4), ("春光小学", ("primary",), 2),
    ("劳动路小学", ("primary",), 2), ("学府实验学校", ("primary", "junior"), 1), ("高新五中", ("junior",), 4),
    ("和平路小学", ("primary",), 2), ("黄河中学", ("junior",), 3),
)  # fmt: skip
NAMES_BAOTOU = {"鹿区附属学校": "北师大包头附校", "鹿区高级中学": "高新区高级中学"}
SPECIAL_SHARE = 1208 / 13583  # children in one of B's six categories, as the published figures imply


@dataclass(slots=True)
class Teacher:
    name: str
    number: str
    sex: str
    phone: str
    title: str = ""
    subject: str = ""
    party: bool = False


@dataclass(slots=True)
class Klass:
    stage: str
    entered: int
    number: int
    label: str
    head: Teacher | None = None
    subjects: dict[str, Teacher] = field(default_factory=dict)


@dataclass(slots=True)
class Child:
    klass: Klass
    name: str
    sex: str
    born: date
    id_number: str
    class_number: int
    address: str
    lat: float | None
    lon: float | None
    phone: str
    guardian: tuple[str, str]  # (name, relation code)
    second: tuple[str, str, str]  # (name, relation code, phone)
    study: str = "走读"
    left_behind: str = "0"
    orphan: bool = False
    migrant: bool = False
    aid: bool = False
    disability: str = ""
    survey: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class School:
    name: str
    code: str
    stages: tuple[str, ...]
    lat: float
    lon: float
    classes: list[Klass] = field(default_factory=list)
    teachers: list[Teacher] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)


class Maker:
    """Draws people without repeating an ID number, a phone, or a name within one school."""

    def __init__(self, seed: int, today: date):
        self.random = random.Random(seed)
        self.today = today
        self.sequence = 0
        self.phones = 0

    def name(self, taken: set[str], length: int = 0) -> str:
        r = self.random
        while True:
            given = "".join(r.sample(words.GIVEN, length or (2 if r.random() < 0.85 else 1)))
            name = r.choice(words.SURNAMES) + given
            if name not in taken:
                taken.add(name)
                return name

    def phone(self) -> str:
        self.phones += 1
        return f"199{self.phones:08d}"

    def id_number(self, born: date, sex: str) -> str:
        self.sequence += 1
        order = (self.sequence % 500) * 2 + (1 if sex == "1" else 0)
        return self._with_check(born, order)

    def _with_check(self, born: date, order: int) -> str:
        # sequences wrap after 500 children of a sex; the area's last digits move on so that none repeats
        first = f"{AREA}{1 + self.sequence // 500:02d}{born:%Y%m%d}{order:03d}"
        return first + check_digit(first)


def district(*, students: int = 13583, seed: int = 0, today: date, baotou: bool = False) -> list[School]:
    """The schools with everything in them; ``students`` children in about ``students / 45`` classes."""
    make = Maker(seed, today)
    total = max(1, round(students / 45.277))
    schools: list[School] = []
    for n, (name, stages, width) in enumerate(PLAN):
        if sum(len(s.classes) for s in schools) >= total:
            break
        schools.append(_school(make, n, NAMES_BAOTOU.get(name, name) if baotou else name, stages, width))
    room = total
    for school in schools:
        school.classes = school.classes[:room]
        room -= len(school.classes)
        _teachers(make, school)
    classes = [(s, k) for s in schools for k in s.classes]
    base, extra = divmod(students, len(classes))
    for n, (school, klass) in enumerate(classes):
        _children(make, school, klass, base + (n < extra))
    _care(make, [c for s in schools for c in s.children])
    return schools


def _school(make: Maker, n: int, name: str, stages: tuple[str, ...], width: int) -> School:
    r = make.random
    category = {"primary": "21", "junior": "31", "senior": "34"}[stages[-1]]
    school = School(
        name,
        f"{category}15{n + 1:06d}",
        stages,
        CENTRE[0] + r.uniform(-0.045, 0.045),
        CENTRE[1] + r.uniform(-0.07, 0.07),
    )
    for stage in stages:
        for grade in range(YEARS[stage]):
            entered = school_year(make.today) - grade
            for number in range(1, width + 1):
                label = class_name(stage, entered, number, make.today)
                school.classes.append(Klass(stage, entered, number, label))
    return school


def _teachers(make: Maker, school: School) -> None:
    taken: set[str] = set()
    r = make.random

    def teacher(title: str = "", subject: str = "") -> Teacher:
        number = f"T{len(school.teachers) + 1:03d}"
        person = Teacher(
            make.name(taken), number, r.choice("男女女"), make.phone(), title, subject, r.random() < 0.35 or bool(title)
        )
        school.teachers.append(person)
        return person

    teacher("校长")
    teacher("书记")
    for _ in range(2):
        teacher("德育主任")
    for klass in school.classes:
        klass.head = teacher("", ("语文", "数学", "英语")[(klass.number - 1) % 3 if r.random() < 0.6 else 0])
        klass.subjects[klass.head.subject] = klass.head
    for stage in school.stages:
        mine = [k for k in school.classes if k.stage == stage]
        for subjects, load in ((MAIN[stage], 3), (MORE[stage], 6)):
            for subject in subjects:
                open_ = [k for k in mine if subject not in k.subjects]
                for start in range(0, len(open_), load):
                    person = teacher("", subject)
                    for klass in open_[start : start + load]:
                        klass.subjects[subject] = person
    for entered in sorted({(k.stage, k.entered) for k in school.classes}):
        members = [k for k in school.classes if (k.stage, k.entered) == entered]
        person = members[0].subjects[MAIN[entered[0]][-1]]
        person.title = person.title or f"{members[0].label.removesuffix(f'{members[0].number}班')}组长"
    teacher("心理教师", "心理健康")


def _place(make: Maker, school: School, estates: list) -> tuple[str, float, float]:
    r = make.random
    name, lat, lon, street = r.choice(estates)
    address = f"鹿区{street}{name}{r.randint(1, 30)}号楼{r.randint(1, 4)}单元{r.randint(1, 18)}0{r.randint(1, 4)}室"
    return address, round(lat + r.gauss(0, 0.0008), 6), round(lon + r.gauss(0, 0.001), 6)


def _estates(make: Maker, school: School) -> list[tuple[str, float, float, str]]:
    r = make.random
    out = []
    for name in r.sample(words.ESTATES, 9):
        away = min(abs(r.gauss(0.9, 0.7)), 3.5)
        angle = r.uniform(0, 6.283)
        lat = school.lat + away / 111.2 * cos(angle)
        lon = school.lon + away / (111.2 * cos(radians(school.lat))) * cos(angle - 1.5708)
        out.append((name, lat, lon, r.choice(words.STREETS)))
    return out


def _children(make: Maker, school: School, klass: Klass, n: int) -> None:
    r = make.random
    estates = _estates(make, school)
    taken: set[str] = set()
    age = {"primary": 6, "junior": 12, "senior": 15}[klass.stage]
    elder = [c for c in school.children if c.klass.entered != klass.entered]
    for number in range(1, n + 1):
        sex = r.choice("12")
        born = date(klass.entered - age, 8, 31) - timedelta(days=r.randrange(365))
        sibling = r.choice(elder) if elder and r.random() < 0.035 else None
        name = make.name(taken)
        if sibling is not None:
            name = sibling.name[0] + name[1:]
            home = (sibling.address, sibling.lat, sibling.lon)
            phone, guardian, second = sibling.phone, sibling.guardian, sibling.second
        else:
            home = _place(make, school, estates)
            if r.random() < 0.012:
                home = (home[0], None, None)
            phone = make.phone()
            father = (name[0] + "".join(r.sample(words.GIVEN, 2)), "51")
            mother = (make.name(set()), "52")
            if r.random() < 0.06:
                father = (name[0] + "".join(r.sample(words.GIVEN, 2)), "61")
            guardian, other = (father, mother) if r.random() < 0.4 else (mother, father)
            second = (*other, make.phone())
        school.children.append(
            Child(
                klass, name, sex, born, make.id_number(born, sex), number, *home, phone, guardian, second,
                study="住校" if klass.stage == "senior" and r.random() < 0.3 else "走读",
                migrant=r.random() < 0.07,
                disability="64" if r.random() < 0.003 else "",
            )
        )  # fmt: skip


def _care(make: Maker, children: list[Child]) -> None:
    """Exactly the implied share of children gets one or two of the six; some more need following up."""
    r = make.random
    special = r.sample(children, round(len(children) * SPECIAL_SHARE))
    for n, child in enumerate(special):
        kinds = r.choices(["orphan", "single", "left", "aid", "learning", "mind"], [1, 22, 30, 20, 22, 6], k=1)
        if n % 9 == 0:
            kinds.append(r.choice(["aid", "learning", "single"]))
        for kind in kinds:
            _give(make, child, kind)
    chosen = set(map(id, special))
    rest = [c for c in children if id(c) not in chosen]
    for child in r.sample(rest, round(len(rest) * 0.03)):
        child.survey[r.choices(["流失倾向", "行为异常", "学业优秀"], [1, 3, 8])[0]] = "是"
        child.survey["情况说明"] = r.choice(words.SURVEY_NOTES)


def _give(make: Maker, child: Child, kind: str) -> None:
    r = make.random
    if kind == "orphan":
        child.orphan = True
    elif kind == "left":
        child.left_behind = r.choice("122")
    elif kind == "aid":
        child.aid = True
    else:
        child.survey[{"single": "单亲", "learning": "学困", "mind": "心理"}[kind]] = "是"
        child.survey["情况说明"] = r.choice(words.SURVEY_NOTES)
