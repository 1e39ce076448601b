"""Reading class names in the many ways schools write them. Knows no units: the roster matches them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from .dates import entered_year, from_han, years_of
from .text import half

_N = r"[一二三四五六七八九十]{1,3}|\d{1,2}"
_STAGES = {"小": "primary", "初": "junior", "高": "senior"}
_COHORT = re.compile(rf"(?:(小|初|高)[学中]?)?(20\d\d)级(?:(小|初|高)[学中]?)?(?:[(\[]?({_N})[)\]]?班?)?")
_STAGED = re.compile(rf"(?:初中|高中|小学)?(小|初|高)({_N})(?:年级)?(?:[(\[.\-]?({_N})[)\]]?班?)?")
_GRADED = re.compile(rf"(小学|初中|高中)?({_N})年级?(?:[(\[.\-]?({_N})[)\]]?班?)?")
_SHORT = re.compile(
    rf"(小学|初中|高中)?({_N})[(\[]({_N})[)\]]班?|([一二三四五六七八九])(\d{{1,2}})班?"
    r"|(\d{1,2})[.\-](\d{1,2})班?"
)
_PACKED = re.compile(r"(\d{1,2})(\d{2})班?")
_BARE = re.compile(rf"[(\[]?({_N})[)\]]?班?")


@dataclass(frozen=True, slots=True)
class ClassName:
    """A class as written: stage, grade in the stage, year of entry (each None when not said), number."""

    stage: str | None
    grade: int | None
    entered: int | None
    number: int | None

    def entered_on(self, on: date) -> int | None:
        """Year of entry of this class, taking the name as used on this day."""
        if self.entered is not None or self.grade is None:
            return self.entered
        return entered_year(self.grade, on)


@lru_cache(maxsize=4096)
def parse_class(text: str, grade_text: str = "", primary_years: int = 6) -> ClassName | None:
    """Read "七年级1班", "七(1)班", "初一1班", "2024级1班", "7.1", "701班", "1班" with grade "七年级".

    None when it is no class name. Grades 1 … 9 counted through give stage and grade in it; 10 up is senior.
    """
    own = _parse(_plain(text), primary_years)
    if own is not None and (own.grade is not None or own.entered is not None):
        return own if own.number is not None or not grade_text else None
    above = _parse(_plain(grade_text), primary_years) if grade_text else None
    if above is None:
        return own
    bare = _BARE.fullmatch(_plain(text))
    number = from_han(bare[1]) if bare else None
    return ClassName(above.stage, above.grade, above.entered, number) if number else None


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", half(text)).replace("第", "").replace("【", "[").replace("】", "]")


def _parse(text: str, primary_years: int) -> ClassName | None:
    if match := _COHORT.fullmatch(text):
        stage = _STAGES.get(match[1] or match[3] or "")
        return ClassName(stage, None, int(match[2]), _number(match[4]))
    if match := _STAGED.fullmatch(text):
        return _within(_STAGES[match[1]], from_han(match[2]), _number(match[3]), primary_years)
    if match := _GRADED.fullmatch(text):
        return _through(match[1], from_han(match[2]), _number(match[3]), primary_years)
    if match := _SHORT.fullmatch(text):
        grade, number = match[2] or match[4] or match[6], match[3] or match[5] or match[7]
        return _through(match[1], from_han(grade), _number(number), primary_years)
    if match := _PACKED.fullmatch(text):
        return _through(None, int(match[1]), int(match[2]), primary_years)
    if (match := _BARE.fullmatch(text)) and text.endswith("班"):
        return ClassName(None, None, None, from_han(match[1]))
    return None


def _number(text: str | None) -> int | None:
    return from_han(text) if text else None


def _within(stage: str, grade: int | None, number: int | None, primary_years: int) -> ClassName | None:
    if grade is None or not 1 <= grade <= years_of(stage, primary_years):
        return None  # 初七 is nonsense; 初中七年级 is read by _through
    return ClassName(stage, grade, None, number)


def _through(word: str | None, grade: int | None, number: int | None, primary_years: int) -> ClassName | None:
    """A grade counted 1 … 12 from the first school year; after a stage word small ones count in it."""
    if grade is None or not 1 <= grade <= 12:
        return None
    stage = _STAGES[word[0]] if word else None
    before = {"primary": 0, "junior": primary_years, "senior": 9}
    if stage and grade <= years_of(stage, primary_years):
        return ClassName(stage, grade, None, number)
    stage = "primary" if grade <= primary_years else "junior" if grade <= 9 else "senior"
    return ClassName(stage, grade - before[stage], None, number)
