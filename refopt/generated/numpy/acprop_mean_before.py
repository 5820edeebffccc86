# Generated from the formula by: refopt generate acprop/mean_before --to numpy
# Fingerprint of the formula: b154537c33d386060f461a8471d863b5eb2910c64ac32f87a1852e0151e38082
"""ACProp whose distance is from the mean before this gradient.

    theta <- theta - lr*where(t > 1, g / (sqrt(s / (1 - beta2^(t - 1))) + eps), g / (1 + eps))
    s     <- beta2*s + (1 - beta2)*(g - m)^2 + eps_root
    m     <- beta1*m + (1 - beta1)*g

Source: Zhuang et al. 2021, ACProp with bias correction, a second moment of 1 before the first gradient, AdaBelief's two epsilons, arXiv:2110.05454.
Differs from acprop: the distance is from the mean before this gradient.

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
    complement = scalar(1 - power(beta2, t - 1)) if t > 1 else scalar(0)
    coefficient_of_eps = scalar(1 + eps) if not (t > 1) else scalar(0)
    one_minus_beta2 = scalar(1 - beta2)
    one_minus_beta1 = scalar(1 - beta1)
    lr = scalar(lr)
    eps = scalar(eps)
    beta2 = scalar(beta2)
    eps_root = scalar(eps_root)
    beta1 = scalar(beta1)
    with np.errstate(all="ignore"):
        theta = theta - lr * (g / (np.sqrt(s / complement) + eps) if t > 1 else g / coefficient_of_eps)  # nothing is known before the first gradient
        s = beta2 * s + one_minus_beta2 * np.square(g - m) + eps_root
        m = beta1 * m + one_minus_beta1 * g
    return np.asarray(theta), {"m": np.asarray(m), "s": np.asarray(s)}
