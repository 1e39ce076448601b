"""Small groups: what is hidden, from whom, and that no total gives a hidden cell away."""

from collections import Counter

import pytest

from jiafang.reports.indicators import BY_CODE
from jiafang.reports.selectors.figures import _second_suppression, make_figure

REACHED, VISITS, COVERAGE = BY_CODE["special_reached"], BY_CODE["special_visits"], BY_CODE["coverage"]


def reached(top, base, **rights):
    parts = Counter(special_reached=top, special_students=base)
    return make_figure(
        REACHED, parts, rows=rights.get("rows", False), masked=True, released=rights.get("released", False)
    )


@pytest.mark.parametrize(
    ("top", "base", "text"),
    [(0, 0, "—"), (1, 40, "＜5"), (4, 40, "＜5"), (5, 40, "12.5%"), (3, 3, "＜5"), (36, 40, "还差＜5"), (39, 40, "还差＜5"),
     (35, 40, "87.5%"), (40, 40, "100%"), (0, 40, "0%")],
)  # fmt: skip
def test_one_to_four_are_hidden_and_so_is_a_rest_of_one_to_four(top, base, text):
    figure = reached(top, base)
    assert figure.text == text
    if figure.hidden:
        assert (figure.numerator, figure.denominator, figure.percent, figure.parts_text) == (None, None, None, "")


def test_who_may_open_the_rows_and_a_recorded_decision_see_the_number():
    assert reached(2, 40, rows=True).text == reached(2, 40, released=True).text == "5%"


def test_what_tells_nothing_of_a_child_is_never_hidden():
    assert make_figure(COVERAGE, Counter(visited=2, students=3), rows=False, masked=True).text == "66.7%"


def test_no_rows_of_a_sensitive_figure_even_masked():
    assert not reached(20, 40).rows and reached(20, 40, rows=True).rows


def hide(*counts):
    rows = [{VISITS.code: make_figure(VISITS, Counter(special_visits=n), rows=False, masked=True)} for n in counts]
    _second_suppression(rows, VISITS)
    return [row[VISITS.code].hidden for row in rows]


def test_a_single_hidden_cell_takes_the_smallest_shown_one_with_it():
    assert hide(3, 50, 9, 0) == [True, False, True, False]


def test_two_hidden_cells_or_none_need_no_third():
    assert hide(3, 2, 50, 9) == [True, True, False, False]
    assert hide(30, 50) == [False, False]


def test_99_point_97_percent_is_not_printed_as_whole():
    figure = make_figure(COVERAGE, Counter(visited=9997, students=10000), rows=True, masked=False)
    assert figure.text == "99.9%"
