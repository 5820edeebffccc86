"""Simplified AdEMAMix: a fading sum of the gradients, and the last one beside it."""

from __future__ import annotations

import numpy as np

from ..arithmetic import chunks, fma, lerp, mean, rounded, single, store, wide
from ..program import NARROW, Array, Result, State, correct, program


@program("m", "v")
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, alpha: float, eps: float) -> Result:
    """As written."""
    rate, epsilon, keep, mix, q2 = rounded(theta, lr, eps, beta1, alpha, 1 - beta2**t)
    m, v = keep * state["m"] + grad, mean(state["v"], grad * grad, beta2)
    return theta - rate * (m + mix * grad) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def gradient_first(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, alpha: float, eps: float) -> Result:
    """g + beta1 m, alpha g + m."""
    rate, epsilon, keep, mix, q2 = rounded(theta, -lr, eps, beta1, alpha, 1 - beta2**t)
    m, v = grad + state["m"] * keep, mean(state["v"], np.square(grad), beta2)
    return theta + rate * (mix * grad + m) / (epsilon + np.sqrt(v / q2)), {"m": m, "v": v}


@program("m", "v")
def quotient_first(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, alpha: float, eps: float) -> Result:
    """lr times the quotient; the square as a step from the old mean."""
    rate, epsilon, keep, mix, q2 = rounded(theta, lr, eps, beta1, alpha, 1 - beta2**t)
    m, v = keep * state["m"] + grad, lerp(state["v"], grad * grad, beta2)
    return theta - rate * ((m + mix * grad) / (np.sqrt(v / q2) + epsilon)), {"m": m, "v": v}


@program("m", "v")
def two_quotients(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, alpha: float, eps: float) -> Result:
    """The sum and the last gradient are divided each by itself."""
    rate, epsilon, keep, mix, q2 = rounded(theta, lr, eps, beta1, lr * alpha, 1 - beta2**t)
    m, v = keep * state["m"] + grad, mean(state["v"], grad * grad, beta2)
    denominator = np.sqrt(v / q2) + epsilon
    return theta - rate * m / denominator - mix * grad / denominator, {"m": m, "v": v}


@program("m", "v")
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, alpha: float, eps: float) -> Result:
    """Sum, mean, mixture and theta by fused multiply-adds."""
    rate, epsilon, keep, mix, q2, keep2, take2 = rounded(theta, -lr, eps, beta1, alpha, 1 - beta2**t, beta2, 1 - beta2)
    m, v = fma(keep, state["m"], grad), fma(take2 * grad, grad, keep2 * state["v"])
    return fma(rate, fma(mix, grad, m) / (np.sqrt(v / q2) + epsilon), theta), {"m": m, "v": v}


@program("m", "v")
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, alpha: float, eps: float) -> Result:
    """Computed in long double; theta uses the state before it is rounded."""
    x, g, m, v = wide(theta, grad, state["m"], state["v"])
    m = np.longdouble(beta1) * m + g
    v = np.longdouble(beta2) * v + np.longdouble(1 - beta2) * g * g
    new = x - np.longdouble(lr) * (m + np.longdouble(alpha) * g) / (np.sqrt(v / np.longdouble(1 - beta2**t)) + np.longdouble(eps))
    return store(new, theta), {"m": store(m, theta), "v": store(v, theta)}


@program("m", "v")
def float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, alpha: float, eps: float) -> Result:
    """float32 arithmetic for a narrower format."""
    x, g, m, v = single(theta, grad, state["m"], state["v"])
    m = np.float32(beta1) * m + g
    v = np.float32(beta2) * v + np.float32(1 - beta2) * (g * g)
    new = x - np.float32(lr) * (m + np.float32(alpha) * g) / (np.sqrt(v / np.float32(1 - beta2**t)) + np.float32(eps))
    return store(new, theta), {"m": store(m, theta), "v": store(v, theta)}


@program("m", "v")
def in_place(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, alpha: float, eps: float) -> Result:
    """In place on private copies, seven elements at a time."""
    rate, epsilon, keep, mix, q2, keep2, take2 = rounded(theta, lr, eps, beta1, alpha, 1 - beta2**t, beta2, 1 - beta2)
    new, m, v, g = theta.flatten(), state["m"].flatten(), state["v"].flatten(), grad.ravel()
    for part in chunks(theta.size, 7):
        m[part] *= keep
        m[part] += g[part]
        v[part] *= keep2
        v[part] += take2 * (g[part] * g[part])
        new[part] -= rate * (m[part] + mix * g[part]) / (np.sqrt(v[part] / q2) + epsilon)
    return new.reshape(theta.shape), {"m": m.reshape(theta.shape), "v": v.reshape(theta.shape)}


PROGRAMS = (
    correct("simplified_ademamix", textbook),
    correct("simplified_ademamix", gradient_first),
    correct("simplified_ademamix", quotient_first),
    correct("simplified_ademamix", two_quotients),
    correct("simplified_ademamix", fused),
    correct("simplified_ademamix", wide_accumulation),
    correct("simplified_ademamix", float32_between, NARROW),
    correct("simplified_ademamix", in_place),
)
