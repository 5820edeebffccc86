"""Rules that solve theta anew from sums of gradients, with one thing wrong: FTRL."""

from __future__ import annotations

import numpy as np

from refopt.catalogue.optimizers.ftrl import FTRL, SHRUNK, beta, l1, l2, n, n_before, z
from refopt.catalogue.symbols import lr_positive
from refopt.language.expression import absolute, g, sqrt, theta, where

from ..arithmetic import rounded
from ..correct.ftrl import Summed
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


# What each computes

DIVISOR = (beta + sqrt(n)) / lr_positive + l2
FORMULAS = {
    "ftrl_sigma_without_rate": rewritten(FTRL, z=z + g - (sqrt(n) - sqrt(n_before)) * theta),
    "ftrl_sign_of_z_forgotten": rewritten(FTRL, theta=-(where(absolute(z) <= l1, 0 * z, z - l1) / DIVISOR)),
    "ftrl_old_sum_divides": rewritten(FTRL, theta=-(SHRUNK / ((beta + sqrt(n_before)) / lr_positive + l2))),
    "ftrl_nothing_taken_off": rewritten(FTRL, z=z + g),
}
"""Beside each bug the formula that it computes."""


def _row(rule: str, make: Factory) -> Planted:
    return planted(rule, make, formula=FORMULAS[make.__name__])


PROGRAMS = (
    _row("ftrl", ftrl_sigma_without_rate),
    _row("ftrl", ftrl_sign_of_z_forgotten),
    _row("ftrl", ftrl_old_sum_divides),
    _row("ftrl", ftrl_nothing_taken_off),
)
