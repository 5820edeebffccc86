"""Yogi: a second moment that begins at v0 and changes by (1 - beta2) g^2 at most; both moments from v0 and corrected (`m0`)."""

from __future__ import annotations

import math

import numpy as np

from ..arithmetic import chunks, divide, each, fma, lerp, mean, root, round_float, rounded, single, store, wide
from ..program import NARROW, Array, Program, Result, State, correct, program


class Started(Program):
    """A second moment that does not begin at zero."""

    def init(self, theta: Array, v0: float = 1e-6) -> State:
        """Both moments before the first gradient."""
        return {"m": np.zeros_like(theta), "v": np.full_like(theta, v0)}


class BothStarted(Program):
    """Neither moment begins at zero."""

    def init(self, theta: Array, v0: float = 1e-6) -> State:
        """Both moments before the first gradient."""
        return {"m": np.full_like(theta, v0), "v": np.full_like(theta, v0)}


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


@program("m", "v", kind=Started)
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, v0: float) -> Result:
    """Fused multiply-adds; 1 - beta2 takes the sign, which costs no rounding."""
    rate, epsilon, take2, keep1, take1 = rounded(theta, -lr, eps, 1 - beta2, beta1, 1 - beta1)
    square = grad * grad
    m = fma(take1, grad, keep1 * state["m"])
    v = fma(take2 * np.sign(square - state["v"]), square, state["v"])
    return fma(rate, m / (np.sqrt(v) + epsilon), theta), {"m": m, "v": v}


@program("m", "v", kind=Started)
def float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, v0: float) -> Result:
    """float32 arithmetic for a narrower format."""
    x, g, m, v = single(theta, grad, state["m"], state["v"])
    square = g * g
    m = np.float32(beta1) * m + np.float32(1 - beta1) * g
    v = v - np.float32(1 - beta2) * (np.sign(v - square) * square)
    return store(x - np.float32(lr) * m / (np.sqrt(v) + np.float32(eps)), theta), {"m": store(m, theta), "v": store(v, theta)}


@program("m", "v", kind=Started)
def in_place(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, v0: float) -> Result:
    """In place on private copies, seven elements at a time; what rises and what falls by masks."""
    rate, epsilon, take2, keep1, take1 = rounded(theta, lr, eps, 1 - beta2, beta1, 1 - beta1)
    new, m, v, g = theta.flatten(), state["m"].flatten(), state["v"].flatten(), grad.ravel()
    for part in chunks(theta.size, 7):
        m[part] *= keep1
        m[part] += take1 * g[part]
        square = g[part] * g[part]
        change = take2 * square
        change[square == v[part]] *= 0
        np.negative(change, out=change, where=square < v[part])
        v[part] += change
        new[part] -= rate * m[part] / (np.sqrt(v[part]) + epsilon)
    return new.reshape(theta.shape), {"m": m.reshape(theta.shape), "v": v.reshape(theta.shape)}


@program("m", "v", kind=Started)
def element_loop(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, v0: float) -> Result:
    """A loop over Python floats, each result rounded to the format by integer arithmetic."""
    name = theta.dtype.name

    def r(value: float) -> float:
        return round_float(value, name)

    rate, epsilon, keep1, take1, take2 = map(r, (lr, eps, beta1, 1 - beta1, 1 - beta2))

    def update(x: float, g: float, m: float, v: float) -> tuple[float, float, float]:
        m, square = r(r(keep1 * m) + r(take1 * g)), r(g * g)
        if square > v:
            v = r(v + r(take2 * square))
        elif square < v:
            v = r(v - r(take2 * square))
        return r(x - r(divide(r(rate * m), r(r(root(v)) + epsilon)))), m, v

    new, m, v = each(update, theta, grad, state["m"], state["v"])
    return new, {"m": m, "v": v}


@program("m", "v", kind=BothStarted)
def m0_textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, v0: float) -> Result:
    """As written: both moments divided by their corrections."""
    rate, epsilon, take, q1, q2 = rounded(theta, lr, eps, 1 - beta2, 1 - beta1**t, 1 - beta2**t)
    square = grad * grad
    m = mean(state["m"], grad, beta1)
    v = state["v"] - take * np.sign(state["v"] - square) * square
    return theta - rate * (m / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v", kind=BothStarted)
def m0_folded(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, v0: float) -> Result:
    """lr/(1 - beta1^t) is one number, and so is the root of the other correction."""
    rate, epsilon, take, root2 = rounded(theta, lr / (1 - beta1**t), eps, 1 - beta2, math.sqrt(1 - beta2**t))
    square = np.square(grad)
    m = lerp(state["m"], grad, beta1)
    v = state["v"] + take * (square * np.sign(square - state["v"]))
    return theta - rate * (m / (np.sqrt(v) / root2 + epsilon)), {"m": m, "v": v}


PROGRAMS = (
    correct("yogi", textbook),
    correct("yogi", by_choice),
    correct("yogi", sign_turned),
    correct("yogi", wide_accumulation),
    correct("yogi", fused),
    correct("yogi", float32_between, NARROW),
    correct("yogi", in_place),
    correct("yogi", element_loop),
    correct("yogi/m0", m0_textbook),
    correct("yogi/m0", m0_folded),
)
