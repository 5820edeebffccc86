# Generated from the formula by: refopt generate adam/uncorrected --to numpy
# Fingerprint of the formula: cb6d20f0d1d9bd077560562e5b80590d86c0d801733f098214a267a07839a890
"""Adam without bias correction.

    m     <- beta1*m + (1 - beta1)*g
    v     <- beta2*v + (1 - beta2)*g^2
    theta <- theta - lr * m / (sqrt(v) + eps)

Source: Kingma & Ba 2015, Algorithm 1, arXiv:1412.6980.
Differs from adam: no bias correction.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  decay of the first moment; 0 <= beta1 < 1
    beta2  decay of the second moment; 0 <= beta2 < 1
    eps    keeps the division finite; 0 <= eps

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
    return {"m": np.zeros_like(theta), "v": np.zeros_like(theta)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, m, v = arrays({"theta": theta, "g": g}, state, "m", "v")
    counter(t, 1)
    lr, beta1, beta2, eps = floats(lr, beta1, beta2, eps)
    scalar = rounder(theta.dtype)
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    beta1 = scalar(beta1)
    beta2 = scalar(beta2)
    lr = scalar(lr)
    eps = scalar(eps)
    with np.errstate(all="ignore"):
        m = beta1 * m + one_minus_beta1 * g
        v = beta2 * v + one_minus_beta2 * np.square(g)
        theta = theta - lr * m / (np.sqrt(v) + eps)
    return np.asarray(theta), {"m": np.asarray(m), "v": np.asarray(v)}
