"""One factor for each whole tensor is observed where there is one, with the norm that explains it, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from refopt import check
from refopt.catalogue import rule
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.whole_tensor import Norm, Scaled, WholeTensor, whole_tensor
from refopt.conformance.protocol.implementation import Ran
from refopt.conformance.protocol.observe import observe
from refopt.frameworks.own.python_object import PythonObject, from_factory
from refopt.golden import store
from refopt.report.whole_tensor import observed
from refopt.rounding.formats import number_format

Array = Any
FEW = ("basic", "low", "ramp", "dyadic")


def _norm(x: Array) -> float:
    return float(np.sqrt((x.astype(np.float32) ** 2).sum(dtype=np.float32)))


class Sgd:
    """Its gradient goes through `scale`, its step through `step_scale`."""

    def __init__(self, scale: Callable[[Array], Array] = lambda g: g, step: Callable[[Array, Array], Array] = lambda theta, step: step) -> None:
        self.scale, self.along = scale, step

    def init(self, theta: Array) -> dict[str, Array]:
        return {}

    def step(self, theta: Array, grad: Array, state: dict[str, Array], t: int, lr: float = 0.01) -> tuple[Array, dict[str, Array]]:
        return (theta - self.along(theta, lr * self.scale(grad))).astype(grad.dtype), {}


class Adam(Sgd):
    """The same for Adam."""

    def init(self, theta: Array) -> dict[str, Array]:
        return {"m": np.zeros_like(theta), "v": np.zeros_like(theta)}

    def step(  # type: ignore[override]
        self, theta: Array, grad: Array, state: dict[str, Array], t: int, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8
    ) -> tuple[Array, dict[str, Array]]:
        g = self.scale(grad)
        m, v = beta1 * state["m"] + (1 - beta1) * g, beta2 * state["v"] + (1 - beta2) * g**2
        step = self.along(theta, lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps))
        return (theta - step).astype(grad.dtype), {"m": m.astype(grad.dtype), "v": v.astype(grad.dtype)}


def _seen(made: Sgd, name: str, dtype: str) -> WholeTensor | None:
    r, f = rule(name), number_format(dtype)
    implementation = from_factory(lambda: made, "it", name)
    assert isinstance(implementation, PythonObject)
    cases = [c for c in store.cases(name) if c.id in {f"{name}-open-{x}-001" for x in FEW}]
    seen = [o for o in (observe(implementation, r, c, f) for c in cases) if isinstance(o.answer, Ran)]
    assert len(seen) == len(FEW)
    return whole_tensor(Evidence(r, implementation.views, implementation.settings, seen, f, "stepwise"))


def _clipped(limit: float, added: float = 1e-6) -> Callable[[Array], Array]:
    return lambda g: g * np.float32(min(1.0, limit / (_norm(g) + added)))


@pytest.mark.parametrize(("made", "name"), [(Sgd, "sgd"), (Adam, "adam")])
@pytest.mark.parametrize("limit", [0.25, 3.0])
def test_the_norm_to_which_gradients_are_clipped_is_told(made: type[Sgd], name: str, limit: float) -> None:
    found = _seen(made(_clipped(limit)), name, "float32")
    assert found is not None and found.scaled is Scaled.GRADIENT
    assert found.limit == (f"{limit:g}", Norm.TENSOR)
    assert f"Norms of at most {limit:g}, of each tensor" in observed(found)


def test_a_step_that_is_clipped_by_its_own_norm_is_told_without_a_limit() -> None:
    found = _seen(Adam(step=lambda theta, step: step * min(1.0, 0.002 / (_norm(step) + 1e-12))), "adam", "float64")
    assert found is not None and found.scaled is Scaled.STEP and found.limit is None


def test_a_gradient_that_is_brought_to_one_length_is_told_without_a_limit() -> None:
    found = _seen(Sgd(lambda g: g / (_norm(g) + 1e-30)), "sgd", "float32")
    assert found is not None and found.scaled is Scaled.GRADIENT and found.most > 1 and found.limit is None


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (Sgd(), "sgd"),
        (Sgd(lambda g: 2 * g), "sgd"),
        (Sgd(lambda g: np.clip(g, -1, 1)), "sgd"),
        (Adam(), "adam"),
        (Adam(lambda g: np.sign(g)), "adam"),
        (Adam(step=lambda theta, step: step * np.sqrt(np.abs(step))), "adam"),
        (Adam(step=lambda theta, step: step + 0.01 * theta), "adam"),
    ],
    ids=["right", "twice", "each element clipped", "right adam", "signs", "each element its own", "decay"],
)
def test_what_is_no_factor_of_a_whole_tensor_is_not_told(made: Sgd, name: str) -> None:
    assert _seen(made, name, "float32") is None


def test_it_is_an_observation_and_never_a_verdict() -> None:
    report = check(Sgd(_clipped(3.0)), "sgd", dtypes=["float32"], cases=[f"sgd-open-{x}-001" for x in FEW], search=0)
    assert report.verdict == "deviates" and report.footer["matches"] is None and report.footer["edit"] is None
    assert "clipping by norm?" in " ".join(str(report).split())
    assert "clipping by norm?" in next(x["observed"] for x in report.lines() if x["kind"] == "diagnosis")
