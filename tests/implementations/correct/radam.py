"""RAdam: epsilon beside the root of v (reference), after the correction (`eps_on_v_hat`), and with the paper's threshold (`threshold_4`)."""

from __future__ import annotations

import math

import numpy as np

from ..arithmetic import divide, each, fma, lerp, mean, root, round_float, rounded, single, store, wide
from ..program import NARROW, Array, Result, State, correct, program


def rectification(beta2: float, t: int) -> tuple[float, float]:
    """rho_t and rho_inf."""
    last = 2 / (1 - beta2) - 1
    return last - 2 * t * beta2**t / (1 - beta2**t), last


def rectified(rho: float, last: float) -> float:
    """The factor r of the step."""
    return math.sqrt((rho - 4) * (rho - 2) * last / ((last - 4) * (last - 2) * rho))


@program("m", "v")
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """As written, one branch or the other for the whole tensor."""
    rate, epsilon, q1 = rounded(theta, lr, eps, 1 - beta1**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    rho, last = rectification(beta2, t)
    if rho <= 5:
        return theta - rate * (m / q1), {"m": m, "v": v}
    r, root2 = rounded(theta, rectified(rho, last), math.sqrt(1 - beta2**t))
    return theta - rate * (r * (m / q1) * root2 / (np.sqrt(v) + epsilon)), {"m": m, "v": v}


@program("m", "v")
def folded(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """The rate, the factor and both corrections are one number, as in the authors' code."""
    epsilon, keep2, take2 = rounded(theta, eps, beta2, 1 - beta2)
    m, v = mean(state["m"], grad, beta1), keep2 * state["v"] + take2 * (grad * grad)
    rho, last = rectification(beta2, t)
    if rho > 5:
        (step,) = rounded(theta, lr * math.sqrt(1 - beta2**t) * rectified(rho, last) / (1 - beta1**t))
        return theta - step * (m / (np.sqrt(v) + epsilon)), {"m": m, "v": v}
    (step,) = rounded(theta, lr / (1 - beta1**t))
    return theta - step * m, {"m": m, "v": v}


@program("m", "v")
def adaptive_share(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """What m_hat is multiplied with is a tensor, as in torch's code, or 1."""
    rate, q1 = rounded(theta, -lr, 1 - beta1**t)
    m, v = lerp(state["m"], grad, beta1), mean(state["v"], np.square(grad), beta2)
    rho, last = rectification(beta2, t)
    share = np.ones_like(theta)
    if rho > 5:
        epsilon, r, root2 = rounded(theta, eps, rectified(rho, last), math.sqrt(1 - beta2**t))
        share = root2 / (np.sqrt(v) + epsilon) * r
    return theta + m / q1 * rate * share, {"m": m, "v": v}


@program("m", "v")
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """Moments and theta by fused multiply-adds."""
    rate, epsilon, q1, keep1, take1, keep2, take2 = rounded(theta, -lr, eps, 1 - beta1**t, beta1, 1 - beta1, beta2, 1 - beta2)
    m, v = fma(take1, grad, keep1 * state["m"]), fma(take2 * grad, grad, keep2 * state["v"])
    rho, last = rectification(beta2, t)
    if rho <= 5:
        return fma(rate, m / q1, theta), {"m": m, "v": v}
    (r,) = rounded(theta, rectified(rho, last) * math.sqrt(1 - beta2**t))
    return fma(rate, r * (m / q1) / (np.sqrt(v) + epsilon), theta), {"m": m, "v": v}


@program("m", "v")
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """Computed in long double; theta uses the moments before they are rounded."""
    x, g, m, v = wide(theta, grad, state["m"], state["v"])
    m = np.longdouble(beta1) * m + np.longdouble(1 - beta1) * g
    v = np.longdouble(beta2) * v + np.longdouble(1 - beta2) * g * g
    rho, last = rectification(beta2, t)
    step = m / np.longdouble(1 - beta1**t)
    if rho > 5:
        step = np.longdouble(rectified(rho, last) * math.sqrt(1 - beta2**t)) * step / (np.sqrt(v) + np.longdouble(eps))
    return store(x - np.longdouble(lr) * step, theta), {"m": store(m, theta), "v": store(v, theta)}


@program("m", "v")
def float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """float32 arithmetic for a narrower format."""
    x, g, m, v = single(theta, grad, state["m"], state["v"])
    m = np.float32(beta1) * m + np.float32(1 - beta1) * g
    v = np.float32(beta2) * v + np.float32(1 - beta2) * (g * g)
    rho, last = rectification(beta2, t)
    step = m / np.float32(1 - beta1**t)
    if rho > 5:
        step = np.float32(rectified(rho, last) * math.sqrt(1 - beta2**t)) * step / (np.sqrt(v) + np.float32(eps))
    return store(x - np.float32(lr) * step, theta), {"m": store(m, theta), "v": store(v, theta)}


@program("m", "v")
def hat_textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """As written: r m_hat/(sqrt(v_hat) + eps)."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    rho, last = rectification(beta2, t)
    step = m / q1
    if rho >= 5:
        (r,) = rounded(theta, rectified(rho, last))
        step = r * step / (np.sqrt(v / q2) + epsilon)
    return theta - rate * step, {"m": m, "v": v}


@program("m", "v")
def hat_rate_first(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """lr r is one number; m_hat/(sqrt(v_hat) + eps) is divided first."""
    epsilon, q1, q2 = rounded(theta, eps, 1 - beta1**t, 1 - beta2**t)
    m, v = lerp(state["m"], grad, beta1), lerp(state["v"], grad * grad, beta2)
    rho, last = rectification(beta2, t)
    (rate,) = rounded(theta, lr * rectified(rho, last) if rho >= 5 else lr)
    step = m / q1 / (np.sqrt(v / q2) + epsilon) if rho >= 5 else m / q1
    return theta - step * rate, {"m": m, "v": v}


@program("m", "v")
def four_textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """As written, with the threshold 4."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    rho, last = rectification(beta2, t)
    if rho > 4:
        (r,) = rounded(theta, rectified(rho, last))
        return theta - rate * (r * (m / q1) / (np.sqrt(v / q2) + epsilon)), {"m": m, "v": v}
    return theta - rate * (m / q1), {"m": m, "v": v}


@program("m", "v")
def four_element_loop(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """A loop over Python floats, each result rounded to the format by integer arithmetic."""
    name = theta.dtype.name

    def r(value: float) -> float:
        return round_float(value, name)

    rate, epsilon, keep1, take1, keep2, take2, q1, q2 = map(r, (lr, eps, beta1, 1 - beta1, beta2, 1 - beta2, 1 - beta1**t, 1 - beta2**t))
    rho, last = rectification(beta2, t)
    factor = r(rectified(rho, last)) if rho > 4 else None

    def update(x: float, g: float, m: float, v: float) -> tuple[float, float, float]:
        m = r(r(keep1 * m) + r(take1 * g))
        v = r(r(keep2 * v) + r(take2 * r(g * g)))
        step = r(divide(m, q1))
        if factor is not None:
            step = r(divide(r(factor * step), r(r(root(r(divide(v, q2)))) + epsilon)))
        return r(x - r(rate * step)), m, v

    new, m, v = each(update, theta, grad, state["m"], state["v"])
    return new, {"m": m, "v": v}


PROGRAMS = (
    correct("radam", textbook),
    correct("radam", folded),
    correct("radam", adaptive_share),
    correct("radam", fused),
    correct("radam", wide_accumulation),
    correct("radam", float32_between, NARROW),
    correct("radam/eps_on_v_hat", hat_textbook),
    correct("radam/eps_on_v_hat", hat_rate_first),
    correct("radam/threshold_4", four_textbook),
    correct("radam/threshold_4", four_element_loop),
)
