"""Right programs that do not take every hyperparameter, or have defaults of their own."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

Arrays = dict[str, Any]


class Adam:
    """Adam and AdamW as they are written; the subclasses say what is sent to it."""

    def init(self, theta: Any) -> Arrays:
        """Moments of zero."""
        return {"m": np.zeros_like(theta), "v": np.zeros_like(theta)}

    def updated(
        self, theta: Any, g: Any, state: Arrays, t: int, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float = 0.0
    ) -> tuple[Any, Arrays]:
        """One update."""
        kind = theta.dtype.type
        m = kind(beta1) * state["m"] + kind(1 - beta1) * g
        v = kind(beta2) * state["v"] + kind(1 - beta2) * g * g
        step = (m / kind(1 - beta1**t)) / (np.sqrt(v / kind(1 - beta2**t)) + kind(eps))
        return theta - kind(lr) * kind(weight_decay) * theta - kind(lr) * step, {"m": m, "v": v}


class EpsFixed(Adam):
    """It takes no eps."""

    eps = 1e-8

    def step(self, theta: Any, g: Any, state: Arrays, t: int, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999) -> tuple[Any, Arrays]:
        """One update."""
        return self.updated(theta, g, state, t, lr, beta1, beta2, self.eps)


class OddEps(EpsFixed):
    """An eps that nobody uses."""

    eps = 3.7e-7


class WithoutDecay(Adam):
    """It takes no weight_decay, and has none."""

    decay = 0.0

    def step(
        self, theta: Any, g: Any, state: Arrays, t: int, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8
    ) -> tuple[Any, Arrays]:
        """One update."""
        return self.updated(theta, g, state, t, lr, beta1, beta2, eps, self.decay)


class UsualDecay(WithoutDecay):
    """The decay is the rule's default."""

    decay = 0.01


class Beta2Fixed(Adam):
    """beta2 is a constant that is not the rule's default."""

    def step(self, theta: Any, g: Any, state: Arrays, t: int, lr: float = 0.001, beta1: float = 0.9, eps: float = 1e-8) -> tuple[Any, Arrays]:
        """One update."""
        return self.updated(theta, g, state, t, lr, beta1, 0.95, eps)


class WithoutDefaults(Adam):
    """Every hyperparameter must be sent."""

    def step(self, theta: Any, g: Any, state: Arrays, t: int, **hyper: float) -> tuple[Any, Arrays]:
        """One update."""
        return self.updated(theta, g, state, t, hyper["lr"], hyper["beta1"], hyper["beta2"], hyper["eps"])


class OwnDefaults(Adam):
    """AdamW whose defaults stand where no signature shows them."""

    def step(self, theta: Any, g: Any, state: Arrays, t: int, **hyper: float) -> tuple[Any, Arrays]:
        """One update."""
        known = {"lr": 0.001, "beta1": 0.9, "beta2": 0.95, "eps": 1e-8, "weight_decay": 0.0731, **hyper}
        return self.updated(theta, g, state, t, **known)


class WrongWithOwnDefaults(OwnDefaults):
    """Not AdamW with any hyperparameters where they are sent, and defaults of its own besides."""

    def updated(self, theta: Any, g: Any, state: Arrays, t: int, *hyper: float, **named: float) -> tuple[Any, Arrays]:
        """The other direction."""
        new, state = super().updated(theta, g, state, t, *hyper, **named)
        return 2 * theta - new, state


class FromZeroToZero:
    """The schedule of most training code: a linear rise from 0, a cosine to 0."""

    end = 0.0

    def rate(self, k: int, lr: float = 0.1, period: int = 100, warmup_steps: int = 10) -> float:
        """The rate of step k."""
        if k < warmup_steps:
            return lr * k / warmup_steps
        share = min(k - warmup_steps, period) / period
        return self.end + 0.5 * (lr - self.end) * (1 + math.cos(math.pi * share))


class ToAnEnd(FromZeroToZero):
    """It ends at a rate of its own."""

    end = 3.7e-5


class Halving:
    """A step decay whose factor is a constant."""

    def rate(self, k: int, lr: float = 0.1, every: int = 30) -> float:
        """The rate of step k."""
        return float(lr * 0.5 ** (k // every))


class LookAhead:
    """Nesterov's rule as it is often written: a step of momentum with the gradient at the point that momentum leads to."""

    def init(self, theta: Any) -> Arrays:
        """A velocity of zero."""
        return {"speed": np.zeros_like(theta)}

    def step(self, theta: Any, g: Any, state: Arrays, t: int, lr: float = 0.01, momentum: float = 0.9) -> tuple[Any, Arrays]:
        """One update."""
        kind = theta.dtype.type
        speed = kind(momentum) * state["speed"] - kind(lr) * g
        return theta + speed, {"speed": speed}


class SaysWhere(LookAhead):
    """It says where it takes its gradient."""

    def propose(self, theta: Any, state: Arrays, t: int, momentum: float = 0.9) -> Any:
        """The point that momentum leads to."""
        return theta + theta.dtype.type(momentum) * state["speed"]
