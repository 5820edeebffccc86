"""Edits of a run: a count that begins anew, rates and other hyperparameters that are taken from another update."""

from __future__ import annotations

from refopt.catalogue import rule
from refopt.conformance.diagnose.run_change import RunChange, TakenFrom
from refopt.conformance.diagnose.run_edits import RUN_EDITS, applies, run_edits
from refopt.golden.course_edits import Taking
from refopt.report.words import told
from tests.conformance.made import case_of, observed

MOMENTUM = rule("momentum")
HOLDS = observed(MOMENTUM, case_of(MOMENTUM, [["1"], ["1"], ["1"]], ["1"]), [[1], [1], [1]])
MOVES = observed(MOMENTUM, case_of(MOMENTUM, [["1"], ["1"], ["1"]], ["1"], courses={"momentum": ("0.5", "0.25", "0.75")}), [[1], [1], [1]])
STANDS = observed(MOMENTUM, case_of(MOMENTUM, [["1"], ["1"], ["1"]], ["1"], courses={"momentum": ("0.5",) * 3}), [[1], [1], [1]])
RATES = observed(MOMENTUM, case_of(MOMENTUM, [["1"], ["1"], ["1"]], ["1"], lr=("1", "2", "4")), [[1], [1], [1]])


def test_edits_of_courses_are_those_of_the_hyperparameters_that_have_one() -> None:
    assert list(run_edits([HOLDS, RATES])) == list(RUN_EDITS)
    assert [e.change for e in run_edits([HOLDS, MOVES])][len(RUN_EDITS) :] == [TakenFrom(("momentum",), taking) for taking in Taking]


def test_an_edit_changes_the_case_and_its_request_alike_and_no_run_in_which_it_makes_no_difference() -> None:
    first, late = list(run_edits([MOVES]))[len(RUN_EDITS) :]
    for edit, wanted in ((first, (0.5, 0.5, 0.5)), (late, (0.5, 0.5, 0.25))):
        told_otherwise, same, rates = edit.of([MOVES, STANDS, RATES])
        assert told_otherwise.request is not None and told_otherwise.request.courses == {"momentum": wanted}
        assert tuple(map(float, told_otherwise.case.courses["momentum"])) == wanted and (same, rates) == (STANDS, RATES)
        assert applies(edit, [HOLDS, MOVES]) and not applies(edit, [HOLDS, STANDS, RATES])


def test_an_edit_of_the_rate_leaves_courses_alone() -> None:
    kept = next(e for e in RUN_EDITS if e.change is RunChange.FIRST_RATE_HOLDS)
    (rates,) = kept.of([RATES])
    assert rates.request is not None and rates.request.lr == (1.0, 1.0, 1.0)
    assert kept.of([MOVES]) == [MOVES]


def test_words_name_the_hyperparameters() -> None:
    lines = [told(TakenFrom(names, taking)) for names in (("momentum",), ("rho", "eps")) for taking in Taking]
    assert lines[0] == "run: momentum: taken at the first update, and kept" and lines[1] == "run: momentum: a new value comes one update late"
    assert len(set(lines)) == 4 and lines[2].startswith("run: rho, eps: ")
