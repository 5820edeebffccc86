# Generated from the formula by: refopt generate noisy_sgd --to numpy
# Fingerprint of the formula: 4ae9bb4e97270e0906b7bbc70679d74a0a434f246a014a745c5cd9e6973c46ff
"""A step against the gradient with noise that fades.

    theta <- theta - lr*(g + sqrt(noise_variance / t^noise_decay)*noise)

Source: Neelakantan et al. 2015, section 2, the variance eta/(1 + t)^gamma, t from 0, arXiv:1511.06807.

Hyperparameters:
    lr              step size; 0 <= lr
    noise_variance  variance of the first noise; 0 <= noise_variance
    noise_decay     how fast the variance falls; 0 <= noise_decay

Given beside the gradient:
    noise  noise: drawn anew at each update, of variance 1

Arrays may have any shape and any floating-point format, ml_dtypes' included, and keep both; the inputs are not changed.
Scalars are formed in binary64 and rounded once to the arrays' format. Infinities and NaN come out where the formula
gives them, without a warning.
"""

from __future__ import annotations

import math

import numpy as np

from refopt.generated.numpy._arguments import Array, arrays, counter, floats, rounder


def init(theta: Array) -> dict[str, Array]:
    """The state before the first update."""
    return {}


def step(
    theta: Array, g: Array, noise: Array, state: dict[str, Array], t: int, *, lr: float = 0.01, noise_variance: float = 0.01, noise_decay: float = 0.55
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta; noise is the noise."""
    theta, g, noise = arrays({"theta": theta, "g": g, "noise": noise}, state)
    t = counter(t, 1)
    lr, noise_variance, noise_decay = floats(lr, noise_variance, noise_decay)
    scalar = rounder(theta.dtype)
    root_of_coefficient_of_noise_variance_and_t_and_noise_decay = scalar(math.sqrt(noise_variance / math.pow(t, noise_decay)))
    lr = scalar(lr)
    with np.errstate(all="ignore"):
        theta = theta - lr * (g + root_of_coefficient_of_noise_variance_and_t_and_noise_decay * noise)
    return np.asarray(theta), {}
