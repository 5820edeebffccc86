"""Yogi: a second moment that begins at v0 and changes by (1 - beta2) g^2 at most."""

from __future__ import annotations

import numpy as np

from ..arithmetic import lerp, mean, rounded, store, wide
from ..program import Array, Program, Result, State, correct, program


class Started(Program):
    """A second moment that does not begin at zero."""

    def init(self, theta: Array, v0: float = 1e-6) -> State:
        """Both moments before the first gradient."""
        return {"m": np.zeros_like(theta), "v": np.full_like(theta, v0)}


@program("m", "v", kind=Started)
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, v0: float) -> Result:
    """As written: v - (1 - beta2) sign(v - g^2) g^2."""
    rate, epsilon, take = rounded(theta, lr, eps, 1 - beta2)
    square = grad * grad
    m = mean(state["m"], grad, beta1)
    v = state["v"] - take * np.sign(state["v"] - square) * square
    return theta - rate * m / (np.sqrt(v) + epsilon), {"m": m, "v": v}


@program("m", "v", kind=Started)
def by_choice(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, v0: float) -> Result:
    """Up where the square is larger, down where it is smaller, by `where`."""
    rate, epsilon, take = rounded(theta, lr, eps, 1 - beta2)
    square = np.square(grad)
    change = take * square
    m = lerp(state["m"], grad, beta1)
    up, down = state["v"] + change, state["v"] - change
    v = np.where(square > state["v"], up, np.where(square < state["v"], down, state["v"]))
    v = np.where(np.isnan(square) | np.isnan(state["v"]), square + state["v"], v)
    return theta - rate * (m / (np.sqrt(v) + epsilon)), {"m": m, "v": v}


@program("m", "v", kind=Started)
def sign_turned(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, v0: float) -> Result:
    """The sign of g^2 - v, and what is added; the quotient first, as the authors' code has it."""
    rate, epsilon, take = rounded(theta, -lr, eps, 1 - beta2)
    square = grad * grad
    m = lerp(state["m"], grad, beta1)
    v = np.sign(square - state["v"]) * (take * square) + state["v"]
    return theta + rate * (m / (epsilon + np.sqrt(v))), {"m": m, "v": v}


@program("m", "v", kind=Started)
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, v0: float) -> Result:
    """Computed in long double; theta uses the moments before they are rounded."""
    x, g, m, v = wide(theta, grad, state["m"], state["v"])
    m = np.longdouble(beta1) * m + np.longdouble(1 - beta1) * g
    v = v - np.longdouble(1 - beta2) * np.sign(v - g * g) * (g * g)
    return store(x - np.longdouble(lr) * m / (np.sqrt(v) + np.longdouble(eps)), theta), {"m": store(m, theta), "v": store(v, theta)}


PROGRAMS = (correct("yogi", textbook), correct("yogi", by_choice), correct("yogi", sign_turned), correct("yogi", wide_accumulation))
