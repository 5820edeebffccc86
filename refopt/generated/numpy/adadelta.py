# Generated from the formula by: refopt generate adadelta --to numpy
# Fingerprint of the formula: 6824728aa6bb8e06ab8d6a200fec95338a2b864310c59cd80024a8ce7afde71e
"""Steps in the units of the parameters: as long as the last ones were.

    s     <- rho*s + (1 - rho)*g^2
    d     <- sqrt(u + eps) / sqrt(s + eps) * g
    u     <- rho*u + (1 - rho)*d^2
    theta <- theta - lr*d

Source: Zeiler 2012, Algorithm 1, times a rate that is 1 there, arXiv:1212.5701.

Hyperparameters:
    lr   step size; 0 <= lr
    rho  decay of the mean square; 0 <= rho < 1
    eps  keeps the division finite; 0 <= eps

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
    return {"s": np.zeros_like(theta), "u": np.zeros_like(theta)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 1.0, rho: float = 0.9, eps: float = 1e-06
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, s, u = arrays({"theta": theta, "g": g}, state, "s", "u")
    counter(t, 1)
    lr, rho, eps = floats(lr, rho, eps)
    scalar = rounder(theta.dtype)
    one_minus_rho = scalar(1 - rho)
    rho = scalar(rho)
    eps = scalar(eps)
    lr = scalar(lr)
    with np.errstate(all="ignore"):
        s = rho * s + one_minus_rho * np.square(g)
        d = np.sqrt(u + eps) / np.sqrt(s + eps) * g
        u = rho * u + one_minus_rho * np.square(d)
        theta = theta - lr * d
    return np.asarray(theta), {"s": np.asarray(s), "u": np.asarray(u)}
