"""AdEMAMix: Adam with a second, slow mean of the gradients beside the first."""

from __future__ import annotations

import numpy as np

from ..arithmetic import fma, lerp, mean, rounded, single, store, wide
from ..program import NARROW, Array, Result, State, correct, program


@program("m", "v", "m_slow")
def textbook(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, beta3: float, alpha: float, weight_decay: float
) -> Result:
    """As written: the step and the decay in one sum."""
    rate, epsilon, mix, decay, q1, q2 = rounded(theta, lr, eps, alpha, weight_decay, 1 - beta1**t, 1 - beta2**t)
    m, v, slow = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2), mean(state["m_slow"], grad, beta3)
    return theta - rate * ((m / q1 + mix * slow) / (np.sqrt(v / q2) + epsilon) + decay * theta), {"m": m, "v": v, "m_slow": slow}


@program("m", "v", "m_slow")
def shrunk(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, beta3: float, alpha: float, weight_decay: float
) -> Result:
    """theta (1 - lr weight_decay) first."""
    rate, epsilon, mix, shrunk, q1, q2 = rounded(theta, lr, eps, alpha, 1 - lr * weight_decay, 1 - beta1**t, 1 - beta2**t)
    m, v, slow = mean(state["m"], grad, beta1), mean(state["v"], np.square(grad), beta2), mean(state["m_slow"], grad, beta3)
    return theta * shrunk - rate * ((m / q1 + mix * slow) / (np.sqrt(v / q2) + epsilon)), {"m": m, "v": v, "m_slow": slow}


@program("m", "v", "m_slow")
def lerp_means(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, beta3: float, alpha: float, weight_decay: float
) -> Result:
    """The three means as a step from the old value."""
    rate, epsilon, mix, decay, q1, q2 = rounded(theta, -lr, eps, alpha, -lr * weight_decay, 1 - beta1**t, 1 - beta2**t)
    m, v, slow = lerp(state["m"], grad, beta1), lerp(state["v"], grad * grad, beta2), lerp(state["m_slow"], grad, beta3)
    return theta + decay * theta + rate * (m / q1 + mix * slow) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v, "m_slow": slow}


@program("m", "v", "m_slow")
def slow_first(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, beta3: float, alpha: float, weight_decay: float
) -> Result:
    """alpha m_slow + m_hat, gradient first in each mean."""
    rate, epsilon, mix, decay, q1, q2 = rounded(theta, lr, eps, alpha, lr * weight_decay, 1 - beta1**t, 1 - beta2**t)
    keep1, take1, keep2, take2, keep3, take3 = rounded(theta, beta1, 1 - beta1, beta2, 1 - beta2, beta3, 1 - beta3)
    m, v, slow = take1 * grad + keep1 * state["m"], take2 * grad * grad + keep2 * state["v"], take3 * grad + keep3 * state["m_slow"]
    return theta - decay * theta - rate * ((mix * slow + m / q1) / (epsilon + np.sqrt(v / q2))), {"m": m, "v": v, "m_slow": slow}


@program("m", "v", "m_slow")
def two_quotients(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, beta3: float, alpha: float, weight_decay: float
) -> Result:
    """Each mean is divided by itself."""
    rate, epsilon, mix, decay, q2 = rounded(theta, lr / (1 - beta1**t), eps, lr * alpha, lr * weight_decay, 1 - beta2**t)
    m, v, slow = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2), mean(state["m_slow"], grad, beta3)
    denominator = np.sqrt(v / q2) + epsilon
    return theta - decay * theta - rate * m / denominator - mix * slow / denominator, {"m": m, "v": v, "m_slow": slow}


@program("m", "v", "m_slow")
def fused(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, beta3: float, alpha: float, weight_decay: float
) -> Result:
    """Means, mixture, decay and step by fused multiply-adds."""
    rate, epsilon, mix, decay, q1, q2 = rounded(theta, -lr, eps, alpha, -lr * weight_decay, 1 - beta1**t, 1 - beta2**t)
    keep1, take1, keep2, take2, keep3, take3 = rounded(theta, beta1, 1 - beta1, beta2, 1 - beta2, beta3, 1 - beta3)
    m, v = fma(keep1, state["m"], take1 * grad), fma(take2 * grad, grad, keep2 * state["v"])
    slow = fma(keep3, state["m_slow"], take3 * grad)
    return fma(rate, fma(mix, slow, m / q1) / (np.sqrt(v / q2) + epsilon), fma(decay, theta, theta)), {"m": m, "v": v, "m_slow": slow}


@program("m", "v", "m_slow")
def wide_accumulation(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, beta3: float, alpha: float, weight_decay: float
) -> Result:
    """Computed in long double; theta uses the means before they are rounded."""
    x, g, m, v, slow = wide(theta, grad, state["m"], state["v"], state["m_slow"])
    m = np.longdouble(beta1) * m + np.longdouble(1 - beta1) * g
    v = np.longdouble(beta2) * v + np.longdouble(1 - beta2) * g * g
    slow = np.longdouble(beta3) * slow + np.longdouble(1 - beta3) * g
    step = (m / np.longdouble(1 - beta1**t) + np.longdouble(alpha) * slow) / (np.sqrt(v / np.longdouble(1 - beta2**t)) + np.longdouble(eps))
    new = x - np.longdouble(lr) * (step + np.longdouble(weight_decay) * x)
    return store(new, theta), {"m": store(m, theta), "v": store(v, theta), "m_slow": store(slow, theta)}


@program("m", "v", "m_slow")
def float32_between(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, beta3: float, alpha: float, weight_decay: float
) -> Result:
    """float32 arithmetic for a narrower format."""
    x, g, m, v, slow = single(theta, grad, state["m"], state["v"], state["m_slow"])
    m = np.float32(beta1) * m + np.float32(1 - beta1) * g
    v = np.float32(beta2) * v + np.float32(1 - beta2) * (g * g)
    slow = np.float32(beta3) * slow + np.float32(1 - beta3) * g
    step = (m / np.float32(1 - beta1**t) + np.float32(alpha) * slow) / (np.sqrt(v / np.float32(1 - beta2**t)) + np.float32(eps))
    new = x - np.float32(lr) * (step + np.float32(weight_decay) * x)
    return store(new, theta), {"m": store(m, theta), "v": store(v, theta), "m_slow": store(slow, theta)}


PROGRAMS = (
    correct("ademamix", textbook),
    correct("ademamix", shrunk),
    correct("ademamix", lerp_means),
    correct("ademamix", slow_first),
    correct("ademamix", two_quotients),
    correct("ademamix", fused),
    correct("ademamix", wide_accumulation),
    correct("ademamix", float32_between, NARROW),
)
