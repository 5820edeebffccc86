"""The bound of a whole run: no smaller than the one that is carried on from update to update, hardly larger, and only where it is shown."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from refopt.catalogue import rule
from refopt.conformance.judge.model import Model, in_force
from refopt.conformance.judge.trajectory import Trajectory
from refopt.golden import store
from refopt.rounding.bound import Block, radii
from refopt.rounding.formats import FORMATS, Format
from refopt.rounding.run_bound import run_radii

UPDATES = 9


def _blocks(name: str, f: Format, updates: int = UPDATES) -> list[Block]:
    """The first updates of the long case, from exact values."""
    r = rule(name)
    case = next(c for c in store.cases(name) if c.period is not None)
    run = Trajectory.start(Model(name, r), replace(case, keep=(updates,)), 0, in_force(r, case.hyper, {}))
    blocks = []
    for step in range(updates):
        blocks.append(run.block(step, f))
        run.advance(blocks[-1])
    return blocks


@pytest.mark.parametrize("name", ["sgd", "momentum", "nesterov/velocity", "rmsprop", "adam"])
def test_it_is_at_least_the_bound_that_is_carried_on_and_at_most_half_as_large_again(name: str) -> None:
    r, blocks = rule(name), _blocks(name, FORMATS["float32"])
    whole = run_radii(r, blocks)
    assert len(whole) == UPDATES
    before = None
    for block, ours in zip(blocks, whole, strict=True):
        (before,) = radii(r, [replace(block, radii=before)])
        for variable in ("theta", *r.state_names):
            for x, y in zip(ours[variable].exact(), before[variable].exact(), strict=True):
                assert x is not None and y is not None and y <= x <= Fraction(3, 2) * y, (variable, block.t)


def test_where_errors_leave_no_bound_the_run_is_cut_there() -> None:
    r, blocks = rule("adam"), _blocks("adam", FORMATS["bfloat16"], 300)
    whole = run_radii(r, blocks)
    assert 0 < len(whole) < 300, "the errors of v reach v itself"
    assert all(x is not None for one in whole for radius in one.values() for x in radius.exact())


def test_a_run_without_updates_has_no_bounds() -> None:
    assert run_radii(rule("momentum"), []) == []
