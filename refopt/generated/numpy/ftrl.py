# Generated from the formula by: refopt generate ftrl --to numpy
# Fingerprint of the formula: c0425f3e956689719326822a97a053f9a57adc3c6cb7cf1828eee1a267bb374f
"""The leader of all gradients so far, regularized: exact zeros where they say little.

    n_before <- n
    n        <- n + g^2
    z        <- z + g - (sqrt(n) - sqrt(n_before)) / lr * theta
    theta    <- -(z - max(-l1, min(l1, z))) / ((beta + sqrt(n)) / lr + l2)

Source: McMahan et al. 2013, Algorithm 1, alpha is lr, n starts from s0, doi:10.1145/2487575.2488200.

Hyperparameters:
    lr    step size; 0 < lr
    l1    strength of the penalty on the size; 0 <= l1
    l2    strength of the penalty on the square; 0 <= l2
    beta  what the rate is smoothed by; 0 <= beta
    s0    what the sum of squares starts from; 0 <= s0

Arrays may have any shape and any floating-point format, ml_dtypes' included, and keep both; the inputs are not changed.
Scalars are formed in binary64 and rounded once to the arrays' format. Infinities and NaN come out where the formula
gives them, without a warning.
"""

from __future__ import annotations

import numpy as np

from refopt.generated.numpy._arguments import Array, arrays, counter, floats, rounder


def init(theta: Array, *, s0: float = 0.0) -> dict[str, Array]:
    """The state before the first update."""
    (theta,) = arrays({"theta": theta})
    (s0,) = floats(s0)
    scalar = rounder(theta.dtype)
    s0 = scalar(s0)
    return {"z": np.zeros_like(theta), "n": np.full_like(theta, s0)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.001, l1: float = 0.0, l2: float = 0.0, beta: float = 1.0, s0: float = 0.0
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, z, n = arrays({"theta": theta, "g": g}, state, "z", "n")
    counter(t, 1)
    lr, l1, l2, beta, s0 = floats(lr, l1, l2, beta, s0)
    scalar = rounder(theta.dtype)
    coefficient_of_l1 = scalar(-l1)
    lr = scalar(lr)
    l1 = scalar(l1)
    beta = scalar(beta)
    l2 = scalar(l2)
    with np.errstate(all="ignore"):
        n_before = n
        n = n + np.square(g)
        z = z + g - (np.sqrt(n) - np.sqrt(n_before)) / lr * theta
        theta = -((z - np.maximum(coefficient_of_l1, np.minimum(l1, z))) / ((beta + np.sqrt(n)) / lr + l2))
    return np.asarray(theta), {"z": np.asarray(z), "n": np.asarray(n)}
