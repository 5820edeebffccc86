# Generated from the formula by: refopt generate radam --to numpy
# Fingerprint of the formula: 81fc23929dd85727f660db9a0679ec72973320676e830915dbf1c8aea88c2424
"""Adam whose first steps are those of momentum.

    m       <- beta1*m + (1 - beta1)*g
    v       <- beta2*v + (1 - beta2)*g^2
    rho_inf <- 2 / (1 - beta2) - 1
    rho_t   <- rho_inf - 2 * t * beta2^t / (1 - beta2^t)
    r       <- where(rho_t > 5, sqrt((rho_t - 4) * (rho_t - 2) * rho_inf / ((rho_inf - 4)*(rho_inf - 2)*rho_t)), 1)
    m_hat   <- m / (1 - beta1^t)
    theta   <- theta - lr*where(rho_t > 5, r * m_hat * sqrt(1 - beta2^t) / (sqrt(v) + eps), m_hat)

Source: Liu et al. 2020, Algorithm 2, with the threshold 5 of the authors' code, eps added to the root of v, arXiv:1908.03265.

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
    rho_inf = 2 / (1 - beta2) - 1
    rho_t = rho_inf - 2 * t * power(beta2, t) / (1 - power(beta2, t))
    r = math.sqrt((rho_t - 4) * (rho_t - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho_t)) if rho_t > 5 else 1
    scalar = rounder(theta.dtype)
    condition = rho_t > 5
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    bias_correction1 = scalar(1 - power(beta1, t))
    root_of_bias_correction2 = scalar(math.sqrt(1 - power(beta2, t))) if rho_t > 5 else scalar(0)
    beta1 = scalar(beta1)
    beta2 = scalar(beta2)
    lr = scalar(lr)
    r = scalar(r)
    eps = scalar(eps)
    with np.errstate(all="ignore"):
        m = beta1 * m + one_minus_beta1 * g
        v = beta2 * v + one_minus_beta2 * np.square(g)
        m_hat = m / bias_correction1  # t counts updates from 1
        theta = theta - lr * (r * m_hat * root_of_bias_correction2 / (np.sqrt(v) + eps) if condition else m_hat)
    return np.asarray(theta), {"m": np.asarray(m), "v": np.asarray(v)}
