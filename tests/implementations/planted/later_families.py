"""Yogi, optimistic gradient descent, AdaMaxW and NAdamW with one thing wrong."""

from __future__ import annotations

import numpy as np

from refopt.catalogue.optimizers.adamaxw import ADAMAXW
from refopt.catalogue.optimizers.nadamw import NADAMW
from refopt.catalogue.optimizers.optimistic_gd import OPTIMISTIC_GD, alpha, before, beta
from refopt.catalogue.optimizers.yogi import YOGI
from refopt.catalogue.symbols import beta1, beta2, eps, g_l2, lr, m, u, v, v_hat, weight_decay
from refopt.language.expression import absolute, g, maximum, sign, sqrt, t, theta
from refopt.language.rule import Let
from refopt.language.rule import State as RuleState

from ..arithmetic import mean, rounded
from ..correct.yogi import Started
from ..formula import of_steps, rewritten
from ..program import Array, Factory, Planted, Result, State, planted, program

# yogi


@program("m", "v", kind=Started)
def yogi_adams_mean(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, v0: float) -> Result:
    """v is Adam's mean of squares: only the start and epsilon are Yogi's."""
    rate, epsilon = rounded(theta, lr, eps)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    return theta - rate * m / (np.sqrt(v) + epsilon), {"m": m, "v": v}


@program("m", "v")
def yogi_start_ignored(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, v0: float) -> Result:
    """v0 is accepted and not used: v begins at 0."""
    rate, epsilon, take = rounded(theta, lr, eps, 1 - beta2)
    square = grad * grad
    m = mean(state["m"], grad, beta1)
    v = state["v"] - take * np.sign(state["v"] - square) * square
    return theta - rate * m / (np.sqrt(v) + epsilon), {"m": m, "v": v}


@program("m", "v", kind=Started)
def yogi_sign_of_the_gradient(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, v0: float) -> Result:
    """sign(v - g): the square is forgotten in the comparison."""
    rate, epsilon, take = rounded(theta, lr, eps, 1 - beta2)
    square = grad * grad
    m = mean(state["m"], grad, beta1)
    v = state["v"] - take * np.sign(state["v"] - grad) * square
    return theta - rate * m / (np.sqrt(v) + epsilon), {"m": m, "v": v}


@program("m", "v", kind=Started)
def yogi_by_the_distance(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, v0: float) -> Result:
    """v - (1 - beta2) sign(v - g^2) (v - g^2): the distance where the square is meant, which is no more than |v - g^2| up or down."""
    rate, epsilon, take = rounded(theta, lr, eps, 1 - beta2)
    apart = state["v"] - grad * grad
    m = mean(state["m"], grad, beta1)
    v = state["v"] - take * np.sign(apart) * apart
    return theta - rate * m / (np.sqrt(v) + epsilon), {"m": m, "v": v}


# optimistic_gd


@program("g_before")
def optimistic_gd_before_is_zero(theta: Array, grad: Array, state: State, t: int, *, lr: float, alpha: float, beta: float) -> Result:
    """The gradient before the first one is 0."""
    rate, both, ahead = rounded(theta, lr, alpha + beta, beta)
    return theta - rate * (both * grad - ahead * state["g_before"]), {"g_before": grad.copy()}


@program("g_before")
def optimistic_gd_alpha_alone(theta: Array, grad: Array, state: State, t: int, *, lr: float, alpha: float, beta: float) -> Result:
    """alpha g - beta g_before: beta is not added to alpha."""
    rate, weight, ahead = rounded(theta, lr, alpha, beta)
    d = state["g_before"] if t > 1 else grad
    return theta - rate * (weight * grad - ahead * d), {"g_before": grad.copy()}


@program("g_before")
def optimistic_gd_stored_first(theta: Array, grad: Array, state: State, t: int, *, lr: float, alpha: float, beta: float) -> Result:
    """g_before takes the gradient before it is read: the change is always 0."""
    rate, weight, ahead = rounded(theta, lr, alpha, beta)
    now = grad.copy()
    return theta - rate * (weight * grad + ahead * (grad - now)), {"g_before": now}


@program("g_before")
def optimistic_gd_change_turned(theta: Array, grad: Array, state: State, t: int, *, lr: float, alpha: float, beta: float) -> Result:
    """alpha g + beta (g_before - g): the change of the gradient is taken off."""
    rate, weight, ahead = rounded(theta, lr, alpha, beta)
    d = state["g_before"] if t > 1 else grad
    return theta - rate * (weight * grad + ahead * (d - grad)), {"g_before": grad.copy()}


# adamaxw


@program("m", "u")
def adamaxw_coupled(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """The decay goes into the gradient."""
    rate, keep, epsilon, decay = rounded(theta, lr / (1 - beta1**t), beta2, eps, weight_decay)
    decayed = grad + decay * theta
    m = mean(state["m"], decayed, beta1)
    u = np.maximum(keep * state["u"], np.abs(decayed) + epsilon)
    return theta - rate * m / u, {"m": m, "u": u}


@program("m", "u")
def adamaxw_decay_without_rate(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float
) -> Result:
    """theta - weight_decay theta - step."""
    rate, keep, epsilon, decay = rounded(theta, lr / (1 - beta1**t), beta2, eps, weight_decay)
    m = mean(state["m"], grad, beta1)
    u = np.maximum(keep * state["u"], np.abs(grad) + epsilon)
    return theta - decay * theta - rate * m / u, {"m": m, "u": u}


@program("m", "u")
def adamaxw_decay_by_the_corrected_rate(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float
) -> Result:
    """The rate that the correction was folded into multiplies the decay too."""
    rate, keep, epsilon, decay = rounded(theta, lr / (1 - beta1**t), beta2, eps, weight_decay)
    m = mean(state["m"], grad, beta1)
    u = np.maximum(keep * state["u"], np.abs(grad) + epsilon)
    return theta - rate * (m / u + decay * theta), {"m": m, "u": u}


# nadamw


@program("m", "v")
def nadamw_coupled(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """The decay goes into the gradient."""
    rate, epsilon, decay, b1, take, q_next, q1, q2 = rounded(
        theta, lr, eps, weight_decay, beta1, 1 - beta1, 1 - beta1 ** (t + 1), 1 - beta1**t, 1 - beta2**t
    )
    decayed = grad + decay * theta
    m, v = mean(state["m"], decayed, beta1), mean(state["v"], decayed * decayed, beta2)
    ahead = b1 * m / q_next + take * decayed / q1
    return theta - rate * ahead / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def nadamw_decay_without_rate(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float
) -> Result:
    """theta - weight_decay theta - step."""
    rate, epsilon, decay, b1, take, q_next, q1, q2 = rounded(
        theta, lr, eps, weight_decay, beta1, 1 - beta1, 1 - beta1 ** (t + 1), 1 - beta1**t, 1 - beta2**t
    )
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    ahead = b1 * m / q_next + take * grad / q1
    return theta - decay * theta - rate * ahead / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def nadamw_one_correction(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float
) -> Result:
    """The moment is corrected for this update, as the gradient is, not for the next one."""
    rate, epsilon, decay, b1, take, q1, q2 = rounded(theta, lr, eps, lr * weight_decay, beta1, 1 - beta1, 1 - beta1**t, 1 - beta2**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    ahead = (b1 * m + take * grad) / q1
    return theta - decay * theta - rate * ahead / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def nadamw_no_look_ahead(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """The corrected moment alone: AdamW under NAdamW's name."""
    rate, epsilon, decay, q1, q2 = rounded(theta, lr, eps, lr * weight_decay, 1 - beta1**t, 1 - beta2**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    return theta - decay * theta - rate * (m / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


# What each computes

YOGIS_STEP = lr * m / (sqrt(v) + eps)
MAX_STEP = lr / (1 - beta1**t) * m / u
DIVISOR = sqrt(v_hat) + eps
AHEAD = beta1 * m / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t)
V_HAT = Let(v_hat, v / (1 - beta2**t))
FORMULAS = {
    "yogi_adams_mean": rewritten(YOGI, v=beta2 * v + (1 - beta2) * g**2),
    "yogi_start_ignored": of_steps(YOGI, *YOGI.steps, state=(YOGI.state[0], RuleState(v, 0))),
    "yogi_sign_of_the_gradient": rewritten(YOGI, v=v - (1 - beta2) * sign(v - g) * g**2),
    "yogi_by_the_distance": rewritten(YOGI, v=v - (1 - beta2) * sign(v - g**2) * (v - g**2)),
    "optimistic_gd_before_is_zero": of_steps(
        OPTIMISTIC_GD, Let(theta, theta - lr * ((alpha + beta) * g - beta * before)), Let(before, g)
    ),
    "optimistic_gd_alpha_alone": rewritten(OPTIMISTIC_GD, theta=theta - lr * (alpha * g - beta * OPTIMISTIC_GD.steps[0].symbol)),
    "optimistic_gd_stored_first": of_steps(OPTIMISTIC_GD, Let(theta, theta - lr * (alpha * g)), Let(before, g)),
    "optimistic_gd_change_turned": rewritten(OPTIMISTIC_GD, theta=theta - lr * (alpha * g + beta * (OPTIMISTIC_GD.steps[0].symbol - g))),
    "adamaxw_coupled": of_steps(
        ADAMAXW, Let(g_l2, g + weight_decay * theta), Let(m, beta1 * m + (1 - beta1) * g_l2), Let(u, maximum(beta2 * u, absolute(g_l2) + eps)),
        Let(theta, theta - MAX_STEP),
    ),
    "adamaxw_decay_without_rate": rewritten(ADAMAXW, theta=theta - weight_decay * theta - MAX_STEP),
    "adamaxw_decay_by_the_corrected_rate": rewritten(ADAMAXW, theta=theta - lr / (1 - beta1**t) * (m / u + weight_decay * theta)),
    "nadamw_coupled": of_steps(
        NADAMW, Let(g_l2, g + weight_decay * theta), Let(m, beta1 * m + (1 - beta1) * g_l2), Let(v, beta2 * v + (1 - beta2) * g_l2**2), V_HAT,
        Let(theta, theta - lr * (beta1 * m / (1 - beta1 ** (t + 1)) + (1 - beta1) * g_l2 / (1 - beta1**t)) / DIVISOR),
    ),
    "nadamw_decay_without_rate": rewritten(NADAMW, theta=theta - weight_decay * theta - lr * AHEAD / DIVISOR),
    "nadamw_one_correction": rewritten(
        NADAMW, theta=theta - lr * weight_decay * theta - lr * ((beta1 * m + (1 - beta1) * g) / (1 - beta1**t)) / DIVISOR
    ),
    "nadamw_no_look_ahead": rewritten(NADAMW, theta=theta - lr * weight_decay * theta - lr * (m / (1 - beta1**t)) / DIVISOR),
}  # fmt: skip
"""Beside each bug the formula that it computes."""


def _row(rule: str, make: Factory, expected: str = "deviates") -> Planted:
    return planted(rule, make, expected, formula=FORMULAS[make.__name__])


PROGRAMS = (
    _row("yogi", yogi_adams_mean),
    _row("yogi", yogi_start_ignored),
    _row("yogi", yogi_sign_of_the_gradient),
    _row("yogi", yogi_by_the_distance),
    _row("optimistic_gd", optimistic_gd_before_is_zero),
    _row("optimistic_gd", optimistic_gd_alpha_alone),
    _row("optimistic_gd", optimistic_gd_stored_first),
    _row("optimistic_gd", optimistic_gd_change_turned),
    _row("adamaxw", adamaxw_coupled),
    _row("adamaxw", adamaxw_decay_without_rate),
    _row("adamaxw", adamaxw_decay_by_the_corrected_rate),
    _row("nadamw", nadamw_coupled),
    _row("nadamw", nadamw_decay_without_rate),
    _row("nadamw", nadamw_one_correction),
    _row("nadamw", nadamw_no_look_ahead, "variant:adamw"),
)
