"""Conditions on elements, joined by `and` and `or`: bounds, code within them, mutants."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from refopt import catalogue
from refopt.catalogue.symbols import lr
from refopt.exact.run import open_loop
from refopt.golden.mutants import mutants
from refopt.golden.notation import notation
from refopt.language.expression import both, either, equal, g, t, theta, where
from refopt.language.rule import Let, Rule
from refopt.lowering.generate import module
from refopt.rounding.bound import Block, radii
from refopt.rounding.error_bounds import ratios
from refopt.rounding.formats import FORMATS

V = catalogue.rule("momentum").state[0].symbol
MU = catalogue.rule("momentum").hyper[1].symbol
AGREES = both(V * g > 0, either(g < 1, equal(g, 2)))


def _rule(condition: Any, length: Any = V) -> Rule:
    """Momentum that moves an element where the condition holds."""
    rule = catalogue.rule("momentum")
    return Rule("masked", "moves where momentum and gradient agree", rule.source, rule.hyper, rule.state,
                (Let(V, MU * V + g), Let(theta, theta - lr * where(condition, length, 0))))  # fmt: skip


THETA = [Fraction(1, 4)] * 6
BEFORE = [Fraction(x) for x in (1, -1, 1, 1, -1, 0)]
G = [Fraction(x) for x in ("0.5", "0.5", "2", "3", "-3", "0")]
"""Agreeing and small; momentum after the update of the other sign; agreeing and 2; agreeing and large; agreeing below 0; no gradient."""
MOVES = [True, False, True, False, True, False]


def _update(rule: Rule, dtype: str, v: list[Fraction], gradient: list[Fraction]) -> Any:
    hyper = rule.values()
    (step,) = open_loop(rule, hyper=hyper, theta0=THETA, gradients=[gradient], state0={"v": v}, t0=2)
    (found,) = radii(rule, [Block(FORMATS[dtype], hyper, 2, {"theta": THETA, "v": v}, gradient)])
    return step, found


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16"])
def test_the_branch_that_a_joined_condition_takes_has_its_own_bound(dtype: str) -> None:
    step, found = _update(_rule(AGREES), dtype, BEFORE, G)
    assert [x != y for x, y in zip(step.theta, THETA, strict=True)] == MOVES
    exact = found["theta"].exact()
    # one rounding of theta - 0 where nothing moves; at most two of lr*v, three of v, each of numbers below 4, and two of theta where it does
    u = FORMATS[dtype].u
    assert all(r is not None and r <= 2 * u * THETA[0] for r, moves in zip(exact, MOVES, strict=True) if not moves)
    assert all(r is not None and r <= u * (2 + 5 * 4) for r, moves in zip(exact, MOVES, strict=True) if moves)


def test_an_undecided_part_leaves_both_branches_open_only_where_the_other_part_does_not_decide() -> None:
    v = [Fraction(-5, 9), Fraction(-5, 9)]  # 0.9*v + 0.5 is 0 up to rounding
    gradient, f = [Fraction(1, 2)] * 2, FORMATS["float32"]
    found = {}
    for name, condition in (("either", either(V * g > 0, g > 4)), ("both", both(V * g > 0, g > 4))):
        rule = _rule(condition, 1)
        (bounds,) = radii(rule, [Block(f, rule.values(), 2, {"theta": THETA[:2], "v": v}, gradient)])
        found[name] = bounds["theta"].exact()
    assert all(r is not None and r >= rule.values()["lr"] for r in found["either"])
    assert all(r is not None and r <= 2 * f.u * THETA[0] for r in found["both"])


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_printed_code_is_within_the_bound(dtype: str) -> None:
    rule = _rule(AGREES)
    step, found = _update(rule, dtype, BEFORE, G)
    space: dict[str, Any] = {"__name__": "generated"}
    exec(compile(module(rule, "numpy"), "<generated>", "exec"), space)
    arrays = [np.array([float(x) for x in row], dtype) for row in (THETA, G, BEFORE)]
    after, state = space["step"](arrays[0], arrays[1], {"v": arrays[2]}, 2)
    for name, values in {"theta": after, **state}.items():
        exact = step.theta if name == "theta" else step.state[name]
        assert max(ratios([float(x) for x in values], exact, found[name])) <= 1


def test_a_scalar_part_of_a_condition_is_decided_before() -> None:
    late = _rule(both(V * g > 0, t > 1))
    (alone,) = radii(_rule(V * g > 0), [Block(FORMATS["float32"], late.values(), 2, {"theta": THETA, "v": BEFORE}, G)])
    (found,) = radii(late, [Block(FORMATS["float32"], late.values(), 2, {"theta": THETA, "v": BEFORE}, G)])
    assert found["theta"].texts() == alone["theta"].texts()
    (first,) = radii(late, [Block(FORMATS["float32"], late.values(), 1, {"theta": THETA, "v": BEFORE}, G)])
    assert all(r is not None and r <= 2 * FORMATS["float32"].u * THETA[0] for r in first["theta"].exact())


def test_mutants_exchange_and_drop_what_is_joined() -> None:
    edits = {notation(m.edit) for m in mutants(_rule(AGREES))}
    assert any("or" in edit.partition("->")[2] and " and " in edit.partition("->")[0] for edit in edits), edits
