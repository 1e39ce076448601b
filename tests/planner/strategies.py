"""Random problems for property tests: made-up districts of drawn size and shares, then bent at random."""

from hypothesis import strategies as st

from jiafang.planner.synthetic import Shares, district

SHARE = st.sampled_from([0.0, 0.1, 0.5])


@st.composite
def shares(draw):
    """How often what happens: rare, now and then, or to every second one."""
    return Shares(
        second=draw(SHARE), sibling=draw(SHARE), online=draw(SHARE), unknown=draw(SHARE), apart=draw(SHARE),
        family_free=draw(st.sampled_from([0.2, 0.5, 0.9])), relief=draw(SHARE), near_only=draw(SHARE),
        fixed=draw(SHARE),
    )  # fmt: skip


@st.composite
def problems(draw, schools=2, classes=4, students=60, weeks=3):
    """The JSON object of a problem within these sizes."""
    found = district(
        schools=draw(st.integers(1, schools)), classes=draw(st.integers(1, classes)),
        students=draw(st.integers(0, students)), weeks=draw(st.integers(1, weeks)), seed=draw(st.integers(0, 10**6)),
        two_teachers=draw(st.booleans()), shares=draw(shares()),
    )  # fmt: skip
    fixed = {name for item in found["fixed"] for name in (item["lead"], item["companion"])}
    for teacher in found["teachers"]:
        if teacher["id"] not in fixed:
            teacher["max_outings_per_week"] = draw(st.sampled_from([0, 1, 2, 3, 3, 9]))
    settled = {item["visit"] for item in found["fixed"]}
    for visit in found["visits"]:
        if visit["id"] not in settled and draw(st.integers(0, 9)) == 0:
            bend(visit, draw(st.integers(0, 6)))
    return found


def bend(visit: dict, how: int) -> None:
    """Make one visit odd in one of seven ways."""
    if how == 0:
        visit["leads"] = visit["leads"][1:]
    elif how == 1:
        visit["companions"] = []
    elif how == 2:
        visit["possible"] = []
    elif how == 3:
        visit["minutes"] = 175
    elif how == 4:
        visit["from"] = visit["by"]
    elif how == 5:
        visit["leads"] = []
    elif "after" not in visit:
        visit["after"] = {"date": "2026-02-28", "min_days": 9}


def tiny():
    """Problems an exhaustive search can finish: one school, eight visits at most (seconds included), one week or two."""
    return problems(schools=1, classes=2, students=6, weeks=2).filter(lambda found: 0 < len(found["visits"]) <= 8)
