"""More wrong optimizers: the kinds of bug that the tests of real frameworks let pass, and their neighbours."""

from __future__ import annotations

import numpy as np

from refopt.catalogue.optimizers.adam import ADAM, MOMENTS
from refopt.catalogue.optimizers.adamw import ADAMW
from refopt.catalogue.optimizers.amsgrad import AMSGRAD
from refopt.catalogue.optimizers.momentum import MOMENTUM
from refopt.catalogue.optimizers.nesterov import NESTEROV
from refopt.catalogue.optimizers.rmsprop import RMSPROP
from refopt.catalogue.symbols import beta1, beta2, eps, lr, m, m_hat, momentum, rho, v, v_hat, v_max, velocity, weight_decay
from refopt.language.expression import absolute, g, maximum, minimum, sqrt, t, theta
from refopt.language.rule import Let

from ..arithmetic import mean, rounded
from ..formula import of_steps, rewritten
from ..program import Array, Factory, Planted, Result, State, planted, program

# momentum


@program("v")
def momentum_ascends(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """theta + v."""
    decay, rate = rounded(theta, momentum, lr)
    v = decay * state["v"] + rate * grad
    return theta + v, {"v": v}


@program("v")
def momentum_never_fades(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """v += lr g: the factor is left out."""
    (rate,) = rounded(theta, lr)
    v = state["v"] + rate * grad
    return theta - v, {"v": v}


@program("v")
def momentum_rate_twice(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """The rate in the velocity, and once more in the step."""
    decay, rate = rounded(theta, momentum, lr)
    v = decay * state["v"] + rate * grad
    return theta - rate * v, {"v": v}


@program("v")
def momentum_never_used(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """The velocity is kept, and theta moves by lr g all the same."""
    decay, rate = rounded(theta, momentum, lr)
    step = rate * grad
    return theta - step, {"v": decay * state["v"] + step}


@program("v")
def momentum_scales_everything(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """v = momentum (v + lr g): a bracket too far."""
    decay, rate = rounded(theta, momentum, lr)
    v = decay * (state["v"] + rate * grad)
    return theta - v, {"v": v}


# nesterov


@program("v")
def nesterov_ignored(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """theta -= v: plain momentum under Nesterov's name."""
    decay, rate = rounded(theta, momentum, lr)
    v = decay * state["v"] + rate * grad
    return theta - v, {"v": v}


@program("v")
def nesterov_ascends(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """theta + (momentum v + lr g)."""
    decay, rate = rounded(theta, momentum, lr)
    step = rate * grad
    v = decay * state["v"] + step
    return theta + (decay * v + step), {"v": v}


@program("v")
def nesterov_looks_back(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """theta -= lr g - momentum v: half of the signs of the velocity form."""
    decay, rate = rounded(theta, momentum, lr)
    step = rate * grad
    v = decay * state["v"] + step
    return theta - (step - decay * v), {"v": v}


@program("v")
def nesterov_never_exercised(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """theta -= lr g: what a test with momentum = 0 cannot see."""
    decay, rate = rounded(theta, momentum, lr)
    step = rate * grad
    return theta - step, {"v": decay * state["v"] + step}


@program("v")
def nesterov_rate_missing_in_step(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """theta -= momentum v + g: the rate is in the velocity only."""
    decay, rate = rounded(theta, momentum, lr)
    v = decay * state["v"] + rate * grad
    return theta - (decay * v + grad), {"v": v}


# rmsprop


@program("v")
def rmsprop_ascends(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """theta + lr g/(sqrt(v) + eps)."""
    rate, epsilon = rounded(theta, lr, eps)
    v = mean(state["v"], grad * grad, rho)
    return theta + rate * grad / (np.sqrt(v) + epsilon), {"v": v}


@program("v")
def rmsprop_no_root(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """g/(v + eps)."""
    rate, epsilon = rounded(theta, lr, eps)
    v = mean(state["v"], grad * grad, rho)
    return theta - rate * grad / (v + epsilon), {"v": v}


@program("v")
def rmsprop_absolute(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """v averages |g|, not g^2."""
    rate, epsilon = rounded(theta, lr, eps)
    v = mean(state["v"], np.abs(grad), rho)
    return theta - rate * grad / (np.sqrt(v) + epsilon), {"v": v}


@program("v")
def rmsprop_eps_left_out(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """g/sqrt(v)."""
    (rate,) = rounded(theta, lr)
    v = mean(state["v"], grad * grad, rho)
    return theta - rate * grad / np.sqrt(v), {"v": v}


@program("v")
def rmsprop_weight_missing(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """v = rho v + g^2."""
    rate, epsilon, decay = rounded(theta, lr, eps, rho)
    v = decay * state["v"] + grad * grad
    return theta - rate * grad / (np.sqrt(v) + epsilon), {"v": v}


# adam


@program("m", "v")
def adam_eps_twice(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """sqrt(v_hat + eps) + eps: in both places, to be safe."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    return theta - rate * (m / q1) / (np.sqrt(v / q2 + epsilon) + epsilon), {"m": m, "v": v}


@program("m", "v")
def adam_correction_multiplied(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """m_hat = m (1 - b1^t)."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    return theta - rate * (m * q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def adam_weights_of_m_exchanged(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """m = (1 - b1) m + b1 g."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m, v = mean(state["m"], grad, 1 - beta1), mean(state["v"], grad * grad, beta2)
    return theta - rate * (m / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


# adamw


@program("m", "v")
def adamw_grows(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float
) -> Result:
    """theta + lr weight_decay theta - step: the weights grow."""
    rate, epsilon, q1, q2, decay = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t, lr * weight_decay)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    return theta + decay * theta - rate * (m / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def adamw_decay_divided_too(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float
) -> Result:
    """theta - lr (m_hat + weight_decay theta)/(sqrt(v_hat) + eps): the decay is adapted too."""
    rate, epsilon, q1, q2, decay = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t, weight_decay)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    return theta - rate * (m / q1 + decay * theta) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def adamw_eps_inside(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float
) -> Result:
    """The decay is right, epsilon stands under the root."""
    rate, epsilon, q1, q2, decay = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t, lr * weight_decay)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    return theta - decay * theta - rate * (m / q1) / np.sqrt(v / q2 + epsilon), {"m": m, "v": v}


@program("m", "v")
def adamw_uncorrected(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float
) -> Result:
    """The decay is right, no bias correction."""
    rate, epsilon, decay = rounded(theta, lr, eps, lr * weight_decay)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    return theta - decay * theta - rate * m / (np.sqrt(v) + epsilon), {"m": m, "v": v}


# amsgrad


@program("m", "v", "v_max")
def amsgrad_maximum_dropped(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """The maximum is kept and not used: adam under AMSGrad's name."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    v_max = np.maximum(state["v_max"], v)
    return theta - rate * (m / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v, "v_max": v_max}


@program("m", "v", "v_max")
def amsgrad_maximum_of_squares(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """v_max = max(v_max, g^2): the largest square, not the largest mean."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    square = grad * grad
    m, v = mean(state["m"], grad, beta1), mean(state["v"], square, beta2)
    v_max = np.maximum(state["v_max"], square)
    return theta - rate * (m / q1) / (np.sqrt(v_max / q2) + epsilon), {"m": m, "v": v, "v_max": v_max}


@program("m", "v", "v_max")
def amsgrad_maximum_over_m(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """v_max = max(v_max, m): the wrong moment, and below zero it never counts."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    v_max = np.maximum(state["v_max"], m)
    return theta - rate * (m / q1) / (np.sqrt(v_max / q2) + epsilon), {"m": m, "v": v, "v_max": v_max}


@program("m", "v", "v_max")
def amsgrad_minimum(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """v_max = min(v_max, v)."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    v_max = np.minimum(state["v_max"], v)
    return theta - rate * (m / q1) / (np.sqrt(v_max / q2) + epsilon), {"m": m, "v": v, "v_max": v_max}


@program("m", "v", "v_max")
def amsgrad_eps_inside(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """The maximum is right, epsilon stands under the root."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    v_max = np.maximum(state["v_max"], v)
    return theta - rate * (m / q1) / np.sqrt(v_max / q2 + epsilon), {"m": m, "v": v, "v_max": v_max}


# What each computes

STEP = lr * m_hat / (sqrt(v_hat) + eps)
FORMULAS = {
    "momentum_ascends": rewritten(MOMENTUM, theta=theta + velocity),
    "momentum_never_fades": rewritten(MOMENTUM, v=velocity + lr * g),
    "momentum_rate_twice": rewritten(MOMENTUM, theta=theta - lr * velocity),
    "momentum_never_used": rewritten(MOMENTUM, theta=theta - lr * g),
    "momentum_scales_everything": rewritten(MOMENTUM, v=momentum * (velocity + lr * g)),
    "nesterov_ignored": rewritten(NESTEROV, theta=theta - velocity),
    "nesterov_ascends": rewritten(NESTEROV, theta=theta + (momentum * velocity + lr * g)),
    "nesterov_looks_back": rewritten(NESTEROV, theta=theta - (lr * g - momentum * velocity)),
    "nesterov_never_exercised": rewritten(NESTEROV, theta=theta - lr * g),
    "nesterov_rate_missing_in_step": rewritten(NESTEROV, theta=theta - (momentum * velocity + g)),
    "rmsprop_ascends": rewritten(RMSPROP, theta=theta + lr * g / (sqrt(v) + eps)),
    "rmsprop_no_root": rewritten(RMSPROP, theta=theta - lr * g / (v + eps)),
    "rmsprop_absolute": rewritten(RMSPROP, v=rho * v + (1 - rho) * absolute(g)),
    "rmsprop_eps_left_out": rewritten(RMSPROP, theta=theta - lr * g / sqrt(v)),
    "rmsprop_weight_missing": rewritten(RMSPROP, v=rho * v + g**2),
    "adam_eps_twice": rewritten(ADAM, theta=theta - lr * m_hat / (sqrt(v_hat + eps) + eps)),
    "adam_correction_multiplied": rewritten(ADAM, m_hat=m * (1 - beta1**t)),
    "adam_weights_of_m_exchanged": rewritten(ADAM, m=(1 - beta1) * m + beta1 * g),
    "adamw_grows": rewritten(ADAMW, theta=theta + lr * weight_decay * theta - STEP),
    "adamw_decay_divided_too": rewritten(ADAMW, theta=theta - lr * (m_hat + weight_decay * theta) / (sqrt(v_hat) + eps)),
    "adamw_eps_inside": rewritten(ADAMW, theta=theta - lr * weight_decay * theta - lr * m_hat / sqrt(v_hat + eps)),
    "adamw_uncorrected": rewritten(ADAMW, theta=theta - lr * weight_decay * theta - lr * m / (sqrt(v) + eps)),
    "amsgrad_maximum_dropped": rewritten(AMSGRAD, theta=theta - lr * (m / (1 - beta1**t)) / (sqrt(v / (1 - beta2**t)) + eps)),
    "amsgrad_maximum_of_squares": rewritten(AMSGRAD, v_max=maximum(v_max, g**2)),
    "amsgrad_maximum_over_m": of_steps(
        AMSGRAD, *MOMENTS, Let(v_max, maximum(v_max, m)),
        Let(theta, theta - lr * (m / (1 - beta1**t)) / (sqrt(v_max / (1 - beta2**t)) + eps)),
    ),
    "amsgrad_minimum": rewritten(AMSGRAD, v_max=minimum(v_max, v)),
    "amsgrad_eps_inside": rewritten(AMSGRAD, theta=theta - lr * (m / (1 - beta1**t)) / sqrt(v_max / (1 - beta2**t) + eps)),
}  # fmt: skip
"""Beside each bug the formula that it computes."""


def _row(rule: str, make: Factory, expected: str = "deviates") -> Planted:
    return planted(rule, make, expected, formula=FORMULAS[make.__name__])


PROGRAMS = (
    _row("momentum", momentum_ascends),
    _row("momentum", momentum_never_fades),
    _row("momentum", momentum_rate_twice),
    _row("momentum", momentum_never_used, "variant:sgd"),
    _row("momentum", momentum_scales_everything),
    _row("nesterov", nesterov_ignored, "variant:momentum"),
    _row("nesterov", nesterov_ascends),
    _row("nesterov", nesterov_looks_back),
    _row("nesterov", nesterov_never_exercised, "variant:sgd"),
    _row("nesterov", nesterov_rate_missing_in_step),
    _row("rmsprop", rmsprop_ascends),
    _row("rmsprop", rmsprop_no_root),
    _row("rmsprop", rmsprop_absolute),
    _row("rmsprop", rmsprop_eps_left_out),
    _row("rmsprop", rmsprop_weight_missing),
    _row("adam", adam_eps_twice),
    _row("adam", adam_correction_multiplied),
    _row("adam", adam_weights_of_m_exchanged),
    _row("adamw", adamw_grows),
    _row("adamw", adamw_decay_divided_too),
    _row("adamw", adamw_eps_inside),
    _row("adamw", adamw_uncorrected),
    _row("amsgrad", amsgrad_maximum_dropped, "variant:adam"),
    _row("amsgrad", amsgrad_maximum_of_squares),
    _row("amsgrad", amsgrad_maximum_over_m),
    _row("amsgrad", amsgrad_minimum),
    _row("amsgrad", amsgrad_eps_inside),
)
