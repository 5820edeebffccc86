"""Adan: the mean gradient, its mean change, and the mean square of the gradient looked ahead."""

from __future__ import annotations

import numpy as np

from ..arithmetic import fma, lerp, mean, rounded, single, store, wide
from ..program import NARROW, WIDE_RANGE, Array, Result, State, correct, program


@program("m", "w", "n", "g_before")
def textbook(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, beta3: float, eps: float, weight_decay: float
) -> Result:
    """As written; no change of the gradient in the first update."""
    rate, epsilon, ahead, q1, q2, q3, shrink = rounded(theta, lr, eps, beta2, 1 - beta1**t, 1 - beta2**t, 1 - beta3**t, 1 + lr * weight_decay)
    d = grad - state["g_before"] if t > 1 else np.zeros_like(grad)
    m, w = mean(state["m"], grad, beta1), mean(state["w"], d, beta2)
    n = mean(state["n"], np.square(grad + ahead * d), beta3)
    new = (theta - rate * (m / q1 + ahead * w / q2) / (np.sqrt(n / q3) + epsilon)) / shrink
    return new, {"m": m, "w": w, "n": n, "g_before": grad.copy()}


@program("m", "w", "n", "g_before")
def folded(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, beta3: float, eps: float, weight_decay: float
) -> Result:
    """beta2/(1 - beta2^t) is one number, and so is 1/(1 + lr weight_decay): the first is too large for float16 where beta2 is all but 1."""
    rate, epsilon, ahead, q1, q3 = rounded(theta, lr, eps, beta2, 1 - beta1**t, 1 - beta3**t)
    share, shrink = rounded(theta, beta2 / (1 - beta2**t), 1 / (1 + lr * weight_decay))
    d = grad - state["g_before"] if t > 1 else grad * 0
    m, w = lerp(state["m"], grad, beta1), lerp(state["w"], d, beta2)
    looked = grad + ahead * d
    n = lerp(state["n"], looked * looked, beta3)
    new = (theta - rate * ((m / q1 + share * w) / (np.sqrt(n / q3) + epsilon))) * shrink
    return new, {"m": m, "w": w, "n": n, "g_before": grad.copy()}


@program("m", "w", "n", "g_before")
def two_steps(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, beta3: float, eps: float, weight_decay: float
) -> Result:
    """The step of the mean, then that of its change, as the authors' fused code has them."""
    epsilon, ahead, q3, shrink = rounded(theta, eps, beta2, 1 - beta3**t, 1 + lr * weight_decay)
    step, step_of_change = rounded(theta, lr / (1 - beta1**t), lr * beta2 / (1 - beta2**t))
    d = grad - state["g_before"] if t > 1 else np.zeros_like(grad)
    m, w = mean(state["m"], grad, beta1), mean(state["w"], d, beta2)
    n = mean(state["n"], np.square(ahead * d + grad), beta3)
    denominator = np.sqrt(n / q3) + epsilon
    new = theta - step * m / denominator
    new = (new - step_of_change * w / denominator) / shrink
    return new, {"m": m, "w": w, "n": n, "g_before": grad.copy()}


@program("m", "w", "n", "g_before")
def change_turned(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, beta3: float, eps: float, weight_decay: float
) -> Result:
    """The change with the other sign; the gradient before is subtracted in place."""
    rate, epsilon, ahead, q1, q2, q3, shrink = rounded(theta, -lr, eps, -beta2, 1 - beta1**t, 1 - beta2**t, 1 - beta3**t, 1 + lr * weight_decay)
    back = state["g_before"].copy() if t > 1 else grad.copy()
    back -= grad
    m, w = mean(state["m"], grad, beta1), mean(state["w"], -back, beta2)
    n = mean(state["n"], np.square(grad + ahead * back), beta3)
    new = (theta + rate * (m / q1 - ahead * w / q2) / (epsilon + np.sqrt(n / q3))) / shrink
    return new, {"m": m, "w": w, "n": n, "g_before": grad.copy()}


@program("m", "w", "n", "g_before")
def scaled_square(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, beta3: float, eps: float, weight_decay: float
) -> Result:
    """((1 - beta3) y) y for (1 - beta3) y^2; the denominators first."""
    rate, epsilon, ahead, q1, q2, q3, shrink = rounded(theta, lr, eps, beta2, 1 - beta1**t, 1 - beta2**t, 1 - beta3**t, 1 + lr * weight_decay)
    keep3, take3 = rounded(theta, beta3, 1 - beta3)
    d = grad - state["g_before"] if t > 1 else np.zeros_like(grad)
    m, w = mean(state["m"], grad, beta1), mean(state["w"], d, beta2)
    looked = grad + ahead * d
    n = keep3 * state["n"] + take3 * looked * looked
    rates = rate / (np.sqrt(n / q3) + epsilon)
    new = (theta - rates * (m / q1 + ahead * (w / q2))) / shrink
    return new, {"m": m, "w": w, "n": n, "g_before": grad.copy()}


@program("m", "w", "n", "g_before")
def fused(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, beta3: float, eps: float, weight_decay: float
) -> Result:
    """Means, the gradient looked ahead and theta by fused multiply-adds."""
    rate, epsilon, ahead, q1, q2, q3, shrink = rounded(theta, -lr, eps, beta2, 1 - beta1**t, 1 - beta2**t, 1 - beta3**t, 1 + lr * weight_decay)
    keep1, take1, keep2, take2, keep3, take3 = rounded(theta, beta1, 1 - beta1, beta2, 1 - beta2, beta3, 1 - beta3)
    d = grad - state["g_before"] if t > 1 else np.zeros_like(grad)
    m, w = fma(keep1, state["m"], take1 * grad), fma(keep2, state["w"], take2 * d)
    looked = fma(ahead, d, grad)
    n = fma(keep3, state["n"], take3 * looked * looked)
    new = fma(rate, (m / q1 + ahead * w / q2) / (np.sqrt(n / q3) + epsilon), theta) / shrink
    return new, {"m": m, "w": w, "n": n, "g_before": grad.copy()}


@program("m", "w", "n", "g_before")
def wide_accumulation(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, beta3: float, eps: float, weight_decay: float
) -> Result:
    """Computed in long double; theta uses the means before they are rounded."""
    x, g, m, w, n, before = wide(theta, grad, state["m"], state["w"], state["n"], state["g_before"])
    d = g - before if t > 1 else g * 0
    m = np.longdouble(beta1) * m + np.longdouble(1 - beta1) * g
    w = np.longdouble(beta2) * w + np.longdouble(1 - beta2) * d
    n = np.longdouble(beta3) * n + np.longdouble(1 - beta3) * (g + np.longdouble(beta2) * d) ** 2
    step = m / np.longdouble(1 - beta1**t) + np.longdouble(beta2 / (1 - beta2**t)) * w
    new = (x - np.longdouble(lr) * step / (np.sqrt(n / np.longdouble(1 - beta3**t)) + np.longdouble(eps))) / np.longdouble(1 + lr * weight_decay)
    return store(new, theta), {"m": store(m, theta), "w": store(w, theta), "n": store(n, theta), "g_before": grad.copy()}


@program("m", "w", "n", "g_before")
def float32_between(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, beta3: float, eps: float, weight_decay: float
) -> Result:
    """float32 arithmetic for a narrower format."""
    x, g, m, w, n, before = single(theta, grad, state["m"], state["w"], state["n"], state["g_before"])
    d = g - before if t > 1 else g * 0
    m = np.float32(beta1) * m + np.float32(1 - beta1) * g
    w = np.float32(beta2) * w + np.float32(1 - beta2) * d
    n = np.float32(beta3) * n + np.float32(1 - beta3) * np.square(g + np.float32(beta2) * d)
    step = m / np.float32(1 - beta1**t) + np.float32(beta2 / (1 - beta2**t)) * w
    new = (x - np.float32(lr) * step / (np.sqrt(n / np.float32(1 - beta3**t)) + np.float32(eps))) / np.float32(1 + lr * weight_decay)
    return store(new, theta), {"m": store(m, theta), "w": store(w, theta), "n": store(n, theta), "g_before": grad.copy()}


PROGRAMS = (
    correct("adan", textbook),
    correct("adan", folded, WIDE_RANGE),
    correct("adan", two_steps),
    correct("adan", change_turned),
    correct("adan", scaled_square, WIDE_RANGE),
    correct("adan", fused),
    correct("adan", wide_accumulation),
    correct("adan", float32_between, NARROW),
)
