# Generated from the formula by: refopt generate rmsprop/momentum_lr_inside --to numpy
# Fingerprint of the formula: 8b04cca563c4707e08c58def4ae3fe609b17e8b1148a42d8e32cbe3c9f4dd287
"""RMSProp with momentum, the rate inside the velocity, epsilon under the root.

    v     <- rho*v + (1 - rho)*g^2
    b     <- momentum*b + lr * g / sqrt(v + eps)
    theta <- theta - b

Source: Tieleman & Hinton 2012, lecture 6e, slide 29, COURSERA: Neural Networks for Machine Learning.
Differs from rmsprop: a velocity of the steps; eps under the root.

Hyperparameters:
    lr        step size; 0 <= lr
    rho       decay of the mean square; 0 <= rho < 1
    eps       keeps the division finite; 0 <= eps
    momentum  share of the velocity that is kept; 0 <= momentum < 1

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
    return {"v": np.zeros_like(theta), "b": np.zeros_like(theta)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.001, rho: float = 0.9, eps: float = 1e-08, momentum: float = 0.9
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, v, b = arrays({"theta": theta, "g": g}, state, "v", "b")
    counter(t, 1)
    lr, rho, eps, momentum = floats(lr, rho, eps, momentum)
    scalar = rounder(theta.dtype)
    one_minus_rho = scalar(1 - rho)
    rho = scalar(rho)
    momentum = scalar(momentum)
    lr = scalar(lr)
    eps = scalar(eps)
    with np.errstate(all="ignore"):
        v = rho * v + one_minus_rho * np.square(g)
        b = momentum * b + lr * g / np.sqrt(v + eps)
        theta = theta - b
    return np.asarray(theta), {"v": np.asarray(v), "b": np.asarray(b)}
