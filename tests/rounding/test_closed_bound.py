"""The bound of a closed loop is what each step commits, passed on by the steps after it; claimed while it is small beside the way come."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest

from refopt.catalogue import objective, rule
from refopt.exact.run import closed_loop
from refopt.language.linearize import FirstOrder
from refopt.rounding.bound import radii
from refopt.rounding.closed_bound import closed_loop_radii, committing, passed_on
from refopt.rounding.error_bounds import ErrorBounds
from refopt.rounding.extended_range import from_exact
from refopt.rounding.formats import FLOAT32, FLOAT64

SGD, ROUND = rule("sgd"), objective("ravine")
CONSTANTS = ROUND.values({"kappa": 1})
HYPER = SGD.values({"lr": "0.25"})
"""On a bowl of curvature 1 from (1, 1): an update multiplies theta, and every change of it, by 3/4."""


def _run(steps: int) -> FirstOrder:
    return FirstOrder(SGD, ROUND, closed_loop(SGD, ROUND, hyper=HYPER, objective_hyper=CONSTANTS, steps=steps), HYPER, CONSTANTS)


def _own(values: Sequence[Any]) -> dict[str, ErrorBounds]:
    return {"theta": ErrorBounds(from_exact(values))}


def test_what_is_committed_shrinks_with_the_steps_that_follow_and_rounded_gradients_are_added() -> None:
    start = [float(x) for x in ROUND.start]
    run = _run(3)
    committed = [_own([Fraction(1, 1024), Fraction(0)]), _own([Fraction(0), Fraction(1, 2048)]), _own([Fraction(0), Fraction(0)])]
    (found,) = passed_on(run, FLOAT64, committed, [3]).values()
    by_gradients = [2.0**-53 / 4 * abs(x) * 3 * (3 / 4) ** 2 for x in start]  # each of three: lr*u*|g| times what is left of it at the end
    wanted = [(3 / 4) ** 2 / 1024 + by_gradients[0], (3 / 4) / 2048 + by_gradients[1]]
    assert [float(x) for x in found["theta"].exact() if x is not None] == pytest.approx([x * (1 + 2.0**-20) for x in wanted], rel=1e-9)


def test_nothing_is_claimed_of_an_element_whose_bound_is_more_than_a_sixteenth_of_its_way() -> None:
    run = _run(1)
    way = Fraction(float(abs(float(run.steps[0].theta[0]) - run.start[0])))
    (found,) = passed_on(run, FLOAT64, [_own([way / 15, way / 17])], [1]).values()
    assert found["theta"].claims().tolist() == [False, True]


def test_the_committed_updates_begin_at_the_exact_values_before_each_with_the_rate_in_force() -> None:
    blocks = committing(_run(2), FLOAT32)
    assert [(b.t, b.format, b.hyper["lr"]) for b in blocks] == [(1, FLOAT32, Fraction(1, 4)), (2, FLOAT32, Fraction(1, 4))]
    assert [[float(x) for x in b.before["theta"]] for b in blocks] == [[float(x) * k for x in ROUND.start] for k in (1, 0.75)]


def test_the_whole_is_the_bound_of_each_update_passed_on() -> None:
    run = _run(4)
    whole = closed_loop_radii(SGD, ROUND, run.steps, f=FLOAT32, hyper=HYPER, objective_hyper=CONSTANTS, keep=[2, 4])
    by_hand = passed_on(run, FLOAT32, radii(SGD, committing(run, FLOAT32)), [2, 4])
    assert set(whole) == {2, 4} and all(whole[t]["theta"].texts() == by_hand[t]["theta"].texts() for t in whole)
    assert all(x is not None and x > 0 for x in whole[4]["theta"].exact())
