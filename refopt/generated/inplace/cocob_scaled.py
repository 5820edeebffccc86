# Generated from the formula by: refopt generate cocob/scaled --to inplace
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

RULE = "cocob/scaled"
FINGERPRINT = "6b11762c2ff877110e414d8dffc12ef6291e0dc5534380058c357d7d293390b0"
HYPER: dict[str, float] = {"lr": 1.0, "alpha": 100.0, "eps": 1e-08, "weight_decay": 0.0}
DOMAIN = {"lr": "0 <= lr", "alpha": "0 <= alpha", "eps": "0 <= eps", "weight_decay": "0 <= weight_decay"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ("eps",)
STATE: tuple[str, ...] = ("scale", "abs_sum", "reward", "negative_sum", "theta_start")
SCRATCH = 2


def outside(lr: float, alpha: float, eps: float, weight_decay: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (alpha >= 0):
        return "alpha"
    if not (eps >= 0):
        return "eps"
    if not (weight_decay >= 0):
        return "weight_decay"
    return None


def init(theta: Array, scale: Array, abs_sum: Array, reward: Array, negative_sum: Array, theta_start: Array, eps: float) -> None:
    """The state before the first update, into the arrays given."""
    scale.fill(eps)
    abs_sum.fill(0)
    reward.fill(0)
    negative_sum.fill(0)
    np.copyto(theta_start, theta)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, alpha: float, eps: float, weight_decay: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    zero = scalar(0)
    return (zero, scalar(lr), scalar(weight_decay), scalar(alpha))


def update(
    theta: Array, g: Array, scale: Array, abs_sum: Array, reward: Array, negative_sum: Array, theta_start: Array, a: Array, b: Array,
    zero: Any, lr: Any, weight_decay: Any, alpha: Any
) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # g_scaled <- lr*(g + weight_decay*theta)
    np.multiply(weight_decay, theta, out=a)
    np.add(g, a, out=a)
    np.multiply(lr, a, out=a)
    # scale <- max(scale, abs(g_scaled))
    np.absolute(a, out=b)
    np.maximum(scale, b, out=scale)
    # abs_sum <- abs_sum + abs(g_scaled)
    np.absolute(a, out=b)
    np.add(abs_sum, b, out=abs_sum)
    # reward <- max(reward - g_scaled*(theta - theta_start), 0)
    np.subtract(theta, theta_start, out=b)
    np.multiply(a, b, out=b)
    np.subtract(reward, b, out=reward)
    np.maximum(reward, zero, out=reward)
    # negative_sum <- negative_sum - g_scaled
    np.subtract(negative_sum, a, out=negative_sum)
    # change <- theta_start + negative_sum / (scale*max(abs_sum + scale, alpha*scale)) * (scale + reward) - theta  (rounded: an update is what is added)
    np.add(abs_sum, scale, out=a)
    np.multiply(alpha, scale, out=b)
    np.maximum(a, b, out=a)
    np.multiply(scale, a, out=a)
    np.divide(negative_sum, a, out=a)
    np.add(scale, reward, out=b)
    np.multiply(a, b, out=a)
    np.add(theta_start, a, out=a)
    np.subtract(a, theta, out=a)
    # theta <- theta + change
    np.add(theta, a, out=theta)
