# Generated from the formula by: refopt generate cocob/bet --to triton
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

float64 and float32, contiguous tensors on a GPU, theta and the state in place in one kernel. Scalars are formed in
binary64 and rounded once. Products and sums are not contracted, roots and quotients are rounded to nearest: bits are
those of every other backend where only + - * / sqrt are used.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from refopt.generated.triton._launch import check, divide, launch


@triton.jit
def cocob_bet_kernel(theta_at, g_at, scale_at, abs_sum_at, reward_at, negative_sum_at, bet_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    zero = tl.load(scalars_at + 0)
    alpha = tl.load(scalars_at + 1)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    scale = tl.load(scale_at + i, mask=inside, other=0)
    abs_sum = tl.load(abs_sum_at + i, mask=inside, other=0)
    reward = tl.load(reward_at + i, mask=inside, other=0)
    negative_sum = tl.load(negative_sum_at + i, mask=inside, other=0)
    bet = tl.load(bet_at + i, mask=inside, other=0)
    scale = tl.maximum(scale, tl.abs(g), propagate_nan=tl.PropagateNan.ALL)
    abs_sum = abs_sum + tl.abs(g)
    reward = tl.maximum(reward - g * bet, zero, propagate_nan=tl.PropagateNan.ALL)
    negative_sum = negative_sum - g
    unmoved = theta - bet  # where theta started, as it was rounded since
    bet = divide(negative_sum, scale * tl.maximum(abs_sum + scale, alpha * scale, propagate_nan=tl.PropagateNan.ALL)) * (scale + reward)
    theta = unmoved + bet
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(scale_at + i, scale, mask=inside)
    tl.store(abs_sum_at + i, abs_sum, mask=inside)
    tl.store(reward_at + i, reward, mask=inside)
    tl.store(negative_sum_at + i, negative_sum, mask=inside)
    tl.store(bet_at + i, bet, mask=inside)


def init(theta: Tensor, *, eps: float = 1e-08) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"scale": torch.full_like(theta, eps), "abs_sum": torch.zeros_like(theta), "reward": torch.zeros_like(theta), "negative_sum": torch.zeros_like(theta), "bet": torch.zeros_like(theta)}


def step(theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, alpha: float = 100.0, eps: float = 1e-08) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        0,  # zero
        alpha,
    ]
    launch(cocob_bet_kernel, [theta, g, state["scale"], state["abs_sum"], state["reward"], state["negative_sum"], state["bet"]], scalars)
