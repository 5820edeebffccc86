"""State that tensors share: named by what it is filed under, and never where it is each tensor's own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import refopt
from refopt.catalogue import rule
from refopt.conformance.diagnose.shared_state import FiledUnder, Shared, Sharing, Turn, ways
from refopt.report.words import told
from tests.implementations.program import Array, Result

CASES = ["rmsprop-open-basic-001", "rmsprop-open-low-001", "rmsprop-open-shapes-001", "rmsprop-open-absent-001", "rmsprop-open-where-001"]


class Filed:
    """RMSProp whose mean squares lie in one dictionary, by a key."""

    def __init__(self, under: FiledUnder, shown: bool) -> None:
        self.under, self.shown, self.means = under, shown, dict[object, Array]()

    def init(self, theta: Array) -> dict[str, Array]:
        """A mean square of zeros."""
        self.means[self.under.of(theta.shape, theta.size)] = np.zeros_like(theta)
        return {"v": np.zeros_like(theta)} if self.shown else {}

    def step(self, theta: Array, grad: Array, state: Any, t: int, *, lr: float, rho: float, eps: float) -> Result:
        """One update."""
        f, key = theta.dtype.type, self.under.of(theta.shape, theta.size)
        old = self.means[key]
        old = np.zeros_like(theta) if self.under is FiledUnder.NOTHING and old.shape != theta.shape else old.reshape(theta.shape)
        v = np.asarray(f(rho) * old + f(1 - rho) * grad * grad)
        self.means[key] = v
        with np.errstate(all="ignore"):
            return np.asarray(theta - f(lr) * grad / (np.sqrt(v) + f(eps))), {"v": v} if self.shown else {}


@pytest.mark.parametrize(
    ("under", "shown", "edit"),
    [
        (FiledUnder.SHAPE, True, "run: tensors of one shape share their state (v)"),
        (FiledUnder.SIZE, False, "run: tensors of one size share their state (v)"),
        (FiledUnder.NOTHING, False, "run: all tensors share one state (v), which starts anew where the shape is another"),
    ],
)
def test_state_is_named_by_what_it_is_filed_under(under: FiledUnder, shown: bool, edit: str) -> None:
    footer = refopt.check(lambda: Filed(under, shown), "rmsprop", dtypes=["float64"], cases=CASES).footer
    assert (footer["verdict"], footer["edit"], footer["ambiguous"]) == ("deviates", edit, False)


class LastOfAll(Filed):
    """The same, where the tensors of one update all go on from what the last one of the update before has left."""

    def step(self, theta: Array, grad: Array, state: Any, t: int, *, lr: float, rho: float, eps: float) -> Result:
        """One update; what was there when the update began is kept beside."""
        key = self.under.of(theta.shape, theta.size)
        begun: dict[object, tuple[int, Array]] = vars(self).setdefault("begun", {})
        if key not in begun or begun[key][0] != t:
            begun[key] = t, self.means[key]
        self.means[key] = begun[key][1]
        return super().step(theta, grad, state, t, lr=lr, rho=rho, eps=eps)


def test_the_state_of_the_last_tensor_is_told_as_such() -> None:
    footer = refopt.check(lambda: LastOfAll(FiledUnder.SHAPE, False), "rmsprop", dtypes=["float64"], cases=CASES).footer
    assert footer["edit"] == "run: tensors of one shape share their state (v): of each update that of the last one is kept"


class Larger(Filed):
    """Tensors of one shape share the larger of their mean squares: no state of one of them."""

    def step(self, theta: Array, grad: Array, state: Any, t: int, *, lr: float, rho: float, eps: float) -> Result:
        """One update."""
        self.means[theta.shape] = np.asarray(self.means[theta.shape] * theta.dtype.type(1.0001))
        return super().step(theta, grad, state, t, lr=lr, rho=rho, eps=eps)


def test_state_that_is_shared_and_changed_besides_is_not_named_as_shared() -> None:
    footer = refopt.check(lambda: Larger(FiledUnder.SHAPE, False), "rmsprop", dtypes=["float64"], cases=CASES, search=3).footer
    assert footer["verdict"] == "deviates" and "share" not in (footer["edit"] or "")


def test_every_way_has_a_text_of_its_own() -> None:
    texts = [told(Shared(way, ("m", "v"))) for way in ways(rule("adam"))]
    assert len(texts) == len(FiledUnder) * 3
    assert told(Shared(Sharing(FiledUnder.SHAPE, Turn.IN_ORDER, counts=True), ("m", "v", "t"))) == "run: tensors of one shape share their state (m, v, t)"
