# Generated from the formula by: refopt generate cocob/scaled --to torch
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

DOMAIN = {"lr": "0 <= lr", "alpha": "0 <= alpha", "eps": "0 <= eps", "weight_decay": "0 <= weight_decay"}


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


def init(theta: Tensor, *, eps: float = 1e-08) -> dict[str, Tensor]:
    """The state before the first update."""
    scalar = rounder(theta)
    return {"scale": torch.zeros_like(theta) + scalar(eps), "abs_sum": torch.zeros_like(theta), "reward": torch.zeros_like(theta), "negative_sum": torch.zeros_like(theta), "theta_start": torch.clone(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 1.0, alpha: float = 100.0, eps: float = 1e-08, weight_decay: float = 0.0
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    scale, abs_sum, reward, negative_sum, theta_start = state["scale"], state["abs_sum"], state["reward"], state["negative_sum"], state["theta_start"]
    scalar = rounder(theta)
    zero = scalar(0)
    lr = scalar(lr)
    weight_decay = scalar(weight_decay)
    alpha = scalar(alpha)
    g_scaled = lr * (g + weight_decay * theta)
    scale = torch.maximum(scale, torch.abs(g_scaled))
    abs_sum = abs_sum + torch.abs(g_scaled)
    reward = larger(reward - g_scaled * (theta - theta_start), zero)
    negative_sum = negative_sum - g_scaled
    change = theta_start + negative_sum / (scale * torch.maximum(abs_sum + scale, alpha * scale)) * (scale + reward) - theta  # rounded: an update is what is added
    theta = theta + change
    return theta, {"scale": scale, "abs_sum": abs_sum, "reward": reward, "negative_sum": negative_sum, "theta_start": theta_start}


class CocobScaled(RuleOptimizer):
    """COCOB on gradients, decayed weights added, that a rate multiplies, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    starting = ("eps",)
    update = staticmethod(step)

    def __init__(self, params: Iterable[Any], lr: float = 1.0, alpha: float = 100.0, eps: float = 1e-08, weight_decay: float = 0.0) -> None:
        super().__init__(params, {"lr": lr, "alpha": alpha, "eps": eps, "weight_decay": weight_decay})
