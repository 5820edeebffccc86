"""Branches at counts so far that no power of a decay can be written out there: an answer comes all the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

import refopt
from refopt.proving.answer import Differs, Unreadable
from refopt.report.words import told

State = Mapping[str, Any]


class LateAlias:
    """Adam whose v is m from update 10^9 on."""

    def init(self, theta: Any) -> State:
        """Zeros."""
        return {"m": np.zeros_like(theta), "v": np.zeros_like(theta)}

    def count(self, t: Any) -> Any:
        """The number that it takes an update for."""
        return t

    def kept(self, m: Any, v: Any, t: Any) -> State:
        """The state that it keeps."""
        return {"m": m, "v": m if t > 10**9 else v}

    def step(self, theta: Any, grad: Any, state: State, t: Any, lr: Any = 0.001, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-8) -> Any:
        """One update."""
        n = self.count(t)
        m, v = beta1 * state["m"] + (1 - beta1) * grad, beta2 * state["v"] + (1 - beta2) * grad * grad
        return theta - lr * (m / (1 - beta1**n)) / (np.sqrt(v / (1 - beta2**n)) + eps), self.kept(m, v, t)


class LateCap(LateAlias):
    """Adam whose count stops at 10^6."""

    def count(self, t: Any) -> Any:
        """No more than 10^6."""
        return t if t < 10**6 else 10**6

    def kept(self, m: Any, v: Any, t: Any) -> State:
        """The state as it is."""
        return {"m": m, "v": v}


def test_a_branch_at_a_far_count_is_told_from_the_rule_where_the_decays_are_zero() -> None:
    answer = refopt.prove(LateAlias, rule="adam")
    assert isinstance(answer, Differs)
    assert answer.witness.point["t"] == "1000000001" and answer.witness.point["beta1"] == "0"


def test_a_power_that_is_too_high_for_algebra_makes_code_unreadable_and_not_endless() -> None:
    answer = refopt.prove(LateCap, rule="adam")
    assert isinstance(answer, Unreadable) and "a power as high as 1000000" in told(answer.reason)
