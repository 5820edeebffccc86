"""Edits of a run: a count that begins anew, rates and other hyperparameters that are taken from another update."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from refopt.catalogue import rule
from refopt.conformance.diagnose.run_change import NotOfItsGroup, RunChange, TakenFrom
from refopt.conformance.diagnose.run_edits import RUN_EDITS, RunEdit, applies, run_edits
from refopt.conformance.protocol.implementation import Ran
from refopt.conformance.protocol.observe import Observation
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
    assert told(NotOfItsGroup(("momentum",), kept=True)) == "run: momentum: taken from the constructor, not from the parameter group"
    assert told(NotOfItsGroup(("momentum",), kept=False)).startswith("run: momentum: not that of the tensor's own parameter group")


def _of_groups(edits: Iterable[RunEdit]) -> list[RunEdit]:
    return [e for e in edits if isinstance(e.change, NotOfItsGroup)]


def test_values_that_a_constructor_keeps_hold_in_every_update_of_the_runs_that_it_was_given_other_ones_for() -> None:
    made = replace(RATES, answer=_constructed(RATES, momentum=0.25, lr=0.75))
    edits = _of_groups(run_edits([HOLDS, made]))
    wanted = [(("momentum",), False), (("lr",), True), (("lr",), False), (("momentum", "lr"), True), (("momentum", "lr"), False)]
    assert [e.change for e in edits] == [NotOfItsGroup(names, kept) for names, kept in wanted]
    momentum, rate, _, both, _ = (e.of([made])[0] for e in edits)
    assert momentum.case.hyper["momentum"] == "0.25" and momentum.case.lr == RATES.case.lr
    assert (rate.case.hyper["lr"], rate.case.lr) == ("0.75", None), "a rate that the constructor keeps does not change in a run"
    assert (both.case.hyper["momentum"], both.case.hyper["lr"], both.case.lr) == ("0.25", "0.75", None)


def test_a_value_that_a_constructor_keeps_has_no_course_and_that_of_the_first_group_may_have_one() -> None:
    given = replace(HOLDS, answer=_constructed(HOLDS, momentum=0.25))
    kept, of_the_first = _of_groups(run_edits([given, MOVES]))
    (moves,) = kept.of([MOVES])
    assert moves.case.courses == {} and moves.case.hyper == MOVES.case.hyper
    assert of_the_first.of([MOVES])[0] is MOVES and of_the_first.of([given])[0].case.hyper["momentum"] == "0.25"
    assert kept.of([HOLDS])[0] is HOLDS


def _constructed(o: Observation, **values: float) -> Ran:
    assert isinstance(o.answer, Ran)
    return replace(o.answer, constructed=values)


def test_where_every_parameter_is_in_the_group_of_its_constructor_no_such_edit_is_tried() -> None:
    assert not _of_groups(run_edits([HOLDS, MOVES, RATES]))
