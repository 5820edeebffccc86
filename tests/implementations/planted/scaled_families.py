"""Adagrad, Adadelta, AdaMax, AdaBelief and ACProp with one thing wrong."""

from __future__ import annotations

import numpy as np

from refopt.catalogue.optimizers.acprop import ACPROP, MEAN_BEFORE
from refopt.catalogue.optimizers.adabelief import ADABELIEF
from refopt.catalogue.optimizers.adadelta import ADADELTA
from refopt.catalogue.optimizers.adagrad import ADAGRAD, SUM
from refopt.catalogue.optimizers.adam import CORRECTIONS
from refopt.catalogue.optimizers.adamax import ADAMAX
from refopt.catalogue.symbols import beta1, beta2, d, eps, eps_root, lr, m, m_hat, rho, s, s_hat, u
from refopt.language.expression import absolute, g, maximum, sqrt, t, theta, where
from refopt.language.rule import Let
from refopt.language.rule import State as RuleState

from ..arithmetic import mean, rounded
from ..correct.adagrad import Started
from ..formula import m_before, of_steps, rewritten
from ..program import Array, Factory, Planted, Result, State, planted, program

# adagrad


@program("s", kind=Started)
def adagrad_root_forgotten(theta: Array, grad: Array, state: State, t: int, *, lr: float, eps: float, s0: float) -> Result:
    """lr g/(s + eps)."""
    rate, epsilon = rounded(theta, lr, eps)
    s = state["s"] + grad * grad
    return theta - rate * grad / (s + epsilon), {"s": s}


@program("s", kind=Started)
def adagrad_previous_sum(theta: Array, grad: Array, state: State, t: int, *, lr: float, eps: float, s0: float) -> Result:
    """Divides by the root of the sum before this gradient."""
    rate, epsilon = rounded(theta, lr, eps)
    return theta - rate * grad / (np.sqrt(state["s"]) + epsilon), {"s": state["s"] + grad * grad}


@program("s")
def adagrad_start_ignored(theta: Array, grad: Array, state: State, t: int, *, lr: float, eps: float, s0: float) -> Result:
    """s0 is accepted and not used: the sum begins at 0."""
    rate, epsilon = rounded(theta, lr, eps)
    s = state["s"] + grad * grad
    return theta - rate * grad / (np.sqrt(s) + epsilon), {"s": s}


# adadelta


@program("s", "u")
def adadelta_eps_outside(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """(sqrt(u) + eps)/(sqrt(s) + eps) g, as in RMSProp."""
    rate, epsilon = rounded(theta, lr, eps)
    s = mean(state["s"], grad * grad, rho)
    d = (np.sqrt(state["u"]) + epsilon) / (np.sqrt(s) + epsilon) * grad
    return theta - rate * d, {"s": s, "u": mean(state["u"], d * d, rho)}


@program("s", "u")
def adadelta_mean_of_what_is_subtracted(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """u is the mean square of lr d."""
    rate, epsilon = rounded(theta, lr, eps)
    s = mean(state["s"], grad * grad, rho)
    d = rate * (np.sqrt(state["u"] + epsilon) / np.sqrt(s + epsilon) * grad)
    return theta - d, {"s": s, "u": mean(state["u"], d * d, rho)}


@program("s", "u")
def adadelta_never_starts(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """sqrt(u)/sqrt(s + eps) g: without eps above, u stays 0."""
    rate, epsilon = rounded(theta, lr, eps)
    s = mean(state["s"], grad * grad, rho)
    d = np.sqrt(state["u"]) / np.sqrt(s + epsilon) * grad
    return theta - rate * d, {"s": s, "u": mean(state["u"], d * d, rho)}


# adamax


@program("m", "u")
def adamax_norm_corrected(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """u/(1 - beta2^t), as Adam has it for v."""
    rate, keep, epsilon, q2 = rounded(theta, lr / (1 - beta1**t), beta2, eps, 1 - beta2**t)
    m = mean(state["m"], grad, beta1)
    u = np.maximum(keep * state["u"], np.abs(grad) + epsilon)
    return theta - rate * m / (u / q2), {"m": m, "u": u}


@program("m", "u")
def adamax_absolute_forgotten(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """max(beta2 u, g + eps)."""
    rate, keep, epsilon = rounded(theta, lr / (1 - beta1**t), beta2, eps)
    m = mean(state["m"], grad, beta1)
    u = np.maximum(keep * state["u"], grad + epsilon)
    return theta - rate * m / u, {"m": m, "u": u}


@program("m", "u")
def adamax_norm_never_falls(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """max(u, |g| + eps)."""
    rate, epsilon = rounded(theta, lr / (1 - beta1**t), eps)
    m = mean(state["m"], grad, beta1)
    u = np.maximum(state["u"], np.abs(grad) + epsilon)
    return theta - rate * m / u, {"m": m, "u": u}


# adabelief


@program("m", "s")
def adabelief_from_the_old_mean(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float
) -> Result:
    """(g - m)^2 with the mean before this gradient."""
    rate, epsilon, inner, q1, q2 = rounded(theta, lr, eps, eps_root, 1 - beta1**t, 1 - beta2**t)
    m, apart = mean(state["m"], grad, beta1), grad - state["m"]
    s = mean(state["s"], apart * apart, beta2) + inner
    return theta - rate * (m / q1) / (np.sqrt(s / q2) + epsilon), {"m": m, "s": s}


@program("m", "s")
def adabelief_from_the_corrected_mean(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float
) -> Result:
    """(g - m_hat)^2."""
    rate, epsilon, inner, q1, q2 = rounded(theta, lr, eps, eps_root, 1 - beta1**t, 1 - beta2**t)
    m = mean(state["m"], grad, beta1)
    apart = grad - m / q1
    s = mean(state["s"], apart * apart, beta2) + inner
    return theta - rate * (m / q1) / (np.sqrt(s / q2) + epsilon), {"m": m, "s": s}


@program("m", "s")
def adabelief_eps_not_kept(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> Result:
    """eps_root is added under the root and not to s."""
    rate, epsilon, inner, q1, q2 = rounded(theta, lr, eps, eps_root, 1 - beta1**t, 1 - beta2**t)
    m = mean(state["m"], grad, beta1)
    s = mean(state["s"], (grad - m) * (grad - m), beta2)
    return theta - rate * (m / q1) / (np.sqrt(s / q2 + inner) + epsilon), {"m": m, "s": s}


# acprop


@program("m", "s")
def acprop_of_the_old_mean(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> Result:
    """(g - m)^2 with the mean before this gradient."""
    rate, epsilon, inner, q2 = rounded(theta, lr, eps, eps_root, 1 - beta2 ** max(t - 1, 1))
    known, apart = state["s"] / q2 if t > 1 else np.ones_like(theta), grad - state["m"]
    return theta - rate * grad / (np.sqrt(known) + epsilon), {"m": mean(state["m"], grad, beta1), "s": mean(state["s"], apart * apart, beta2) + inner}


@program("m", "s")
def acprop_one_update_further(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> Result:
    """The second moment of before is corrected for this update: 1 - beta2^t."""
    rate, epsilon, inner, q2 = rounded(theta, lr, eps, eps_root, 1 - beta2**t)
    known, m = state["s"] / q2 if t > 1 else np.ones_like(theta), mean(state["m"], grad, beta1)
    return theta - rate * grad / (np.sqrt(known) + epsilon), {"m": m, "s": mean(state["s"], (grad - m) * (grad - m), beta2) + inner}


@program("m", "s")
def acprop_uncentred(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> Result:
    """g^2 in the second moment."""
    rate, epsilon, inner, q2 = rounded(theta, lr, eps, eps_root, 1 - beta2 ** max(t - 1, 1))
    known = state["s"] / q2 if t > 1 else np.ones_like(theta)
    return theta - rate * grad / (np.sqrt(known) + epsilon), {"m": mean(state["m"], grad, beta1), "s": mean(state["s"], grad * grad, beta2) + inner}


@program("m", "s")
def acprop_uncorrected(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> Result:
    """sqrt(s) without a correction for its start at 0."""
    rate, epsilon, inner = rounded(theta, lr, eps, eps_root)
    known, m = state["s"] if t > 1 else np.ones_like(theta), mean(state["m"], grad, beta1)
    return theta - rate * grad / (np.sqrt(known) + epsilon), {"m": m, "s": mean(state["s"], (grad - m) * (grad - m), beta2) + inner}


# What each computes

FIRST = g / (1 + eps)
QUOTIENT = lr / (1 - beta1**t) * m
FORMULAS = {
    "adagrad_root_forgotten": rewritten(ADAGRAD, theta=theta - lr * g / (s + eps)),
    "adagrad_previous_sum": of_steps(ADAGRAD, Let(theta, theta - lr * g / (sqrt(s) + eps)), SUM),
    "adagrad_start_ignored": of_steps(ADAGRAD, *ADAGRAD.steps, state=(RuleState(s, 0),)),
    "adadelta_eps_outside": rewritten(ADADELTA, d=(sqrt(u) + eps) / (sqrt(s) + eps) * g),
    "adadelta_mean_of_what_is_subtracted": rewritten(ADADELTA, u=rho * u + (1 - rho) * (lr * d) ** 2),
    "adadelta_never_starts": rewritten(ADADELTA, d=sqrt(u) / sqrt(s + eps) * g),
    "adamax_norm_corrected": rewritten(ADAMAX, theta=theta - QUOTIENT / (u / (1 - beta2**t))),
    "adamax_absolute_forgotten": rewritten(ADAMAX, u=maximum(beta2 * u, g + eps)),
    "adamax_norm_never_falls": rewritten(ADAMAX, u=maximum(u, absolute(g) + eps)),
    "adabelief_from_the_old_mean": of_steps(
        ADABELIEF, Let(m_before, m), Let(m, beta1 * m_before + (1 - beta1) * g), Let(s, beta2 * s + (1 - beta2) * (g - m_before) ** 2 + eps_root),
        *ADABELIEF.steps[2:],
    ),
    "adabelief_from_the_corrected_mean": of_steps(
        ADABELIEF, ADABELIEF.steps[0], CORRECTIONS[0], Let(s, beta2 * s + (1 - beta2) * (g - m_hat) ** 2 + eps_root), *ADABELIEF.steps[3:]
    ),
    "adabelief_eps_not_kept": rewritten(
        ADABELIEF, s=beta2 * s + (1 - beta2) * (g - m) ** 2, theta=theta - lr * m_hat / (sqrt(s_hat + eps_root) + eps)
    ),
    "acprop_of_the_old_mean": of_steps(ACPROP, *MEAN_BEFORE.steps),
    "acprop_one_update_further": rewritten(ACPROP, theta=theta - lr * where(t > 1, g / (sqrt(s / (1 - beta2**t)) + eps), FIRST)),
    "acprop_uncentred": rewritten(ACPROP, s=beta2 * s + (1 - beta2) * g**2 + eps_root),
    "acprop_uncorrected": rewritten(ACPROP, theta=theta - lr * where(t > 1, g / (sqrt(s) + eps), FIRST)),
}  # fmt: skip
"""Beside each bug the formula that it computes."""


def _row(rule: str, make: Factory, expected: str = "deviates") -> Planted:
    return planted(rule, make, expected, formula=FORMULAS[make.__name__])


PROGRAMS = (
    _row("adagrad", adagrad_root_forgotten),
    _row("adagrad", adagrad_previous_sum),
    _row("adagrad", adagrad_start_ignored),
    _row("adadelta", adadelta_eps_outside),
    _row("adadelta", adadelta_mean_of_what_is_subtracted),
    _row("adadelta", adadelta_never_starts),
    _row("adamax", adamax_norm_corrected),
    _row("adamax", adamax_absolute_forgotten),
    _row("adamax", adamax_norm_never_falls),
    _row("adabelief", adabelief_from_the_old_mean),
    _row("adabelief", adabelief_from_the_corrected_mean),
    _row("adabelief", adabelief_eps_not_kept),
    _row("acprop", acprop_of_the_old_mean, "variant:acprop/mean_before"),
    _row("acprop", acprop_one_update_further),
    _row("acprop", acprop_uncentred),
    _row("acprop", acprop_uncorrected),
)
