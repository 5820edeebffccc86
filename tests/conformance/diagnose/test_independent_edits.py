"""An edit in each assignment that fails, on updates of momentum made by hand."""

from __future__ import annotations

from fractions import Fraction

from refopt.catalogue import rule
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.independent_edits import MOST, edits_apart
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.model import Model, in_force
from refopt.language.text import infix
from tests.conformance.made import evidence_of, update

MOMENTUM = rule("momentum")
HYPER = in_force(MOMENTUM, {}, {})
LR, MU = HYPER["lr"], HYPER["momentum"]
THETA, V, G = ([Fraction(x) for x in row] for row in ((1, -2, "0.75"), ("0.5", 3, -1), (1, 2, "-0.5")))


def _evidence(v: list[Fraction], sign: int = -1, mode: Mode = Mode.STEPWISE) -> Evidence:
    """One update that made these velocities, and took theta there with this sign."""
    after = {"theta": [x + sign * y for x, y in zip(THETA, v, strict=True)], "v": v}
    return evidence_of(MOMENTUM, [update({"theta": THETA, "v": V}, after, [float(x) for x in G], t=2)], mode)


RIGHT = [MU * v + LR * g for v, g in zip(V, G, strict=True)]
UNDAMPED = [MU * v - LR * g for v, g in zip(V, G, strict=True)]


def test_two_wrong_assignments_are_each_explained_and_told_together() -> None:
    evidence = _evidence(UNDAMPED, sign=1)
    found = list(edits_apart(evidence, MOMENTUM))
    assert 0 < len(found) <= MOST
    for edit in found:
        assert edit.of == "momentum" and edit.change.count == 2
        assert evidence.looks.misfit(Model("both", edit.rule)) <= 1, "together they explain the update"
    assert [infix(let.value) for let in found[0].rule.steps] == ["momentum*v - lr*g", "theta + v"]


def test_nothing_is_found_where_one_assignment_fails_or_none() -> None:
    assert list(edits_apart(_evidence(RIGHT), MOMENTUM)) == []
    assert list(edits_apart(_evidence(RIGHT, sign=1), MOMENTUM)) == []
    assert list(edits_apart(_evidence(UNDAMPED), MOMENTUM)) == [], "theta follows from the wrong v as it should"


def test_nothing_is_found_where_one_of_the_failing_assignments_has_no_edit_that_explains_it() -> None:
    nowhere = [v + Fraction(k) / 7 for v, k in zip(RIGHT, (1, 5, -3), strict=True)]
    assert list(edits_apart(_evidence(nowhere, sign=1), MOMENTUM)) == []


def test_it_needs_the_whole_state() -> None:
    assert list(edits_apart(_evidence(UNDAMPED, sign=1, mode=Mode.OPEN_LOOP), MOMENTUM)) == []
