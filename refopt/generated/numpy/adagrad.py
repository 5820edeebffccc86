# Generated from the formula by: refopt generate adagrad --to numpy
# Fingerprint of the formula: 40d4a87244d8343f514ecfe92c33b846de27ebe7cdf1bddf201160d0e4d289e2
"""A rate for each element, falling with the sum of its squared gradients.

    s     <- s + g^2
    theta <- theta - lr * g / (sqrt(s) + eps)

Source: Duchi, Hazan & Singer 2011, Figure 1 with diagonal matrices; delta is eps, JMLR 12:2121-2159.

Hyperparameters:
    lr   step size; 0 <= lr
    eps  keeps the division finite; 0 <= eps
    s0   what the sum of squares starts from; 0 <= s0

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
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.01, eps: float = 1e-10, s0: float = 0.0
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, s = arrays({"theta": theta, "g": g}, state, "s")
    counter(t, 1)
    lr, eps, s0 = floats(lr, eps, s0)
    scalar = rounder(theta.dtype)
    lr = scalar(lr)
    eps = scalar(eps)
    with np.errstate(all="ignore"):
        s = s + np.square(g)
        theta = theta - lr * g / (np.sqrt(s) + eps)
    return np.asarray(theta), {"s": np.asarray(s)}
