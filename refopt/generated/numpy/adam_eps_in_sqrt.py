# Generated from the formula by: refopt generate adam/eps_in_sqrt --to numpy
# Fingerprint of the formula: 382300368b2a4e6bed91040ab0b0a37aa43104926b78ea486cb50905d38a729e
"""Adam with epsilon under the root.

    m     <- beta1*m + (1 - beta1)*g
    v     <- beta2*v + (1 - beta2)*g^2
    m_hat <- m / (1 - beta1^t)
    v_hat <- v / (1 - beta2^t)
    theta <- theta - lr * m_hat / sqrt(v_hat + eps)

Source: Kingma & Ba 2015, Algorithm 1, arXiv:1412.6980.
Differs from adam: eps under the root.

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
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, m, v = arrays({"theta": theta, "g": g}, state, "m", "v")
    t = counter(t, 1)
    lr, beta1, beta2, eps = floats(lr, beta1, beta2, eps)
    scalar = rounder(theta.dtype)
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    bias_correction1 = scalar(1 - power(beta1, t))
    bias_correction2 = scalar(1 - power(beta2, t))
    beta1 = scalar(beta1)
    beta2 = scalar(beta2)
    lr = scalar(lr)
    eps = scalar(eps)
    with np.errstate(all="ignore"):
        m = beta1 * m + one_minus_beta1 * g
        v = beta2 * v + one_minus_beta2 * np.square(g)
        m_hat = m / bias_correction1  # t counts updates from 1
        v_hat = v / bias_correction2
        theta = theta - lr * m_hat / np.sqrt(v_hat + eps)
    return np.asarray(theta), {"m": np.asarray(m), "v": np.asarray(v)}
