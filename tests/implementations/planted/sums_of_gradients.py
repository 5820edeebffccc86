"""Rules that solve theta anew from sums of gradients, with one thing wrong: FTRL and MADGRAD."""

from __future__ import annotations

import math

import numpy as np

from refopt.catalogue.optimizers.ftrl import FTRL, SHRUNK, beta, l1, l2, n, n_before, z
from refopt.catalogue.optimizers.madgrad import MADGRAD, start, sums
from refopt.catalogue.optimizers.madgrad import n as squares
from refopt.catalogue.symbols import eps, lr, lr_positive
from refopt.language.expression import absolute, g, sqrt, t, theta, where

from ..arithmetic import rounded
from ..correct.ftrl import Summed
from ..correct.madgrad import Anchored
from ..formula import rewritten
from ..program import Array, Factory, Planted, Result, State, planted, program

# ftrl


def _solved(z: Array, root: Array, lr: float, l1: float, l2: float, beta: float) -> Array:
    """The next parameter, from z and the root of n."""
    rate, at_least, ridge, smooth = rounded(z, lr, l1, l2, beta)
    return np.asarray((np.clip(z, -at_least, at_least) - z) / ((smooth + root) / rate + ridge))


@program("z", "n", kind=Summed)
def ftrl_sigma_without_rate(theta: Array, grad: Array, state: State, t: int, *, lr: float, l1: float, l2: float, beta: float, s0: float) -> Result:
    """The growth of the root times theta, not divided by the rate."""
    n = state["n"] + grad * grad
    z = state["z"] + grad - (np.sqrt(n) - np.sqrt(state["n"])) * theta
    return _solved(z, np.sqrt(n), lr, l1, l2, beta), {"z": z, "n": n}


@program("z", "n", kind=Summed)
def ftrl_sign_of_z_forgotten(theta: Array, grad: Array, state: State, t: int, *, lr: float, l1: float, l2: float, beta: float, s0: float) -> Result:
    """z - l1 whatever the sign of z."""
    rate, at_least, ridge, smooth = rounded(theta, lr, l1, l2, beta)
    n = state["n"] + grad * grad
    z = state["z"] + grad - (np.sqrt(n) - np.sqrt(state["n"])) / rate * theta
    return np.where(np.abs(z) <= at_least, z - z, (at_least - z) / ((smooth + np.sqrt(n)) / rate + ridge)), {"z": z, "n": n}


@program("z", "n", kind=Summed)
def ftrl_old_sum_divides(theta: Array, grad: Array, state: State, t: int, *, lr: float, l1: float, l2: float, beta: float, s0: float) -> Result:
    """The divisor has the root of n before the gradient came in."""
    (rate,) = rounded(theta, lr)
    n = state["n"] + grad * grad
    z = state["z"] + grad - (np.sqrt(n) - np.sqrt(state["n"])) / rate * theta
    return _solved(z, np.sqrt(state["n"]), lr, l1, l2, beta), {"z": z, "n": n}


@program("z", "n", kind=Summed)
def ftrl_nothing_taken_off(theta: Array, grad: Array, state: State, t: int, *, lr: float, l1: float, l2: float, beta: float, s0: float) -> Result:
    """z is the sum of the gradients alone: the proximal part is left out."""
    n = state["n"] + grad * grad
    z = state["z"] + grad
    return _solved(z, np.sqrt(n), lr, l1, l2, beta), {"z": z, "n": n}


# madgrad


def _averaged(
    theta: Array, grad: Array, state: State, weight: float, weight_of_square: float, momentum: float, eps: float, third: bool = True
) -> tuple[Array, Array, State]:
    """The share of theta that is kept, what z is taken with, and the state: from the weights of the two sums."""
    w, w2, keep, take, epsilon = rounded(theta, weight, weight_of_square, momentum, 1 - momentum, eps)
    s, n = state["s"] + w * grad, state["n"] + w2 * (grad * grad)
    z = state["theta_start"] - s / ((np.cbrt(n) if third else np.sqrt(n)) + epsilon)
    return keep * theta, take * z, {"s": s, "n": n, "theta_start": state["theta_start"]}


@program("s", "n", "theta_start", kind=Anchored)
def madgrad_square_root(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, eps: float) -> Result:
    """The square root where the cube root should be, as in AdaGrad."""
    kept, added, after = _averaged(theta, grad, state, lr * math.sqrt(t), lr * math.sqrt(t), momentum, eps, third=False)
    return kept + added, after


@program("s", "n", "theta_start", kind=Anchored)
def madgrad_weight_of_the_step_before(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, eps: float) -> Result:
    """The weight is lr sqrt(k) with k from 0: the first gradient is lost."""
    weight = lr * math.sqrt(t - 1)
    kept, added, after = _averaged(theta, grad, state, weight, weight, momentum, eps)
    return kept + added, after


@program("s", "n", "theta_start", kind=Anchored)
def madgrad_square_not_weighted(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, eps: float) -> Result:
    """The squares are summed without the weight."""
    kept, added, after = _averaged(theta, grad, state, lr * math.sqrt(t), 1.0, momentum, eps)
    return kept + added, after


# What each computes

DIVISOR = (beta + sqrt(n)) / lr_positive + l2
FORMULAS = {
    "ftrl_sigma_without_rate": rewritten(FTRL, z=z + g - (sqrt(n) - sqrt(n_before)) * theta),
    "ftrl_sign_of_z_forgotten": rewritten(FTRL, theta=-(where(absolute(z) <= l1, 0 * z, z - l1) / DIVISOR)),
    "ftrl_old_sum_divides": rewritten(FTRL, theta=-(SHRUNK / ((beta + sqrt(n_before)) / lr_positive + l2))),
    "ftrl_nothing_taken_off": rewritten(FTRL, z=z + g),
    "madgrad_square_root": rewritten(MADGRAD, z=start - sums / (sqrt(squares) + eps)),
    "madgrad_weight_of_the_step_before": rewritten(MADGRAD, lam=lr * sqrt(t - 1)),
    "madgrad_square_not_weighted": rewritten(MADGRAD, n=squares + g**2),
}
"""Beside each bug the formula that it computes."""


def _row(rule: str, make: Factory) -> Planted:
    return planted(rule, make, formula=FORMULAS[make.__name__])


PROGRAMS = (
    _row("ftrl", ftrl_sigma_without_rate),
    _row("ftrl", ftrl_sign_of_z_forgotten),
    _row("ftrl", ftrl_old_sum_divides),
    _row("ftrl", ftrl_nothing_taken_off),
    _row("madgrad", madgrad_square_root),
    _row("madgrad", madgrad_weight_of_the_step_before),
    _row("madgrad", madgrad_square_not_weighted),
)
