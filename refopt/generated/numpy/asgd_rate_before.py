# Generated from the formula by: refopt generate asgd/rate_before --to numpy
# Fingerprint of the formula: 60aca35d9b798da16d0557cabc886dbb9e6cb03f1fbe3ab2d4e95d5887a4adbf
"""ASGD whose rate was made at the update before.

    rate  <- where(t = 1, lr, eta)
    theta <- theta*(1 - lambd*rate) - rate*g
    ax    <- ax + mu*(theta - ax)
    eta   <- lr / (1 + lambd*lr*t)^alpha
    mu    <- 1 / max(1, t - averaged_after)

Source: Polyak & Juditsky 1992, the average of the iterates, doi:10.1137/0330046.
Source: Xu 2011, the rate lr/(1 + lambda*lr*t)^alpha, and averaging from t0 on, arXiv:1107.2490.
Differs from asgd: a changed rate acts one update late.

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

from refopt.generated.numpy._arguments import Array, arrays, counter, floats, real, rounder


def init(theta: Array) -> dict[str, Array]:
    """The state before the first update."""
    (theta,) = arrays({"theta": theta})
    return {"ax": np.zeros_like(theta), "eta": np.asarray(0, np.float64), "mu": np.asarray(1, np.float64)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.01, lambd: float = 0.0001, alpha: float = 0.75, averaged_after: float = 1000000.0
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, ax = arrays({"theta": theta, "g": g}, state, "ax", beside=("eta", "mu",))
    eta = real(state, "eta")
    mu = real(state, "mu")
    t = counter(t, 1)
    lr, lambd, alpha, averaged_after = floats(lr, lambd, alpha, averaged_after)
    mu_before = mu
    rate = lr if t == 1 else eta
    eta = lr / math.pow(1 + lambd * lr * t, alpha)
    mu = 1 / max(1, t - averaged_after)
    scalar = rounder(theta.dtype)
    complement = scalar(1 - lambd * rate)
    rate = scalar(rate)
    mu_before = scalar(mu_before)
    with np.errstate(all="ignore"):
        theta = theta * complement - rate * g
        ax = ax + mu_before * (theta - ax)
    return np.asarray(theta), {"ax": np.asarray(ax), "eta": np.asarray(eta), "mu": np.asarray(mu)}
