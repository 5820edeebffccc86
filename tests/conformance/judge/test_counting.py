"""An update without a gradient is none; whether it counts is measured, and either way of counting is right."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from refopt.catalogue import rule
from refopt.conformance.judge.counting import comes_and_goes, with_countings
from refopt.conformance.protocol.observe import observe
from refopt.conformance.verdict.judgement import judge
from refopt.frameworks.own.python_object import PythonObject
from refopt.golden import store
from refopt.golden.model import Counting
from refopt.rounding.formats import FORMATS

Array = npt.NDArray[Any]
(CASE,) = (c for c in store.cases("adam") if comes_and_goes(c))


class OfTheRun:
    """Adam by the number that it is given."""

    def init(self, theta: Array) -> dict[str, Any]:
        return {"m": np.zeros_like(theta), "v": np.zeros_like(theta)}

    def number(self, state: dict[str, Any], t: int) -> int:
        return t

    def step(
        self, theta: Array, grad: Array, state: dict[str, Any], t: int, lr: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8
    ) -> tuple[Array, dict[str, Any]]:
        f, n = theta.dtype.type, self.number(state, t)
        m = f(beta1) * state["m"] + f(1 - beta1) * grad
        v = f(beta2) * state["v"] + f(1 - beta2) * grad * grad
        new = theta - f(lr) * (m / f(1 - beta1**n)) / (np.sqrt(v / f(1 - beta2**n)) + f(eps))
        return new, {**state, "m": m, "v": v, "n": n}


class OfTheTensor(OfTheRun):
    """Adam that counts the updates of each tensor."""

    def number(self, state: dict[str, Any], t: int) -> int:
        return int(state.get("n", 0)) + 1


class Twice(OfTheRun):
    """Adam that counts each update twice: neither counting is this one."""

    def number(self, state: dict[str, Any], t: int) -> int:
        return 2 * t


@pytest.mark.parametrize(("made", "counting"), [(OfTheRun, Counting.RUN), (OfTheTensor, Counting.OWN)])
def test_either_counting_is_measured_and_conforms(made: type[OfTheRun], counting: Counting) -> None:
    implementation = PythonObject("Adam", "", "adam", made)
    (told,) = with_countings(implementation, [observe(implementation, rule("adam"), CASE, FORMATS["float64"])])
    assert told.counting is counting
    (finding,) = judge(implementation, dtypes=["float64"], cases=[CASE.id]).findings
    assert finding.verdict == "conforms", finding


def test_what_counts_in_neither_way_deviates() -> None:
    (finding,) = judge(PythonObject("Adam", "", "adam", Twice), dtypes=["float64"], cases=[CASE.id], search=0).findings
    assert finding.verdict == "deviates"
