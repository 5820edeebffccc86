"""Adam, Algorithm 1.

b1, b2 are the decay rates; q1, q2 are 1 - b1^t, 1 - b2^t.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from ..arithmetic import (
    chunks,
    divide,
    each,
    exact_root,
    fma,
    lerp,
    mean,
    power_by_squaring,
    root,
    round_float,
    round_fraction,
    rounded,
    running_powers,
    single,
    store,
    wide,
)
from ..program import BELOW_DOUBLE, NARROW, NATIVE, WIDE_RANGE, Array, Result, State, correct, program

# adam: theta -= lr m_hat/(sqrt(v_hat) + eps)


@program("m", "v")
def textbook(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """As written, one rounding for each operation."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m = mean(state["m"], grad, beta1)
    v = mean(state["v"], grad * grad, beta2)
    m_hat = m / q1
    v_hat = v / q2
    return theta - rate * m_hat / (np.sqrt(v_hat) + epsilon), {"m": m, "v": v}


@program("m", "v")
def lerp_moments(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """m + (1 - b1)(g - m), v + (1 - b2)(g^2 - v)."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m = lerp(state["m"], grad, beta1)
    v = lerp(state["v"], grad * grad, beta2)
    return theta - rate * (m / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def folded_corrections(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """(lr/q1) (m/(sqrt(v)/sqrt(q2) + eps)), as torch's addcdiv."""
    step_size, root_of_q2, epsilon = rounded(theta, lr / (1 - beta1**t), math.sqrt(1 - beta2**t), eps)
    m = lerp(state["m"], grad, beta1)
    v = mean(state["v"], grad * grad, beta2)
    denominator = np.sqrt(v) / root_of_q2 + epsilon
    return theta - step_size * (m / denominator), {"m": m, "v": v}


@program("m", "v")
def folded_product_first(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """((-lr/q1) m)/(sqrt(v) (1/sqrt(q2)) + eps), and (1 - b2) g first, then g."""
    step_size, inverse, epsilon = rounded(theta, -lr / (1 - beta1**t), 1 / math.sqrt(1 - beta2**t), eps)
    keep1, take1, keep2, take2 = rounded(theta, beta1, 1 - beta1, beta2, 1 - beta2)
    m = take1 * grad + keep1 * state["m"]
    v = take2 * grad * grad + keep2 * state["v"]
    return theta + (step_size * m) / (np.sqrt(v) * inverse + epsilon), {"m": m, "v": v}


@program("m", "v")
def rescaled_eps(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """lr_t = lr sqrt(q2)/q1 and eps_t = eps sqrt(q2): lr_t m/(sqrt(v) + eps_t)."""
    root_of_q2 = math.sqrt(1 - beta2**t)
    rate, epsilon = rounded(theta, lr * root_of_q2 / (1 - beta1**t), eps * root_of_q2)
    m = mean(state["m"], grad, beta1)
    v = mean(state["v"], grad * grad, beta2)
    return theta - rate * m / (np.sqrt(v) + epsilon), {"m": m, "v": v}


@program("m", "v")
def correction_in_denominator(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """(lr m)/(q1 sqrt(v_hat) + q1 eps)."""
    q1 = 1 - beta1**t
    rate, first, second, epsilon = rounded(theta, lr, q1, 1 - beta2**t, q1 * eps)
    m = mean(state["m"], grad, beta1)
    v = mean(state["v"], grad * grad, beta2)
    return theta - rate * m / (first * np.sqrt(v / second) + epsilon), {"m": m, "v": v}


@program("m", "v")
def corrections_as_factors(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """m (1/q1), v (1/q2): the reciprocals from binary64."""
    rate, epsilon, inverse1, inverse2 = rounded(theta, lr, eps, 1 / (1 - beta1**t), 1 / (1 - beta2**t))
    m = mean(state["m"], grad, beta1)
    v = mean(state["v"], np.square(grad), beta2)
    return theta - rate * (inverse1 * m / (np.sqrt(inverse2 * v) + epsilon)), {"m": m, "v": v}


@program("m", "v")
def reciprocal_denominator(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """1/(sqrt(v_hat) + eps), then products."""
    step_size, second, epsilon, one = rounded(theta, lr / (1 - beta1**t), 1 - beta2**t, eps, 1.0)
    m = mean(state["m"], grad, beta1)
    v = mean(state["v"], grad * grad, beta2)
    inverse = one / (np.sqrt(v / second) + epsilon)
    return theta - step_size * m * inverse, {"m": m, "v": v}


@program("m", "v")
def rate_for_each_element(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """(lr/(sqrt(v_hat) + eps)) m_hat."""
    rate, first, second, epsilon = rounded(theta, lr, 1 - beta1**t, 1 - beta2**t, eps)
    m = lerp(state["m"], grad, beta1)
    v = lerp(state["v"], grad * grad, beta2)
    return theta - rate / (np.sqrt(v / second) + epsilon) * (m / first), {"m": m, "v": v}


@program("m", "v")
def repeated_squaring(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """b^t by repeated squaring in binary64; moments as -(-...)."""
    first, second = 1 - power_by_squaring(beta1, t), 1 - power_by_squaring(beta2, t)
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, first, second)
    keep1, take1, keep2, take2 = rounded(theta, beta1, 1 - beta1, -beta2, 1 - beta2)
    m = -(-take1 * grad - keep1 * state["m"])
    v = take2 * (grad * grad) - keep2 * state["v"]
    return theta - rate * (m / q1 / (np.sqrt(v / q2) + epsilon)), {"m": m, "v": v}


@program("m", "v")
def running_products(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """b^t as a running product in binary64, kept under a private key, made anew where it does not fit."""
    (power1, power2), record = running_powers(state, t, beta1, beta2)
    step_size, root_of_q2, epsilon = rounded(theta, lr / (1 - power1), math.sqrt(1 - power2), eps)
    m = mean(state["m"], grad, beta1)
    v = mean(state["v"], grad * grad, beta2)
    new = theta - step_size * m / (np.sqrt(v) / root_of_q2 + epsilon)
    return new, {"m": m, "v": v, "powers": record}


@program("m", "v")
def fused(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Moments, denominator and theta by fused multiply-adds."""
    step_size, inverse, epsilon = rounded(theta, -lr / (1 - beta1**t), 1 / math.sqrt(1 - beta2**t), eps)
    keep1, take1, keep2, take2 = rounded(theta, beta1, 1 - beta1, beta2, 1 - beta2)
    m = fma(keep1, state["m"], take1 * grad)
    v = fma(keep2, state["v"], take2 * grad * grad)
    denominator = fma(np.sqrt(v), inverse, epsilon)
    return fma(step_size, m / denominator, theta), {"m": m, "v": v}


@program("m", "v")
def fused_the_other_way(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Fused onto the rounded b m and b v; the lerp of the first moment fused too."""
    rate, q1, q2, epsilon = rounded(theta, lr, 1 - beta1**t, 1 - beta2**t, eps)
    keep1, take1, keep2, take2 = rounded(theta, beta1, 1 - beta1, beta2, 1 - beta2)
    old = state["m"]
    m = fma(take1, grad - old, old) if beta1 >= 0.5 else fma(keep1, old - grad, grad)
    v = fma(grad * grad, take2, keep2 * state["v"])
    return theta - rate * (m / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def wide_accumulation(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Computed in long double; theta uses the moments before they are rounded."""
    x, g, m, v = wide(theta, grad, state["m"], state["v"])
    number = np.longdouble
    m = number(beta1) * m + number(1 - beta1) * g
    v = number(beta2) * v + number(1 - beta2) * g * g
    m_hat, v_hat = m / number(1 - beta1**t), v / number(1 - beta2**t)
    new = x - number(lr) * m_hat / (np.sqrt(v_hat) + number(eps))
    return store(new, theta), {"m": store(m, theta), "v": store(v, theta)}


@program("m", "v")
def float64_stored_narrow(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """binary64 arithmetic for a narrower format; theta uses the moments as they are stored."""
    g = grad.astype(np.float64)
    m = store(beta1 * state["m"].astype(np.float64) + (1 - beta1) * g, theta)
    v = store(beta2 * state["v"].astype(np.float64) + (1 - beta2) * g**2, theta)
    m_hat, v_hat = m.astype(np.float64) / (1 - beta1**t), v.astype(np.float64) / (1 - beta2**t)
    return store(theta.astype(np.float64) - lr * m_hat / (np.sqrt(v_hat) + eps), theta), {"m": m, "v": v}


@program("m", "v")
def float32_between(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """float32 arithmetic for a narrower format, every store from unrounded values."""
    x, g, m, v = single(theta, grad, state["m"], state["v"])
    keep1, take1, keep2, take2, step_size, root_of_q2, epsilon = rounded(
        x, beta1, 1 - beta1, beta2, 1 - beta2, lr / (1 - beta1**t), math.sqrt(1 - beta2**t), eps
    )
    m = keep1 * m + take1 * g
    v = keep2 * v + take2 * (g * g)
    new = x - step_size * m / (np.sqrt(v) / root_of_q2 + epsilon)
    return store(new, theta), {"m": store(m, theta), "v": store(v, theta)}


@program("m", "v")
def rationals(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Exact rationals and a 120-bit root: each stored number is the nearest one to the formula's value."""
    name = theta.dtype.name
    q1, q2 = Fraction(1 - beta1**t), Fraction(1 - beta2**t)
    b1, b2, rate, epsilon = map(Fraction, (beta1, beta2, lr, eps))

    def update(x: float, g: float, m: float, v: float) -> tuple[float, float, float]:
        if not all(map(math.isfinite, (x, g, m, v))):
            m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
            return x - lr * divide(m / (1 - beta1**t), root(v / (1 - beta2**t)) + eps), m, v
        first = b1 * Fraction(m) + (1 - b1) * Fraction(g)
        second = b2 * Fraction(v) + (1 - b2) * Fraction(g) ** 2
        m, v = round_fraction(first, name), round_fraction(second, name)
        denominator = (exact_root(second / q2) if second >= 0 else Fraction(0)) + epsilon
        if denominator == 0 or second < 0:
            return x - lr * divide(m, root(v)), m, v
        return round_fraction(Fraction(x) - rate * first / (q1 * denominator), name), m, v

    new, m, v = each(update, theta, grad, state["m"], state["v"])
    return new, {"m": m, "v": v}


@program("m", "v")
def element_loop(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """A loop over Python floats, each result rounded to the format by integer arithmetic."""
    name = theta.dtype.name

    def r(value: float) -> float:
        return round_float(value, name)

    keep1, take1, keep2, take2, rate, epsilon = map(r, (beta1, 1 - beta1, beta2, 1 - beta2, lr, eps))
    q1, q2 = r(1 - beta1**t), r(1 - beta2**t)

    def update(x: float, g: float, m: float, v: float) -> tuple[float, float, float]:
        m = r(r(keep1 * m) + r(take1 * g))
        v = r(r(keep2 * v) + r(take2 * r(g * g)))
        denominator = r(r(root(r(v / q2))) + epsilon)
        return r(x - r(divide(r(rate * r(m / q1)), denominator))), m, v

    new, m, v = each(update, theta, grad, state["m"], state["v"])
    return new, {"m": m, "v": v}


@program("m", "v")
def chunks_of_thirteen(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """In place on private copies with one buffer, thirteen elements at a time, from the last chunk to the first."""
    step_size, root_of_q2, epsilon = rounded(theta, lr / (1 - beta1**t), math.sqrt(1 - beta2**t), eps)
    keep1, take1, keep2, take2 = rounded(theta, beta1, 1 - beta1, beta2, 1 - beta2)
    new, m, v, flat = theta.flatten(), state["m"].flatten(), state["v"].flatten(), grad.ravel()
    buffer = np.empty(13, dtype=theta.dtype)
    for part in reversed(list(chunks(theta.size, 13))):
        g = flat[part]
        work = buffer[: g.size]
        np.multiply(g, take1, out=work)
        np.multiply(m[part], keep1, out=m[part])
        np.add(m[part], work, out=m[part])
        np.multiply(g, g, out=work)
        np.multiply(work, take2, out=work)
        np.multiply(v[part], keep2, out=v[part])
        np.add(v[part], work, out=v[part])
        np.sqrt(v[part], out=work)
        np.divide(work, root_of_q2, out=work)
        np.add(work, epsilon, out=work)
        np.divide(m[part], work, out=work)
        np.multiply(work, step_size, out=work)
        np.subtract(new[part], work, out=new[part])
    return new.reshape(theta.shape), {"m": m.reshape(theta.shape), "v": v.reshape(theta.shape)}


@program("m", "v")
def interleaved(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """All four arrays as columns of one matrix, worked on through strided views in three passes."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    matrix = np.stack([theta.ravel(), grad.ravel(), state["m"].ravel(), state["v"].ravel()], axis=1)
    keep = np.array(rounded(theta, beta1, beta2), dtype=theta.dtype)
    take = np.array(rounded(theta, 1 - beta1, 1 - beta2), dtype=theta.dtype)
    for start in range(3):
        rows = matrix[start::3]
        powers = np.stack([rows[:, 1], rows[:, 1] * rows[:, 1]], axis=1)
        rows[:, 2:] = rows[:, 2:] * keep + powers * take
        rows[:, 0] -= rate * (rows[:, 2] / q1) / (np.sqrt(rows[:, 3] / q2) + epsilon)
    new, m, v = (matrix[:, column].reshape(theta.shape).copy() for column in (0, 2, 3))
    return new, {"m": m, "v": v}


@program("m", "v")
def contraction(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Both moments by one einsum with a matrix of coefficients."""
    step_size, root_of_q2, epsilon = rounded(theta, lr / (1 - beta1**t), math.sqrt(1 - beta2**t), eps)
    coefficients = np.array([rounded(theta, beta1, 1 - beta1), rounded(theta, beta2, 1 - beta2)], dtype=theta.dtype)
    ends = np.stack([np.stack([state["m"], grad]), np.stack([state["v"], grad * grad])])
    m, v = np.einsum("sk,sk...->s...", coefficients, ends)
    return theta - step_size * m / (np.sqrt(v) / root_of_q2 + epsilon), {"m": m, "v": v}


PROGRAMS = (
    correct("adam", textbook),
    correct("adam", lerp_moments),
    correct("adam", folded_corrections),
    correct("adam", folded_product_first),
    correct("adam", rescaled_eps),
    correct("adam", correction_in_denominator),
    correct("adam", corrections_as_factors, WIDE_RANGE),
    correct("adam", reciprocal_denominator, WIDE_RANGE),
    correct("adam", rate_for_each_element, WIDE_RANGE),
    correct("adam", repeated_squaring),
    correct("adam", running_products),
    correct("adam", fused),
    correct("adam", fused_the_other_way),
    correct("adam", wide_accumulation),
    correct("adam", float64_stored_narrow, BELOW_DOUBLE),
    correct("adam", float32_between, NARROW),
    correct("adam", rationals),
    correct("adam", element_loop),
    correct("adam", chunks_of_thirteen),
    correct("adam", interleaved),
    correct("adam", contraction, NATIVE),
)
