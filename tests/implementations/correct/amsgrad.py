"""AMSGrad: the maximum of the raw v, then corrected (reference), or of the corrected v (`max_hat`)."""

from __future__ import annotations

import math

import numpy as np

from ..arithmetic import (
    chunks,
    divide,
    each,
    fma,
    lerp,
    mean,
    root,
    round_float,
    rounded,
    running_powers,
    single,
    store,
    wide,
)
from ..program import NARROW, WIDE_RANGE, Array, Result, State, correct, program

# amsgrad: v_max = max(v_max, v), theta -= lr (m/q1)/(sqrt(v_max/q2) + eps)


@program("m", "v", "v_max")
def textbook(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """As written, one rounding for each operation."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m = mean(state["m"], grad, beta1)
    v = mean(state["v"], grad * grad, beta2)
    v_max = np.maximum(state["v_max"], v)
    return theta - rate * (m / q1) / (np.sqrt(v_max / q2) + epsilon), {"m": m, "v": v, "v_max": v_max}


@program("m", "v", "v_max")
def folded_corrections(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """(lr/q1) (m/(sqrt(v_max)/sqrt(q2) + eps)), the maximum by a choice."""
    step_size, root_of_q2, epsilon = rounded(theta, lr / (1 - beta1**t), math.sqrt(1 - beta2**t), eps)
    m = lerp(state["m"], grad, beta1)
    v = mean(state["v"], grad * grad, beta2)
    v_max = np.where(v > state["v_max"], v, state["v_max"])
    new = theta - step_size * (m / (np.sqrt(v_max) / root_of_q2 + epsilon))
    return new, {"m": m, "v": v, "v_max": v_max}


@program("m", "v", "v_max")
def maximum_of_roots(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """max(sqrt(v_max), sqrt(v)) for sqrt(max(v_max, v)); epsilon rescaled."""
    root_of_q2 = math.sqrt(1 - beta2**t)
    rate, epsilon = rounded(theta, lr * root_of_q2 / (1 - beta1**t), eps * root_of_q2)
    m = mean(state["m"], grad, beta1)
    v = mean(state["v"], grad * grad, beta2)
    largest = np.maximum(np.sqrt(v), np.sqrt(state["v_max"]))
    new = theta - rate * m / (largest + epsilon)
    return new, {"m": m, "v": v, "v_max": np.maximum(v, state["v_max"])}


@program("m", "v", "v_max")
def reciprocal_denominator(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """1/(sqrt(v_max (1/q2)) + eps), then products; the maximum by a mask."""
    rate, first, inverse, epsilon, one = rounded(theta, lr, 1 - beta1**t, 1 / (1 - beta2**t), eps, 1.0)
    m = mean(state["m"], grad, beta1)
    v = lerp(state["v"], grad * grad, beta2)
    v_max = state["v_max"].copy()
    np.copyto(v_max, v, where=v_max < v)
    new = theta - rate * (m / first) * (one / (np.sqrt(v_max * inverse) + epsilon))
    return new, {"m": m, "v": v, "v_max": v_max}


@program("m", "v", "v_max")
def fused(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Moments and theta by fused multiply-adds; maximum as -min(-a, -b)."""
    step_size, q2, epsilon = rounded(theta, -lr / (1 - beta1**t), 1 - beta2**t, eps)
    keep1, take1, keep2, take2 = rounded(theta, beta1, 1 - beta1, beta2, 1 - beta2)
    m = fma(keep1, state["m"], take1 * grad)
    v = fma(take2 * grad, grad, keep2 * state["v"])
    v_max = -np.minimum(-state["v_max"], -v)
    new = fma(step_size, m / (np.sqrt(v_max / q2) + epsilon), theta)
    return new, {"m": m, "v": v, "v_max": v_max}


@program("m", "v", "v_max")
def wide_accumulation(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Computed in long double; theta uses everything before it is rounded."""
    x, g, m, v, v_max = wide(theta, grad, state["m"], state["v"], state["v_max"])
    number = np.longdouble
    m = number(beta1) * m + number(1 - beta1) * g
    v = number(beta2) * v + number(1 - beta2) * (g * g)
    v_max = np.maximum(v_max, v)
    new = x - number(lr) * (m / number(1 - beta1**t)) / (np.sqrt(v_max / number(1 - beta2**t)) + number(eps))
    return store(new, theta), {"m": store(m, theta), "v": store(v, theta), "v_max": store(v_max, theta)}


@program("m", "v", "v_max")
def float32_between(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """float32 arithmetic for a narrower format; theta uses the state as it is stored."""
    x, g, m, v = single(theta, grad, state["m"], state["v"])
    keep1, take1, keep2, take2 = rounded(x, beta1, 1 - beta1, beta2, 1 - beta2)
    rate, q1, q2, epsilon = rounded(x, lr, 1 - beta1**t, 1 - beta2**t, eps)
    stored_m = store(keep1 * m + take1 * g, theta)
    stored_v = store(keep2 * v + take2 * (g * g), theta)
    v_max = np.maximum(state["v_max"], stored_v)
    m, largest = single(stored_m, v_max)
    new = x - rate * (m / q1) / (np.sqrt(largest / q2) + epsilon)
    return store(new, theta), {"m": stored_m, "v": stored_v, "v_max": v_max}


@program("m", "v", "v_max")
def in_place(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """In place on private copies, seven elements at a time."""
    step_size, root_of_q2, epsilon = rounded(theta, lr / (1 - beta1**t), math.sqrt(1 - beta2**t), eps)
    keep1, take1, keep2, take2 = rounded(theta, beta1, 1 - beta1, beta2, 1 - beta2)
    new, m, v, v_max = (array.flatten() for array in (theta, state["m"], state["v"], state["v_max"]))
    flat = grad.ravel()
    for part in chunks(theta.size, 7):
        g = flat[part]
        m[part] *= keep1
        m[part] += take1 * g
        v[part] *= keep2
        v[part] += take2 * (g * g)
        np.maximum(v_max[part], v[part], out=v_max[part])
        denominator = np.sqrt(v_max[part])
        denominator /= root_of_q2
        denominator += epsilon
        new[part] -= step_size * m[part] / denominator
    shape = theta.shape
    return new.reshape(shape), {"m": m.reshape(shape), "v": v.reshape(shape), "v_max": v_max.reshape(shape)}


# amsgrad/max_hat: v_max = max(v_max, v/q2), theta -= lr (m/q1)/(sqrt(v_max) + eps)


@program("m", "v", "v_max")
def hat_textbook(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """As written, one rounding for each operation."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m = mean(state["m"], grad, beta1)
    v = mean(state["v"], grad * grad, beta2)
    v_max = np.maximum(state["v_max"], v / q2)
    return theta - rate * (m / q1) / (np.sqrt(v_max) + epsilon), {"m": m, "v": v, "v_max": v_max}


@program("m", "v", "v_max")
def hat_factors(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """(lr/q1) m, v (1/q2), b^t as running products under a private key."""
    (power1, power2), record = running_powers(state, t, beta1, beta2)
    step_size, inverse, epsilon = rounded(theta, lr / (1 - power1), 1 / (1 - power2), eps)
    m = lerp(state["m"], grad, beta1)
    v = lerp(state["v"], grad * grad, beta2)
    v_max = np.maximum(v * inverse, state["v_max"])
    new = theta - step_size * m / (np.sqrt(v_max) + epsilon)
    return new, {"m": m, "v": v, "v_max": v_max, "powers": record}


@program("m", "v", "v_max")
def hat_element_loop(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """A loop over Python floats, each result rounded to the format by integer arithmetic."""
    name = theta.dtype.name

    def r(value: float) -> float:
        return round_float(value, name)

    keep1, take1, keep2, take2, rate, epsilon = map(r, (beta1, 1 - beta1, beta2, 1 - beta2, lr, eps))
    q1, q2 = r(1 - beta1**t), r(1 - beta2**t)

    def update(x: float, g: float, m: float, v: float, v_max: float) -> tuple[float, float, float, float]:
        m = r(r(keep1 * m) + r(take1 * g))
        v = r(r(keep2 * v) + r(r(take2 * g) * g))
        v_max = max(v_max, r(v / q2))
        step = r(r(rate) * r(divide(r(m / q1), r(r(root(v_max)) + epsilon))))
        return r(x - step), m, v, v_max

    new, m, v, v_max = each(update, theta, grad, state["m"], state["v"], state["v_max"])
    return new, {"m": m, "v": v, "v_max": v_max}


@program("m", "v", "v_max")
def hat_wide(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Computed in long double; theta uses everything before it is rounded."""
    x, g, m, v, v_max = wide(theta, grad, state["m"], state["v"], state["v_max"])
    number = np.longdouble
    m = number(beta1) * m + number(1 - beta1) * g
    v = number(beta2) * v + number(1 - beta2) * (g * g)
    v_max = np.maximum(v_max, v / number(1 - beta2**t))
    new = x - number(lr) * (m / number(1 - beta1**t)) / (np.sqrt(v_max) + number(eps))
    return store(new, theta), {"m": store(m, theta), "v": store(v, theta), "v_max": store(v_max, theta)}


PROGRAMS = (
    correct("amsgrad", textbook),
    correct("amsgrad", folded_corrections),
    correct("amsgrad", maximum_of_roots),
    correct("amsgrad", reciprocal_denominator, WIDE_RANGE),
    correct("amsgrad", fused),
    correct("amsgrad", wide_accumulation),
    correct("amsgrad", float32_between, NARROW),
    correct("amsgrad", in_place),
    correct("amsgrad/max_hat", hat_textbook),
    correct("amsgrad/max_hat", hat_factors, WIDE_RANGE),
    correct("amsgrad/max_hat", hat_element_loop),
    correct("amsgrad/max_hat", hat_wide),
)
