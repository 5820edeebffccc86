# Generated from the formula by: refopt generate nadamw --to numpy
# Fingerprint of the formula: 2946bc37e188533586fa3deb45381ab524842fe53f5000f22110642b3f65f753
"""NAdam of a constant momentum with decoupled weight decay.

    m     <- beta1*m + (1 - beta1)*g
    v     <- beta2*v + (1 - beta2)*g^2
    v_hat <- v / (1 - beta2^t)
    theta <- theta - lr*weight_decay*theta - lr * (beta1 * m / (1 - beta1^(t + 1)) + (1 - beta1) * g / (1 - beta1^t)) /
            (sqrt(v_hat) + eps)

Source: Dozat 2016, Algorithm 2, a constant momentum, openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ.
Source: Loshchilov & Hutter 2019, Algorithm 2, decay times the scheduled rate, on NAdam, arXiv:1711.05101.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         decay of the first moment; 0 <= beta1 < 1
    beta2         decay of the second moment; 0 <= beta2 < 1
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
    return {"m": np.zeros_like(theta), "v": np.zeros_like(theta)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.002, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08, weight_decay: float = 0.01
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, m, v = arrays({"theta": theta, "g": g}, state, "m", "v")
    t = counter(t, 1)
    lr, beta1, beta2, eps, weight_decay = floats(lr, beta1, beta2, eps, weight_decay)
    scalar = rounder(theta.dtype)
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    bias_correction2 = scalar(1 - power(beta2, t))
    lr_times_weight_decay = scalar(lr * weight_decay)
    complement = scalar(1 - power(beta1, t + 1))
    bias_correction1 = scalar(1 - power(beta1, t))
    beta1 = scalar(beta1)
    beta2 = scalar(beta2)
    lr = scalar(lr)
    eps = scalar(eps)
    with np.errstate(all="ignore"):
        m = beta1 * m + one_minus_beta1 * g
        v = beta2 * v + one_minus_beta2 * np.square(g)
        v_hat = v / bias_correction2
        theta = theta - lr_times_weight_decay * theta - lr * (beta1 * m / complement + one_minus_beta1 * g / bias_correction1) / (np.sqrt(v_hat) + eps)
    return np.asarray(theta), {"m": np.asarray(m), "v": np.asarray(v)}
