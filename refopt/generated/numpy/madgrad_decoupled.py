# Generated from the formula by: refopt generate madgrad/decoupled --to numpy
# Fingerprint of the formula: f59d85c70ad37e306f29b810a82e6d973177f2d284511dcb1cea675cb8af8abd
"""MADGRAD as code has it, with decoupled weight decay.

    lam   <- (lr + eps)*sqrt(t)
    n     <- n + lam*g^2
    s     <- s + lam*g
    z     <- theta_start - s / (cbrt(n) + eps)
    theta <- momentum*(theta - lr*weight_decay*theta) + (1 - momentum)*z

Source: Defazio & Jelassi 2021, Algorithm 1, c = 1 - momentum, arXiv:2101.11075.
Source: Loshchilov & Hutter 2019, Algorithm 2, decay times the scheduled rate, arXiv:1711.05101.
Differs from madgrad: eps is added to the rate, and theta decays, theta_0 does not.

Hyperparameters:
    lr            step size; 0 <= lr
    momentum      share of the parameter that is kept; 0 < momentum < 1
    eps           keeps the division finite; 0 <= eps
    weight_decay  decay of the weights; 0 <= weight_decay

Arrays may have any shape and any floating-point format, ml_dtypes' included, and keep both; the inputs are not changed.
Scalars are formed in binary64 and rounded once to the arrays' format. Infinities and NaN come out where the formula
gives them, without a warning.
"""

from __future__ import annotations

import math

import numpy as np

from refopt.generated.numpy._arguments import Array, arrays, counter, floats, rounder


def init(theta: Array) -> dict[str, Array]:
    """The state before the first update."""
    (theta,) = arrays({"theta": theta})
    return {"s": np.zeros_like(theta), "n": np.zeros_like(theta), "theta_start": np.array(theta)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.01, momentum: float = 0.9, eps: float = 1e-06, weight_decay: float = 0.01
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, s, n, theta_start = arrays({"theta": theta, "g": g}, state, "s", "n", "theta_start")
    t = counter(t, 1)
    lr, momentum, eps, weight_decay = floats(lr, momentum, eps, weight_decay)
    lam = (lr + eps) * math.sqrt(t)
    scalar = rounder(theta.dtype)
    lr_times_weight_decay = scalar(lr * weight_decay)
    one_minus_momentum = scalar(1 - momentum)
    lam = scalar(lam)
    eps = scalar(eps)
    momentum = scalar(momentum)
    with np.errstate(all="ignore"):
        n = n + lam * np.square(g)
        s = s + lam * g
        z = theta_start - s / (np.cbrt(n) + eps)
        theta = momentum * (theta - lr_times_weight_decay * theta) + one_minus_momentum * z
    return np.asarray(theta), {"s": np.asarray(s), "n": np.asarray(n), "theta_start": np.array(theta_start)}
