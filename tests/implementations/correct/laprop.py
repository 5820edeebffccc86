"""LaProp: the gradient is scaled first, then averaged; the rate is in the mean."""

from __future__ import annotations

import numpy as np

from ..arithmetic import fma, lerp, mean, rounded, single, store, wide
from ..program import NARROW, Array, Result, State, correct, program


@program("m", "v")
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """As written: beta1 m + (lr (1 - beta1)) g/(sqrt(v_hat) + eps)."""
    rate, epsilon, keep, q1, q2 = rounded(theta, lr * (1 - beta1), eps, beta1, 1 - beta1**t, 1 - beta2**t)
    v = mean(state["v"], grad * grad, beta2)
    m = keep * state["m"] + rate * grad / (np.sqrt(v / q2) + epsilon)
    return theta - m / q1, {"m": m, "v": v}


@program("m", "v")
def scaled_gradient(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """g/(sqrt(v_hat) + eps) by name, its mean with the rate."""
    rate, epsilon, keep, take, q1, q2 = rounded(theta, lr, eps, beta1, 1 - beta1, 1 - beta1**t, 1 - beta2**t)
    v = mean(state["v"], np.square(grad), beta2)
    scaled = grad / (np.sqrt(v / q2) + epsilon)
    m = keep * state["m"] + take * (rate * scaled)
    return theta - m / q1, {"m": m, "v": v}


@program("m", "v")
def step_first(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """The new part first, then what is kept; theta + m times -1/(1 - beta1^t)."""
    rate, epsilon, keep, back, q2 = rounded(theta, lr * (1 - beta1), eps, beta1, -1 / (1 - beta1**t), 1 - beta2**t)
    v = lerp(state["v"], grad * grad, beta2)
    m = rate * (grad / (np.sqrt(v / q2) + epsilon)) + keep * state["m"]
    return theta + back * m, {"m": m, "v": v}


@program("m", "v")
def lerp_mean(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """m + (1 - beta1)(lr scaled - m), from the end that weighs more."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    v = mean(state["v"], grad * grad, beta2)
    m = lerp(state["m"], rate * grad / (np.sqrt(v / q2) + epsilon), beta1)
    return theta - m / q1, {"m": m, "v": v}


@program("m", "v")
def two_steps(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """theta takes what is kept and the new part one after the other; m is kept beside."""
    rate, epsilon, keep, q1, q2 = rounded(theta, lr * (1 - beta1), eps, beta1, 1 - beta1**t, 1 - beta2**t)
    v = mean(state["v"], grad * grad, beta2)
    kept, new = keep * state["m"], rate * grad / (np.sqrt(v / q2) + epsilon)
    m = kept + new
    return theta - kept / q1 - new / q1, {"m": m, "v": v}


@program("m", "v")
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """v, m and theta by fused multiply-adds."""
    rate, epsilon, keep, back, q2, keep2, take2 = rounded(theta, lr * (1 - beta1), eps, beta1, -1 / (1 - beta1**t), 1 - beta2**t, beta2, 1 - beta2)
    v = fma(take2 * grad, grad, keep2 * state["v"])
    m = fma(keep, state["m"], rate * grad / (np.sqrt(v / q2) + epsilon))
    return fma(back, m, theta), {"m": m, "v": v}


@program("m", "v")
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """Computed in long double; theta uses the state before it is rounded."""
    x, g, m, v = wide(theta, grad, state["m"], state["v"])
    v = np.longdouble(beta2) * v + np.longdouble(1 - beta2) * g * g
    m = np.longdouble(beta1) * m + np.longdouble(lr * (1 - beta1)) * g / (np.sqrt(v / np.longdouble(1 - beta2**t)) + np.longdouble(eps))
    return store(x - m / np.longdouble(1 - beta1**t), theta), {"m": store(m, theta), "v": store(v, theta)}


@program("m", "v")
def float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """float32 arithmetic for a narrower format."""
    x, g, m, v = single(theta, grad, state["m"], state["v"])
    v = np.float32(beta2) * v + np.float32(1 - beta2) * (g * g)
    m = np.float32(beta1) * m + np.float32(lr * (1 - beta1)) * g / (np.sqrt(v / np.float32(1 - beta2**t)) + np.float32(eps))
    return store(x - m / np.float32(1 - beta1**t), theta), {"m": store(m, theta), "v": store(v, theta)}


PROGRAMS = (
    correct("laprop", textbook),
    correct("laprop", scaled_gradient),
    correct("laprop", step_first),
    correct("laprop", lerp_mean),
    correct("laprop", two_steps),
    correct("laprop", fused),
    correct("laprop", wide_accumulation),
    correct("laprop", float32_between, NARROW),
)
