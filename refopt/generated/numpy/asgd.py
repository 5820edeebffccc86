# Generated from the formula by: refopt generate asgd --to numpy
# Fingerprint of the formula: 814eae7222691d981188f7a85db51b4eda15562f266dfc94a2cfcf6930f5c0a0
"""Gradient descent with a falling rate, and the average of its parameters.

    eta   <- lr / (1 + lambd*lr*(t - 1))^alpha
    mu    <- 1 / max(1, t - 1 - averaged_after)
    theta <- theta*(1 - lambd*eta) - eta*g
    ax    <- ax + mu*(theta - ax)

Source: Polyak & Juditsky 1992, the average of the iterates, doi:10.1137/0330046.
Source: Xu 2011, the rate lr/(1 + lambda*lr*t)^alpha, and averaging from t0 on, arXiv:1107.2490.

Hyperparameters:
    lr              step size; 0 <= lr
    lambd           decay of the weights, and of the rate; 0 <= lambd
    alpha           exponent of the fall of the rate; 0 <= alpha
    averaged_after  the update after which the average begins; 0 <= averaged_after

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
    (theta,) = arrays({"theta": theta})
    return {"ax": np.zeros_like(theta)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.01, lambd: float = 0.0001, alpha: float = 0.75, averaged_after: float = 1000000.0
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, ax = arrays({"theta": theta, "g": g}, state, "ax")
    t = counter(t, 1)
    lr, lambd, alpha, averaged_after = floats(lr, lambd, alpha, averaged_after)
    eta = lr / math.pow(1 + lambd * lr * (t - 1), alpha)
    mu = 1 / max(1, t - 1 - averaged_after)
    scalar = rounder(theta.dtype)
    complement = scalar(1 - lambd * eta)
    eta = scalar(eta)
    mu = scalar(mu)
    with np.errstate(all="ignore"):
        theta = theta * complement - eta * g
        ax = ax + mu * (theta - ax)
    return np.asarray(theta), {"ax": np.asarray(ax)}
