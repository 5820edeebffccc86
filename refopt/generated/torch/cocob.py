# Generated from the formula by: refopt generate cocob --to torch
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

`step` changes nothing in place, keeps dtype, shape and device, and checks nothing. The class is a
torch.optim.Optimizer, in place, with its own step count for each parameter; it refuses hyperparameters outside their
domains. Scalars are formed in binary64 and rounded once to the tensor's dtype. torch rounds + - * / as every other
backend does, its sqrt not always.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

from refopt.generated.torch._optimizer import RuleOptimizer, larger, rounder

DOMAIN = {"alpha": "0 <= alpha", "eps": "0 <= eps"}


def outside(alpha: float, eps: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (alpha >= 0):
        return "alpha"
    if not (eps >= 0):
        return "eps"
    return None


def init(theta: Tensor, *, eps: float = 1e-08) -> dict[str, Tensor]:
    """The state before the first update."""
    scalar = rounder(theta)
    return {"scale": torch.zeros_like(theta) + scalar(eps), "abs_sum": torch.zeros_like(theta), "reward": torch.zeros_like(theta), "negative_sum": torch.zeros_like(theta), "theta_start": torch.clone(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, alpha: float = 100.0, eps: float = 1e-08
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    scale, abs_sum, reward, negative_sum, theta_start = state["scale"], state["abs_sum"], state["reward"], state["negative_sum"], state["theta_start"]
    scalar = rounder(theta)
    zero = scalar(0)
    alpha = scalar(alpha)
    scale = torch.maximum(scale, torch.abs(g))
    abs_sum = abs_sum + torch.abs(g)
    reward = larger(reward - g * (theta - theta_start), zero)
    negative_sum = negative_sum - g
    theta = theta_start + negative_sum / (scale * torch.maximum(abs_sum + scale, alpha * scale)) * (scale + reward)
    return theta, {"scale": scale, "abs_sum": abs_sum, "reward": reward, "negative_sum": negative_sum, "theta_start": theta_start}


class Cocob(RuleOptimizer):
    """Descent without a rate: each element bets on the sign of its next gradient, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    starting = ("eps",)
    update = staticmethod(step)

    def __init__(self, params: Iterable[Any], alpha: float = 100.0, eps: float = 1e-08) -> None:
        super().__init__(params, {"alpha": alpha, "eps": eps})
