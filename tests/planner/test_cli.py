"""The command line: files in and out, exit statuses, one plan for one input; and the search's progress and cancelling."""

import json

import pytest

from jiafang.planner import solve
from jiafang.planner.__main__ import main
from jiafang.planner.check import check_plan
from jiafang.planner.format import load_problem
from jiafang.planner.synthetic import district

pytestmark = [pytest.mark.planner]


@pytest.fixture
def problem_file(tmp_path):
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(district(1, 2, 24, 3, seed=4), ensure_ascii=False), encoding="utf-8")
    return path


def test_solve_check_and_solve_again(problem_file, tmp_path, capsys):
    plans = [tmp_path / name for name in ("a.json", "b.json", "kept.json")]
    for plan in plans[:2]:
        assert main(["solve", str(problem_file), "-o", str(plan), "--iterations", "3000", "--quiet"]) == 0
    assert plans[0].read_bytes() == plans[1].read_bytes()
    assert main(["check", str(problem_file), str(plans[0])]) == 0
    keep = ["--keep", str(plans[0])]
    assert main(["solve", str(problem_file), "-o", str(plans[2]), "--iterations", "500", "--quiet", *keep]) == 0
    assert main(["check", str(problem_file), str(plans[2]), *keep]) == 0
    assert capsys.readouterr().out.count("cost ") == 2


def test_broken_plan_is_listed_with_status_one(problem_file, tmp_path, capsys):
    plan = tmp_path / "plan.json"
    main(["solve", str(problem_file), "-o", str(plan), "--iterations", "500", "--quiet"])
    data = json.loads(plan.read_text("utf-8"))
    data["outings"][0]["leave"] = "00:00"
    data["cost"] += 1
    plan.write_text(json.dumps(data), encoding="utf-8")
    assert main(["check", str(problem_file), str(plan)]) == 1
    told = capsys.readouterr().out
    assert "outings[0].leave" in told and "[leave_early]" in told and "[cost]" in told


def test_unreadable_files_name_their_place_with_status_two(problem_file, tmp_path, capsys):
    data = json.loads(problem_file.read_text("utf-8"))
    data["visits"][3]["leads"][0] = "t99"
    problem_file.write_text(json.dumps(data), encoding="utf-8")
    assert main(["solve", str(problem_file)]) == 2
    told = capsys.readouterr().err
    assert 'visits[3].leads[0]: no teacher "t99"' in told and "没有编号为“t99”的教师" in told
    assert main(["check", str(tmp_path / "none.json"), str(problem_file)]) == 2


def test_a_visit_is_explained_in_either_language(problem_file, tmp_path, capsys):
    plan = tmp_path / "plan.json"
    main(["solve", str(problem_file), "-o", str(plan), "--iterations", "2000", "--quiet"])
    visit = json.loads(plan.read_text("utf-8"))["outings"][0]["stops"][0]["visit"]
    assert main(["explain", str(problem_file), str(plan), visit]) == 0
    assert json.loads(capsys.readouterr().out)["why_slot"][0]["english"]
    assert main(["explain", str(problem_file), str(plan), visit, "--language", "en"]) == 0
    english = capsys.readouterr().out
    assert english.startswith("Why this slot") and "Why these two" in english and english.isascii()
    assert main(["explain", str(problem_file), str(plan), visit, "--language", "zh"]) == 0
    assert capsys.readouterr().out.startswith("为什么是这个时段")
    assert main(["explain", str(problem_file), str(plan), "v99"]) == 2
    assert 'no visit "v99"' in capsys.readouterr().err


@pytest.mark.parametrize(
    "option", [("--seed", "-1"), ("--jobs", "0"), ("--iterations", "-5"), ("--seconds", "nan"), ("--seconds", "-1")]
)
def test_options_that_mean_nothing_are_refused(problem_file, option, capsys):
    with pytest.raises(SystemExit) as refused:
        main(["solve", str(problem_file), *option])
    assert refused.value.code == 2 and option[0] in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_refused_before_the_search(problem_file, tmp_path, capsys):
    assert main(["solve", str(problem_file), "-o", str(tmp_path / "none" / "plan.json")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_progress_is_told_and_cost_never_rises():
    seen = []
    problem = load_problem(district(1, 3, 90, 4, seed=2))
    plan = solve(problem, iterations=60_000, progress=lambda *now: seen.append(now))
    assert seen and seen[-1][0] == seen[-1][1]
    costs = [cost for _, _, cost, _ in seen]
    assert costs == sorted(costs, reverse=True)
    assert plan.cost <= costs[0] + 1e-6


def test_cancelled_search_keeps_a_clean_plan():
    problem = load_problem(district(2, 4, 120, 4, seed=2))
    plan = solve(problem, cancel=lambda: True)
    assert check_plan(problem, plan).ok
    assert plan.cost >= solve(problem).cost
