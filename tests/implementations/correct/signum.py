"""Signum: the sign of the mean gradient (reference), and with a decay of its own (`decay`)."""

from __future__ import annotations

import numpy as np

from ..arithmetic import each, fma, mean, round_float, rounded, single, store, wide
from ..program import NARROW, Array, Result, State, correct, program


@program("m")
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float) -> Result:
    """As written."""
    (rate,) = rounded(theta, lr)
    m = mean(state["m"], grad, beta1)
    return theta - rate * np.sign(m), {"m": m}


@program("m")
def gradient_first(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float) -> Result:
    """(1 - beta1) g + beta1 m, theta + (-lr) sign(m)."""
    rate, keep, take = rounded(theta, -lr, beta1, 1 - beta1)
    m = take * grad + keep * state["m"]
    return theta + rate * np.sign(m), {"m": m}


@program("m")
def by_choice(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float) -> Result:
    """theta - lr, theta + lr or theta, by comparisons."""
    (rate,) = rounded(theta, lr)
    m = mean(state["m"], grad, beta1)
    return np.where(m > 0, theta - rate, np.where(m < 0, theta + rate, theta + m * 0)), {"m": m}


@program("m")
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float) -> Result:
    """m and theta by fused multiply-adds."""
    rate, keep, take = rounded(theta, -lr, beta1, 1 - beta1)
    m = fma(keep, state["m"], take * grad)
    return fma(rate, np.sign(m), theta), {"m": m}


@program("m")
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float) -> Result:
    """Computed in long double; the sign is that of the mean before it is rounded."""
    x, g, m = wide(theta, grad, state["m"])
    m = np.longdouble(beta1) * m + np.longdouble(1 - beta1) * g
    return store(x - np.longdouble(lr) * np.sign(m), theta), {"m": store(m, theta)}


@program("m")
def float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float) -> Result:
    """float32 arithmetic for a narrower format."""
    x, g, m = single(theta, grad, state["m"])
    m = np.float32(beta1) * m + np.float32(1 - beta1) * g
    return store(x - np.float32(lr) * np.sign(m), theta), {"m": store(m, theta)}


@program("m")
def element_loop(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float) -> Result:
    """A loop over Python floats, each result rounded to the format by integer arithmetic."""
    name = theta.dtype.name

    def r(value: float) -> float:
        return round_float(value, name)

    rate, keep, take = r(lr), r(beta1), r(1 - beta1)

    def update(x: float, g: float, m: float) -> tuple[float, float]:
        m = r(r(keep * m) + r(take * g))
        return r(x - rate * ((m > 0) - (m < 0))), m

    new, m = each(update, theta, grad, state["m"])
    return new, {"m": m}


@program("m")
def decayed(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, weight_decay: float) -> Result:
    """theta - lr (sign(m) + weight_decay theta), as written."""
    rate, decay = rounded(theta, lr, weight_decay)
    m = mean(state["m"], grad, beta1)
    return theta - rate * (np.sign(m) + decay * theta), {"m": m}


@program("m")
def shrunk(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, weight_decay: float) -> Result:
    """theta (1 - lr weight_decay) first, then the step."""
    rate, shrunk = rounded(theta, lr, 1 - lr * weight_decay)
    m = mean(state["m"], grad, beta1)
    return theta * shrunk - rate * np.sign(m), {"m": m}


PROGRAMS = (
    correct("signum", textbook),
    correct("signum", gradient_first),
    correct("signum", by_choice),
    correct("signum", fused),
    correct("signum", wide_accumulation),
    correct("signum", float32_between, NARROW),
    correct("signum", element_loop),
    correct("signum/decay", decayed),
    correct("signum/decay", shrunk),
)
