"""AdamW and AMSGrad with one thing wrong."""

from __future__ import annotations

import numpy as np

from refopt.catalogue.optimizers.adam import CORRECTIONS, MOMENTS
from refopt.catalogue.optimizers.adamw import ADAMW
from refopt.catalogue.optimizers.amsgrad import AMSGRAD
from refopt.catalogue.symbols import (
    beta1,
    beta2,
    eps,
    g_l2,
    lr,
    m,
    m_hat,
    v,
    v_hat,
    v_max,
    weight_decay,
)  # fmt: skip
from refopt.language.expression import g, maximum, sqrt, t, theta
from refopt.language.rule import Let

from ..arithmetic import mean, rounded
from ..formula import of_steps, rewritten, v_before
from ..program import Array, Factory, Planted, Result, State, planted, program

# adamw


@program("m", "v")
def adamw_coupled(
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
    """The decay goes into the gradient: adam/l2 under AdamW's name."""
    rate, epsilon, q1, q2, decay = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t, weight_decay)
    g = grad + decay * theta
    m, v = mean(state["m"], g, beta1), mean(state["v"], g * g, beta2)
    return theta - rate * (m / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def adamw_decay_without_rate(
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
    """theta - weight_decay theta - step."""
    rate, epsilon, q1, q2, decay = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t, weight_decay)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    return theta - decay * theta - rate * (m / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def adamw_decays_the_new_theta(
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
    """The Adam step first, then the decay of what came out."""
    rate, epsilon, q1, q2, decay = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t, lr * weight_decay)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    moved = theta - rate * (m / q1) / (np.sqrt(v / q2) + epsilon)
    return moved - decay * moved, {"m": m, "v": v}


@program("m", "v")
def adamw_decay_forgotten(
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
    """weight_decay is accepted and not used: adam under AdamW's name."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    return theta - rate * (m / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


# amsgrad


@program("m", "v", "v_max")
def amsgrad_max_of_corrected(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """v_max = max(v_max, v_hat)."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    v_max = np.maximum(state["v_max"], v / q2)
    return theta - rate * (m / q1) / (np.sqrt(v_max) + epsilon), {"m": m, "v": v, "v_max": v_max}


@program("m", "v", "v_max")
def amsgrad_without_old_maximum(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """v_max = max(v, 0): the maximum so far is left out."""
    rate, epsilon, q1, q2, zero = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t, 0.0)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    v_max = np.maximum(v, zero)
    return theta - rate * (m / q1) / (np.sqrt(v_max / q2) + epsilon), {"m": m, "v": v, "v_max": v_max}


@program("m", "v", "v_max")
def amsgrad_maximum_fed_back(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """v = b2 v_max + (1 - b2) g^2: the maximum replaces v in its own mean."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v_max"], grad * grad, beta2)
    v_max = np.maximum(state["v_max"], v)
    return theta - rate * (m / q1) / (np.sqrt(v_max / q2) + epsilon), {"m": m, "v": v, "v_max": v_max}


@program("m", "v", "v_max")
def amsgrad_maximum_of_two(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """max against the old v, not the old maximum."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    v_max = np.maximum(state["v"], v)
    return theta - rate * (m / q1) / (np.sqrt(v_max / q2) + epsilon), {"m": m, "v": v, "v_max": v_max}


# What each computes

STEP = lr * m_hat / (sqrt(v_hat) + eps)
MAXIMUM_STEP = lr * (m / (1 - beta1**t)) / (sqrt(v_max / (1 - beta2**t)) + eps)
FORMULAS = {
    "adamw_coupled": of_steps(
        ADAMW,
        Let(g_l2, g + weight_decay * theta),
        Let(m, beta1 * m + (1 - beta1) * g_l2),
        Let(v, beta2 * v + (1 - beta2) * g_l2**2),
        *CORRECTIONS,
        Let(theta, theta - STEP),
    ),
    "adamw_decay_without_rate": rewritten(ADAMW, theta=theta - weight_decay * theta - STEP),
    "adamw_decays_the_new_theta": of_steps(
        ADAMW, *MOMENTS, *CORRECTIONS, Let(theta, theta - STEP), Let(theta, theta - lr * weight_decay * theta)
    ),
    "adamw_decay_forgotten": rewritten(ADAMW, theta=theta - STEP),
    "amsgrad_max_of_corrected": of_steps(
        AMSGRAD, *MOMENTS, *CORRECTIONS, Let(v_max, maximum(v_max, v_hat)),
        Let(theta, theta - lr * m_hat / (sqrt(v_max) + eps)),
    ),
    "amsgrad_without_old_maximum": rewritten(AMSGRAD, v_max=maximum(v, 0)),
    "amsgrad_maximum_fed_back": rewritten(AMSGRAD, v=beta2 * v_max + (1 - beta2) * g**2),
    "amsgrad_maximum_of_two": of_steps(
        AMSGRAD,
        Let(v_before, v),
        *MOMENTS,
        Let(v_max, maximum(v_before, v)),
        Let(theta, theta - MAXIMUM_STEP),
    ),
}  # fmt: skip
"""Beside each bug the formula that it computes. What is not here is an edit of the run, said in the program's own line."""


def _row(rule: str, make: Factory, expected: str = "deviates") -> Planted:
    return planted(rule, make, expected, formula=FORMULAS.get(make.__name__))


PROGRAMS = (
    _row("adamw", adamw_coupled, "variant:adam/l2"),
    _row("adamw", adamw_decay_without_rate),
    _row("adamw", adamw_decays_the_new_theta),
    _row("adamw", adamw_decay_forgotten, "variant:adam"),
    _row("amsgrad", amsgrad_max_of_corrected, "variant:amsgrad/max_hat"),
    _row("amsgrad", amsgrad_without_old_maximum),
    _row("amsgrad", amsgrad_maximum_fed_back),
    _row("amsgrad", amsgrad_maximum_of_two),
)
