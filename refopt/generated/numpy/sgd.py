# Generated from the formula by: refopt generate sgd --to numpy
# Fingerprint of the formula: 8d59e9dc8427d44f3156bbb8d086b8b1aa49d4cc683f97210bb0d61b90e2736f
"""Gradient descent: batch, stochastic or mini-batch.

    theta <- theta - lr*g

Source: Robbins & Monro 1951, section 2, the recursion, doi:10.1214/aoms/1177729586.
Source: Cauchy 1847, the method of descent, Comptes rendus 25:536-538.

Hyperparameters:
    lr  step size; 0 <= lr

Arrays may have any shape and any floating-point format, ml_dtypes' included, and keep both; the inputs are not changed.
Scalars are formed in binary64 and rounded once to the arrays' format. Infinities and NaN come out where the formula
gives them, without a warning.
"""

from __future__ import annotations

import numpy as np

from refopt.generated.numpy._arguments import Array, arrays, counter, floats, rounder


def init(theta: Array) -> dict[str, Array]:
    """The state before the first update."""
    return {}


def step(theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.01) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g = arrays({"theta": theta, "g": g}, state)
    counter(t, 1)
    (lr,) = floats(lr)
    scalar = rounder(theta.dtype)
    lr = scalar(lr)
    with np.errstate(all="ignore"):
        theta = theta - lr * g
    return np.asarray(theta), {}
