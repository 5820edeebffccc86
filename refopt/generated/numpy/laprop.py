# Generated from the formula by: refopt generate laprop --to numpy
# Fingerprint of the formula: 1952594465af497afdfce761d3c05281988311b39456b06813dc607adeb69471
"""Momentum of the normalized gradient.

    v     <- beta2*v + (1 - beta2)*g^2
    v_hat <- v / (1 - beta2^t)
    m     <- beta1*m + lr * (1 - beta1) * g / (sqrt(v_hat) + eps)
    theta <- theta - m / (1 - beta1^t)

Source: Ziyin, Wang & Ueda 2020, Algorithm 1, arXiv:2002.04839.

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

from refopt.generated.numpy._arguments import Array, arrays, counter, floats, power, rounder


def init(theta: Array) -> dict[str, Array]:
    """The state before the first update."""
    (theta,) = arrays({"theta": theta})
    return {"m": np.zeros_like(theta), "v": np.zeros_like(theta)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.0004, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-15
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, m, v = arrays({"theta": theta, "g": g}, state, "m", "v")
    t = counter(t, 1)
    lr, beta1, beta2, eps = floats(lr, beta1, beta2, eps)
    scalar = rounder(theta.dtype)
    one_minus_beta2 = scalar(1 - beta2)
    bias_correction2 = scalar(1 - power(beta2, t))
    step_size = scalar(lr * (1 - beta1))
    bias_correction1 = scalar(1 - power(beta1, t))
    beta2 = scalar(beta2)
    beta1 = scalar(beta1)
    eps = scalar(eps)
    with np.errstate(all="ignore"):
        v = beta2 * v + one_minus_beta2 * np.square(g)
        v_hat = v / bias_correction2
        m = beta1 * m + step_size * g / (np.sqrt(v_hat) + eps)
        theta = theta - m / bias_correction1
    return np.asarray(theta), {"m": np.asarray(m), "v": np.asarray(v)}
