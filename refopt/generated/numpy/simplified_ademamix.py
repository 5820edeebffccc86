# Generated from the formula by: refopt generate simplified_ademamix --to numpy
# Fingerprint of the formula: 9c71f4da5d2375f43860c87a8c063d841506fcdd3aaa28409297f85936369a28
"""Adam with a fading sum of the gradients and the last one beside it.

    m     <- beta1*m + g
    v     <- beta2*v + (1 - beta2)*g^2
    v_hat <- v / (1 - beta2^t)
    theta <- theta - lr * (m + alpha*g) / (sqrt(v_hat) + eps)

Source: Morwani et al. 2025, Simplified AdEMAMix, arXiv:2502.02431.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  decay of the sum of the gradients; 0 <= beta1 < 1
    beta2  decay of the second moment; 0 <= beta2 < 1
    alpha  weight of the gradient itself; 0 <= alpha
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
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.001, beta1: float = 0.99, beta2: float = 0.95, alpha: float = 0.0, eps: float = 1e-08
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, m, v = arrays({"theta": theta, "g": g}, state, "m", "v")
    t = counter(t, 1)
    lr, beta1, beta2, alpha, eps = floats(lr, beta1, beta2, alpha, eps)
    scalar = rounder(theta.dtype)
    one_minus_beta2 = scalar(1 - beta2)
    bias_correction2 = scalar(1 - power(beta2, t))
    beta1 = scalar(beta1)
    beta2 = scalar(beta2)
    lr = scalar(lr)
    alpha = scalar(alpha)
    eps = scalar(eps)
    with np.errstate(all="ignore"):
        m = beta1 * m + g
        v = beta2 * v + one_minus_beta2 * np.square(g)
        v_hat = v / bias_correction2
        theta = theta - lr * (m + alpha * g) / (np.sqrt(v_hat) + eps)
    return np.asarray(theta), {"m": np.asarray(m), "v": np.asarray(v)}
