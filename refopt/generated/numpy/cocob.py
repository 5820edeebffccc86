# Generated from the formula by: refopt generate cocob --to numpy
# Fingerprint of the formula: 53a9ced73581536f8f47cf3b7b545cdceb8079888a2af49d155b03251463dbda
"""Descent without a rate: each element bets on the sign of its next gradient.

    scale        <- max(scale, abs(g))
    abs_sum      <- abs_sum + abs(g)
    reward       <- max(reward - g*(theta - theta_start), 0)
    negative_sum <- negative_sum - g
    theta        <- theta_start + negative_sum / (scale*max(abs_sum + scale, alpha*scale)) * (scale + reward)

Source: Orabona & Tommasi 2017, Algorithm 2, COCOB-Backprop; L starts from eps, 0 in the paper, arXiv:1705.07795.

Hyperparameters:
    alpha  about how many updates the bets are held small; 0 <= alpha
    eps    keeps the division finite; 0 <= eps

Arrays may have any shape and any floating-point format, ml_dtypes' included, and keep both; the inputs are not changed.
Scalars are formed in binary64 and rounded once to the arrays' format. Infinities and NaN come out where the formula
gives them, without a warning.
"""

from __future__ import annotations

import numpy as np

from refopt.generated.numpy._arguments import Array, arrays, counter, floats, rounder


def init(theta: Array, *, eps: float = 1e-08) -> dict[str, Array]:
    """The state before the first update."""
    (theta,) = arrays({"theta": theta})
    (eps,) = floats(eps)
    scalar = rounder(theta.dtype)
    eps = scalar(eps)
    return {"scale": np.full_like(theta, eps), "abs_sum": np.zeros_like(theta), "reward": np.zeros_like(theta), "negative_sum": np.zeros_like(theta), "theta_start": np.array(theta)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, alpha: float = 100.0, eps: float = 1e-08
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, scale, abs_sum, reward, negative_sum, theta_start = arrays({"theta": theta, "g": g}, state, "scale", "abs_sum", "reward", "negative_sum", "theta_start")
    counter(t, 1)
    alpha, eps = floats(alpha, eps)
    scalar = rounder(theta.dtype)
    zero = scalar(0)
    alpha = scalar(alpha)
    with np.errstate(all="ignore"):
        scale = np.maximum(scale, np.abs(g))
        abs_sum = abs_sum + np.abs(g)
        reward = np.maximum(reward - g * (theta - theta_start), zero)
        negative_sum = negative_sum - g
        theta = theta_start + negative_sum / (scale * np.maximum(abs_sum + scale, alpha * scale)) * (scale + reward)
    return np.asarray(theta), {"scale": np.asarray(scale), "abs_sum": np.asarray(abs_sum), "reward": np.asarray(reward), "negative_sum": np.asarray(negative_sum), "theta_start": np.array(theta_start)}
