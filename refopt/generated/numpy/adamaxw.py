# Generated from the formula by: refopt generate adamaxw --to numpy
# Fingerprint of the formula: ea7439f6c193f3e395cfc63c6465bdc57790f2c4292deb4aa18474deed0d71f1
"""AdaMax with decoupled weight decay.

    m     <- beta1*m + (1 - beta1)*g
    u     <- max(beta2*u, abs(g) + eps)
    theta <- theta - lr*weight_decay*theta - lr / (1 - beta1^t) * m / u

Source: Kingma & Ba 2015, Algorithm 2, eps added to |g|, arXiv:1412.6980.
Source: Loshchilov & Hutter 2019, Algorithm 2, decay times the scheduled rate, on AdaMax, arXiv:1711.05101.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         decay of the first moment; 0 <= beta1 < 1
    beta2         decay of the infinity norm; 0 <= beta2 < 1
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
    return {"m": np.zeros_like(theta), "u": np.zeros_like(theta)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.002, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08, weight_decay: float = 0.01
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, m, u = arrays({"theta": theta, "g": g}, state, "m", "u")
    t = counter(t, 1)
    lr, beta1, beta2, eps, weight_decay = floats(lr, beta1, beta2, eps, weight_decay)
    scalar = rounder(theta.dtype)
    one_minus_beta1 = scalar(1 - beta1)
    lr_times_weight_decay = scalar(lr * weight_decay)
    step_size = scalar(lr / (1 - power(beta1, t)))
    beta1 = scalar(beta1)
    beta2 = scalar(beta2)
    eps = scalar(eps)
    with np.errstate(all="ignore"):
        m = beta1 * m + one_minus_beta1 * g
        u = np.maximum(beta2 * u, np.abs(g) + eps)
        theta = theta - lr_times_weight_decay * theta - step_size * m / u
    return np.asarray(theta), {"m": np.asarray(m), "u": np.asarray(u)}
