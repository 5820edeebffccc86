"""NAdam of a constant momentum with decoupled weight decay."""

from __future__ import annotations

import numpy as np

from ..arithmetic import lerp, mean, rounded, store, wide
from ..program import Array, Result, State, correct, program


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


PROGRAMS = tuple(correct("nadamw", make) for make in (textbook, folded, one_update, wide_accumulation))
