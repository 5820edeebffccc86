# Generated from the formula by: refopt generate adabelief --to numpy
# Fingerprint of the formula: dc0e1176585d139d39dc59ecf5d25c8f6e1b5a02069843494190c1268407a322
"""Adam that divides by how far the gradient is from what was expected.

    m     <- beta1*m + (1 - beta1)*g
    s     <- beta2*s + (1 - beta2)*(g - m)^2 + eps_root
    m_hat <- m / (1 - beta1^t)
    s_hat <- s / (1 - beta2^t)
    theta <- theta - lr * m_hat / (sqrt(s_hat) + eps)

Source: Zhuang et al. 2020, Algorithm 2; the epsilon that is added to s has a name of its own, arXiv:2010.07468.

Hyperparameters:
    lr        step size; 0 <= lr
    beta1     decay of the first moment; 0 <= beta1 < 1
    beta2     decay of the second moment; 0 <= beta2 < 1
    eps       keeps the division finite; 0 <= eps
    eps_root  added to s at every update; 0 <= eps_root

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
    return {"m": np.zeros_like(theta), "s": np.zeros_like(theta)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-16, eps_root: float = 1e-16
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, m, s = arrays({"theta": theta, "g": g}, state, "m", "s")
    t = counter(t, 1)
    lr, beta1, beta2, eps, eps_root = floats(lr, beta1, beta2, eps, eps_root)
    scalar = rounder(theta.dtype)
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    bias_correction1 = scalar(1 - power(beta1, t))
    bias_correction2 = scalar(1 - power(beta2, t))
    beta1 = scalar(beta1)
    beta2 = scalar(beta2)
    eps_root = scalar(eps_root)
    lr = scalar(lr)
    eps = scalar(eps)
    with np.errstate(all="ignore"):
        m = beta1 * m + one_minus_beta1 * g
        s = beta2 * s + one_minus_beta2 * np.square(g - m) + eps_root
        m_hat = m / bias_correction1  # t counts updates from 1
        s_hat = s / bias_correction2
        theta = theta - lr * m_hat / (np.sqrt(s_hat) + eps)
    return np.asarray(theta), {"m": np.asarray(m), "s": np.asarray(s)}
