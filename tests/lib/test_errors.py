"""The error catalogue: known codes only, and strangers learn nothing."""

import pytest

from jiafang.lib.errors import CATALOGUE, Problem


def test_status_and_sentence_come_from_the_catalogue():
    problem = Problem("stale")
    assert problem.status == 409
    assert str(problem) == CATALOGUE["stale"].message


def test_unknown_code_is_a_mistake_of_the_programmer():
    with pytest.raises(ValueError, match="nonsense"):
        Problem("nonsense", "…")


def test_denied_answers_exactly_as_not_found():
    denied = Problem("denied", "三年级2班不归您管", fields={"klass": ["外校"]}, extra={"school": "附小"})
    assert denied.status == 404
    assert denied.answer() == Problem("not_found").answer()


def test_answer_carries_fields_and_extra():
    problem = Problem("invalid", "姓名没有填", fields={"name": ["请填写姓名"]}, extra={"row": 3, "code": "spoofed"})
    assert problem.answer() == {"code": "invalid", "message": "姓名没有填", "fields": {"name": ["请填写姓名"]}, "row": 3}


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_code_has_a_sentence_and_an_error_status(code):
    assert 400 <= CATALOGUE[code].status < 600
    assert CATALOGUE[code].message.endswith("。")
