"""Adamax: epsilon inside the maximum (reference), and beside it (`eps_outside`)."""

from __future__ import annotations

import numpy as np

from ..arithmetic import divide, each, fma, lerp, mean, round_float, rounded, single, store, wide
from ..program import NARROW, WIDE_RANGE, Array, Result, State, correct, program


@program("m", "u")
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """As written: (lr/(1 - beta1^t)) m/u."""
    rate, keep, epsilon = rounded(theta, lr / (1 - beta1**t), beta2, eps)
    m = mean(state["m"], grad, beta1)
    u = np.maximum(keep * state["u"], np.abs(grad) + epsilon)
    return theta - rate * m / u, {"m": m, "u": u}


@program("m", "u")
def corrected_moment(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """lr (m/(1 - beta1^t))/u."""
    rate, keep, epsilon, correction = rounded(theta, lr, beta2, eps, 1 - beta1**t)
    m = mean(state["m"], grad, beta1)
    u = np.maximum(np.abs(grad) + epsilon, keep * state["u"])
    return theta - rate * (m / correction) / u, {"m": m, "u": u}


@program("m", "u")
def quotient_first(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """m/u first, then the rate; the larger by `where`."""
    rate, keep, epsilon = rounded(theta, -lr / (1 - beta1**t), beta2, eps)
    m = lerp(state["m"], grad, beta1)
    faded, size = keep * state["u"], np.abs(grad) + epsilon
    u = np.where((faded > size) | np.isnan(faded), faded, size)
    return theta + rate * (m / u), {"m": m, "u": u}


@program("m", "u")
def stacked(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """The larger of two rows, as torch's code has it."""
    rate, keep, epsilon = rounded(theta, lr / (1 - beta1**t), beta2, eps)
    m = lerp(state["m"], grad, beta1)
    u = np.stack([state["u"] * keep, np.abs(grad) + epsilon]).max(axis=0)
    return theta - rate * (m / u), {"m": m, "u": u}


@program("m", "u")
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """m and theta by fused multiply-adds."""
    rate, keep, epsilon, keep1, take1 = rounded(theta, -lr / (1 - beta1**t), beta2, eps, beta1, 1 - beta1)
    m = fma(take1, grad, keep1 * state["m"])
    u = np.maximum(keep * state["u"], np.abs(grad) + epsilon)
    return fma(rate, m / u, theta), {"m": m, "u": u}


@program("m", "u")
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """Computed in long double; theta uses the state before it is rounded."""
    x, g, m, u = wide(theta, grad, state["m"], state["u"])
    m = np.longdouble(beta1) * m + np.longdouble(1 - beta1) * g
    u = np.maximum(np.longdouble(beta2) * u, np.abs(g) + np.longdouble(eps))
    return store(x - np.longdouble(lr / (1 - beta1**t)) * m / u, theta), {"m": store(m, theta), "u": store(u, theta)}


@program("m", "u")
def float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """float32 arithmetic for a narrower format."""
    x, g, m, u = single(theta, grad, state["m"], state["u"])
    m = np.float32(beta1) * m + np.float32(1 - beta1) * g
    u = np.maximum(np.float32(beta2) * u, np.abs(g) + np.float32(eps))
    return store(x - np.float32(lr / (1 - beta1**t)) * m / u, theta), {"m": store(m, theta), "u": store(u, theta)}


@program("m", "u")
def element_loop(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """A loop over Python floats, each result rounded to the format by integer arithmetic."""
    name = theta.dtype.name

    def r(value: float) -> float:
        return round_float(value, name)

    rate, keep, epsilon, keep1, take1 = r(lr / (1 - beta1**t)), r(beta2), r(eps), r(beta1), r(1 - beta1)

    def update(x: float, g: float, m: float, u: float) -> tuple[float, float, float]:
        m = r(r(keep1 * m) + r(take1 * g))
        u = max(r(keep * u), r(abs(g) + epsilon))
        return r(x - r(divide(r(rate * m), u))), m, u

    new, m, u = each(update, theta, grad, state["m"], state["u"])
    return new, {"m": m, "u": u}


@program("m", "u")
def outside_textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """As written: (lr/(1 - beta1^t)) m/(u + eps)."""
    rate, keep, epsilon = rounded(theta, lr / (1 - beta1**t), beta2, eps)
    m = mean(state["m"], grad, beta1)
    u = np.maximum(keep * state["u"], np.abs(grad))
    return theta - rate * m / (u + epsilon), {"m": m, "u": u}


@program("m", "u")
def outside_reciprocal(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """m (1/(u + eps)), then the rate."""
    rate, keep, epsilon, one = rounded(theta, lr / (1 - beta1**t), beta2, eps, 1.0)
    m = lerp(state["m"], grad, beta1)
    u = np.maximum(np.abs(grad), state["u"] * keep)
    return theta - rate * (m * (one / (epsilon + u))), {"m": m, "u": u}


PROGRAMS = (
    correct("adamax", textbook),
    correct("adamax", corrected_moment),
    correct("adamax", quotient_first),
    correct("adamax", stacked),
    correct("adamax", fused),
    correct("adamax", wide_accumulation),
    correct("adamax", float32_between, NARROW),
    correct("adamax", element_loop),
    correct("adamax/eps_outside", outside_textbook),
    correct("adamax/eps_outside", outside_reciprocal, WIDE_RANGE),
)
