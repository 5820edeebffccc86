"""SGDW, signSGD, Signum and Lion with one thing wrong."""

from __future__ import annotations

import numpy as np

from refopt.catalogue.optimizers.lion import INTERPOLATION, LION, MOMENTUM, c
from refopt.catalogue.optimizers.sgdw import SGDW
from refopt.catalogue.optimizers.sign_sgd import SIGN_SGD
from refopt.catalogue.optimizers.signum import SIGNUM
from refopt.catalogue.symbols import beta1, beta2, lr, m, momentum, velocity, weight_decay
from refopt.language.expression import absolute, g, sign, theta, where
from refopt.language.rule import Let

from ..arithmetic import mean, rounded
from ..formula import of_steps, rewritten
from ..program import Array, Factory, Planted, Result, State, planted, program

# sgdw


@program("v")
def sgdw_coupled(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, weight_decay: float) -> Result:
    """The decay goes into the gradient, as SGD's own."""
    rate, keep, decay = rounded(theta, lr, momentum, weight_decay)
    v = keep * state["v"] + (grad + decay * theta)
    return theta - rate * v, {"v": v}


@program("v")
def sgdw_decay_without_rate(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, weight_decay: float) -> Result:
    """theta - weight_decay theta - lr v."""
    rate, keep, decay = rounded(theta, lr, momentum, weight_decay)
    v = keep * state["v"] + grad
    return theta - decay * theta - rate * v, {"v": v}


@program("v")
def sgdw_decays_the_new_theta(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, weight_decay: float) -> Result:
    """The step first, then the decay of what came out."""
    rate, keep, decay = rounded(theta, lr, momentum, lr * weight_decay)
    v = keep * state["v"] + grad
    moved = theta - rate * v
    return moved - decay * moved, {"v": v}


# sign_sgd


@program()
def sign_sgd_one_at_zero(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """where(g >= 0, 1, -1)."""
    rate, one = rounded(theta, lr, 1.0)
    return theta - rate * np.where(grad >= 0, one, -one), {}


@program()
def sign_sgd_by_division(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """g/(|g| + 1e-8)."""
    rate, small = rounded(theta, lr, 1e-8)
    return theta - rate * (grad / (np.abs(grad) + small)), {}


@program()
def sign_sgd_without_the_sign(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """theta - lr g."""
    (rate,) = rounded(theta, lr)
    return theta - rate * grad, {}


# signum


@program("m")
def signum_mean_of_signs(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float) -> Result:
    """m is the mean of sign(g), and theta moves by lr m."""
    (rate,) = rounded(theta, lr)
    m = mean(state["m"], np.sign(grad), beta1)
    return theta - rate * m, {"m": m}


@program("m")
def signum_one_at_zero(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float) -> Result:
    """where(m >= 0, 1, -1)."""
    rate, one = rounded(theta, lr, 1.0)
    m = mean(state["m"], grad, beta1)
    return theta - rate * np.where(m >= 0, one, -one), {"m": m}


@program("m")
def signum_of_the_old_mean(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float) -> Result:
    """The sign of the mean before this gradient."""
    (rate,) = rounded(theta, lr)
    return theta - rate * np.sign(state["m"]), {"m": mean(state["m"], grad, beta1)}


# lion


@program("m")
def lion_one_beta(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, weight_decay: float) -> Result:
    """What was interpolated for the step is kept as the momentum: beta2 is not used."""
    rate, decay = rounded(theta, lr, weight_decay)
    c = mean(state["m"], grad, beta1)
    return theta - rate * (np.sign(c) + decay * theta), {"m": c}


@program("m")
def lion_betas_exchanged(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, weight_decay: float) -> Result:
    """beta2 in the step, beta1 in the momentum."""
    rate, decay = rounded(theta, lr, weight_decay)
    c = mean(state["m"], grad, beta2)
    return theta - rate * (np.sign(c) + decay * theta), {"m": mean(state["m"], grad, beta1)}


@program("m")
def lion_decay_without_rate(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, weight_decay: float) -> Result:
    """theta - weight_decay theta - lr sign(c)."""
    rate, decay = rounded(theta, lr, weight_decay)
    c = mean(state["m"], grad, beta1)
    return theta - decay * theta - rate * np.sign(c), {"m": mean(state["m"], grad, beta2)}


# What each computes

FORMULAS = {
    "sgdw_coupled": of_steps(SGDW, Let(velocity, momentum * velocity + (g + weight_decay * theta)), Let(theta, theta - lr * velocity)),
    "sgdw_decay_without_rate": rewritten(SGDW, theta=theta - weight_decay * theta - lr * velocity),
    "sgdw_decays_the_new_theta": of_steps(
        SGDW, SGDW.steps[0], Let(theta, theta - lr * velocity), Let(theta, theta - lr * weight_decay * theta)
    ),
    "sign_sgd_one_at_zero": rewritten(SIGN_SGD, theta=theta - lr * where(g >= 0, 1, -1)),
    "sign_sgd_by_division": rewritten(SIGN_SGD, theta=theta - lr * (g / (absolute(g) + "1e-8"))),
    "sign_sgd_without_the_sign": rewritten(SIGN_SGD, theta=theta - lr * g),
    "signum_mean_of_signs": rewritten(SIGNUM, m=beta1 * m + (1 - beta1) * sign(g), theta=theta - lr * m),
    "signum_one_at_zero": rewritten(SIGNUM, theta=theta - lr * where(m >= 0, 1, -1)),
    "signum_of_the_old_mean": of_steps(SIGNUM, SIGNUM.steps[1], SIGNUM.steps[0]),
    "lion_one_beta": rewritten(LION, m=beta1 * m + (1 - beta1) * g),
    "lion_betas_exchanged": rewritten(LION, c=beta2 * m + (1 - beta2) * g, m=beta1 * m + (1 - beta1) * g),
    "lion_decay_without_rate": of_steps(LION, INTERPOLATION, Let(theta, theta - weight_decay * theta - lr * sign(c)), MOMENTUM),
}  # fmt: skip
"""Beside each bug the formula that it computes."""


def _row(rule: str, make: Factory, expected: str = "deviates") -> Planted:
    return planted(rule, make, expected, formula=FORMULAS[make.__name__])


PROGRAMS = (
    _row("sgdw", sgdw_coupled),
    _row("sgdw", sgdw_decay_without_rate),
    _row("sgdw", sgdw_decays_the_new_theta),
    _row("sign_sgd", sign_sgd_one_at_zero),
    _row("sign_sgd", sign_sgd_by_division),
    _row("sign_sgd", sign_sgd_without_the_sign, "variant:sgd"),
    _row("signum", signum_mean_of_signs),
    _row("signum", signum_one_at_zero),
    _row("signum", signum_of_the_old_mean),
    _row("lion", lion_one_beta),
    _row("lion", lion_betas_exchanged),
    _row("lion", lion_decay_without_rate),
)
