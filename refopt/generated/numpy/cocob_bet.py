# Generated from the formula by: refopt generate cocob/bet --to numpy
# Fingerprint of the formula: bca14f4571f62d20f9291d084c73f705a11d154a8c5171002205328e473f535b
"""COCOB that keeps its bet, and not where it started.

    scale        <- max(scale, abs(g))
    abs_sum      <- abs_sum + abs(g)
    reward       <- max(reward - g*bet, 0)
    negative_sum <- negative_sum - g
    unmoved      <- theta - bet
    bet          <- negative_sum / (scale*max(abs_sum + scale, alpha*scale)) * (scale + reward)
    theta        <- unmoved + bet

Source: Orabona & Tommasi 2017, Algorithm 2, COCOB-Backprop; L starts from eps, 0 in the paper, arXiv:1705.07795.
Differs from cocob: theta changes by the difference of two bets.

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
    return {"scale": np.full_like(theta, eps), "abs_sum": np.zeros_like(theta), "reward": np.zeros_like(theta), "negative_sum": np.zeros_like(theta), "bet": np.zeros_like(theta)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, alpha: float = 100.0, eps: float = 1e-08
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, scale, abs_sum, reward, negative_sum, bet = arrays({"theta": theta, "g": g}, state, "scale", "abs_sum", "reward", "negative_sum", "bet")
    counter(t, 1)
    alpha, eps = floats(alpha, eps)
    scalar = rounder(theta.dtype)
    zero = scalar(0)
    alpha = scalar(alpha)
    with np.errstate(all="ignore"):
        scale = np.maximum(scale, np.abs(g))
        abs_sum = abs_sum + np.abs(g)
        reward = np.maximum(reward - g * bet, zero)
        negative_sum = negative_sum - g
        unmoved = theta - bet  # where theta started, as it was rounded since
        bet = negative_sum / (scale * np.maximum(abs_sum + scale, alpha * scale)) * (scale + reward)
        theta = unmoved + bet
    return np.asarray(theta), {"scale": np.asarray(scale), "abs_sum": np.asarray(abs_sum), "reward": np.asarray(reward), "negative_sum": np.asarray(negative_sum), "bet": np.asarray(bet)}
