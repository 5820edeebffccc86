"""Momentum as a few lines of NumPy, made by hand: with defaults of its own, and with whatever becomes of a state that it saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from refopt.conformance.protocol.implementation import Answer, NoAnswer, Ran, Request, Snapshot, View
from refopt.conformance.protocol.plain import encode
from refopt.conformance.protocol.saved import Saved
from refopt.language.rule import Rule

DEFAULTS = {"lr": 0.01, "momentum": 0.9}


def kept(v: Any) -> Any:
    """A velocity that is loaded as it was saved."""
    return v


@dataclass(frozen=True)
class Momentum:
    """v <- momentum*v + lr*g; theta <- theta - sign*v.

    own       hyperparameters where none are sent; `settings` those that it declares
    loaded    what becomes of a velocity that was saved
    refuses   the error that it raises where it is given a saved state, or ""
    """

    own: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULTS))
    settings: Mapping[str, float] = field(default_factory=dict)
    sign: float = 1.0
    loaded: Callable[[Any], Any] = kept
    refuses: str = ""
    takes: frozenset[str] = frozenset(DEFAULTS)
    name: str = "plain momentum"
    version: str = ""
    rule: str | None = "momentum"
    resumes: bool = True

    def views(self, rule: Rule) -> Mapping[str, View]:
        """The velocity under its own name."""
        return {"v": View("v")} if "v" in rule.state_names else {}

    def run(self, request: Request) -> Answer:
        """Carry out a run."""
        if request.load is not None and self.refuses:
            return NoAnswer(self.refuses, raised=True)
        f = request.theta0[0].dtype.type
        hyper = {**self.own, **request.hyper}
        theta = [x.copy() for x in request.theta0]
        v = [np.zeros_like(x) for x in theta]
        if request.load is not None:
            v = [np.asarray(self.loaded(part["v"])).astype(x.dtype) for part, x in zip(request.load.value(), theta, strict=True)]
        elif request.state0 is not None:
            v = [part["v"].copy() for part in request.state0]
        after, saved = [], None
        before = self._seen(theta, v)
        for i, grads in enumerate(request.grads):
            lr = hyper["lr"] if request.lr is None else request.lr[i]
            for p, g in enumerate(grads):
                if g is not None:
                    v[p] = f(hyper["momentum"]) * v[p] + f(lr) * g
                    theta[p] = theta[p] - f(self.sign) * v[p]
            after.append(self._seen(theta, v))
            if request.save == i + 1:
                saved = Saved(encode([{"v": x} for x in v]), (("v",),) * len(v))
        return Ran(before, tuple(after), saved)

    def _seen(self, theta: list[Any], v: list[Any]) -> Snapshot:
        return Snapshot(tuple(x.copy() for x in theta), tuple({"v": x.copy()} for x in v))
