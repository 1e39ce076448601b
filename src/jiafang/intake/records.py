"""What a table's rows become: typed, frozen, each knowing the sheet and row it came from. None or "" is “not said”."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time

from ..lib.classnames import ClassName


@dataclass(frozen=True, slots=True)
class CellError:
    """One thing wrong in one cell. `row` counts from 1, `column` is the letter ("" when it is about the whole row)."""

    sheet: str
    row: int
    column: str
    heading: str
    value: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ClassText:
    """A class as written, and as understood when its name follows a known style."""

    text: str
    parsed: ClassName | None
    grade_text: str = ""

    def __str__(self) -> str:
        return self.text if not self.grade_text or self.grade_text in self.text else f"{self.grade_text}{self.text}"


@dataclass(frozen=True, slots=True)
class TeacherName:
    """A teacher as a cell names one: the name, and the number that tells two of one name apart."""

    name: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A family member of a student; `relation` is GB/T 4761."""

    name: str
    relation: str = ""
    address: str = ""
    phone: str = ""
    is_guardian: bool | None = None


@dataclass(frozen=True, slots=True)
class StudentRow:
    """A student as the export tells. Codes as in `lib.codes`; degrees WGS-84; the yes/no facts None when not said."""

    sheet: str
    row: int
    klass: ClassText
    name: str
    school: str = ""
    sex: str = ""
    born: date | None = None
    ethnic: str = ""
    id_type: str = ""
    id_number: str = ""
    student_number: str = ""
    aux_number: str = ""
    class_number: str = ""
    entered_on: date | None = None
    study: str = ""
    address: str = ""
    phone: str = ""
    left_behind: str = ""
    orphan: bool | None = None
    migrant: bool | None = None
    aid: bool | None = None
    disability: str = ""
    inclusive: bool | None = None
    members: tuple[MemberRow, ...] = ()
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """What a class teacher marks about a student. `yes` and `no` hold codes of care kinds; empty cells are in neither."""

    sheet: str
    row: int
    klass: ClassText
    name: str
    school: str = ""
    student_number: str = ""
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True)
class StaffRow:
    sheet: str
    row: int
    name: str
    school: str = ""
    number: str = ""
    sex: str = ""
    phone: str = ""
    title: str = ""
    subject: str = ""
    party: bool | None = None


@dataclass(frozen=True, slots=True)
class TeachingRow:
    """Who teaches a class: (subject, teacher) pairs; a subject may have two."""

    sheet: str
    row: int
    klass: ClassText
    school: str = ""
    class_teacher: TeacherName | None = None
    subjects: tuple[tuple[str, TeacherName], ...] = ()
    columns: dict[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class of a school; `entered` wins over the grade in the name when both are given."""

    sheet: str
    row: int
    klass: ClassText
    school: str = ""
    school_code: str = ""
    stage: str = ""
    entered: int | None = None
    class_teacher: TeacherName | None = None


@dataclass(frozen=True, slots=True)
class SchoolRow:
    sheet: str
    row: int
    school: str
    school_code: str
    stages: tuple[str, ...] = ()
    primary_years: int | None = None
    grade_style: str = ""
    address: str = ""
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class CoordinateRow:
    """Where a student lives, WGS-84; the student is told by number, ID number, or class and name."""

    sheet: str
    row: int
    lat: float
    lon: float
    school: str = ""
    klass: ClassText | None = None
    name: str = ""
    student_number: str = ""
    id_number: str = ""


@dataclass(frozen=True, slots=True)
class BusyRow:
    """A teacher's weekly engagement. weekday 1 is Monday; `kind` is lesson, after_school, evening_study or duty."""

    sheet: str
    row: int
    column: str
    teacher: TeacherName
    weekday: int
    starts: time
    ends: time
    kind: str


Row = StudentRow | SurveyRow | StaffRow | TeachingRow | ClassRow | SchoolRow | CoordinateRow | BusyRow


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet read: rows without fault, the faults, doubts to look at, and how many rows there were.

    `columns` maps column keys to letters, so that later checks can name the cell too.
    """

    kind: str
    sheet: str
    rows: list[Row]
    errors: list[CellError]
    warnings: list[CellError]
    total: int
    columns: dict[str, str] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)

    def error(self, row: int, key: str, value: str, code: str, message: str) -> CellError:
        """A fault found later (against the database) in the cell of a row."""
        return CellError(
            self.sheet, row, self.columns.get(key, ""), self.headings.get(key, ""), value, code, message
        )
