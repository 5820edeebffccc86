"""Scalars at many steps at once are those at each step by itself."""

from __future__ import annotations

import pytest

from refopt.catalogue import rules
from refopt.language.rule import Rule
from refopt.rounding.compiled import compiled
from refopt.rounding.many_scalars import at_many
from refopt.rounding.scalars import Scalars
from refopt.rounding.wide import plain

STEPS = (1, 2, 3, 10, 257, 1000, 1030, 65536, 2**31)


@pytest.mark.parametrize("r", [r for r in rules(variants=True) if r.uses_step], ids=lambda r: r.name)
def test_scalars_at_many_steps_have_the_values_and_at_least_the_errors_of_each_step(r: Rule) -> None:
    hyper = r.values()
    version = compiled(r, hyper, 2)
    wanted = [c for c in version.forms.nodes if c.is_scalar]
    one = Scalars(version.names, hyper, STEPS[0])
    for c in wanted:
        one.of(c)
    found = at_many(one, STEPS, wanted)
    assert found is not None, "each step would have to be taken by itself, at 50 times the cost"
    for i, t in enumerate(STEPS):
        alone = Scalars(version.names, hyper, t)
        for c in wanted:
            ball, (x, e) = alone.of(c), (float(plain(column)[i]) for column in found[c])
            assert x == pytest.approx(float(ball.x), rel=1e-12, abs=1e-300), (c.key, t)
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
