"""SGD, momentum, Nesterov and RMSProp with one thing wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from refopt.catalogue.optimizers.momentum import MOMENTUM
from refopt.catalogue.optimizers.nesterov import NESTEROV
from refopt.catalogue.optimizers.rmsprop import RMSPROP
from refopt.catalogue.optimizers.sgd import SGD
from refopt.catalogue.symbols import (
    eps,
    lr,
    m,
    momentum,
    rho,
    v,
    velocity,
)  # fmt: skip
from refopt.language.expression import g, sqrt, theta
from refopt.language.rule import Let
from refopt.language.rule import State as RuleState

from ..arithmetic import mean, rounded
from ..formula import of_steps, rewritten
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


# What each computes

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
    replace(_row("momentum", momentum_reset_at_five), words=("t = 5", "v")),
    _row("nesterov", nesterov_rate_outside, "variant:nesterov/lr_outside"),
    _row("nesterov", nesterov_without_gradient),
    _row("nesterov", nesterov_momentum_missing),
    _row("rmsprop", rmsprop_eps_inside, "variant:rmsprop/eps_in_sqrt"),
    _row("rmsprop", rmsprop_centered, "variant:rmsprop/centered"),
    _row("rmsprop", rmsprop_weights_exchanged),
    _row("rmsprop", rmsprop_previous_v),
    _row("rmsprop", rmsprop_starts_at_one),
)
