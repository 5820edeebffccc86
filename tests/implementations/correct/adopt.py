"""ADOPT: the gradient over the root of the second moment of the update before, clipped and then averaged; the first update only sees."""

from __future__ import annotations

import numpy as np

from ..arithmetic import fma, lerp, mean, rounded, single, store, wide
from ..program import NARROW, WIDE_RANGE, Array, Result, State, correct, program


def limit(t: int) -> float:
    """The fourth root of the number of gradients before this one."""
    return float((t - 1) ** 0.25)


def clipped(x: Array, c: Array) -> Array:
    """No larger than c."""
    return np.minimum(np.maximum(x, -c), c)


@program("m", "v")
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """As written; the first update sets v and returns."""
    if t == 1:
        return theta.copy(), {"m": state["m"], "v": np.square(grad)}
    rate, epsilon, c = rounded(theta, lr, eps, limit(t))
    m = mean(state["m"], clipped(grad / np.maximum(np.sqrt(state["v"]), epsilon), c), beta1)
    return theta - rate * m, {"m": m, "v": mean(state["v"], np.square(grad), beta2)}


@program("m", "v")
def chosen_last(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """Everything is computed in the first update too, and then not chosen: 1/eps is too large for float16."""
    rate, epsilon, c = rounded(theta, lr, eps, limit(t))
    later = np.full(grad.shape, t > 1)
    normed = clipped(grad / np.maximum(np.sqrt(state["v"]), epsilon), c)
    m = np.where(later, mean(state["m"], normed, beta1), state["m"])
    return theta - rate * m, {"m": m, "v": np.where(later, mean(state["v"], np.square(grad), beta2), np.square(grad))}


@program("m", "v")
def lerps(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """Both averages as steps from the end that weighs more; the root of the root of t - 1."""
    if t == 1:
        return theta.copy(), {"m": state["m"], "v": grad * grad}
    rate, epsilon, c = rounded(theta, -lr, eps, np.sqrt(np.sqrt(t - 1)))
    m = lerp(state["m"], clipped(grad / np.maximum(epsilon, np.sqrt(state["v"])), c), beta1)
    return theta + rate * m, {"m": m, "v": lerp(state["v"], grad * grad, beta2)}


@program("m", "v")
def compared_before(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """The size of the gradient is compared with c times its divisor: only what is below it is divided."""
    if t == 1:
        return theta.copy(), {"m": state["m"], "v": np.square(grad)}
    rate, epsilon, c = rounded(theta, lr, eps, limit(t))
    divisor = np.maximum(np.sqrt(state["v"]), epsilon)
    cut = np.where(np.abs(grad) > c * divisor, np.copysign(c, grad), grad / divisor)
    m = mean(state["m"], cut, beta1)
    return theta - rate * m, {"m": m, "v": mean(state["v"], np.square(grad), beta2)}


@program("m", "v")
def reciprocal(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """The gradient times one over its divisor; eps by a comparison."""
    if t == 1:
        return theta.copy(), {"m": state["m"], "v": np.square(grad)}
    rate, epsilon, c, one = rounded(theta, lr, eps, limit(t), 1.0)
    root = np.sqrt(state["v"])
    m = mean(state["m"], clipped(grad * (one / np.where(root > epsilon, root, epsilon)), c), beta1)
    return theta - rate * m, {"m": m, "v": mean(state["v"], np.square(grad), beta2)}


@program("m", "v")
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """Averages and theta by fused multiply-adds."""
    if t == 1:
        return theta.copy(), {"m": state["m"], "v": grad * grad}
    rate, epsilon, c, keep1, take1, keep2, take2 = rounded(theta, -lr, eps, limit(t), beta1, 1 - beta1, beta2, 1 - beta2)
    m = fma(keep1, state["m"], take1 * clipped(grad / np.maximum(np.sqrt(state["v"]), epsilon), c))
    return fma(rate, m, theta), {"m": m, "v": fma(keep2, state["v"], take2 * grad * grad)}


@program("m", "v")
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """Computed in long double; theta uses the average before it is rounded."""
    x, g, m, v = wide(theta, grad, state["m"], state["v"])
    if t == 1:
        return theta.copy(), {"m": state["m"], "v": store(g * g, theta)}
    c = np.longdouble(limit(t))
    m = np.longdouble(beta1) * m + np.longdouble(1 - beta1) * clipped(g / np.maximum(np.sqrt(v), np.longdouble(eps)), c)
    v = np.longdouble(beta2) * v + np.longdouble(1 - beta2) * g * g
    return store(x - np.longdouble(lr) * m, theta), {"m": store(m, theta), "v": store(v, theta)}


@program("m", "v")
def float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """float32 arithmetic for a narrower format."""
    x, g, m, v = single(theta, grad, state["m"], state["v"])
    if t == 1:
        return theta.copy(), {"m": state["m"], "v": store(g * g, theta)}
    c = np.float32(limit(t))
    m = np.float32(beta1) * m + np.float32(1 - beta1) * clipped(g / np.maximum(np.sqrt(v), np.float32(eps)), c)
    v = np.float32(beta2) * v + np.float32(1 - beta2) * np.square(g)
    return store(x - np.float32(lr) * m, theta), {"m": store(m, theta), "v": store(v, theta)}


PROGRAMS = (
    correct("adopt", textbook),
    correct("adopt", chosen_last, WIDE_RANGE),
    correct("adopt", lerps),
    correct("adopt", compared_before),
    correct("adopt", reciprocal, WIDE_RANGE),
    correct("adopt", fused),
    correct("adopt", wide_accumulation),
    correct("adopt", float32_between, NARROW),
)
