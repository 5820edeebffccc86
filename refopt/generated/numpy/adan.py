# Generated from the formula by: refopt generate adan --to numpy
# Fingerprint of the formula: 16fd0b0eecb7e299bd377fd5aca0023bab2eb8e63f7694241e6cd5b66531bb0e
"""Adam with Nesterov momentum made of the gradient's change.

    d        <- where(t > 1, g - g_before, 0*g)
    m        <- beta1*m + (1 - beta1)*g
    w        <- beta2*w + (1 - beta2)*d
    n        <- beta3*n + (1 - beta3)*(g + beta2*d)^2
    theta    <- (theta - lr * (m / (1 - beta1^t) + beta2 * w / (1 - beta2^t)) / (sqrt(n / (1 - beta3^t)) + eps)) / (1 +
            lr*weight_decay)
    g_before <- g

Source: Xie et al. 2022, Algorithm 1 with bias corrections, its betas 1 minus these, arXiv:2208.06677.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         decay of the mean gradient; 0 <= beta1 < 1
    beta2         decay of the mean change of the gradient; 0 <= beta2 < 1
    beta3         decay of the mean square; 0 <= beta3 < 1
    eps           keeps the division finite; 0 <= eps
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
    return {"m": np.zeros_like(theta), "w": np.zeros_like(theta), "n": np.zeros_like(theta), "g_before": np.zeros_like(theta)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.001, beta1: float = 0.98, beta2: float = 0.92, beta3: float = 0.99, eps: float = 1e-08, weight_decay: float = 0.01
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, m, w, n, g_before = arrays({"theta": theta, "g": g}, state, "m", "w", "n", "g_before")
    t = counter(t, 1)
    lr, beta1, beta2, beta3, eps, weight_decay = floats(lr, beta1, beta2, beta3, eps, weight_decay)
    scalar = rounder(theta.dtype)
    zero = scalar(0)
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    one_minus_beta3 = scalar(1 - beta3)
    bias_correction1 = scalar(1 - power(beta1, t))
    bias_correction2 = scalar(1 - power(beta2, t))
    bias_correction3 = scalar(1 - power(beta3, t))
    step_size = scalar(1 + lr * weight_decay)
    beta1 = scalar(beta1)
    beta2 = scalar(beta2)
    beta3 = scalar(beta3)
    lr = scalar(lr)
    eps = scalar(eps)
    with np.errstate(all="ignore"):
        d = g - g_before if t > 1 else zero * g
        m = beta1 * m + one_minus_beta1 * g
        w = beta2 * w + one_minus_beta2 * d
        n = beta3 * n + one_minus_beta3 * np.square(g + beta2 * d)
        theta = (theta - lr * (m / bias_correction1 + beta2 * w / bias_correction2) / (np.sqrt(n / bias_correction3) + eps)) / step_size
        g_before = g
    return np.asarray(theta), {"m": np.asarray(m), "w": np.asarray(w), "n": np.asarray(n), "g_before": np.array(g_before)}
