# Generated from the formula by: refopt generate sign_sgd --to numpy
# Fingerprint of the formula: 0351e27696d28b625546fba0cc637dd319468ead883c7974b8aeaa8bd507a925
"""A step of the same length in every element that has a gradient.

    theta <- theta - lr*sign(g)

Source: Bernstein et al. 2018, Algorithm 1, arXiv:1802.04434.

Hyperparameters:
    lr  step size; 0 <= lr

Arrays may have any shape and any floating-point format, ml_dtypes' included, and keep both; the inputs are not changed.
Scalars are formed in binary64 and rounded once to the arrays' format. Infinities and NaN come out where the formula
gives them, without a warning.
"""

from __future__ import annotations

import numpy as np

from refopt.generated.numpy._arguments import Array, arrays, counter, floats, rounder


def init(theta: Array) -> dict[str, Array]:
    """The state before the first update."""
    return {}


def step(theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.01) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g = arrays({"theta": theta, "g": g}, state)
    counter(t, 1)
    (lr,) = floats(lr)
    scalar = rounder(theta.dtype)
    lr = scalar(lr)
    with np.errstate(all="ignore"):
        theta = theta - lr * np.sign(g)
    return np.asarray(theta), {}
