"""Adam's variants: `eps_hat`, `eps_in_sqrt`, `uncorrected`, `l2`. b1, b2 are the decay rates; q1, q2 are 1 - b1^t, 1 - b2^t."""

from __future__ import annotations

import math

import numpy as np

from ..arithmetic import (
    fma,
    lerp,
    mean,
    rounded,
    running_powers,
    store,
    wide,
)
from ..program import WIDE_RANGE, Array, Result, State, correct, program

# adam/eps_hat: theta -= lr sqrt(q2)/q1 m/(sqrt(v) + eps)


@program("m", "v")
def hat_textbook(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """As written, the rate of the step from binary64."""
    rate, epsilon = rounded(theta, lr * math.sqrt(1 - beta2**t) / (1 - beta1**t), eps)
    m = mean(state["m"], grad, beta1)
    v = mean(state["v"], grad * grad, beta2)
    return theta - rate * m / (np.sqrt(v) + epsilon), {"m": m, "v": v}


@program("m", "v")
def hat_quotient_first(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """lr (sqrt(q2) ((m/q1)/(sqrt(v) + eps))), means as lerp."""
    rate, root_of_q2, q1, epsilon = rounded(theta, lr, math.sqrt(1 - beta2**t), 1 - beta1**t, eps)
    m = lerp(state["m"], grad, beta1)
    v = lerp(state["v"], grad * grad, beta2)
    return theta - rate * (root_of_q2 * (m / q1 / (np.sqrt(v) + epsilon))), {"m": m, "v": v}


@program("m", "v")
def hat_running_products(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """b^t as a running product in binary64, kept under a private key; theta fused."""
    (power1, power2), record = running_powers(state, t, beta1, beta2)
    rate, epsilon = rounded(theta, -lr * math.sqrt(1 - power2) / (1 - power1), eps)
    m = mean(state["m"], grad, beta1)
    v = mean(state["v"], grad * grad, beta2)
    return fma(rate, m / (np.sqrt(v) + epsilon), theta), {"m": m, "v": v, "powers": record}


@program("m", "v")
def hat_wide(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Computed in long double; theta uses the moments before they are rounded."""
    x, g, m, v = wide(theta, grad, state["m"], state["v"])
    number = np.longdouble
    m = number(beta1) * m + number(1 - beta1) * g
    v = number(beta2) * v + number(1 - beta2) * (g * g)
    rate = number(lr) * np.sqrt(number(1 - beta2**t)) / number(1 - beta1**t)
    new = x - rate * m / (np.sqrt(v) + number(eps))
    return store(new, theta), {"m": store(m, theta), "v": store(v, theta)}


# adam/eps_in_sqrt: theta -= lr m_hat/sqrt(v_hat + eps)


@program("m", "v")
def inside_textbook(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """As written, one rounding for each operation."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m = mean(state["m"], grad, beta1)
    v = mean(state["v"], grad * grad, beta2)
    return theta - rate * (m / q1) / np.sqrt(v / q2 + epsilon), {"m": m, "v": v}


@program("m", "v")
def inside_reciprocal_root(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """((lr/q1) m) (1/sqrt(v (1/q2) + eps))."""
    step_size, inverse, epsilon, one = rounded(theta, lr / (1 - beta1**t), 1 / (1 - beta2**t), eps, 1.0)
    m = lerp(state["m"], grad, beta1)
    v = lerp(state["v"], grad * grad, beta2)
    return theta - step_size * m * (one / np.sqrt(v * inverse + epsilon)), {"m": m, "v": v}


@program("m", "v")
def inside_rescaled_eps(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """lr_t = lr sqrt(q2)/q1 and eps q2 under the root of v, v fused."""
    q2 = 1 - beta2**t
    rate, epsilon = rounded(theta, lr * math.sqrt(q2) / (1 - beta1**t), eps * q2)
    keep, take = rounded(theta, beta2, 1 - beta2)
    m = mean(state["m"], grad, beta1)
    v = fma(take * grad, grad, keep * state["v"])
    return theta - rate * (m / np.sqrt(v + epsilon)), {"m": m, "v": v}


@program("m", "v")
def inside_wide(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Computed in long double; theta uses the moments as they are stored."""
    x, g, m, v = wide(theta, grad, state["m"], state["v"])
    number = np.longdouble
    stored_m = store(number(beta1) * m + number(1 - beta1) * g, theta)
    stored_v = store(number(beta2) * v + number(1 - beta2) * (g * g), theta)
    m, v = wide(stored_m, stored_v)
    new = x - number(lr) * m / number(1 - beta1**t) / np.sqrt(v / number(1 - beta2**t) + number(eps))
    return store(new, theta), {"m": stored_m, "v": stored_v}


# adam/uncorrected: theta -= lr m/(sqrt(v) + eps)


@program("m", "v")
def uncorrected_textbook(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """As written, one rounding for each operation."""
    rate, epsilon = rounded(theta, lr, eps)
    m = mean(state["m"], grad, beta1)
    v = mean(state["v"], grad * grad, beta2)
    return theta - rate * m / (np.sqrt(v) + epsilon), {"m": m, "v": v}


@program("m", "v")
def uncorrected_fused(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Means as lerp, theta by a fused multiply-add with the quotient."""
    rate, epsilon = rounded(theta, -lr, eps)
    m = lerp(state["m"], grad, beta1)
    v = lerp(state["v"], grad * grad, beta2)
    return fma(rate, m / (np.sqrt(v) + epsilon), theta), {"m": m, "v": v}


@program("m", "v")
def uncorrected_reciprocal(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """m (lr (1/(sqrt(v) + eps)))."""
    rate, epsilon, one, keep, take = rounded(theta, lr, eps, 1.0, beta2, 1 - beta2)
    m = mean(state["m"], grad, beta1)
    v = keep * state["v"] + grad * (take * grad)
    return theta - m * (rate * (one / (np.sqrt(v) + epsilon))), {"m": m, "v": v}


# adam/l2: g + weight_decay theta for g


@program("m", "v")
def l2_textbook(
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
    """As written, one rounding for each operation."""
    rate, epsilon, q1, q2, decay = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t, weight_decay)
    g = grad + decay * theta
    m = mean(state["m"], g, beta1)
    v = mean(state["v"], g * g, beta2)
    return theta - rate * (m / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def l2_fused(
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
    """The decayed gradient by a fused multiply-add; corrections folded."""
    step_size, root_of_q2, epsilon, decay = rounded(
        theta, lr / (1 - beta1**t), math.sqrt(1 - beta2**t), eps, weight_decay
    )
    g = fma(decay, theta, grad)
    m = lerp(state["m"], g, beta1)
    v = mean(state["v"], g * g, beta2)
    return theta - step_size * (m / (np.sqrt(v) / root_of_q2 + epsilon)), {"m": m, "v": v}


@program("m", "v")
def l2_wide(
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
    """Computed in long double; theta uses everything before it is rounded."""
    x, g, m, v = wide(theta, grad, state["m"], state["v"])
    number = np.longdouble
    g = g + number(weight_decay) * x
    m = number(beta1) * m + number(1 - beta1) * g
    v = number(beta2) * v + number(1 - beta2) * (g * g)
    new = x - number(lr) * (m / number(1 - beta1**t)) / (np.sqrt(v / number(1 - beta2**t)) + number(eps))
    return store(new, theta), {"m": store(m, theta), "v": store(v, theta)}


PROGRAMS = (
    correct("adam/eps_hat", hat_textbook),
    correct("adam/eps_hat", hat_quotient_first),
    correct("adam/eps_hat", hat_running_products),
    correct("adam/eps_hat", hat_wide),
    correct("adam/eps_in_sqrt", inside_textbook),
    correct("adam/eps_in_sqrt", inside_reciprocal_root, WIDE_RANGE),
    correct("adam/eps_in_sqrt", inside_rescaled_eps),
    correct("adam/eps_in_sqrt", inside_wide),
    correct("adam/uncorrected", uncorrected_textbook),
    correct("adam/uncorrected", uncorrected_fused),
    correct("adam/uncorrected", uncorrected_reciprocal, WIDE_RANGE),
    correct("adam/l2", l2_textbook),
    correct("adam/l2", l2_fused),
    correct("adam/l2", l2_wide),
)
