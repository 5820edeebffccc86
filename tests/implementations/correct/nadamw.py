"""NAdam of a constant momentum with decoupled weight decay."""

from __future__ import annotations

import numpy as np

from ..arithmetic import chunks, divide, each, fma, lerp, mean, root, round_float, rounded, single, store, wide
from ..program import NARROW, Array, Result, State, correct, program


@program("m", "v")
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """As written: the corrected look-ahead over the corrected root, and the decay."""
    rate, epsilon, decay, b1, take, q_next, q1, q2 = rounded(
        theta, lr, eps, lr * weight_decay, beta1, 1 - beta1, 1 - beta1 ** (t + 1), 1 - beta1**t, 1 - beta2**t
    )
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    ahead = b1 * m / q_next + take * grad / q1
    return theta - decay * theta - rate * ahead / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def folded(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """Each coefficient one number; theta shrinks first."""
    rate, epsilon, shrink, of_m, of_g, q2 = rounded(
        theta, lr, eps, 1 - lr * weight_decay, beta1 / (1 - beta1 ** (t + 1)), (1 - beta1) / (1 - beta1**t), 1 - beta2**t
    )
    m, v = lerp(state["m"], grad, beta1), mean(state["v"], np.square(grad), beta2)
    return theta * shrink - rate * ((of_m * m + of_g * grad) / (np.sqrt(v / q2) + epsilon)), {"m": m, "v": v}


@program("m", "v")
def one_update(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """lr times the sum of step and decay, as optax chains them."""
    rate, epsilon, decay, of_m, of_g, q2 = rounded(theta, -lr, eps, weight_decay, beta1 / (1 - beta1 ** (t + 1)), (1 - beta1) / (1 - beta1**t), 1 - beta2**t)
    m, v = mean(state["m"], grad, beta1), lerp(state["v"], grad * grad, beta2)
    return theta + rate * ((of_m * m + of_g * grad) / (np.sqrt(v / q2) + epsilon) + decay * theta), {"m": m, "v": v}


@program("m", "v")
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """Computed in long double; theta uses the moments before they are rounded."""
    x, g, m, v = wide(theta, grad, state["m"], state["v"])
    m = np.longdouble(beta1) * m + np.longdouble(1 - beta1) * g
    v = np.longdouble(beta2) * v + np.longdouble(1 - beta2) * g * g
    ahead = np.longdouble(beta1 / (1 - beta1 ** (t + 1))) * m + np.longdouble((1 - beta1) / (1 - beta1**t)) * g
    step = np.longdouble(lr) * ahead / (np.sqrt(v / np.longdouble(1 - beta2**t)) + np.longdouble(eps))
    return store(x - np.longdouble(lr * weight_decay) * x - step, theta), {"m": store(m, theta), "v": store(v, theta)}


@program("m", "v")
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """Fused multiply-adds."""
    rate, epsilon, decay, of_m, of_g, q2 = rounded(
        theta, -lr, eps, -lr * weight_decay, beta1 / (1 - beta1 ** (t + 1)), (1 - beta1) / (1 - beta1**t), 1 - beta2**t
    )
    keep1, take1, keep2, take2 = rounded(theta, beta1, 1 - beta1, beta2, 1 - beta2)
    m = fma(take1, grad, keep1 * state["m"])
    v = fma(keep2, state["v"], take2 * grad * grad)
    return fma(rate, fma(of_m, m, of_g * grad) / (np.sqrt(v / q2) + epsilon), fma(decay, theta, theta)), {"m": m, "v": v}


@program("m", "v")
def float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """float32 arithmetic for a narrower format."""
    x, g, m, v = single(theta, grad, state["m"], state["v"])
    m = np.float32(beta1) * m + np.float32(1 - beta1) * g
    v = np.float32(beta2) * v + np.float32(1 - beta2) * (g * g)
    ahead = np.float32(beta1 / (1 - beta1 ** (t + 1))) * m + np.float32((1 - beta1) / (1 - beta1**t)) * g
    step = ahead / (np.sqrt(v / np.float32(1 - beta2**t)) + np.float32(eps)) + np.float32(weight_decay) * x
    return store(x - np.float32(lr) * step, theta), {"m": store(m, theta), "v": store(v, theta)}


@program("m", "v")
def in_place(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """In place on private copies, nine elements at a time; the decay in one pass, the two parts of the step in others."""
    epsilon, shrink, of_m, of_g, q2 = rounded(
        theta, eps, 1 - lr * weight_decay, lr * beta1 / (1 - beta1 ** (t + 1)), lr * (1 - beta1) / (1 - beta1**t), 1 - beta2**t
    )
    keep1, take1, keep2, take2 = rounded(theta, beta1, 1 - beta1, beta2, 1 - beta2)
    new, m, v, g = theta.flatten(), state["m"].flatten(), state["v"].flatten(), grad.ravel()
    new *= shrink
    for part in chunks(theta.size, 9):
        m[part] *= keep1
        m[part] += take1 * g[part]
        v[part] *= keep2
        v[part] += take2 * (g[part] * g[part])
        divisor = np.sqrt(v[part] / q2)
        divisor += epsilon
        new[part] -= of_m * m[part] / divisor
        new[part] -= of_g * g[part] / divisor
    return new.reshape(theta.shape), {"m": m.reshape(theta.shape), "v": v.reshape(theta.shape)}


@program("m", "v")
def element_loop(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """A loop over Python floats, each result rounded to the format by integer arithmetic."""
    name = theta.dtype.name

    def r(value: float) -> float:
        return round_float(value, name)

    rate, epsilon, decay, q_next, q1, q2 = map(r, (lr, eps, lr * weight_decay, 1 - beta1 ** (t + 1), 1 - beta1**t, 1 - beta2**t))
    keep1, take1, keep2, take2 = map(r, (beta1, 1 - beta1, beta2, 1 - beta2))

    def update(x: float, g: float, m: float, v: float) -> tuple[float, float, float]:
        m = r(r(keep1 * m) + r(take1 * g))
        v = r(r(keep2 * v) + r(take2 * r(g * g)))
        ahead = r(r(divide(r(keep1 * m), q_next)) + r(divide(r(take1 * g), q1)))
        return r(r(x - r(decay * x)) - r(divide(r(rate * ahead), r(r(root(r(divide(v, q2)))) + epsilon)))), m, v

    new, m, v = each(update, theta, grad, state["m"], state["v"])
    return new, {"m": m, "v": v}


PROGRAMS = (
    *(correct("nadamw", make) for make in (textbook, folded, one_update, wide_accumulation, fused, in_place, element_loop)),
    correct("nadamw", float32_between, NARROW),
)
