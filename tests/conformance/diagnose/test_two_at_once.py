"""Two mistakes in a run at once: both are named, and neither where only one was made."""

from __future__ import annotations

import numpy as np
import pytest

import refopt
from tests.implementations.arithmetic import mean, rounded
from tests.implementations.program import Array, Factory, Program, Result, State, program

CASES = [f"rmsprop-open-{kind}-001" for kind in ("basic", "low", "rate", "shapes", "zeros")]


def _rmsprop(theta: Array, grad: Array, state: State, lr: float, rho: float, eps: float) -> Result:
    rate, epsilon = rounded(theta, lr, eps)
    v = mean(state["v"], grad * grad, rho)
    return theta - rate * grad / (np.sqrt(v) + epsilon), {"v": v}


@program("v", "_rate", start=1.0)
def starts_at_one_and_keeps_its_rate(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """The mean square starts at 1, and the rate of the first update is never changed."""
    kept = np.full_like(theta, lr, dtype=np.float64) if t == 1 else state["_rate"]
    new, after = _rmsprop(theta, grad, state, float(kept.ravel()[0]) if kept.size else lr, rho, eps)
    return new, {**after, "_rate": kept}


@program("v", "_rate", "_g")
def late_in_both(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """The first rate holds for ever, and each gradient comes one update late."""
    kept = np.full_like(theta, lr, dtype=np.float64) if t == 1 else state["_rate"]
    new, after = _rmsprop(theta, state["_g"], state, float(kept.ravel()[0]) if kept.size else lr, rho, eps)
    return new, {**after, "_rate": kept, "_g": grad}


@pytest.mark.parametrize(
    ("make", "edit"),
    [
        (starts_at_one_and_keeps_its_rate, "run: the first rate holds for ever; v starts at 1"),
        (late_in_both, "run: the first rate holds for ever; each gradient comes one update late"),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_both_are_named(make: Factory, edit: str) -> None:
    footer = refopt.check(make, "rmsprop", dtypes=["float64"], cases=CASES, search=120).footer
    assert (footer["verdict"], footer["edit"]) == ("deviates", edit)


def test_one_alone_is_named_alone() -> None:
    footer = refopt.check(lambda: Program(lambda *a, **h: _rmsprop(a[0], a[1], a[2], **h), ("v",), 1.0), "rmsprop", dtypes=["float64"], cases=CASES).footer
    assert footer["edit"] == "v starts at 1"
