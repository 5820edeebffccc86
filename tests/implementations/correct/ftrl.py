"""FTRL-Proximal: theta is solved anew from z and n at each update, and is exactly zero where |z| is at most l1."""

from __future__ import annotations

import numpy as np

from ..arithmetic import rounded, store, wide
from ..program import Array, Program, Result, State, correct, program


class Summed(Program):
    """A sum of squares that may begin above zero."""

    def init(self, theta: Array, s0: float = 0.0) -> State:
        """Both sums before the first gradient."""
        return {"z": np.zeros_like(theta), "n": np.full_like(theta, s0)}


@program("z", "n", kind=Summed)
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, l1: float, l2: float, beta: float, s0: float) -> Result:
    """As written: 0 where |z| <= l1, else -((beta + sqrt(n))/alpha + l2)^-1 (z - sign(z) l1)."""
    rate, at_least, ridge, smooth = rounded(theta, lr, l1, l2, beta)
    n = state["n"] + grad * grad
    sigma = (np.sqrt(n) - np.sqrt(state["n"])) / rate
    z = state["z"] + grad - sigma * theta
    solved = -(z - np.sign(z) * at_least) / ((smooth + np.sqrt(n)) / rate + ridge)
    return np.where(np.abs(z) <= at_least, np.zeros_like(z), solved), {"z": z, "n": n}


@program("z", "n", kind=Summed)
def clipped(theta: Array, grad: Array, state: State, t: int, *, lr: float, l1: float, l2: float, beta: float, s0: float) -> Result:
    """z clipped to l1, less z; the gradient less sigma theta is added at once, and beta/lr apart."""
    rate, at_least, ridge, smooth = rounded(theta, lr, l1, l2, beta)
    n = state["n"] + np.square(grad)
    z = state["z"] + (grad - (np.sqrt(n) - np.sqrt(state["n"])) / rate * theta)
    return (np.minimum(np.maximum(z, -at_least), at_least) - z) / (np.sqrt(n) / rate + (smooth / rate + ridge)), {"z": z, "n": n}


@program("z", "n", kind=Summed)
def soft_threshold(theta: Array, grad: Array, state: State, t: int, *, lr: float, l1: float, l2: float, beta: float, s0: float) -> Result:
    """The rate above the line, and the size of z less l1, 0 at least, with the other sign of z."""
    rate, at_least, ridge, smooth = rounded(theta, lr, l1, lr * l2, beta)
    n = state["n"] + grad * grad
    z = (state["z"] + grad) - (np.sqrt(n) - np.sqrt(state["n"])) * theta / rate
    return -np.sign(z) * np.maximum(np.abs(z) - at_least, 0) * rate / (np.sqrt(n) + smooth + ridge), {"z": z, "n": n}


@program("z", "n", kind=Summed)
def without_cancellation(theta: Array, grad: Array, state: State, t: int, *, lr: float, l1: float, l2: float, beta: float, s0: float) -> Result:
    """The difference of the roots as g^2 over their sum, 0 where both are 0."""
    rate, at_least, ridge, smooth = rounded(theta, lr, l1, l2, beta)
    square = grad * grad
    n = state["n"] + square
    after, roots = np.sqrt(n), np.sqrt(n) + np.sqrt(state["n"])
    grown = np.where(roots == 0, np.zeros_like(roots), square / np.where(roots == 0, np.ones_like(roots), roots))
    z = state["z"] + grad - grown / rate * theta
    return np.where(z > at_least, at_least - z, np.where(z < -at_least, -at_least - z, z - z)) / ((smooth + after) / rate + ridge), {"z": z, "n": n}


@program("z", "n", kind=Summed)
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, l1: float, l2: float, beta: float, s0: float) -> Result:
    """Computed in long double; theta uses the sums before they are rounded."""
    x, g, z, n = wide(theta, grad, state["z"], state["n"])
    alpha, at_least, ridge, smooth = (np.longdouble(h) for h in (lr, l1, l2, beta))
    z = z + g - (np.sqrt(n + g * g) - np.sqrt(n)) / alpha * x
    n = n + g * g
    new = (np.clip(z, -at_least, at_least) - z) / ((smooth + np.sqrt(n)) / alpha + ridge)
    return store(new, theta), {"z": store(z, theta), "n": store(n, theta)}


PROGRAMS = tuple(correct("ftrl", make) for make in (textbook, clipped, soft_threshold, without_cancellation, wide_accumulation))
