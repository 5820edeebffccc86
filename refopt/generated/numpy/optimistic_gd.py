# Generated from the formula by: refopt generate optimistic_gd --to numpy
# Fingerprint of the formula: cd81b2da53a18c89a7b3616b0c9c7478315e6cfc21aa711a76baa8c1b3b8d7e2
"""Gradient descent that guesses the next gradient from the last change.

    d        <- where(t > 1, g_before, g)
    theta    <- theta - lr*((alpha + beta)*g - beta*d)
    g_before <- g

Source: Mokhtari, Ozdaglar & Pattathil 2020, generalized OGDA, its steps alpha and beta times lr, arXiv:1901.08511.

Hyperparameters:
    lr     step size; 0 <= lr
    alpha  weight of the gradient; 0 <= alpha
    beta   weight of the change of the gradient; 0 <= beta

Arrays may have any shape and any floating-point format, ml_dtypes' included, and keep both; the inputs are not changed.
Scalars are formed in binary64 and rounded once to the arrays' format. Infinities and NaN come out where the formula
gives them, without a warning.
"""

from __future__ import annotations

import numpy as np

from refopt.generated.numpy._arguments import Array, arrays, counter, floats, rounder


def init(theta: Array) -> dict[str, Array]:
    """The state before the first update."""
    (theta,) = arrays({"theta": theta})
    return {"g_before": np.zeros_like(theta)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.01, alpha: float = 1.0, beta: float = 1.0
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, g_before = arrays({"theta": theta, "g": g}, state, "g_before")
    t = counter(t, 1)
    lr, alpha, beta = floats(lr, alpha, beta)
    scalar = rounder(theta.dtype)
    alpha_plus_beta = scalar(alpha + beta)
    lr = scalar(lr)
    beta = scalar(beta)
    with np.errstate(all="ignore"):
        d = g_before if t > 1 else g
        theta = theta - lr * (alpha_plus_beta * g - beta * d)
        g_before = g
    return np.asarray(theta), {"g_before": np.array(g_before)}
