# Generated from the formula by: refopt generate cocob/bet --to inplace
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

`update` changes theta and the state in place, element by element: blocks of the arrays may be updated in any order, or
at the same time. Arrays of one format and shape, scratch buffers too, that do not overlap; nothing is checked.
`scalars` forms what is scalar in update t in binary64; its argument `scalar` rounds it once to the arrays' format.
`outside` names a hyperparameter outside its domain.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from refopt.generated.numpy._arguments import Array

RULE = "cocob/bet"
FINGERPRINT = "bca14f4571f62d20f9291d084c73f705a11d154a8c5171002205328e473f535b"
HYPER: dict[str, float] = {"alpha": 100.0, "eps": 1e-08}
DOMAIN = {"alpha": "0 <= alpha", "eps": "0 <= eps"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ("eps",)
STATE: tuple[str, ...] = ("scale", "abs_sum", "reward", "negative_sum", "bet")
SCRATCH = 2


def outside(alpha: float, eps: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (alpha >= 0):
        return "alpha"
    if not (eps >= 0):
        return "eps"
    return None


def init(theta: Array, scale: Array, abs_sum: Array, reward: Array, negative_sum: Array, bet: Array, eps: float) -> None:
    """The state before the first update, into the arrays given."""
    scale.fill(eps)
    abs_sum.fill(0)
    reward.fill(0)
    negative_sum.fill(0)
    bet.fill(0)


def scalars(t: int, scalar: Callable[[float], Any], alpha: float, eps: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    zero = scalar(0)
    return (zero, scalar(alpha))


def update(
    theta: Array, g: Array, scale: Array, abs_sum: Array, reward: Array, negative_sum: Array, bet: Array, a: Array, b: Array, zero: Any,
    alpha: Any
) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # scale <- max(scale, abs(g))
    np.absolute(g, out=a)
    np.maximum(scale, a, out=scale)
    # abs_sum <- abs_sum + abs(g)
    np.absolute(g, out=a)
    np.add(abs_sum, a, out=abs_sum)
    # reward <- max(reward - g*bet, 0)
    np.multiply(g, bet, out=a)
    np.subtract(reward, a, out=reward)
    np.maximum(reward, zero, out=reward)
    # negative_sum <- negative_sum - g
    np.subtract(negative_sum, g, out=negative_sum)
    # unmoved <- theta - bet  (where theta started, as it was rounded since)
    np.subtract(theta, bet, out=a)
    # bet <- negative_sum / (scale*max(abs_sum + scale, alpha*scale)) * (scale + reward)
    np.add(abs_sum, scale, out=bet)
    np.multiply(alpha, scale, out=b)
    np.maximum(bet, b, out=bet)
    np.multiply(scale, bet, out=bet)
    np.divide(negative_sum, bet, out=bet)
    np.add(scale, reward, out=b)
    np.multiply(bet, b, out=bet)
    # theta <- unmoved + bet
    np.add(a, bet, out=theta)
