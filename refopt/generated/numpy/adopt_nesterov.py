# Generated from the formula by: refopt generate adopt/nesterov --to numpy
# Fingerprint of the formula: 27bdbaffc6d6c956f1ca670af6d0f6364b0d629b8bf6ec45ad3e67c8c2968231
"""ADOPT that averages each normalized gradient twice for its step.

    c     <- sqrt(sqrt(t - 1))
    u     <- where(t > 1, max(-c, min(c, g / max(sqrt(v), eps))), 0*g)
    m     <- beta1*m + (1 - beta1)*u
    v     <- where(t > 1, beta2*v + (1 - beta2)*g^2, g^2)
    theta <- theta - lr*(beta1*m + (1 - beta1)*u)

Source: Taniguchi et al. 2024, clipped ADOPT, c_t = t^(1/4), its first gradient as update 1, arXiv:2411.02853.
Differs from adopt: the step is one average further than the state.

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

import math

import numpy as np

from refopt.generated.numpy._arguments import Array, arrays, counter, floats, rounder


def init(theta: Array) -> dict[str, Array]:
    """The state before the first update."""
    (theta,) = arrays({"theta": theta})
    return {"m": np.zeros_like(theta), "v": np.zeros_like(theta)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.9999, eps: float = 1e-06
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, m, v = arrays({"theta": theta, "g": g}, state, "m", "v")
    t = counter(t, 1)
    lr, beta1, beta2, eps = floats(lr, beta1, beta2, eps)
    c = math.sqrt(math.sqrt(t - 1))
    scalar = rounder(theta.dtype)
    coefficient_of_c = scalar(-c) if t > 1 else scalar(0)
    zero = scalar(0)
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2) if t > 1 else scalar(0)
    c = scalar(c)
    eps = scalar(eps)
    beta1 = scalar(beta1)
    beta2 = scalar(beta2)
    lr = scalar(lr)
    with np.errstate(all="ignore"):
        u = np.maximum(coefficient_of_c, np.minimum(c, g / np.maximum(np.sqrt(v), eps))) if t > 1 else zero * g  # v of the update before
        m = beta1 * m + one_minus_beta1 * u
        v = beta2 * v + one_minus_beta2 * np.square(g) if t > 1 else np.square(g)  # all that the first update does
        theta = theta - lr * (beta1 * m + one_minus_beta1 * u)
    return np.asarray(theta), {"m": np.asarray(m), "v": np.asarray(v)}
