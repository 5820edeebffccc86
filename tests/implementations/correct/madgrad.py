"""MADGRAD: a dual average of the gradients from the first parameter, divided by the cube root of that of their squares."""

from __future__ import annotations

import math

import numpy as np

from ..arithmetic import rounded, single, store, wide
from ..program import BELOW_DOUBLE, Array, Program, Result, State, correct, program


class Anchored(Program):
    """A copy of the first parameter is kept."""

    def init(self, theta: Array) -> State:
        """Both sums before the first gradient, and where theta is."""
        return {"s": np.zeros_like(theta), "n": np.zeros_like(theta), "theta_start": theta.copy()}


@program("s", "n", "theta_start", kind=Anchored)
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, eps: float) -> Result:
    """As written, c = 1 - momentum."""
    weight, keep, take, epsilon = rounded(theta, lr * math.sqrt(t), momentum, 1 - momentum, eps)
    s, n = state["s"] + weight * grad, state["n"] + weight * (grad * grad)
    z = state["theta_start"] - s / (np.cbrt(n) + epsilon)
    return keep * theta + take * z, {"s": s, "n": n, "theta_start": state["theta_start"]}


@program("s", "n", "theta_start", kind=Anchored)
def weighted_once(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, eps: float) -> Result:
    """The weighted gradient is formed once, its square is that times the gradient; the mean's two parts are added apart."""
    weight, keep, take, epsilon = rounded(theta, lr * math.sqrt(t), momentum, 1 - momentum, eps)
    weighted = weight * grad
    s, n = weighted + state["s"], weighted * grad + state["n"]
    return take * (state["theta_start"] - s / (epsilon + np.cbrt(n))) + keep * theta, {"s": s, "n": n, "theta_start": state["theta_start"]}


@program("s", "n", "theta_start", kind=Anchored)
def step_from_the_start(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, eps: float) -> Result:
    """The sum of the gradients is taken down, and its quotient added to the start."""
    weight, keep, take, epsilon = rounded(theta, -lr * math.sqrt(t), momentum, 1 - momentum, eps)
    s, n = state["s"] - weight * grad, state["n"] - weight * np.square(grad)
    z = -s / (np.cbrt(n) + epsilon) + state["theta_start"]
    return theta * keep + z * take, {"s": s, "n": n, "theta_start": state["theta_start"]}


@program("s", "n", "theta_start", kind=Anchored)
def by_power(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, eps: float) -> Result:
    """As where there is no cube root: n**(1/3), with an exponent of the format."""
    weight, keep, take, epsilon, third = rounded(theta, lr * math.sqrt(t), momentum, 1 - momentum, eps, 1 / 3)
    s, n = state["s"] + grad * weight, state["n"] + grad * grad * weight
    return theta * keep + (state["theta_start"] - s / (n**third + epsilon)) * take, {"s": s, "n": n, "theta_start": state["theta_start"]}


@program("s", "n", "theta_start", kind=Anchored)
def by_logarithm(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, eps: float) -> Result:
    """The root is exp(log(n)/3)."""
    weight, keep, take, epsilon, three = rounded(theta, lr * math.sqrt(t), momentum, 1 - momentum, eps, 3)
    s, n = state["s"] + weight * grad, state["n"] + weight * (grad * grad)
    with np.errstate(divide="ignore"):
        root = np.exp(np.log(n) / three)
    return keep * theta + take * (state["theta_start"] - s / (root + epsilon)), {"s": s, "n": n, "theta_start": state["theta_start"]}


@program("s", "n", "theta_start", kind=Anchored)
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, eps: float) -> Result:
    """Computed in long double; theta uses the sums before they are rounded."""
    x, g, s, n, start = wide(theta, grad, state["s"], state["n"], state["theta_start"])
    weight, keep = np.longdouble(lr) * np.sqrt(np.longdouble(t)), np.longdouble(momentum)
    s, n = s + weight * g, n + weight * g * g
    z = start - s / (np.cbrt(n) + np.longdouble(eps))
    return store(keep * x + (1 - keep) * z, theta), {"s": store(s, theta), "n": store(n, theta), "theta_start": state["theta_start"]}


@program("s", "n", "theta_start", kind=Anchored)
def float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, eps: float) -> Result:
    """What is stored in few bits is computed in float32."""
    x, g, s, n, start = single(theta, grad, state["s"], state["n"], state["theta_start"])
    weight, keep, take, epsilon = (np.float32(h) for h in (lr * math.sqrt(t), momentum, 1 - momentum, eps))
    s, n = s + weight * g, n + weight * (g * g)
    z = start - s / (np.cbrt(n) + epsilon)
    return store(keep * x + take * z, theta), {"s": store(s, theta), "n": store(n, theta), "theta_start": state["theta_start"]}


PROGRAMS = (
    *(correct("madgrad", make) for make in (textbook, weighted_once, step_from_the_start, by_power, by_logarithm, wide_accumulation)),
    correct("madgrad", float32_between, BELOW_DOUBLE),
)
