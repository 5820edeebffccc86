# Generated from the formula by: refopt generate madgrad/eps_in_lr --to numpy
# Fingerprint of the formula: 6eeb9817e19cf148b0db2fe7889b54778a206728eeaf443ac0341fc0b437b9f0
"""MADGRAD with epsilon added to the rate too.

    lam   <- (lr + eps)*sqrt(t)
    n     <- n + lam*g^2
    s     <- s + lam*g
    z     <- theta_start - s / (cbrt(n) + eps)
    theta <- momentum*theta + (1 - momentum)*z

Source: Defazio & Jelassi 2021, Algorithm 1, c = 1 - momentum, arXiv:2101.11075.
Differs from madgrad: eps is added to the rate.

Hyperparameters:
    lr        step size; 0 <= lr
    momentum  share of the parameter that is kept; 0 <= momentum < 1
    eps       keeps the division finite; 0 <= eps

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
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.01, momentum: float = 0.9, eps: float = 1e-06
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, s, n, theta_start = arrays({"theta": theta, "g": g}, state, "s", "n", "theta_start")
    t = counter(t, 1)
    lr, momentum, eps = floats(lr, momentum, eps)
    lam = (lr + eps) * math.sqrt(t)
    scalar = rounder(theta.dtype)
    one_minus_momentum = scalar(1 - momentum)
    lam = scalar(lam)
    eps = scalar(eps)
    momentum = scalar(momentum)
    with np.errstate(all="ignore"):
        n = n + lam * np.square(g)
        s = s + lam * g
        z = theta_start - s / (np.cbrt(n) + eps)
        theta = momentum * theta + one_minus_momentum * z
    return np.asarray(theta), {"s": np.asarray(s), "n": np.asarray(n), "theta_start": np.array(theta_start)}
