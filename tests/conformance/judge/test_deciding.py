"""Claims that decide: a program that leaves theta alone never conforms, and what decides is counted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import refopt
from refopt.conformance.judge.deciding import Deciding


class Still:
    """Never moves a parameter."""

    def init(self, theta: Any) -> dict[str, Any]:
        return {}

    def step(self, theta: Any, grad: Any, state: Any, t: int, lr: float = 0.01) -> Any:
        return theta.copy(), state


class StillAboveOne(Still):
    """Descent that leaves parameters of size 1 and more as they are: in bfloat16 within the bound in most updates of `basic`."""

    def step(self, theta: Any, grad: Any, state: Any, t: int, lr: float = 0.01) -> Any:
        moved = (theta.astype(np.float64) - lr * grad.astype(np.float64)).astype(theta.dtype)
        return np.where(abs(theta) >= 1, theta, moved), state


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16", "float16"])
def test_a_program_that_does_not_move_conforms_in_no_format(dtype: str) -> None:
    report = refopt.check(Still, "sgd", dtypes=[dtype])
    assert report.footer["verdict"] == "deviates", (dtype, report.footer["verdict"])


def test_cases_whose_bound_covers_the_whole_update_are_no_ground_for_a_verdict() -> None:
    report = refopt.check(StillAboveOne, "sgd", dtypes=["bfloat16"], cases=["sgd-open-basic-001"])
    assert report.footer["verdict"] in ("skipped", "deviates"), report.footer
    small = refopt.check("refopt.generated.numpy.sgd", dtypes=["bfloat16"], cases=["sgd-open-basic-001"]).footer["dtypes"]["bfloat16"]
    assert small["decided_cases"] == 0 and small["deciding_claims"] < small["theta_claims"]
    assert small["verdict"] == "skipped" and "does not move" in small["reason"]


def test_half_of_the_cases_is_enough_and_none_is_not() -> None:
    assert Deciding(10, 5, 4, 2).enough
    assert not Deciding(10, 5, 4, 1).enough
    assert not Deciding().enough
