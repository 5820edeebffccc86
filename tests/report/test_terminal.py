"""The screen about one implementation: answer first, in 24 lines of 80 columns, and what it says is true."""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable
from fractions import Fraction

import pytest

from refopt.catalogue import rule, schedule
from refopt.conformance.judge.summary import Difference, Place
from refopt.report.explained import marked, side_by_side
from refopt.report.report import Report
from refopt.report.terminal import LIMIT, answer, consequence, screen
from refopt.report.wrap import WIDTH
from tests.cli.running import refopt
from tests.report import judged
from tests.report.test_lift_hint import levelling


def _step(theirs: float, exact: Fraction | None = Fraction(1, 2), variable: str = "theta") -> Difference:
    return Difference("sgd-open-basic-001", Place(3, 0, 0, variable), theirs, exact, None, 5.0, 1.0, 0.5)


@pytest.mark.parametrize("report", judged.EVERY)
def test_a_page_fits_the_screen(report: Callable[[], Report]) -> None:
    page = screen(report().found)
    assert len(page) <= LIMIT
    for line in page:
        assert line.isascii()
        assert len(line) <= WIDTH or line.startswith("  refopt check "), line  # a command must be pasted whole


@pytest.mark.parametrize("report", judged.EVERY)
def test_the_last_line_says_which_exit_code_and_why_unless_it_is_0(report: Callable[[], Report]) -> None:
    last = screen(report().found)[-1]
    assert last.startswith(f"exit {report().exit}: ") == (report().exit != 0)


@pytest.mark.parametrize(
    ("report", "told"),
    [
        (judged.conforming, "conforms with sgd"),
        (judged.variant, "variant adam/eps_in_sqrt"),
        (judged.meant, "variant momentum/lr_outside"),
        (judged.unexplained, "deviates from sgd"),
        (judged.broken, "no answer"),
        (judged.imprecise, "conforms, imprecise in float64"),
        (judged.skipped, "skipped: no case lists float64"),
        (judged.schedule, "conforms with cosine_annealing"),
    ],
)
def test_the_answer_stands_in_the_first_two_lines(report: Callable[[], Report], told: str) -> None:
    found = report().found
    assert answer(found) == told
    assert told in " ".join(screen(found)[:2])


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        (0.0, "Steps are 2 times too long at t=3."),
        (0.75, "Steps are 2 times too short at t=3."),
        (0.48, "Steps are 4 % too long at t=3."),
        (0.5001, "Steps are off by 0.0002 of their length at t=3."),
        (1.5, "Steps go the wrong way, 1 times as far, at t=3."),
        (1.0, "theta does not move where it should."),
        (math.nan, "theta becomes nan where the exact value is finite."),
    ],
)
def test_a_difference_is_told_as_a_person_would_feel_it(theirs: float, told: str) -> None:
    assert consequence(_step(theirs)) == told


def test_a_difference_of_the_state_or_from_nothing_has_no_consequence_yet() -> None:
    assert consequence(_step(0.0, variable="m")) is None
    assert consequence(_step(0.0, exact=None)) is None
    assert consequence(_step(0.0, exact=Fraction(1))) == "theta moves where it should not."


def test_two_formulas_stand_side_by_side_with_only_what_differs() -> None:
    assert side_by_side(rule("adam"), rule("adam/eps_in_sqrt")) == [
        "  reference  theta - lr * m_hat / (sqrt(v_hat) + eps)",
        "  yours      theta - lr * m_hat / sqrt(v_hat + eps)",
    ]
    rates = side_by_side(schedule("cosine_annealing"), schedule("cosine_annealing/periodic"))
    assert [line.split()[0] for line in rates if not line.startswith("   ")] == ["reference", "yours"]
    assert all(len(line) <= WIDTH for line in rates)


def test_the_variant_s_page_holds_the_formulas_the_values_and_who_met_it() -> None:
    page = "\n".join(screen(judged.variant().found))
    assert "(gradients as small as eps and as its root, parameters at zero)" in page
    assert "yours      theta - lr * m_hat / sqrt(v_hat + eps)" in page
    assert "First difference: case adam-open-eps-001, t=1, theta[" in page
    assert "Others met it: " in page
    assert "#" in page.partition("Others met it: ")[2].splitlines()[0]


def test_the_two_values_shown_are_those_of_the_diagnosis() -> None:
    report = judged.variant()
    first = next(line for line in report.lines() if line["kind"] == "diagnosis")["first_difference"]
    page = screen(report.found)
    assert f"  exact     {first['exact']:>26}" in page
    assert f"  yours     {first['theirs']:>26}" in page


def test_the_printed_command_reproduces_the_case_with_the_same_ratio(capsys: pytest.CaptureFixture[str]) -> None:
    import json

    report = judged.variant()
    command = next(line for line in screen(report.found) if line.startswith("  refopt check ") and "--case" in line)
    again = [json.loads(line) for line in refopt(capsys, *shlex.split(command)[1:], "--json").out.splitlines()]
    (line,) = (x for x in again if x["kind"] == "case")
    (before,) = (x for x in report.lines() if x["kind"] == "case" and x["id"] == line["id"])
    assert (line["ratio"], line["verdict"], line["where"]) == (before["ratio"], before["verdict"], before["where"])


def test_the_variant_that_is_meant_is_accepted_by_the_printed_command() -> None:
    assert judged.meant().exit == 0
    assert "exit" not in screen(judged.meant().found)[-1]


def test_what_is_unexplained_says_how_much_was_tried_and_what_came_closest() -> None:
    page = screen(levelling().found)
    explanation = levelling().found.worst.diagnosis.explanation
    assert explanation is not None and explanation.tried > 1
    assert f"No named variant explains it: {explanation.tried} formulas and causes were tried." in page
    assert ["fits", "yours", "error/bound"] in [line.split() for line in page]
    assert any(line.split()[:1] == ["sgd"] and float(line.split()[1]) > 1 for line in page)
    assert page[-1] == "exit 1: not the reference formula, nor any known variant"


def test_an_edit_of_the_run_is_told_in_words() -> None:
    page = screen(judged.unexplained().found)
    assert "  run: each tensor is updated with its gradient in reverse" in page
    assert any(line.split()[:2] == ["this", "edit"] for line in page)
    assert not any(line.startswith("No named variant") for line in page)
    assert page[-1] == "exit 1: not the reference formula, nor any known variant"


def test_one_edit_is_shown_in_the_formula_with_a_caret() -> None:
    page = screen(judged.edited().found)
    assert "    - theta <- theta - lr*g" in page
    assert "    + theta <- theta + lr*g" in page
    assert page[page.index("    + theta <- theta + lr*g") + 1].strip() == "^"
    assert any(line.split()[:2] == ["this", "edit"] for line in page)


def test_an_assignment_that_is_the_same_is_shown_once() -> None:
    from refopt import catalogue

    assert marked(catalogue.rule("adam"), catalogue.rule("adam/eps_in_sqrt"))[:3] == [
        "      m     <- beta1*m + (1 - beta1)*g", "      v     <- beta2*v + (1 - beta2)*g^2", "      m_hat <- m / (1 - beta1^t)",
    ]  # fmt: skip


def test_a_program_that_raises_has_its_message_and_update_on_the_page() -> None:
    page = screen(judged.broken().found)
    assert "0 of 1 cases conform. 1 gave no answer:" in page
    assert any("update 3: raised ZeroDivisionError" in line for line in page)


def test_lost_precision_is_starred_and_its_cause_told() -> None:
    page = screen(judged.imprecise().found)
    assert any(line.startswith("float64 ") and line.endswith("*") for line in page)
    assert "* float64: the formula is right, but the state is kept in float16" in page
    assert screen(judged.imprecise(True).found)[-1] == "exit 1: less precise than float64 allows (--strict)"


def test_the_verbose_page_lists_every_case_in_every_format() -> None:
    page = screen(judged.unexplained().found, verbose=True)
    for case in ("sgd-open-basic-001", "sgd-open-dyadic-001"):
        for dtype in ("float64", "float32"):
            assert sum(line.startswith(case) and f" {dtype} " in line for line in page) == 1


def test_a_page_that_was_cut_says_by_how_much(monkeypatch: pytest.MonkeyPatch) -> None:
    from refopt.report import terminal

    whole = screen(judged.variant().found)
    monkeypatch.setattr(terminal, "LIMIT", 10)
    page = screen(judged.variant().found)
    assert len(page) == 10
    assert page[-1] == whole[-1]
    assert page[-2] == f"({len(whole) - 9} more lines: -v)"
