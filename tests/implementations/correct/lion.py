"""Lion, and with the sign of 0 taken for 1 (`no_zero`)."""

from __future__ import annotations

import numpy as np

from ..arithmetic import each, fma, mean, round_float, rounded, single, store, wide
from ..program import NARROW, Array, Result, State, correct, program


@program("m")
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, weight_decay: float) -> Result:
    """As written: theta - lr (sign(c) + weight_decay theta)."""
    rate, decay = rounded(theta, lr, weight_decay)
    c = mean(state["m"], grad, beta1)
    return theta - rate * (np.sign(c) + decay * theta), {"m": mean(state["m"], grad, beta2)}


@program("m")
def shrunk(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, weight_decay: float) -> Result:
    """theta (1 - lr weight_decay) first, as the authors' code for torch does."""
    rate, shrunk = rounded(theta, lr, 1 - lr * weight_decay)
    c = mean(state["m"], grad, beta1)
    return theta * shrunk - rate * np.sign(c), {"m": mean(state["m"], grad, beta2)}


@program("m")
def gradient_first(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, weight_decay: float) -> Result:
    """(1 - beta) g + beta m, and the step before the decay."""
    rate, decay, keep1, take1, keep2, take2 = rounded(theta, -lr, -lr * weight_decay, beta1, 1 - beta1, beta2, 1 - beta2)
    c = take1 * grad + keep1 * state["m"]
    return theta + rate * np.sign(c) + decay * theta, {"m": take2 * grad + keep2 * state["m"]}


@program("m")
def by_choice(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, weight_decay: float) -> Result:
    """The step is lr, -lr or 0, by comparisons."""
    rate, decay, zero = rounded(theta, lr, lr * weight_decay, 0.0)
    c = mean(state["m"], grad, beta1)
    step = np.where(c > 0, rate, np.where(c < 0, -rate, zero))
    return theta - decay * theta - step, {"m": mean(state["m"], grad, beta2)}


@program("m")
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, weight_decay: float) -> Result:
    """Both means, decay and step by fused multiply-adds."""
    rate, decay, keep1, take1, keep2, take2 = rounded(theta, -lr, -lr * weight_decay, beta1, 1 - beta1, beta2, 1 - beta2)
    c = fma(keep1, state["m"], take1 * grad)
    return fma(rate, np.sign(c), fma(decay, theta, theta)), {"m": fma(take2, grad, keep2 * state["m"])}


@program("m")
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, weight_decay: float) -> Result:
    """Computed in long double, rounded at the store."""
    x, g, m = wide(theta, grad, state["m"])
    c = np.longdouble(beta1) * m + np.longdouble(1 - beta1) * g
    new = x - np.longdouble(lr) * (np.sign(c) + np.longdouble(weight_decay) * x)
    return store(new, theta), {"m": store(np.longdouble(beta2) * m + np.longdouble(1 - beta2) * g, theta)}


@program("m")
def float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, weight_decay: float) -> Result:
    """float32 arithmetic for a narrower format."""
    x, g, m = single(theta, grad, state["m"])
    c = np.float32(beta1) * m + np.float32(1 - beta1) * g
    new = x - np.float32(lr) * (np.sign(c) + np.float32(weight_decay) * x)
    return store(new, theta), {"m": store(np.float32(beta2) * m + np.float32(1 - beta2) * g, theta)}


@program("m")
def element_loop(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, weight_decay: float) -> Result:
    """A loop over Python floats, each result rounded to the format by integer arithmetic."""
    name = theta.dtype.name

    def r(value: float) -> float:
        return round_float(value, name)

    rate, decay, keep1, take1, keep2, take2 = map(r, (lr, weight_decay, beta1, 1 - beta1, beta2, 1 - beta2))

    def update(x: float, g: float, m: float) -> tuple[float, float]:
        c = r(r(keep1 * m) + r(take1 * g))
        return r(x - r(rate * r(((c > 0) - (c < 0)) + r(decay * x)))), r(r(keep2 * m) + r(take2 * g))

    new, m = each(update, theta, grad, state["m"])
    return new, {"m": m}


@program("m")
def one_at_zero(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, weight_decay: float) -> Result:
    """1 where c is at least 0, else -1."""
    rate, decay, one = rounded(theta, lr, weight_decay, 1.0)
    c = mean(state["m"], grad, beta1)
    return theta - rate * (np.where(c >= 0, one, -one) + decay * theta), {"m": mean(state["m"], grad, beta2)}


@program("m")
def two_branches(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, weight_decay: float) -> Result:
    """theta (1 - lr weight_decay), less or more the rate."""
    rate, shrunk = rounded(theta, lr, 1 - lr * weight_decay)
    c = mean(state["m"], grad, beta1)
    faded = theta * shrunk
    return np.where(c < 0, faded + rate, faded - rate), {"m": mean(state["m"], grad, beta2)}


PROGRAMS = (
    correct("lion", textbook),
    correct("lion", shrunk),
    correct("lion", gradient_first),
    correct("lion", by_choice),
    correct("lion", fused),
    correct("lion", wide_accumulation),
    correct("lion", float32_between, NARROW),
    correct("lion", element_loop),
    correct("lion/no_zero", one_at_zero),
    correct("lion/no_zero", two_branches),
)
