# Generated from the formula by: refopt generate adamw/adamc --to numpy
# Fingerprint of the formula: c9b973e208bd11ed24c58d78876ed05971bbb8fb71a8905a08369b08ba651f4f
"""AdamW whose decay falls with the square of a scheduled rate.

    m     <- beta1*m + (1 - beta1)*g
    v     <- beta2*v + (1 - beta2)*g^2
    m_hat <- m / (1 - beta1^t)
    v_hat <- v / (1 - beta2^t)
    theta <- theta - lr^2 / lr_max * weight_decay * theta - lr * m_hat / (sqrt(v_hat) + eps)

Source: Defazio 2025, AdamC: the decay times lr_t^2/lr_max, arXiv:2506.02285.
Differs from adamw: the decay is lr^2/lr_max times weight_decay.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         decay of the first moment; 0 <= beta1 < 1
    beta2         decay of the second moment; 0 <= beta2 < 1
    eps           keeps the division finite; 0 <= eps
    weight_decay  decay of the weights; 0 <= weight_decay
    lr_max        the largest rate of the schedule; 0 < lr_max

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
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08, weight_decay: float = 0.01, lr_max: float = 0.001
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, m, v = arrays({"theta": theta, "g": g}, state, "m", "v")
    t = counter(t, 1)
    lr, beta1, beta2, eps, weight_decay, lr_max = floats(lr, beta1, beta2, eps, weight_decay, lr_max)
    scalar = rounder(theta.dtype)
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    bias_correction1 = scalar(1 - power(beta1, t))
    bias_correction2 = scalar(1 - power(beta2, t))
    step_size = scalar(lr**2 / lr_max * weight_decay)
    beta1 = scalar(beta1)
    beta2 = scalar(beta2)
    lr = scalar(lr)
    eps = scalar(eps)
    with np.errstate(all="ignore"):
        m = beta1 * m + one_minus_beta1 * g
        v = beta2 * v + one_minus_beta2 * np.square(g)
        m_hat = m / bias_correction1  # t counts updates from 1
        v_hat = v / bias_correction2
        theta = theta - step_size * theta - lr * m_hat / (np.sqrt(v_hat) + eps)
    return np.asarray(theta), {"m": np.asarray(m), "v": np.asarray(v)}
