"""A fault that is there only in a part is named with the part, also where no first update can show it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import refopt
from tests.implementations.planted import parts
from tests.implementations.program import Factory


@pytest.mark.parametrize(
    ("make", "rule_name", "kinds", "edit"),
    [
        (parts.matrices_without_momentum, "momentum", ("basic", "shapes", "where", "rate"), "in 2-D tensors: v: starts anew"),
        (parts.last_row_stays, "sgd", ("basic", "shapes", "where"), "in the last row of 2-D tensors: theta is never updated"),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_a_part_is_named(make: Factory, rule_name: str, kinds: tuple[str, ...], edit: str) -> None:
    footer = refopt.check(make, rule_name, dtypes=["float64"], cases=[f"{rule_name}-open-{kind}-001" for kind in kinds]).footer
    assert (footer["verdict"], footer["edit"]) == ("deviates", edit)


class _WithoutDecay:
    """AdamW whose weights do not decay in tensors of some number of axes."""

    def __init__(self, least: int) -> None:
        self._least = least

    def init(self, theta: Any) -> dict[str, Any]:
        return {"m": np.zeros_like(theta), "v": np.zeros_like(theta)}

    def step(
        self, theta: Any, grad: Any, state: dict[str, Any], t: int, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> tuple[Any, dict[str, Any]]:  # fmt: skip
        decay = 0.0 if theta.ndim >= self._least else weight_decay
        m = beta1 * state["m"] + (1 - beta1) * grad
        v = beta2 * state["v"] + (1 - beta2) * grad * grad
        step = lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        return theta - lr * decay * theta - step, {"m": m, "v": v}


CASES = [f"adamw-open-{kind}-001" for kind in ("basic", "shapes", "where")]


def test_where_it_fails_is_told_where_no_formula_was_searched_for() -> None:
    report = refopt.check(lambda: _WithoutDecay(3), "adamw", dtypes=["float64"], cases=CASES, search=0)
    told = next(x for x in report.lines() if x["kind"] == "diagnosis")
    assert (told["edit"], told["fails_where"]) == (None, "in tensors of 3 and more dimensions (3-D, ...)")
    assert "Where it fails: in tensors of 3 and more dimensions (3-D, ...); all else" in str(report)


def test_no_place_is_told_where_everything_fails() -> None:
    report = refopt.check(lambda: _WithoutDecay(0), "adamw", dtypes=["float64"], cases=CASES, search=0)
    assert next(x for x in report.lines() if x["kind"] == "diagnosis")["fails_where"] is None
