# Generated from the formula by: refopt generate ademamix --to numpy
# Fingerprint of the formula: 80e23cc16c4343032029a2fb54b5c43140d2b6472e4865a9044afe7f2105bf56
"""Adam with a fast and a slow average of the gradients.

    m      <- beta1*m + (1 - beta1)*g
    v      <- beta2*v + (1 - beta2)*g^2
    m_slow <- beta3*m_slow + (1 - beta3)*g
    m_hat  <- m / (1 - beta1^t)
    v_hat  <- v / (1 - beta2^t)
    theta  <- theta - lr*((m_hat + alpha*m_slow) / (sqrt(v_hat) + eps) + weight_decay*theta)

Source: Pagliardini, Ablin & Grangier 2024, Algorithm 1 with alpha and beta3 constant, arXiv:2409.03137.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         decay of the first moment; 0 <= beta1 < 1
    beta2         decay of the second moment; 0 <= beta2 < 1
    eps           keeps the division finite; 0 <= eps
    beta3         decay of the slow average; 0 <= beta3 < 1
    alpha         weight of the slow average; 0 <= alpha
    weight_decay  decay of the weights; 0 <= weight_decay

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
    return {"m": np.zeros_like(theta), "v": np.zeros_like(theta), "m_slow": np.zeros_like(theta)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08, beta3: float = 0.9999, alpha: float = 5.0, weight_decay: float = 0.01
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, m, v, m_slow = arrays({"theta": theta, "g": g}, state, "m", "v", "m_slow")
    t = counter(t, 1)
    lr, beta1, beta2, eps, beta3, alpha, weight_decay = floats(lr, beta1, beta2, eps, beta3, alpha, weight_decay)
    scalar = rounder(theta.dtype)
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    one_minus_beta3 = scalar(1 - beta3)
    bias_correction1 = scalar(1 - power(beta1, t))
    bias_correction2 = scalar(1 - power(beta2, t))
    beta1 = scalar(beta1)
    beta2 = scalar(beta2)
    beta3 = scalar(beta3)
    lr = scalar(lr)
    alpha = scalar(alpha)
    eps = scalar(eps)
    weight_decay = scalar(weight_decay)
    with np.errstate(all="ignore"):
        m = beta1 * m + one_minus_beta1 * g
        v = beta2 * v + one_minus_beta2 * np.square(g)
        m_slow = beta3 * m_slow + one_minus_beta3 * g  # never corrected
        m_hat = m / bias_correction1  # t counts updates from 1
        v_hat = v / bias_correction2
        theta = theta - lr * ((m_hat + alpha * m_slow) / (np.sqrt(v_hat) + eps) + weight_decay * theta)
    return np.asarray(theta), {"m": np.asarray(m), "v": np.asarray(v), "m_slow": np.asarray(m_slow)}
