# Generated from the formula by: refopt generate adagrad/lr_decay --to numpy
# Fingerprint of the formula: 0bb1cecd1ece37d7994aa87dfe0d86046d554b3c0a9606f8ad9bdf0a2bb882b2
"""Adagrad whose rate falls with the number of updates too.

    s     <- s + g^2
    theta <- theta - lr / (1 + (t - 1)*lr_decay) * g / (sqrt(s) + eps)

Source: Duchi, Hazan & Singer 2011, Figure 1 with diagonal matrices, its rate divided by 1 + (t - 1)*lr_decay, JMLR 12:2121-2159.
Differs from adagrad: the rate is divided by 1 + (t - 1)*lr_decay.

Hyperparameters:
    lr        step size; 0 <= lr
    eps       keeps the division finite; 0 <= eps
    s0        what the sum of squares starts from; 0 <= s0
    lr_decay  how fast the rate itself falls; 0 <= lr_decay

Arrays may have any shape and any floating-point format, ml_dtypes' included, and keep both; the inputs are not changed.
Scalars are formed in binary64 and rounded once to the arrays' format. Infinities and NaN come out where the formula
gives them, without a warning.
"""

from __future__ import annotations

import numpy as np

from refopt.generated.numpy._arguments import Array, arrays, counter, floats, rounder


def init(theta: Array, *, s0: float = 0.0) -> dict[str, Array]:
    """The state before the first update."""
    (theta,) = arrays({"theta": theta})
    (s0,) = floats(s0)
    scalar = rounder(theta.dtype)
    s0 = scalar(s0)
    return {"s": np.full_like(theta, s0)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.01, eps: float = 1e-10, s0: float = 0.0, lr_decay: float = 0.01
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, s = arrays({"theta": theta, "g": g}, state, "s")
    t = counter(t, 1)
    lr, eps, s0, lr_decay = floats(lr, eps, s0, lr_decay)
    scalar = rounder(theta.dtype)
    step_size = scalar(lr / (1 + (t - 1) * lr_decay))
    eps = scalar(eps)
    with np.errstate(all="ignore"):
        s = s + np.square(g)
        theta = theta - step_size * g / (np.sqrt(s) + eps)
    return np.asarray(theta), {"s": np.asarray(s)}
