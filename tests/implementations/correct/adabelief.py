"""AdaBelief: the mean square of the gradient's distance from its mean."""

from __future__ import annotations

import numpy as np

from ..arithmetic import chunks, divide, each, fma, lerp, mean, root, round_float, rounded, single, store, wide
from ..program import NARROW, Array, Result, State, correct, program


@program("m", "s")
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> Result:
    """As written, one rounding for each operation."""
    rate, epsilon, inner, q1, q2 = rounded(theta, lr, eps, eps_root, 1 - beta1**t, 1 - beta2**t)
    m = mean(state["m"], grad, beta1)
    s = mean(state["s"], (grad - m) * (grad - m), beta2) + inner
    return theta - rate * (m / q1) / (np.sqrt(s / q2) + epsilon), {"m": m, "s": s}


@program("m", "s")
def residual(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> Result:
    """m - g as a buffer, squared; lr/(1 - beta1^t) is one number."""
    rate, epsilon, inner, q2 = rounded(theta, -lr / (1 - beta1**t), eps, eps_root, 1 - beta2**t)
    m = lerp(state["m"], grad, beta1)
    residual = m - grad
    s = inner + mean(state["s"], np.square(residual), beta2)
    return theta + rate * m / (np.sqrt(s / q2) + epsilon), {"m": m, "s": s}


@program("m", "s")
def lerp_means(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> Result:
    """Both means as a step from the old value."""
    rate, epsilon, inner, q1, q2 = rounded(theta, lr, eps, eps_root, 1 - beta1**t, 1 - beta2**t)
    m = lerp(state["m"], grad, beta1)
    s = lerp(state["s"], np.square(grad - m), beta2) + inner
    return theta - rate * (m / q1 / (np.sqrt(s / q2) + epsilon)), {"m": m, "s": s}


@program("m", "s")
def scaled_square(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> Result:
    """((1 - beta2) (g - m)) (g - m), epsilon added to the old mean first."""
    rate, epsilon, inner, keep, take, q1, q2 = rounded(theta, lr, eps, eps_root, beta2, 1 - beta2, 1 - beta1**t, 1 - beta2**t)
    m = mean(state["m"], grad, beta1)
    apart = grad - m
    s = (keep * state["s"] + inner) + take * apart * apart
    return theta - rate * (m / q1) / (np.sqrt(s / q2) + epsilon), {"m": m, "s": s}


@program("m", "s")
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> Result:
    """Means and theta by fused multiply-adds."""
    rate, epsilon, inner, q1, q2 = rounded(theta, -lr, eps, eps_root, 1 - beta1**t, 1 - beta2**t)
    keep1, take1, keep2, take2 = rounded(theta, beta1, 1 - beta1, beta2, 1 - beta2)
    m = fma(take1, grad, keep1 * state["m"])
    s = fma(keep2, state["s"], fma(take2 * (grad - m), grad - m, inner))
    return fma(rate, m / q1 / (np.sqrt(s / q2) + epsilon), theta), {"m": m, "s": s}


@program("m", "s")
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> Result:
    """Computed in long double; everything before it is rounded."""
    x, g, m, s = wide(theta, grad, state["m"], state["s"])
    m = np.longdouble(beta1) * m + np.longdouble(1 - beta1) * g
    s = np.longdouble(beta2) * s + np.longdouble(1 - beta2) * (g - m) * (g - m) + np.longdouble(eps_root)
    new = x - np.longdouble(lr) * (m / np.longdouble(1 - beta1**t)) / (np.sqrt(s / np.longdouble(1 - beta2**t)) + np.longdouble(eps))
    return store(new, theta), {"m": store(m, theta), "s": store(s, theta)}


@program("m", "s")
def float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> Result:
    """float32 arithmetic for a narrower format; m is used as it is stored."""
    x, g, m, s = single(theta, grad, state["m"], state["s"])
    kept = store(np.float32(beta1) * m + np.float32(1 - beta1) * g, theta)
    m = kept.astype(np.float32)
    s = np.float32(beta2) * s + np.float32(1 - beta2) * ((g - m) * (g - m)) + np.float32(eps_root)
    new = x - np.float32(lr) * (m / np.float32(1 - beta1**t)) / (np.sqrt(s / np.float32(1 - beta2**t)) + np.float32(eps))
    return store(new, theta), {"m": kept, "s": store(s, theta)}


@program("m", "s")
def in_place(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> Result:
    """In place on private copies, nine elements at a time."""
    rate, epsilon, inner, q1, q2 = rounded(theta, lr, eps, eps_root, 1 - beta1**t, 1 - beta2**t)
    keep1, take1, keep2, take2 = rounded(theta, beta1, 1 - beta1, beta2, 1 - beta2)
    new, m, s, g = theta.flatten(), state["m"].flatten(), state["s"].flatten(), grad.ravel()
    for part in chunks(theta.size, 9):
        m[part] *= keep1
        m[part] += take1 * g[part]
        apart = g[part] - m[part]
        apart *= apart
        s[part] *= keep2
        s[part] += take2 * apart
        s[part] += inner
        new[part] -= rate * (m[part] / q1) / (np.sqrt(s[part] / q2) + epsilon)
    return new.reshape(theta.shape), {"m": m.reshape(theta.shape), "s": s.reshape(theta.shape)}


@program("m", "s")
def element_loop(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> Result:
    """A loop over Python floats, each result rounded to the format by integer arithmetic."""
    name = theta.dtype.name

    def r(value: float) -> float:
        return round_float(value, name)

    rate, epsilon, inner, q1, q2 = map(r, (lr, eps, eps_root, 1 - beta1**t, 1 - beta2**t))
    keep1, take1, keep2, take2 = map(r, (beta1, 1 - beta1, beta2, 1 - beta2))

    def update(x: float, g: float, m: float, s: float) -> tuple[float, float, float]:
        m = r(r(keep1 * m) + r(take1 * g))
        apart = r(g - m)
        s = r(r(r(keep2 * s) + r(take2 * r(apart * apart))) + inner)
        return r(x - r(divide(r(rate * r(divide(m, q1))), r(r(root(r(divide(s, q2)))) + epsilon)))), m, s

    new, m, s = each(update, theta, grad, state["m"], state["s"])
    return new, {"m": m, "s": s}


PROGRAMS = (
    correct("adabelief", textbook),
    correct("adabelief", residual),
    correct("adabelief", lerp_means),
    correct("adabelief", scaled_square),
    correct("adabelief", fused),
    correct("adabelief", wide_accumulation),
    correct("adabelief", float32_between, NARROW),
    correct("adabelief", in_place),
    correct("adabelief", element_loop),
)
