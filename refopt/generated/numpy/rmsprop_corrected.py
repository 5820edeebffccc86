# Generated from the formula by: refopt generate rmsprop/corrected --to numpy
# Fingerprint of the formula: 8ff942467b57602a474ea4c57abf7aa6d5c0f0d5daca4f47bb7ef441ec9b944c
"""RMSProp with bias correction.

    v     <- rho*v + (1 - rho)*g^2
    v_hat <- v / (1 - rho^t)
    theta <- theta - lr * g / (sqrt(v_hat) + eps)

Source: Tieleman & Hinton 2012, lecture 6e, slide 29, COURSERA: Neural Networks for Machine Learning.
Differs from rmsprop: the mean square is corrected for its start at 0.

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

from refopt.generated.numpy._arguments import Array, arrays, counter, floats, power, rounder


def init(theta: Array) -> dict[str, Array]:
    """The state before the first update."""
    (theta,) = arrays({"theta": theta})
    return {"v": np.zeros_like(theta)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.001, rho: float = 0.9, eps: float = 1e-08
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, v = arrays({"theta": theta, "g": g}, state, "v")
    t = counter(t, 1)
    lr, rho, eps = floats(lr, rho, eps)
    scalar = rounder(theta.dtype)
    one_minus_rho = scalar(1 - rho)
    bias_correction_rho = scalar(1 - power(rho, t))
    rho = scalar(rho)
    lr = scalar(lr)
    eps = scalar(eps)
    with np.errstate(all="ignore"):
        v = rho * v + one_minus_rho * np.square(g)
        v_hat = v / bias_correction_rho
        theta = theta - lr * g / (np.sqrt(v_hat) + eps)
    return np.asarray(theta), {"v": np.asarray(v)}
