"""Momentum that keeps the theta before in place of its velocity: right, told as what it is, and no excuse for anything else."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import refopt
from refopt.catalogue import rule, rules
from refopt.conformance.diagnose.heavy_ball import heavy_ball
from refopt.rounding.bound import Block
from refopt.rounding.formats import FLOAT32, FORMATS, Format

CASES = ["momentum-open-basic-001", "momentum-open-scales-001", "momentum-open-low-001", "momentum-open-rate-001"]


class Ball:
    """theta + mu*(theta - before) - lr*g."""

    gradient = 1.0

    def init(self, theta: Any) -> dict[str, Any]:
        return {"before": theta.copy()}

    def step(self, theta: Any, grad: Any, state: dict[str, Any], t: int, lr: float = 0.01, momentum: float = 0.9) -> tuple[Any, dict[str, Any]]:
        f: Any = theta.dtype.type
        new = theta + f(momentum) * (theta - state["before"]) - f(lr * self.gradient) * grad
        return new, {"before": theta.copy()}


class Longer(Ball):
    """Steps that are a quarter too long."""

    gradient = 1.25


@pytest.mark.parametrize("dtype", list(FORMATS))
def test_a_heavy_ball_conforms_whether_or_not_its_state_is_noticed(dtype: str) -> None:
    footer = refopt.check(Ball, "momentum", dtypes=[dtype], cases=CASES).footer
    assert footer["verdict"] == "conforms"
    assert footer["cause"] is None or "keeps the theta before in place of v" in footer["cause"]


def test_a_wrong_heavy_ball_is_not_excused() -> None:
    footer = refopt.check(Longer, "momentum", dtypes=["float32"], cases=CASES[:2], search=1).footer
    assert footer["verdict"] == "deviates"
    assert footer["cause"] is None


def test_only_a_rule_that_takes_a_velocity_from_theta_is_a_heavy_ball() -> None:
    assert [r.name for r in rules(variants=True) if heavy_ball(r) is not None] == ["momentum"]


def _run(f: Format, steps: int, seed: int) -> tuple[list[Any], list[Any], list[Any]]:
    """Errors of theta over a run in the format, its bounds, and those of a program that keeps v."""
    told = heavy_ball(rule("momentum"))
    assert told is not None
    rng = np.random.default_rng(seed)
    hyper = {"lr": Fraction(0.01), "momentum": Fraction(0.9)}
    theirs = rng.normal(size=50).astype(f.dtype)
    before = theirs.copy()
    theta, v = ([Fraction(float(x)) for x in theirs], [Fraction(0)] * 50)
    radii, errors, bounds = None, [], []
    for t in range(1, steps + 1):
        g = rng.normal(size=50).astype(f.dtype)
        block = Block(f, hyper, t, {"theta": theta, "v": v}, g.astype(float).tolist(), radii)
        (radii,) = told.bounds([block])
        number = f.dtype.type
        theirs, before = theirs + number(0.9) * (theirs - before) - number(0.01) * g, theirs
        v = [hyper["momentum"] * a + hyper["lr"] * Fraction(float(b)) for a, b in zip(v, g, strict=True)]
        theta = [a - b for a, b in zip(theta, v, strict=True)]
        errors.append([abs(Fraction(float(a)) - b) for a, b in zip(theirs, theta, strict=True)])
        bounds.append(radii["theta"].exact())
    return errors, bounds, theta


def test_the_bound_of_a_run_holds_and_is_near() -> None:
    errors, bounds, _ = _run(FLOAT32, 30, 5)
    ratios = [float(e / b) for row, allowed in zip(errors, bounds, strict=True) for e, b in zip(row, allowed, strict=True)]
    assert 0.02 < max(ratios) <= 1
