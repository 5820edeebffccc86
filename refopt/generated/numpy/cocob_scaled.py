# Generated from the formula by: refopt generate cocob/scaled --to numpy
# Fingerprint of the formula: 6b11762c2ff877110e414d8dffc12ef6291e0dc5534380058c357d7d293390b0
"""COCOB on gradients, decayed weights added, that a rate multiplies.

    g_scaled     <- lr*(g + weight_decay*theta)
    scale        <- max(scale, abs(g_scaled))
    abs_sum      <- abs_sum + abs(g_scaled)
    reward       <- max(reward - g_scaled*(theta - theta_start), 0)
    negative_sum <- negative_sum - g_scaled
    change       <- theta_start + negative_sum / (scale*max(abs_sum + scale, alpha*scale)) * (scale + reward) - theta
    theta        <- theta + change

Source: Orabona & Tommasi 2017, Algorithm 2, COCOB-Backprop; L starts from eps, 0 in the paper, arXiv:1705.07795.
Differs from cocob: g is lr*(g + weight_decay*theta).

Hyperparameters:
    lr            step size; 0 <= lr
    alpha         about how many updates the bets are held small; 0 <= alpha
    eps           keeps the division finite; 0 <= eps
    weight_decay  decay of the weights; 0 <= weight_decay

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
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 1.0, alpha: float = 100.0, eps: float = 1e-08, weight_decay: float = 0.0
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, scale, abs_sum, reward, negative_sum, theta_start = arrays({"theta": theta, "g": g}, state, "scale", "abs_sum", "reward", "negative_sum", "theta_start")
    counter(t, 1)
    lr, alpha, eps, weight_decay = floats(lr, alpha, eps, weight_decay)
    scalar = rounder(theta.dtype)
    zero = scalar(0)
    lr = scalar(lr)
    weight_decay = scalar(weight_decay)
    alpha = scalar(alpha)
    with np.errstate(all="ignore"):
        g_scaled = lr * (g + weight_decay * theta)
        scale = np.maximum(scale, np.abs(g_scaled))
        abs_sum = abs_sum + np.abs(g_scaled)
        reward = np.maximum(reward - g_scaled * (theta - theta_start), zero)
        negative_sum = negative_sum - g_scaled
        change = theta_start + negative_sum / (scale * np.maximum(abs_sum + scale, alpha * scale)) * (scale + reward) - theta  # rounded: an update is what is added
        theta = theta + change
    return np.asarray(theta), {"scale": np.asarray(scale), "abs_sum": np.asarray(abs_sum), "reward": np.asarray(reward), "negative_sum": np.asarray(negative_sum), "theta_start": np.array(theta_start)}
