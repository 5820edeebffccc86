"""Edits of a run: values of the constructor, or of the first parameter group, in place of those of the tensor's own group."""

from __future__ import annotations

from dataclasses import replace

from refopt.conformance.diagnose.group_edits import group_edits
from refopt.conformance.diagnose.run_change import NotOfItsGroup
from refopt.conformance.protocol.implementation import Ran
from refopt.conformance.protocol.observe import Observation
from refopt.report.words import told
from tests.conformance.diagnose.test_run_edits import HOLDS, MOVES, RATES


def test_values_that_a_constructor_keeps_hold_in_every_update_of_the_runs_that_it_was_given_other_ones_for() -> None:
    made = replace(RATES, answer=_constructed(RATES, momentum=0.25, lr=0.75))
    edits = list(group_edits([HOLDS, made]))
    wanted = [(("momentum",), False), (("lr",), True), (("lr",), False), (("momentum", "lr"), True), (("momentum", "lr"), False)]
    assert [e.change for e in edits] == [NotOfItsGroup(names, kept) for names, kept in wanted]
    momentum, rate, _, both, _ = (e.of([made])[0] for e in edits)
    assert momentum.case.hyper["momentum"] == "0.25" and momentum.case.lr == RATES.case.lr
    assert (rate.case.hyper["lr"], rate.case.lr) == ("0.75", None), "a rate that the constructor keeps does not change in a run"
    assert (both.case.hyper["momentum"], both.case.hyper["lr"], both.case.lr) == ("0.25", "0.75", None)


def test_a_value_that_a_constructor_keeps_has_no_course_and_that_of_the_first_group_may_have_one() -> None:
    given = replace(HOLDS, answer=_constructed(HOLDS, momentum=0.25))
    kept, of_the_first = group_edits([given, MOVES])
    (moves,) = kept.of([MOVES])
    assert moves.case.courses == {} and moves.case.hyper == MOVES.case.hyper
    assert of_the_first.of([MOVES])[0] is MOVES and of_the_first.of([given])[0].case.hyper["momentum"] == "0.25"
    assert kept.of([HOLDS])[0] is HOLDS


def _constructed(o: Observation, **values: float) -> Ran:
    assert isinstance(o.answer, Ran)
    return replace(o.answer, constructed=values)


def test_where_every_parameter_is_in_the_group_of_its_constructor_no_such_edit_is_tried() -> None:
    assert not list(group_edits([HOLDS, MOVES, RATES]))


def test_words_say_where_the_value_is_from() -> None:
    assert told(NotOfItsGroup(("momentum",), kept=True)) == "run: momentum: taken from the constructor, not from the parameter group"
    assert told(NotOfItsGroup(("momentum",), kept=False)).startswith("run: momentum: not that of the tensor's own parameter group")
