"""The other rules with one thing wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from refopt.catalogue.optimizers.adam import CORRECTIONS, MOMENTS
from refopt.catalogue.optimizers.adamw import ADAMW
from refopt.catalogue.optimizers.amsgrad import AMSGRAD
from refopt.catalogue.optimizers.momentum import MOMENTUM
from refopt.catalogue.optimizers.nesterov import NESTEROV
from refopt.catalogue.optimizers.rmsprop import RMSPROP
from refopt.catalogue.optimizers.sgd import SGD
from refopt.catalogue.symbols import (
    beta1,
    beta2,
    eps,
    g_l2,
    lr,
    m,
    m_hat,
    momentum,
    rho,
    v,
    v_hat,
    v_max,
    velocity,
    weight_decay,
)  # fmt: skip
from refopt.language.expression import g, maximum, sqrt, t, theta
from refopt.language.rule import Let
from refopt.language.rule import State as RuleState

from ..arithmetic import mean, rounded
from ..formula import of_steps, rewritten, v_before
from ..program import Array, Factory, Planted, Result, State, planted, program

# sgd


@program()
def sgd_rate_slightly_large(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """lr times 1.0001."""
    (rate,) = rounded(theta, lr * 1.0001)
    return theta - rate * grad, {}


@program()
def sgd_ascends(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """theta + lr g."""
    (rate,) = rounded(theta, lr)
    return theta + rate * grad, {}


@program()
def sgd_blocks_untouched(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """Only the elements after the last full block of 16 are updated (pytorch#191763)."""
    (rate,) = rounded(theta, lr)
    changed = (np.arange(theta.size) >= theta.size // 16 * 16).reshape(theta.shape)
    return np.where(changed, theta - rate * grad, theta), {}


@program()
def sgd_mean_over_elements(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """Every element moves by the mean gradient."""
    (average,) = rounded(theta, lr * float(np.mean(grad.astype(np.float64))) if grad.size else 0.0)
    return theta - average, {}


@program()
def sgd_elements_reversed(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """The gradient is read from the wrong end."""
    (rate,) = rounded(theta, lr)
    return theta - rate * grad.ravel()[::-1].reshape(theta.shape), {}


# momentum


@program("v")
def momentum_rate_outside(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """v = momentum v + g, theta -= lr v: differs in v, and in theta where the rate changes."""
    decay, rate = rounded(theta, momentum, lr)
    v = decay * state["v"] + grad
    return theta - rate * v, {"v": v}


@program("v")
def momentum_as_average(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """v = momentum v + (1 - momentum) lr g."""
    decay, rate = rounded(theta, momentum, (1 - momentum) * lr)
    v = decay * state["v"] + rate * grad
    return theta - v, {"v": v}


@program("v")
def momentum_previous_velocity(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float
) -> Result:
    """theta moves by the velocity of the step before."""
    decay, rate = rounded(theta, momentum, lr)
    return theta - state["v"], {"v": decay * state["v"] + rate * grad}


@program("v")
def momentum_sign_of_gradient(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """v = momentum v - lr g, still subtracted."""
    decay, rate = rounded(theta, momentum, lr)
    v = decay * state["v"] - rate * grad
    return theta - v, {"v": v}


@program("v")
def momentum_ignored(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """v = lr g: the old velocity is forgotten."""
    (rate,) = rounded(theta, lr)
    v = rate * grad
    return theta - v, {"v": v}


@program("v")
def momentum_reset_at_five(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """The velocity is set to zero before step 5."""
    decay, rate = rounded(theta, 0.0 if t == 5 else momentum, lr)
    v = decay * state["v"] + rate * grad
    return theta - v, {"v": v}


# nesterov


@program("v")
def nesterov_rate_outside(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """v = momentum v + g, theta -= lr (g + momentum v)."""
    decay, rate = rounded(theta, momentum, lr)
    v = decay * state["v"] + grad
    return theta - rate * (grad + decay * v), {"v": v}


@program("v")
def nesterov_without_gradient(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """theta -= momentum v: the gradient's own part is forgotten."""
    decay, rate = rounded(theta, momentum, lr)
    v = decay * state["v"] + rate * grad
    return theta - decay * v, {"v": v}


@program("v")
def nesterov_momentum_missing(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """theta -= v + lr g: the look-ahead is not damped."""
    decay, rate = rounded(theta, momentum, lr)
    v = decay * state["v"] + rate * grad
    return theta - (v + rate * grad), {"v": v}


# rmsprop


@program("v")
def rmsprop_eps_inside(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """g/sqrt(v + eps)."""
    rate, epsilon = rounded(theta, lr, eps)
    v = mean(state["v"], grad * grad, rho)
    return theta - rate * grad / np.sqrt(v + epsilon), {"v": v}


@program("v", "m")
def rmsprop_centered(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """Subtracts the square of the mean without anybody asking."""
    rate, epsilon = rounded(theta, lr, eps)
    v, m = mean(state["v"], grad * grad, rho), mean(state["m"], grad, rho)
    return theta - rate * grad / (np.sqrt(v - m * m) + epsilon), {"v": v, "m": m}


@program("v")
def rmsprop_weights_exchanged(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float
) -> Result:
    """v = (1 - rho) v + rho g^2."""
    rate, epsilon = rounded(theta, lr, eps)
    v = mean(state["v"], grad * grad, 1 - rho)
    return theta - rate * grad / (np.sqrt(v) + epsilon), {"v": v}


@program("v")
def rmsprop_previous_v(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """Divides by the root of the v of the step before."""
    rate, epsilon = rounded(theta, lr, eps)
    v = mean(state["v"], grad * grad, rho)
    return theta - rate * grad / (np.sqrt(state["v"]) + epsilon), {"v": v}


@program("v", start=1.0)
def rmsprop_starts_at_one(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float
) -> Result:
    """v is one, not zero, before the first step (TensorFlow 1)."""
    rate, epsilon = rounded(theta, lr, eps)
    v = mean(state["v"], grad * grad, rho)
    return theta - rate * grad / (np.sqrt(v) + epsilon), {"v": v}


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
    "sgd_rate_slightly_large": rewritten(SGD, theta=theta - lr * "1.0001" * g),
    "sgd_ascends": rewritten(SGD, theta=theta + lr * g),
    "momentum_rate_outside": rewritten(MOMENTUM, v=momentum * velocity + g, theta=theta - lr * velocity),
    "momentum_as_average": rewritten(MOMENTUM, v=momentum * velocity + (1 - momentum) * lr * g),
    "momentum_previous_velocity": of_steps(
        MOMENTUM, Let(theta, theta - velocity), Let(velocity, momentum * velocity + lr * g)
    ),
    "momentum_sign_of_gradient": rewritten(MOMENTUM, v=momentum * velocity - lr * g),
    "momentum_ignored": rewritten(MOMENTUM, v=lr * g),
    "nesterov_rate_outside": rewritten(
        NESTEROV, v=momentum * velocity + g, theta=theta - lr * (g + momentum * velocity)
    ),
    "nesterov_without_gradient": rewritten(NESTEROV, theta=theta - momentum * velocity),
    "nesterov_momentum_missing": rewritten(NESTEROV, theta=theta - (velocity + lr * g)),
    "rmsprop_eps_inside": rewritten(RMSPROP, theta=theta - lr * g / sqrt(v + eps)),
    "rmsprop_centered": of_steps(
        RMSPROP,
        Let(v, rho * v + (1 - rho) * g**2),
        Let(m, rho * m + (1 - rho) * g),
        Let(theta, theta - lr * g / (sqrt(v - m**2) + eps)),
        state=(*RMSPROP.state, RuleState(m, 0)),
    ),
    "rmsprop_weights_exchanged": rewritten(RMSPROP, v=(1 - rho) * v + rho * g**2),
    "rmsprop_previous_v": of_steps(
        RMSPROP, Let(theta, theta - lr * g / (sqrt(v) + eps)), Let(v, rho * v + (1 - rho) * g**2)
    ),
    "rmsprop_starts_at_one": replace(RMSPROP, name="rmsprop/planted", state=(RuleState(v, 1),)),
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
    _row("sgd", sgd_rate_slightly_large),
    _row("sgd", sgd_ascends),
    _row("sgd", sgd_blocks_untouched),
    _row("sgd", sgd_mean_over_elements),
    _row("sgd", sgd_elements_reversed),
    _row("momentum", momentum_rate_outside, "variant:momentum/lr_outside"),
    _row("momentum", momentum_as_average),
    _row("momentum", momentum_previous_velocity),
    _row("momentum", momentum_sign_of_gradient),
    _row("momentum", momentum_ignored),
    _row("momentum", momentum_reset_at_five),
    _row("nesterov", nesterov_rate_outside, "variant:nesterov/lr_outside"),
    _row("nesterov", nesterov_without_gradient),
    _row("nesterov", nesterov_momentum_missing),
    _row("rmsprop", rmsprop_eps_inside, "variant:rmsprop/eps_in_sqrt"),
    _row("rmsprop", rmsprop_centered, "variant:rmsprop/centered"),
    _row("rmsprop", rmsprop_weights_exchanged),
    _row("rmsprop", rmsprop_previous_v),
    _row("rmsprop", rmsprop_starts_at_one),
    _row("adamw", adamw_coupled, "variant:adam/l2"),
    _row("adamw", adamw_decay_without_rate),
    _row("adamw", adamw_decays_the_new_theta),
    _row("adamw", adamw_decay_forgotten, "variant:adam"),
    _row("amsgrad", amsgrad_max_of_corrected, "variant:amsgrad/max_hat"),
    _row("amsgrad", amsgrad_without_old_maximum),
    _row("amsgrad", amsgrad_maximum_fed_back),
    _row("amsgrad", amsgrad_maximum_of_two),
)
