"""AdaMax with decoupled weight decay."""

from __future__ import annotations

import numpy as np

from ..arithmetic import divide, each, fma, lerp, mean, round_float, rounded, single, store, wide
from ..program import NARROW, Array, Result, State, correct, program


@program("m", "u")
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """As written: the decay, then the step, off one theta."""
    rate, keep, epsilon, decay = rounded(theta, lr / (1 - beta1**t), beta2, eps, lr * weight_decay)
    m = mean(state["m"], grad, beta1)
    u = np.maximum(keep * state["u"], np.abs(grad) + epsilon)
    return theta - decay * theta - rate * m / u, {"m": m, "u": u}


@program("m", "u")
def shrunk(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """theta is multiplied by 1 - lr weight_decay first, as torch's AdamW does."""
    rate, keep, epsilon, shrink = rounded(theta, lr / (1 - beta1**t), beta2, eps, 1 - lr * weight_decay)
    m = lerp(state["m"], grad, beta1)
    u = np.maximum(np.abs(grad) + epsilon, state["u"] * keep)
    return theta * shrink - rate * (m / u), {"m": m, "u": u}


@program("m", "u")
def one_update(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """lr times the sum of step and decay, as optax chains them."""
    rate, keep, epsilon, correction, decay = rounded(theta, -lr, beta2, eps, 1 - beta1**t, weight_decay)
    m = lerp(state["m"], grad, beta1)
    u = np.maximum(np.abs(grad) + epsilon, keep * state["u"])
    return theta + rate * (m / correction / u + decay * theta), {"m": m, "u": u}


@program("m", "u")
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """Fused multiply-adds."""
    rate, keep, epsilon, decay, keep1, take1 = rounded(theta, -lr / (1 - beta1**t), beta2, eps, -lr * weight_decay, beta1, 1 - beta1)
    m = fma(take1, grad, keep1 * state["m"])
    u = np.maximum(keep * state["u"], np.abs(grad) + epsilon)
    return fma(rate, m / u, fma(decay, theta, theta)), {"m": m, "u": u}


@program("m", "u")
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """Computed in long double; theta uses the state before it is rounded."""
    x, g, m, u = wide(theta, grad, state["m"], state["u"])
    m = np.longdouble(beta1) * m + np.longdouble(1 - beta1) * g
    u = np.maximum(np.longdouble(beta2) * u, np.abs(g) + np.longdouble(eps))
    new = x - np.longdouble(lr * weight_decay) * x - np.longdouble(lr / (1 - beta1**t)) * m / u
    return store(new, theta), {"m": store(m, theta), "u": store(u, theta)}


@program("m", "u")
def stacked(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """The larger of two rows, and the quotient first."""
    rate, keep, epsilon, decay = rounded(theta, lr / (1 - beta1**t), beta2, eps, lr * weight_decay)
    m = mean(state["m"], grad, beta1)
    u = np.stack([state["u"] * keep, epsilon + np.abs(grad)]).max(axis=0)
    return (theta - rate * (m / u)) - decay * theta, {"m": m, "u": u}


@program("m", "u")
def float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """float32 arithmetic for a narrower format."""
    x, g, m, u = single(theta, grad, state["m"], state["u"])
    m = np.float32(beta1) * m + np.float32(1 - beta1) * g
    u = np.maximum(np.float32(beta2) * u, np.abs(g) + np.float32(eps))
    new = x * np.float32(1 - lr * weight_decay) - np.float32(lr / (1 - beta1**t)) * m / u
    return store(new, theta), {"m": store(m, theta), "u": store(u, theta)}


@program("m", "u")
def element_loop(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """A loop over Python floats, each result rounded to the format by integer arithmetic."""
    name = theta.dtype.name

    def r(value: float) -> float:
        return round_float(value, name)

    rate, keep, epsilon, keep1, take1, decay = map(r, (lr / (1 - beta1**t), beta2, eps, beta1, 1 - beta1, lr * weight_decay))

    def update(x: float, g: float, m: float, u: float) -> tuple[float, float, float]:
        m = r(r(keep1 * m) + r(take1 * g))
        u = max(r(keep * u), r(abs(g) + epsilon))
        return r(r(x - r(decay * x)) - r(divide(r(rate * m), u))), m, u

    new, m, u = each(update, theta, grad, state["m"], state["u"])
    return new, {"m": m, "u": u}


PROGRAMS = (
    *(correct("adamaxw", make) for make in (textbook, shrunk, one_update, fused, wide_accumulation, stacked, element_loop)),
    correct("adamaxw", float32_between, NARROW),
)
