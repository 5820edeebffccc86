# Generated from the formula by: refopt generate yogi/m0 --to numpy
# Fingerprint of the formula: 3f2ce99d721dbc9f168f5494a1fde47b03daa5ea2b9075aec591e4ab92ae7eed
"""Yogi with the bias corrections of Adam, both moments starting from v0.

    m     <- beta1*m + (1 - beta1)*g
    v     <- v - (1 - beta2)*sign(v - g^2)*g^2
    m_hat <- m / (1 - beta1^t)
    v_hat <- v / (1 - beta2^t)
    theta <- theta - lr * m_hat / (sqrt(v_hat) + eps)

Source: Zaheer et al. 2018, Algorithm 2 with the bias corrections of Adam, papers.nips.cc/paper/2018/hash/90365351ccc7437a1309dc64e4db32a3.
Differs from yogi: both moments are corrected; the first one starts from v0 too.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  decay of the first moment; 0 <= beta1 < 1
    beta2  decay of the second moment; 0 <= beta2 < 1
    eps    keeps the division finite; 0 <= eps
    v0     what the second moment starts from; 0 <= v0

Arrays may have any shape and any floating-point format, ml_dtypes' included, and keep both; the inputs are not changed.
Scalars are formed in binary64 and rounded once to the arrays' format. Infinities and NaN come out where the formula
gives them, without a warning.
"""

from __future__ import annotations

import numpy as np

from refopt.generated.numpy._arguments import Array, arrays, counter, floats, power, rounder


def init(theta: Array, *, v0: float = 1e-06) -> dict[str, Array]:
    """The state before the first update."""
    (theta,) = arrays({"theta": theta})
    (v0,) = floats(v0)
    scalar = rounder(theta.dtype)
    v0 = scalar(v0)
    return {"m": np.full_like(theta, v0), "v": np.full_like(theta, v0)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.01, beta1: float = 0.9, beta2: float = 0.999, eps: float = 0.001, v0: float = 1e-06
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, m, v = arrays({"theta": theta, "g": g}, state, "m", "v")
    t = counter(t, 1)
    lr, beta1, beta2, eps, v0 = floats(lr, beta1, beta2, eps, v0)
    scalar = rounder(theta.dtype)
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    bias_correction1 = scalar(1 - power(beta1, t))
    bias_correction2 = scalar(1 - power(beta2, t))
    beta1 = scalar(beta1)
    lr = scalar(lr)
    eps = scalar(eps)
    with np.errstate(all="ignore"):
        m = beta1 * m + one_minus_beta1 * g
        v = v - one_minus_beta2 * np.sign(v - np.square(g)) * np.square(g)
        m_hat = m / bias_correction1  # t counts updates from 1
        v_hat = v / bias_correction2
        theta = theta - lr * m_hat / (np.sqrt(v_hat) + eps)
    return np.asarray(theta), {"m": np.asarray(m), "v": np.asarray(v)}
