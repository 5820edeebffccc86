"""ACProp, and with the distance from the mean before the gradient (`mean_before`)."""

from __future__ import annotations

import numpy as np

from ..arithmetic import fma, lerp, mean, rounded, single, store, wide
from ..program import NARROW, Array, Result, State, correct, program


@program("m", "s")
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> Result:
    """As written: the step, then the moments."""
    rate, epsilon, inner, first = rounded(theta, lr, eps, eps_root, 1 + eps)
    if t == 1:
        new = theta - rate * (grad / first)
    else:
        (left,) = rounded(theta, 1 - beta2 ** (t - 1))
        new = theta - rate * (grad / (np.sqrt(state["s"] / left) + epsilon))
    m = mean(state["m"], grad, beta1)
    return new, {"m": m, "s": mean(state["s"], (grad - m) * (grad - m), beta2) + inner}


@program("m", "s")
def moments_first(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> Result:
    """The moments first, the old second one kept for the step: a one stands for it at the first update."""
    rate, epsilon, inner = rounded(theta, -lr, eps, eps_root)
    m = lerp(state["m"], grad, beta1)
    s = inner + mean(state["s"], np.square(m - grad), beta2)
    (left,) = rounded(theta, 1 - beta2 ** max(t - 1, 1))
    known = np.ones_like(theta) if t == 1 else state["s"] / left
    return theta + rate * grad / (np.sqrt(known) + epsilon), {"m": m, "s": s}


@program("m", "s")
def chosen(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> Result:
    """Both steps, one chosen by `where`; what is known before the first gradient is 0/0 and thrown away."""
    rate, epsilon, inner, left = rounded(theta, lr, eps, eps_root, 1 - beta2 ** (t - 1))
    with np.errstate(all="ignore"):
        known = np.where(t > 1, state["s"] / left, np.ones_like(theta))
    m = lerp(state["m"], grad, beta1)
    s = lerp(state["s"], np.square(grad - m), beta2) + inner
    return theta - rate * grad / (epsilon + np.sqrt(known)), {"m": m, "s": s}


@program("m", "s")
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> Result:
    """Moments and theta by fused multiply-adds."""
    rate, epsilon, inner, first, left = rounded(theta, -lr, eps, eps_root, 1 + eps, 1 - beta2 ** max(t - 1, 1))
    keep1, take1, keep2, take2 = rounded(theta, beta1, 1 - beta1, beta2, 1 - beta2)
    step = grad / first if t == 1 else grad / (np.sqrt(state["s"] / left) + epsilon)
    m = fma(take1, grad, keep1 * state["m"])
    s = fma(keep2, state["s"], fma(take2 * (grad - m), grad - m, inner))
    return fma(rate, step, theta), {"m": m, "s": s}


@program("m", "s")
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> Result:
    """Computed in long double; everything before it is rounded."""
    x, g, m, s = wide(theta, grad, state["m"], state["s"])
    known = np.ones_like(s) if t == 1 else s / np.longdouble(1 - beta2 ** (t - 1))
    new = x - np.longdouble(lr) * (g / (np.sqrt(known) + np.longdouble(eps)))
    m = np.longdouble(beta1) * m + np.longdouble(1 - beta1) * g
    s = np.longdouble(beta2) * s + np.longdouble(1 - beta2) * (g - m) * (g - m) + np.longdouble(eps_root)
    return store(new, theta), {"m": store(m, theta), "s": store(s, theta)}


@program("m", "s")
def float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> Result:
    """float32 arithmetic for a narrower format; m is used as it is stored."""
    x, g, old_m, old_s = single(theta, grad, state["m"], state["s"])
    known = np.float32(1) if t == 1 else np.sqrt(old_s / np.float32(1 - beta2 ** (t - 1)))
    new = x - np.float32(lr) * (g / (known + np.float32(eps)))
    kept = store(np.float32(beta1) * old_m + np.float32(1 - beta1) * g, theta)
    apart = g - kept.astype(np.float32)
    s = np.float32(beta2) * old_s + np.float32(1 - beta2) * (apart * apart) + np.float32(eps_root)
    return store(new, theta), {"m": kept, "s": store(s, theta)}


@program("m", "s")
def error_of_prediction(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> Result:
    """g - m with the mean before, as optax has it."""
    rate, epsilon, inner, left = rounded(theta, -lr, eps, eps_root, 1 - beta2 ** max(t - 1, 1))
    error = grad - state["m"]
    known = np.ones_like(theta) if t == 1 else state["s"] / left
    s = mean(state["s"], error * error, beta2) + inner
    return theta + rate * (grad / (np.sqrt(known) + epsilon)), {"m": mean(state["m"], grad, beta1), "s": s}


@program("m", "s")
def error_in_long_double(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> Result:
    """The same in long double; one quotient for rate and root."""
    x, g, m, s = wide(theta, grad, state["m"], state["s"])
    known = np.ones_like(s) if t == 1 else s / np.longdouble(1 - beta2 ** (t - 1))
    error = m - g
    s = np.longdouble(beta2) * s + np.longdouble(1 - beta2) * error * error + np.longdouble(eps_root)
    m = np.longdouble(beta1) * m + np.longdouble(1 - beta1) * g
    return store(x - np.longdouble(lr) / (np.sqrt(known) + np.longdouble(eps)) * g, theta), {"m": store(m, theta), "s": store(s, theta)}


PROGRAMS = (
    correct("acprop", textbook),
    correct("acprop", moments_first),
    correct("acprop", chosen),
    correct("acprop", fused),
    correct("acprop", wide_accumulation),
    correct("acprop", float32_between, NARROW),
    correct("acprop/mean_before", error_of_prediction),
    correct("acprop/mean_before", error_in_long_double),
)
