# Generated from the formula by: refopt generate signum --to numpy
# Fingerprint of the formula: 1019da23cea14f796b881e8e358a4c04ddff32d792b23fcf50a5234fbd066061
"""The sign of the momentum.

    m     <- beta1*m + (1 - beta1)*g
    theta <- theta - lr*sign(m)

Source: Bernstein et al. 2018, Algorithm 2, arXiv:1802.04434.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  decay of the momentum; 0 <= beta1 < 1

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
    return {"m": np.zeros_like(theta)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.01, beta1: float = 0.9
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, m = arrays({"theta": theta, "g": g}, state, "m")
    counter(t, 1)
    lr, beta1 = floats(lr, beta1)
    scalar = rounder(theta.dtype)
    one_minus_beta1 = scalar(1 - beta1)
    beta1 = scalar(beta1)
    lr = scalar(lr)
    with np.errstate(all="ignore"):
        m = beta1 * m + one_minus_beta1 * g
        theta = theta - lr * np.sign(m)
    return np.asarray(theta), {"m": np.asarray(m)}
