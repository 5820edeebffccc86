"""NAdam with a schedule of momenta (reference), with one momentum (`constant_momentum`), and with one correction for both terms (`one_correction`)."""

from __future__ import annotations

import numpy as np

from ..arithmetic import divide, each, fma, lerp, mean, root, round_float, rounded, single, store, wide
from ..program import NARROW, Array, Program, Result, State, correct, program


class Multiplied(Program):
    """A product of momenta, one number for the whole tensor, that begins at one."""

    def init(self, theta: Array) -> State:
        """Zeros, and the product of no factors."""
        return {"m": np.zeros_like(theta), "v": np.zeros_like(theta), "mu_product": np.ones((), theta.dtype)}


def momenta(beta1: float, t: int, momentum_decay: float) -> tuple[float, float]:
    """The momenta of this update and of the next one."""
    this, following = (beta1 * (1 - 0.5 * 0.96 ** (s * momentum_decay)) for s in (t, t + 1))
    return this, following


def multiplied(state: State, mu: float, like: Array) -> tuple[float, Array]:
    """The product of the momenta with this one, as a number and as it is kept."""
    product = float(np.ravel(state["mu_product"])[0]) * mu
    return product, store(np.array(product), like)


@program("m", "v", "mu_product", kind=Multiplied)
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, momentum_decay: float) -> Result:
    """As written: both shares of the step in one sum."""
    mu, following = momenta(beta1, t, momentum_decay)
    product, kept = multiplied(state, mu, theta)
    rate, epsilon, q2, now, later = rounded(theta, lr, eps, 1 - beta2**t, (1 - mu) / (1 - product), following / (1 - product * following))
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    return theta - rate * (now * grad + later * m) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v, "mu_product": kept}


@program("m", "v", "mu_product", kind=Multiplied)
def two_steps(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, momentum_decay: float) -> Result:
    """The gradient's step first, then the moment's, as torch's code has it."""
    mu, following = momenta(beta1, t, momentum_decay)
    product, kept = multiplied(state, mu, theta)
    now, later, epsilon, q2 = rounded(theta, -lr * (1 - mu) / (1 - product), -lr * following / (1 - product * following), eps, 1 - beta2**t)
    m, v = lerp(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    denominator = np.sqrt(v / q2) + epsilon
    return theta + now * grad / denominator + later * m / denominator, {"m": m, "v": v, "mu_product": kept}


@program("m", "v", "mu_product", kind=Multiplied)
def hats(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, momentum_decay: float) -> Result:
    """g_hat and m_hat by name, as keras has them."""
    mu, following = momenta(beta1, t, momentum_decay)
    product, kept = multiplied(state, mu, theta)
    rate, epsilon, q1, q1_next, q2, now, later = rounded(theta, lr, eps, 1 - product, 1 - product * following, 1 - beta2**t, 1 - mu, following)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], np.square(grad), beta2)
    g_hat, m_hat, v_hat = grad / q1, m / q1_next, v / q2
    return theta - (now * g_hat + later * m_hat) * rate / (np.sqrt(v_hat) + epsilon), {"m": m, "v": v, "mu_product": kept}


@program("m", "v", "mu_product", kind=Multiplied)
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, momentum_decay: float) -> Result:
    """Moments, both shares and theta by fused multiply-adds."""
    mu, following = momenta(beta1, t, momentum_decay)
    product, kept = multiplied(state, mu, theta)
    rate, epsilon, q2, now, later = rounded(theta, -lr, eps, 1 - beta2**t, (1 - mu) / (1 - product), following / (1 - product * following))
    keep1, take1, keep2, take2 = rounded(theta, beta1, 1 - beta1, beta2, 1 - beta2)
    m, v = fma(keep1, state["m"], take1 * grad), fma(keep2, state["v"], take2 * grad * grad)
    return fma(rate, fma(later, m, now * grad) / (np.sqrt(v / q2) + epsilon), theta), {"m": m, "v": v, "mu_product": kept}


@program("m", "v", "mu_product", kind=Multiplied)
def wide_accumulation(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, momentum_decay: float
) -> Result:
    """Computed in long double; theta uses the moments before they are rounded."""
    mu, following = momenta(beta1, t, momentum_decay)
    product, kept = multiplied(state, mu, theta)
    x, g, m, v = wide(theta, grad, state["m"], state["v"])
    m = np.longdouble(beta1) * m + np.longdouble(1 - beta1) * g
    v = np.longdouble(beta2) * v + np.longdouble(1 - beta2) * g * g
    step = np.longdouble((1 - mu) / (1 - product)) * g + np.longdouble(following / (1 - product * following)) * m
    new = x - np.longdouble(lr) * step / (np.sqrt(v / np.longdouble(1 - beta2**t)) + np.longdouble(eps))
    return store(new, theta), {"m": store(m, theta), "v": store(v, theta), "mu_product": kept}


@program("m", "v")
def constant_textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """As written: the moment is corrected for the next update, the gradient for this one."""
    rate, epsilon, keep, take, q1, q1_next, q2 = rounded(theta, lr, eps, beta1, 1 - beta1, 1 - beta1**t, 1 - beta1 ** (t + 1), 1 - beta2**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    return theta - rate * (keep * m / q1_next + take * grad / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def constant_folded(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """Each share is one number."""
    rate, epsilon, q2 = rounded(theta, -lr, eps, 1 - beta2**t)
    later, now = rounded(theta, beta1 / (1 - beta1 ** (t + 1)), (1 - beta1) / (1 - beta1**t))
    m, v = lerp(state["m"], grad, beta1), lerp(state["v"], grad * grad, beta2)
    return theta + (now * grad + later * m) / (np.sqrt(v / q2) + epsilon) * rate, {"m": m, "v": v}


@program("m", "v")
def one_textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """As written: one division for both terms."""
    rate, epsilon, keep, take, q1, q2 = rounded(theta, lr, eps, beta1, 1 - beta1, 1 - beta1**t, 1 - beta2**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    return theta - rate * (keep * m + take * grad) / q1 / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def one_folded(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """lr/(1 - beta1^t) is one number; the sum is a mean once more."""
    rate, epsilon, q2 = rounded(theta, lr / (1 - beta1**t), eps, 1 - beta2**t)
    m, v = mean(state["m"], np.asarray(grad), beta1), mean(state["v"], np.square(grad), beta2)
    return theta - rate * mean(m, grad, beta1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def one_float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """float32 arithmetic for a narrower format."""
    x, g, m, v = single(theta, grad, state["m"], state["v"])
    m = np.float32(beta1) * m + np.float32(1 - beta1) * g
    v = np.float32(beta2) * v + np.float32(1 - beta2) * (g * g)
    step = (np.float32(beta1) * m + np.float32(1 - beta1) * g) / np.float32(1 - beta1**t)
    new = x - np.float32(lr) * step / (np.sqrt(v / np.float32(1 - beta2**t)) + np.float32(eps))
    return store(new, theta), {"m": store(m, theta), "v": store(v, theta)}


@program("m", "v")
def one_element_loop(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """A loop over Python floats, each result rounded to the format by integer arithmetic."""
    name = theta.dtype.name

    def r(value: float) -> float:
        return round_float(value, name)

    rate, epsilon, keep1, take1, keep2, take2, q1, q2 = map(r, (lr, eps, beta1, 1 - beta1, beta2, 1 - beta2, 1 - beta1**t, 1 - beta2**t))

    def update(x: float, g: float, m: float, v: float) -> tuple[float, float, float]:
        m = r(r(keep1 * m) + r(take1 * g))
        v = r(r(keep2 * v) + r(take2 * r(g * g)))
        step = r(divide(r(r(keep1 * m) + r(take1 * g)), q1))
        return r(x - r(divide(r(rate * step), r(r(root(r(divide(v, q2)))) + epsilon)))), m, v

    new, m, v = each(update, theta, grad, state["m"], state["v"])
    return new, {"m": m, "v": v}


PROGRAMS = (
    correct("nadam", textbook),
    correct("nadam", two_steps),
    correct("nadam", hats),
    correct("nadam", fused),
    correct("nadam", wide_accumulation),
    correct("nadam/constant_momentum", constant_textbook),
    correct("nadam/constant_momentum", constant_folded),
    correct("nadam/one_correction", one_textbook),
    correct("nadam/one_correction", one_folded),
    correct("nadam/one_correction", one_float32_between, NARROW),
    correct("nadam/one_correction", one_element_loop),
)
