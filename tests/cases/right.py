"""Correct programs that look unlike the formula, and must not be accused."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np

from tests.cases.adam import Adam


class Heavy:
    """What momentum and its kin keep."""

    def init(self, theta: Any) -> dict[str, Any]:
        return {"v": np.zeros_like(theta)}


class TwoAxpys(Heavy):
    """(theta - mu v) - lr g."""

    def step(self, theta: Any, grad: Any, state: Any, t: int, lr: float = 0.01, momentum: float = 0.9) -> Any:
        mu, k = theta.dtype.type(momentum), theta.dtype.type(lr)
        return (theta - mu * state["v"]) - k * grad, {"v": mu * state["v"] + k * grad}


class GradientFirst(Heavy):
    """(theta - lr g) - mu v."""

    def step(self, theta: Any, grad: Any, state: Any, t: int, lr: float = 0.01, momentum: float = 0.9) -> Any:
        mu, k = theta.dtype.type(momentum), theta.dtype.type(lr)
        return (theta - k * grad) - mu * state["v"], {"v": mu * state["v"] + k * grad}


class FusedAxpys(Heavy):
    """Products and sums formed wide, rounded once."""

    def step(self, theta: Any, grad: Any, state: Any, t: int, lr: float = 0.01, momentum: float = 0.9) -> Any:
        wide = np.longdouble

        def axpy(a: float, x: Any, y: Any) -> Any:
            return (wide(a) * x.astype(wide) + y.astype(wide)).astype(theta.dtype)

        new = axpy(-lr, grad, axpy(-momentum, state["v"], theta))
        return new, {"v": axpy(momentum, state["v"], (wide(lr) * grad.astype(wide)).astype(theta.dtype))}


class ThreeAxpys(Heavy):
    """Nesterov multiplied out."""

    def step(self, theta: Any, grad: Any, state: Any, t: int, lr: float = 0.01, momentum: float = 0.9) -> Any:
        mu, k = theta.dtype.type(momentum), theta.dtype.type(lr)
        new = ((theta - mu * (mu * state["v"])) - mu * (k * grad)) - k * grad
        return new, {"v": mu * state["v"] + k * grad}


class AdamTwoAxpys(Adam):
    """Adam with m written out: imprecise where its two terms cancel."""

    def step(self, theta: Any, grad: Any, state: Any, t: int, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8) -> Any:
        f = theta.dtype.type
        v = f(beta2) * state["v"] + f(1 - beta2) * grad * grad
        k = f(lr / (1 - beta1**t)) / (np.sqrt(v / f(1 - beta2**t)) + f(eps))
        new = (theta - k * (f(beta1) * state["m"])) - k * (f(1 - beta1) * grad)
        return new, {"m": f(beta1) * state["m"] + f(1 - beta1) * grad, "v": v}


class Float32State:
    """Moments and arithmetic in float32, whatever theta is."""

    def init(self, theta: Any) -> dict[str, Any]:
        return {n: np.zeros(theta.shape, np.float32) for n in "mv"}

    def step(self, theta: Any, grad: Any, state: Any, t: int, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8) -> Any:
        wide = {"m": state["m"].astype(np.float32), "v": state["v"].astype(np.float32)}
        new, kept = Adam().step(theta.astype(np.float32), grad.astype(np.float32), wide, t, lr, beta1, beta2, eps)
        return new.astype(theta.dtype), kept


class Decimals(Adam):
    """1 - beta and 1 - beta^t of the decimal number that is written, not of its binary64."""

    def step(self, theta: Any, grad: Any, state: Any, t: int, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8) -> Any:
        f = theta.dtype.type
        c1, c2 = (1 - Fraction(repr(float(b))) for b in (beta1, beta2))
        q1, q2 = (-math.expm1(t * math.log1p(-c)) if c != 1 else 1.0 for c in (c1, c2))
        m = f(beta1) * state["m"] + f(c1) * grad
        v = f(beta2) * state["v"] + f(c2) * grad * grad
        return theta - f(lr) * (m / f(q1)) / (np.sqrt(v / f(q2)) + f(eps)), {"m": m, "v": v}
