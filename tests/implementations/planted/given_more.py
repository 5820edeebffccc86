"""Rules that are given more than the gradient, with one thing wrong."""

from __future__ import annotations

from typing import Any

import numpy as np

from refopt.catalogue.optimizers.noisy_sgd import NOISY_SGD, noise, noise_decay, noise_variance
from refopt.catalogue.symbols import lr
from refopt.language.expression import absolute, g, sqrt, t, theta

from ..arithmetic import rounded
from ..correct.noisy_sgd import beside, deviation
from ..formula import rewritten
from ..program import Array, Factory, Planted, Result, State, planted, program


@program()
def noisy_sgd_variance(theta: Array, grad: Array, state: State, t: int, *, lr: float, noise_variance: float, noise_decay: float, noise: Any) -> Result:
    """The noise is multiplied by its variance, not by the root of it."""
    rate, variance = rounded(theta, lr, noise_variance / t**noise_decay)
    return theta - rate * (grad + variance * beside(theta, noise)), {}


@program()
def noisy_sgd_one_update_ahead(theta: Array, grad: Array, state: State, t: int, *, lr: float, noise_variance: float, noise_decay: float, noise: Any) -> Result:
    """The count from 1 is put into the formula of one from 0: the noise of update 1 is that of update 2."""
    rate, sigma = rounded(theta, lr, deviation(noise_variance, noise_decay, t + 1))
    return theta - rate * (grad + sigma * beside(theta, noise)), {}


@program()
def noisy_sgd_does_not_fade(theta: Array, grad: Array, state: State, t: int, *, lr: float, noise_variance: float, noise_decay: float, noise: Any) -> Result:
    """The variance stays noise_variance."""
    rate, sigma = rounded(theta, lr, noise_variance**0.5)
    return theta - rate * (grad + sigma * beside(theta, noise)), {}


@program()
def noisy_sgd_one_sign(theta: Array, grad: Array, state: State, t: int, *, lr: float, noise_variance: float, noise_decay: float, noise: Any) -> Result:
    """The size of the noise alone."""
    rate, sigma = rounded(theta, lr, deviation(noise_variance, noise_decay, t))
    return theta - rate * (grad + sigma * np.abs(beside(theta, noise))), {}


# What each computes

SIGMA = sqrt(noise_variance / t**noise_decay)
FORMULAS = {
    "noisy_sgd_variance": rewritten(NOISY_SGD, theta=theta - lr * (g + noise_variance / t**noise_decay * noise)),
    "noisy_sgd_one_update_ahead": rewritten(NOISY_SGD, theta=theta - lr * (g + sqrt(noise_variance / (t + 1) ** noise_decay) * noise)),
    "noisy_sgd_does_not_fade": rewritten(NOISY_SGD, theta=theta - lr * (g + sqrt(noise_variance) * noise)),
    "noisy_sgd_one_sign": rewritten(NOISY_SGD, theta=theta - lr * (g + SIGMA * absolute(noise))),
}
"""Beside each bug the formula that it computes."""


def _row(rule: str, make: Factory) -> Planted:
    return planted(rule, make, formula=FORMULAS[make.__name__])


PROGRAMS = (
    _row("noisy_sgd", noisy_sgd_variance),
    _row("noisy_sgd", noisy_sgd_one_update_ahead),
    _row("noisy_sgd", noisy_sgd_does_not_fade),
    _row("noisy_sgd", noisy_sgd_one_sign),
)
