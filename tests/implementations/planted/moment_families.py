"""NAdam, RAdam, Adan, AdEMAMix, its simplified form and LaProp with one thing wrong."""

from __future__ import annotations

import math

import numpy as np

from refopt.catalogue.optimizers.adan import ADAN, w
from refopt.catalogue.optimizers.adan import before as g_before
from refopt.catalogue.optimizers.adan import n as n_mean
from refopt.catalogue.optimizers.ademamix import ADEMAMIX, m_slow
from refopt.catalogue.optimizers.ademamix import alpha as mix_of
from refopt.catalogue.optimizers.laprop import LAPROP
from refopt.catalogue.optimizers.nadam import NADAM, mu, mu_next, mu_product, psi
from refopt.catalogue.optimizers.radam import RADAM, r, rho
from refopt.catalogue.optimizers.simplified_ademamix import SIMPLIFIED_ADEMAMIX, alpha
from refopt.catalogue.symbols import beta1, beta2, beta3, eps, lr, m, m_hat, v, v_hat, weight_decay
from refopt.language.expression import g, literal, sqrt, t, theta, where

from ..arithmetic import mean, rounded
from ..correct.nadam import Multiplied, momenta, multiplied
from ..correct.radam import rectification, rectified
from ..formula import rewritten
from ..program import Array, Factory, Planted, Result, State, planted, program

# nadam


@program("m", "v", "mu_product", kind=Multiplied)
def nadam_next_product_forgotten(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, momentum_decay: float
) -> Result:
    """mu_next/(1 - mu_product): the product is one factor short."""
    mu, following = momenta(beta1, t, momentum_decay)
    product, kept = multiplied(state, mu, theta)
    rate, epsilon, q2, now, later = rounded(theta, lr, eps, 1 - beta2**t, (1 - mu) / (1 - product), following / (1 - product))
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    return theta - rate * (now * grad + later * m) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v, "mu_product": kept}


@program("m", "v", "mu_product", kind=Multiplied)
def nadam_shares_exchanged(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, momentum_decay: float
) -> Result:
    """The moment's share is on the gradient, and the gradient's on the moment."""
    mu, following = momenta(beta1, t, momentum_decay)
    product, kept = multiplied(state, mu, theta)
    rate, epsilon, q2, now, later = rounded(theta, lr, eps, 1 - beta2**t, (1 - mu) / (1 - product), following / (1 - product * following))
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    return theta - rate * (now * m + later * grad) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v, "mu_product": kept}


@program("m", "v", "mu_product", kind=Multiplied)
def nadam_precedence(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, momentum_decay: float) -> Result:
    """0.96**t * momentum_decay: a bracket is missing."""
    mu, following = (beta1 * (1 - 0.5 * 0.96**s * momentum_decay) for s in (t, t + 1))
    product, kept = multiplied(state, mu, theta)
    rate, epsilon, q2, now, later = rounded(theta, lr, eps, 1 - beta2**t, (1 - mu) / (1 - product), following / (1 - product * following))
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    return theta - rate * (now * grad + later * m) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v, "mu_product": kept}


# radam


@program("m", "v")
def radam_longest_memory_wrong(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """rho_inf = 2/(1 - beta2): without the - 1."""
    rate, epsilon, q1 = rounded(theta, lr, eps, 1 - beta1**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    last = 2 / (1 - beta2)
    rho = last - 2 * t * beta2**t / (1 - beta2**t)
    if rho <= 5:
        return theta - rate * (m / q1), {"m": m, "v": v}
    r, root2 = rounded(theta, rectified(rho, last), math.sqrt(1 - beta2**t))
    return theta - rate * (r * (m / q1) * root2 / (np.sqrt(v) + epsilon)), {"m": m, "v": v}


@program("m", "v")
def radam_not_rectified(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """r is left out: plain Adam as soon as rho_t is above 5."""
    rate, epsilon, q1 = rounded(theta, lr, eps, 1 - beta1**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    if rectification(beta2, t)[0] <= 5:
        return theta - rate * (m / q1), {"m": m, "v": v}
    (root2,) = rounded(theta, math.sqrt(1 - beta2**t))
    return theta - rate * ((m / q1) * root2 / (np.sqrt(v) + epsilon)), {"m": m, "v": v}


@program("m", "v")
def radam_first_steps_uncorrected(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """Below the threshold theta moves by lr m, not by lr m_hat."""
    rate, epsilon, q1 = rounded(theta, lr, eps, 1 - beta1**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    rho, last = rectification(beta2, t)
    if rho <= 5:
        return theta - rate * m, {"m": m, "v": v}
    r, root2 = rounded(theta, rectified(rho, last), math.sqrt(1 - beta2**t))
    return theta - rate * (r * (m / q1) * root2 / (np.sqrt(v) + epsilon)), {"m": m, "v": v}


# adan


def _adan(
    theta: Array, grad: Array, d: Array, looked: Array, state: State, t: int, lr: float, beta1: float, beta2: float, beta3: float, eps: float
) -> tuple[Array, State]:
    """The update without its division, from a change and a gradient that is looked ahead."""
    rate, epsilon, ahead, q1, q2, q3 = rounded(theta, lr, eps, beta2, 1 - beta1**t, 1 - beta2**t, 1 - beta3**t)
    m, w, n = mean(state["m"], grad, beta1), mean(state["w"], d, beta2), mean(state["n"], looked * looked, beta3)
    return theta - rate * (m / q1 + ahead * w / q2) / (np.sqrt(n / q3) + epsilon), {"m": m, "w": w, "n": n, "g_before": grad.copy()}


@program("m", "w", "n", "g_before")
def adan_change_turned(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, beta3: float, eps: float, weight_decay: float
) -> Result:
    """The gradient before less this one."""
    ahead, shrink = rounded(theta, beta2, 1 + lr * weight_decay)
    d = state["g_before"] - grad if t > 1 else np.zeros_like(grad)
    new, after = _adan(theta, grad, d, grad + ahead * d, state, t, lr, beta1, beta2, beta3, eps)
    return new / shrink, after


@program("m", "w", "n", "g_before")
def adan_change_from_nothing(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, beta3: float, eps: float, weight_decay: float
) -> Result:
    """The first update changes from a gradient of 0."""
    ahead, shrink = rounded(theta, beta2, 1 + lr * weight_decay)
    d = grad - state["g_before"]
    new, after = _adan(theta, grad, d, grad + ahead * d, state, t, lr, beta1, beta2, beta3, eps)
    return new / shrink, after


@program("m", "w", "n", "g_before")
def adan_square_of_the_gradient(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, beta3: float, eps: float, weight_decay: float
) -> Result:
    """n is the mean of g^2, as in Adam."""
    (shrink,) = rounded(theta, 1 + lr * weight_decay)
    d = grad - state["g_before"] if t > 1 else np.zeros_like(grad)
    new, after = _adan(theta, grad, d, grad, state, t, lr, beta1, beta2, beta3, eps)
    return new / shrink, after


@program("m", "w", "n", "g_before")
def adan_decay_of_adamw(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, beta3: float, eps: float, weight_decay: float
) -> Result:
    """theta (1 - lr weight_decay) less the step, in place of a division."""
    ahead, shrunk = rounded(theta, beta2, 1 - lr * weight_decay)
    d = grad - state["g_before"] if t > 1 else np.zeros_like(grad)
    return _adan(theta * shrunk, grad, d, grad + ahead * d, state, t, lr, beta1, beta2, beta3, eps)


# ademamix


@program("m", "v", "m_slow")
def ademamix_slow_corrected(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, beta3: float, alpha: float, weight_decay: float
) -> Result:
    """m_slow/(1 - beta3^t): corrected as the fast one is."""
    rate, epsilon, mix, decay, q1, q2, q3 = rounded(theta, lr, eps, alpha, weight_decay, 1 - beta1**t, 1 - beta2**t, 1 - beta3**t)
    m, v, slow = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2), mean(state["m_slow"], grad, beta3)
    return theta - rate * ((m / q1 + mix * (slow / q3)) / (np.sqrt(v / q2) + epsilon) + decay * theta), {"m": m, "v": v, "m_slow": slow}


@program("m", "v", "m_slow")
def ademamix_alpha_on_the_fast(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, beta3: float, alpha: float, weight_decay: float
) -> Result:
    """alpha m_hat + m_slow."""
    rate, epsilon, mix, decay, q1, q2 = rounded(theta, lr, eps, alpha, weight_decay, 1 - beta1**t, 1 - beta2**t)
    m, v, slow = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2), mean(state["m_slow"], grad, beta3)
    return theta - rate * ((mix * (m / q1) + slow) / (np.sqrt(v / q2) + epsilon) + decay * theta), {"m": m, "v": v, "m_slow": slow}


@program("m", "v", "m_slow")
def ademamix_decay_without_rate(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, beta3: float, alpha: float, weight_decay: float
) -> Result:
    """theta - weight_decay theta - step."""
    rate, epsilon, mix, decay, q1, q2 = rounded(theta, lr, eps, alpha, weight_decay, 1 - beta1**t, 1 - beta2**t)
    m, v, slow = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2), mean(state["m_slow"], grad, beta3)
    return theta - decay * theta - rate * ((m / q1 + mix * slow) / (np.sqrt(v / q2) + epsilon)), {"m": m, "v": v, "m_slow": slow}


# simplified_ademamix


@program("m", "v")
def simplified_ademamix_as_a_mean(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, alpha: float, eps: float
) -> Result:
    """m = beta1 m + (1 - beta1) g, as Adam's."""
    rate, epsilon, mix, q2 = rounded(theta, lr, eps, alpha, 1 - beta2**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    return theta - rate * (m + mix * grad) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def simplified_ademamix_alpha_on_the_sum(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, alpha: float, eps: float
) -> Result:
    """alpha m + g."""
    rate, epsilon, keep, mix, q2 = rounded(theta, lr, eps, beta1, alpha, 1 - beta2**t)
    m, v = keep * state["m"] + grad, mean(state["v"], grad * grad, beta2)
    return theta - rate * (mix * m + grad) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def simplified_ademamix_uncorrected(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, alpha: float, eps: float
) -> Result:
    """sqrt(v) + eps: nothing is corrected."""
    rate, epsilon, keep, mix = rounded(theta, lr, eps, beta1, alpha)
    m, v = keep * state["m"] + grad, mean(state["v"], grad * grad, beta2)
    return theta - rate * (m + mix * grad) / (np.sqrt(v) + epsilon), {"m": m, "v": v}


# laprop


@program("m", "v")
def laprop_rate_twice(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """theta - lr m/(1 - beta1^t), where m holds the rate already."""
    rate, now, epsilon, keep, q1, q2 = rounded(theta, lr, lr * (1 - beta1), eps, beta1, 1 - beta1**t, 1 - beta2**t)
    v = mean(state["v"], grad * grad, beta2)
    m = keep * state["m"] + now * grad / (np.sqrt(v / q2) + epsilon)
    return theta - rate * (m / q1), {"m": m, "v": v}


@program("m", "v")
def laprop_square_uncorrected(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """g/(sqrt(v) + eps)."""
    now, epsilon, keep, q1 = rounded(theta, lr * (1 - beta1), eps, beta1, 1 - beta1**t)
    v = mean(state["v"], grad * grad, beta2)
    m = keep * state["m"] + now * grad / (np.sqrt(v) + epsilon)
    return theta - m / q1, {"m": m, "v": v}


@program("m", "v")
def laprop_divided_last(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """The momentum of the gradient is divided, as in Adam, not the gradient before."""
    now, epsilon, keep, q1, q2 = rounded(theta, lr * (1 - beta1), eps, beta1, 1 - beta1**t, 1 - beta2**t)
    v = mean(state["v"], grad * grad, beta2)
    m = keep * state["m"] + now * grad
    return theta - (m / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


# What each computes

ROOT = sqrt(v_hat) + eps
NOW, LATER = (1 - mu) / (1 - mu_product), mu_next / (1 - mu_product * mu_next)
MIXTURE = (m_hat + mix_of * m_slow) / ROOT
ADAN_STEP = lr * (m / (1 - beta1**t) + beta2 * w / (1 - beta2**t)) / (sqrt(n_mean / (1 - beta3**t)) + eps)
FORMULAS = {
    "nadam_next_product_forgotten": rewritten(NADAM, theta=theta - lr * (NOW * g + mu_next / (1 - mu_product) * m) / ROOT),
    "nadam_shares_exchanged": rewritten(NADAM, theta=theta - lr * (NOW * m + LATER * g) / ROOT),
    "nadam_precedence": rewritten(
        NADAM,
        mu=beta1 * (1 - literal("0.5") * literal("0.96") ** t * psi),
        mu_next=beta1 * (1 - literal("0.5") * literal("0.96") ** (t + 1) * psi),
    ),
    "radam_longest_memory_wrong": rewritten(RADAM, rho_inf=2 / (1 - beta2)),
    "radam_not_rectified": rewritten(RADAM, theta=theta - lr * where(rho > 5, m_hat * sqrt(1 - beta2**t) / (sqrt(v) + eps), m_hat)),
    "radam_first_steps_uncorrected": rewritten(RADAM, theta=theta - lr * where(rho > 5, r * m_hat * sqrt(1 - beta2**t) / (sqrt(v) + eps), m)),
    "adan_change_turned": rewritten(ADAN, d=where(t > 1, g_before - g, 0 * g)),
    "adan_change_from_nothing": rewritten(ADAN, d=g - g_before),
    "adan_square_of_the_gradient": rewritten(ADAN, n=beta3 * n_mean + (1 - beta3) * g**2),
    "adan_decay_of_adamw": rewritten(ADAN, theta=theta * (1 - lr * weight_decay) - ADAN_STEP),
    "ademamix_slow_corrected": rewritten(ADEMAMIX, theta=theta - lr * ((m_hat + mix_of * (m_slow / (1 - beta3**t))) / ROOT + weight_decay * theta)),
    "ademamix_alpha_on_the_fast": rewritten(ADEMAMIX, theta=theta - lr * ((mix_of * m_hat + m_slow) / ROOT + weight_decay * theta)),
    "ademamix_decay_without_rate": rewritten(ADEMAMIX, theta=theta - weight_decay * theta - lr * MIXTURE),
    "simplified_ademamix_as_a_mean": rewritten(SIMPLIFIED_ADEMAMIX, m=beta1 * m + (1 - beta1) * g),
    "simplified_ademamix_alpha_on_the_sum": rewritten(SIMPLIFIED_ADEMAMIX, theta=theta - lr * (alpha * m + g) / ROOT),
    "simplified_ademamix_uncorrected": rewritten(SIMPLIFIED_ADEMAMIX, theta=theta - lr * (m + alpha * g) / (sqrt(v) + eps)),
    "laprop_rate_twice": rewritten(LAPROP, theta=theta - lr * (m / (1 - beta1**t))),
    "laprop_square_uncorrected": rewritten(LAPROP, m=beta1 * m + lr * (1 - beta1) * g / (sqrt(v) + eps)),
    "laprop_divided_last": rewritten(LAPROP, m=beta1 * m + lr * (1 - beta1) * g, theta=theta - m / (1 - beta1**t) / ROOT),
}
"""Beside each bug the formula that it computes."""


def _row(rule: str, make: Factory) -> Planted:
    return planted(rule, make, formula=FORMULAS[make.__name__])


PROGRAMS = (
    _row("nadam", nadam_next_product_forgotten),
    _row("nadam", nadam_shares_exchanged),
    _row("nadam", nadam_precedence),
    _row("radam", radam_longest_memory_wrong),
    _row("radam", radam_not_rectified),
    _row("radam", radam_first_steps_uncorrected),
    _row("adan", adan_change_turned),
    _row("adan", adan_change_from_nothing),
    _row("adan", adan_square_of_the_gradient),
    _row("adan", adan_decay_of_adamw),
    _row("ademamix", ademamix_slow_corrected),
    _row("ademamix", ademamix_alpha_on_the_fast),
    _row("ademamix", ademamix_decay_without_rate),
    _row("simplified_ademamix", simplified_ademamix_as_a_mean),
    _row("simplified_ademamix", simplified_ademamix_alpha_on_the_sum),
    _row("simplified_ademamix", simplified_ademamix_uncorrected),
    _row("laprop", laprop_rate_twice),
    _row("laprop", laprop_square_uncorrected),
    _row("laprop", laprop_divided_last),
)
