"""Scalars at many steps at once are those at each step by itself."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from refopt.catalogue import rules
from refopt.conformance.diagnose.cause import Coefficients, FormedIn
from refopt.conformance.diagnose.precision_causes import causes
from refopt.conformance.judge.model import Model
from refopt.language.rule import Rule
from refopt.rounding.compiled import compiled
from refopt.rounding.extended_range import plain
from refopt.rounding.formats import BFLOAT16
from refopt.rounding.many_scalars import at_many
from refopt.rounding.scalars import IMPOSSIBLE, Ball, Scalars, number

CLOSE = (3 * 1000 + 64) * 2.0**-52
"""Of a scalar at many steps, each of whose operations is off by 2^-52: a correction 1 - b^t is three of them, and at t = 1 a difference that keeps 1/1000
of what it is made from (b = 0.999); the others are fewer than 64."""
STEPS = (1, 2, 3, 10, 257, 1000, 1030, 65536, 2**31)


@pytest.mark.parametrize("r", [r for r in rules(variants=True) if r.uses_step], ids=lambda r: r.name)
def test_scalars_at_many_steps_have_the_values_and_at_least_the_errors_of_each_step(r: Rule) -> None:
    kept = {s.name: Fraction(1, 2 + i) for i, s in enumerate(r.scalar_state)}  # a state of one value is given, as hyperparameters are
    hyper = {**r.values(), **kept}
    version = compiled(r, hyper, 2)
    wanted = [c for c in version.forms.nodes if c.is_scalar]
    found = at_many([Scalars(version.names, hyper, t) for t in STEPS], wanted)
    for i, t in enumerate(STEPS):
        alone = Scalars(version.names, hyper, t)
        for c in wanted:
            ball, (x, e) = alone.of(c), (float(plain(column)[i]) for column in found[c])
            assert ball is IMPOSSIBLE or math.isfinite(x), (c.key, t)
            assert x == pytest.approx(float(ball.x), rel=CLOSE, abs=1e-300, nan_ok=True), (c.key, t)
            assert float(ball.e) <= e <= float(ball.e) * (1 + 2.0**-28), (c.key, t)


def test_scalars_taken_over_from_another_step_are_those_of_the_step_itself() -> None:
    (adam,) = (r for r in rules() if r.name == "adam")
    version = compiled(adam, adam.values(), 2)
    wanted = [c for c in version.forms.nodes if c.is_scalar]
    first = Scalars(version.names, adam.values(), 7)
    for c in wanted:
        first.of(c)
    moved, alone = first.at(300), Scalars(version.names, adam.values(), 300)
    assert [moved.of(c) for c in wanted] == [alone.of(c) for c in wanted]
    assert any(moved.of(c) != first.of(c) for c in wanted)


def test_a_choice_that_falls_otherwise_at_some_steps_is_made_at_each_by_itself() -> None:
    (adam,) = (r for r in rules() if r.name == "adam")
    hyper = {**adam.values(), "beta2": Fraction(0.99)}
    model = next(c.model for c in causes(Model("adam", adam), hyper, BFLOAT16) if isinstance(c.of, FormedIn) and c.of.what is Coefficients.POWERS)
    version = compiled(model.rule, {h.name: Fraction(1, 2) for h in model.rule.hyper}, 2)
    wanted = [c for c in version.forms.nodes if c.is_scalar]
    steps = range(1, 65)
    given = [model.scalars(hyper, t, BFLOAT16) for t in steps]
    assert len({s.slack["c1"] > s.hyper["c1"] / 2 for s in given}) == 2, "1 - 0.99^t is lost in bfloat16 for small t only"

    def alone(i: int) -> Scalars:
        at = Scalars(version.names, {n: x for n, x in given[i].hyper.items() if n not in given[i].slack}, steps[i])
        at.balls = {n: Ball(number(given[i].hyper[n]), number(e)) for n, e in given[i].slack.items()}
        at.moving = frozenset({"t", *at.balls})
        return at

    found = at_many([alone(i) for i in range(len(steps))], wanted)
    for i in range(len(steps)):
        at = alone(i)
        for c in wanted:
            x, e = (float(plain(column)[i]) for column in found[c])
            assert x == pytest.approx(float(at.of(c).x), rel=CLOSE, abs=1e-300, nan_ok=True), (c.key, steps[i])
            assert float(at.of(c).e) <= e <= float(at.of(c).e) * (1 + 2.0**-28), (c.key, steps[i])
