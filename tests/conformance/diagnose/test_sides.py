"""The first update treated apart: an edit in it and another one in all others, each found by itself."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import refopt
from refopt.catalogue import rule
from refopt.conformance.diagnose import sides
from refopt.conformance.diagnose.edits import edits
from tests.implementations.arithmetic import mean, rounded
from tests.implementations.program import Array, Result, State, program

CASES = [f"adam-open-{kind}-001" for kind in ("basic", "low", "eps", "rate", "shapes")]


@program("m", "v")
def first_by_its_sign(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """The first update takes twice the rate; all later ones are corrected by the number of the update before."""
    n, rate = (1, 2 * lr) if t == 1 else (t - 1, lr)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    q1, q2, step, epsilon = rounded(theta, 1 - beta1**n, 1 - beta2**n, rate, eps)
    return theta - step * (m / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def only_the_first_is_wrong(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """The first update takes twice the rate, nothing else is wrong."""
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    q1, q2, step, epsilon = rounded(theta, 1 - beta1**t, 1 - beta2**t, 2 * lr if t == 1 else lr, eps)
    return theta - step * (m / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


def test_an_edit_in_the_first_update_and_another_one_later_are_both_named() -> None:
    footer = refopt.check(first_by_its_sign, "adam", dtypes=["float64"], cases=CASES, search=120).footer
    assert footer["verdict"] == "deviates"
    assert footer["edit"] == "at t = 1: everywhere: lr -> 2*lr; for t >= 2: the count of updates is one less", footer["edit"]


def test_where_the_first_update_alone_is_wrong_nothing_is_said_of_the_others() -> None:
    footer = refopt.check(only_the_first_is_wrong, "adam", dtypes=["float64"], cases=CASES, search=120).footer
    assert footer["verdict"] == "deviates" and "for t >= 2" not in (footer["edit"] or ""), footer["edit"]
    assert "t = 1" in footer["edit"]


def test_one_edit_of_both_sides_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = SimpleNamespace(reference=rule("sgd"), updates=[], sees=lambda r: True, with_updates=lambda updates: None)
    judged: Any = [SimpleNamespace(update=SimpleNamespace(t=n)) for n in (1, 2)]
    edit = edits(rule("sgd"))[0]
    monkeypatch.setattr(sides, "fails", lambda j: np.array([True]))
    monkeypatch.setattr(sides, "edit_of", lambda part: edit)
    evidence: Any = seen
    assert list(sides.edits_of_both_sides(evidence, judged)) == [edit]
