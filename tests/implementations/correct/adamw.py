"""AdamW: theta - lr weight_decay theta - lr m_hat/(sqrt(v_hat) + eps)."""

from __future__ import annotations

import math

import numpy as np

from ..arithmetic import divide, each, fma, lerp, mean, root, round_float, rounded, running_powers, single, store, wide
from ..program import NARROW, Array, Result, State, correct, program


@program("m", "v")
def textbook(
    theta: Array,
    grad: Array,
    state: State,
    t: int,
    *,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weight_decay: float,
) -> Result:
    """(theta - (lr weight_decay) theta) - step, as written."""
    rate, epsilon, q1, q2, decay = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t, lr * weight_decay)
    m = mean(state["m"], grad, beta1)
    v = mean(state["v"], grad * grad, beta2)
    return theta - decay * theta - rate * (m / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def shrunk_first(
    theta: Array,
    grad: Array,
    state: State,
    t: int,
    *,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weight_decay: float,
) -> Result:
    """theta (1 - lr weight_decay) - (lr/q1) (m/(sqrt(v)/sqrt(q2) + eps)), as torch."""
    shrink, step_size, root_of_q2, epsilon = rounded(
        theta, 1 - lr * weight_decay, lr / (1 - beta1**t), math.sqrt(1 - beta2**t), eps
    )
    m = lerp(state["m"], grad, beta1)
    v = mean(state["v"], grad * grad, beta2)
    return theta * shrink - step_size * (m / (np.sqrt(v) / root_of_q2 + epsilon)), {"m": m, "v": v}


@program("m", "v")
def decay_last(
    theta: Array,
    grad: Array,
    state: State,
    t: int,
    *,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weight_decay: float,
) -> Result:
    """(theta - step) - lr (weight_decay theta), theta the old one."""
    rate, epsilon, q1, q2, decay = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t, weight_decay)
    m = mean(state["m"], grad, beta1)
    v = mean(state["v"], grad * grad, beta2)
    step = rate * (m / q1 / (np.sqrt(v / q2) + epsilon))
    return (theta - step) - rate * (decay * theta), {"m": m, "v": v}


@program("m", "v")
def rate_outside(
    theta: Array,
    grad: Array,
    state: State,
    t: int,
    *,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weight_decay: float,
) -> Result:
    """theta - lr (m_hat/(sqrt(v_hat) + eps) + weight_decay theta), as in the paper."""
    rate, epsilon, q1, q2, decay = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t, weight_decay)
    m = mean(state["m"], grad, beta1)
    v = lerp(state["v"], grad * grad, beta2)
    return theta - rate * (m / q1 / (np.sqrt(v / q2) + epsilon) + decay * theta), {"m": m, "v": v}


@program("m", "v")
def fused(
    theta: Array,
    grad: Array,
    state: State,
    t: int,
    *,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weight_decay: float,
) -> Result:
    """Decay, moments and step by fused multiply-adds."""
    decay, step_size, q2, epsilon = rounded(theta, -lr * weight_decay, -lr / (1 - beta1**t), 1 - beta2**t, eps)
    keep1, take1, keep2, take2 = rounded(theta, beta1, 1 - beta1, beta2, 1 - beta2)
    m = fma(take1, grad, keep1 * state["m"])
    v = fma(take2, grad * grad, keep2 * state["v"])
    return fma(step_size, m / (np.sqrt(v / q2) + epsilon), fma(decay, theta, theta)), {"m": m, "v": v}


@program("m", "v")
def running_products(
    theta: Array,
    grad: Array,
    state: State,
    t: int,
    *,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weight_decay: float,
) -> Result:
    """b^t as a running product in binary64, kept under a private key; epsilon rescaled."""
    (power1, power2), record = running_powers(state, t, beta1, beta2)
    root_of_q2 = math.sqrt(1 - power2)
    shrink, rate, epsilon = rounded(theta, 1 - lr * weight_decay, lr * root_of_q2 / (1 - power1), eps * root_of_q2)
    m = mean(state["m"], grad, beta1)
    v = mean(state["v"], grad * grad, beta2)
    return shrink * theta - rate * m / (np.sqrt(v) + epsilon), {"m": m, "v": v, "powers": record}


@program("m", "v")
def wide_accumulation(
    theta: Array,
    grad: Array,
    state: State,
    t: int,
    *,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weight_decay: float,
) -> Result:
    """Computed in long double; theta uses the moments before they are rounded."""
    x, g, m, v = wide(theta, grad, state["m"], state["v"])
    number = np.longdouble
    m = number(beta1) * m + number(1 - beta1) * g
    v = number(beta2) * v + number(1 - beta2) * (g * g)
    step = m / number(1 - beta1**t) / (np.sqrt(v / number(1 - beta2**t)) + number(eps))
    new = x - number(lr) * (number(weight_decay) * x + step)
    return store(new, theta), {"m": store(m, theta), "v": store(v, theta)}


@program("m", "v")
def float32_between(
    theta: Array,
    grad: Array,
    state: State,
    t: int,
    *,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weight_decay: float,
) -> Result:
    """float32 arithmetic for a narrower format, the decayed theta kept in float32."""
    x, g, m, v = single(theta, grad, state["m"], state["v"])
    keep1, take1, keep2, take2 = rounded(x, beta1, 1 - beta1, beta2, 1 - beta2)
    shrink, rate, q1, q2, epsilon = rounded(x, 1 - lr * weight_decay, lr, 1 - beta1**t, 1 - beta2**t, eps)
    m = keep1 * m + take1 * g
    v = keep2 * v + take2 * g * g
    new = shrink * x - rate * (m / q1) / (np.sqrt(v / q2) + epsilon)
    return store(new, theta), {"m": store(m, theta), "v": store(v, theta)}


@program("m", "v")
def summed_by_fsum(
    theta: Array,
    grad: Array,
    state: State,
    t: int,
    *,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weight_decay: float,
) -> Result:
    """A loop in binary64 that leaves the three terms of theta to math.fsum; a narrower format is rounded at stores."""
    name = theta.dtype.name
    q1, q2, decay = 1 - beta1**t, 1 - beta2**t, lr * weight_decay

    def update(x: float, g: float, m: float, v: float) -> tuple[float, float, float]:
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * (g * g)
        terms = (x, -decay * x, -lr * divide(m / q1, root(v / q2) + eps))
        total = math.fsum(terms) if all(map(math.isfinite, terms)) else sum(terms)
        return round_float(total, name), round_float(m, name), round_float(v, name)

    new, m, v = each(update, theta, grad, state["m"], state["v"])
    return new, {"m": m, "v": v}


PROGRAMS = (
    correct("adamw", textbook),
    correct("adamw", shrunk_first),
    correct("adamw", decay_last),
    correct("adamw", rate_outside),
    correct("adamw", fused),
    correct("adamw", running_products),
    correct("adamw", wide_accumulation),
    correct("adamw", float32_between, NARROW),
    correct("adamw", summed_by_fsum),
)
