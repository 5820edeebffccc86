"""scikit-learn: the SGDOptimizer and AdamOptimizer of its neural networks, in float64 and float32 as there.

Its rate has no setter: SGD is steered through `learning_rate` (as its own schedules do), Adam through `learning_rate_init`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from refopt.conformance.protocol.implementation import Array, Known, Request, Snapshot
from refopt.conformance.protocol.in_process import Lacking
from refopt.conformance.protocol.plain import encode
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.protocol.saved import Saved
from refopt.frameworks.configured import Configured, Optimized, Vocabulary, moments, velocity_downhill

KINDS = {
    "SGDOptimizer": {"learning_rate_init": "lr", "momentum": "momentum"},
    "AdamOptimizer": {"learning_rate_init": "lr", "beta_1": "beta1", "beta_2": "beta2", "epsilon": "eps"},
}
BUFFERS = {"SGDOptimizer": ("velocities",), "AdamOptimizer": ("ms", "vs")}
STEERED = {"SGDOptimizer": "learning_rate", "AdamOptimizer": "learning_rate_init"}
FORMATS = ("float64", "float32")
"""Formats that its estimators accept."""


def known() -> list[Known]:
    """The configurations of a survey."""
    return VOCABULARY.listed()


def load(text: str, rule: str | None = None) -> Configured:
    """The optimizer spelled `text`: `sklearn.AdamOptimizer`, or with the whole path."""
    return VOCABULARY.load(text, rule)


def _judged_by(kind: str, arguments: Mapping[str, Any]) -> str:
    if kind == "AdamOptimizer":
        return "adam"
    return "sgd" if not arguments["momentum"] else "nesterov" if arguments["nesterov"] else "momentum"


class _Live:
    def __init__(self, of: Configured, request: Request) -> None:
        if request.format.name not in FORMATS:
            raise Lacking(Reason(Why.TRAINS_IN, tuple(FORMATS), "scikit-learn"))
        self.names = of.argument_names
        self.kind, self.optimized = of.kind, Optimized(request, "scikit-learn")
        self.theta: list[Array] = [x.copy() for x in request.theta0]
        self.params = self.optimized.of(tuple(self.theta))
        self.optimizer = of.factory(self.params, **of.keywords(request.hyper))
        if request.load is not None:
            vars(self.optimizer).update(request.load.value())
            return
        for name in BUFFERS[of.kind]:
            given = self.optimized.of(request.state0 or tuple({} for _ in self.theta))
            zeros = getattr(self.optimizer, name)
            setattr(self.optimizer, name, [b[name].copy() if name in b else z for b, z in zip(given, zeros, strict=True)])
        if hasattr(self.optimizer, "t"):
            self.optimizer.t = request.t0 - 1

    def save(self) -> Saved:
        """Its attributes but the parameters: what is saved with an estimator."""
        return Saved(encode({n: x for n, x in vars(self.optimizer).items() if n != "params"}), holds_rate=True)

    def change(self, values: Mapping[str, float]) -> None:
        """Set its attributes, which each update reads. Raises Lacking for what is none."""
        for name, value in values.items():
            if not hasattr(self.optimizer, self.names[name]):
                raise Lacking(Reason(Why.HELD_IN_A_RUN, (name,)))
            setattr(self.optimizer, self.names[name], value)

    def step(self, t: int, grads: tuple[Array | None, ...], lr: float | None) -> None:
        """One call of `update_params`, which changes the parameters in place."""
        if lr is not None:
            setattr(self.optimizer, STEERED[self.kind], lr)
        self.optimizer.update_params(self.params, [g.copy() for g in self.optimized.of(grads)])

    def snapshot(self) -> Snapshot:
        """Copies of the parameters and of the optimizer's lists."""
        seen = [{n: np.array(getattr(self.optimizer, n)[i]) for n in BUFFERS[self.kind]} for i in range(len(self.params))]
        count = getattr(self.optimizer, "t", None)
        counters = self.optimized.put([count] * len(seen), [None] * len(self.theta))
        return Snapshot(tuple(x.copy() for x in self.theta), tuple(self.optimized.put(seen, [{}] * len(self.theta))), tuple(counters))


VOCABULARY = Vocabulary(
    package="sklearn", home="sklearn.neural_network._stochastic_optimizers", kinds=KINDS,
    views={**moments("ms", "vs", ""), **velocity_downhill("velocities")},
    judged_by=_judged_by, make=lambda factory, arguments: factory([], **arguments), start=_Live,
    known=(("SGDOptimizer(momentum=0.0)", "sgd"), ("SGDOptimizer(nesterov=False)", "momentum"), ("SGDOptimizer", "nesterov"), ("AdamOptimizer", "adam")),
    read_by="refopt.frameworks.sklearn.lift_optimizers",
)  # fmt: skip
