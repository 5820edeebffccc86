# Generated from the formula by: refopt generate asgd/rate_before --to triton
# Fingerprint of the formula: 60aca35d9b798da16d0557cabc886dbb9e6cb03f1fbe3ab2d4e95d5887a4adbf
"""ASGD whose rate was made at the update before.

    rate  <- where(t = 1, lr, eta)
    theta <- theta*(1 - lambd*rate) - rate*g
    ax    <- ax + mu*(theta - ax)
    eta   <- lr / (1 + lambd*lr*t)^alpha
    mu    <- 1 / max(1, t - averaged_after)

Source: Polyak & Juditsky 1992, the average of the iterates, doi:10.1137/0330046.
Source: Xu 2011, the rate lr/(1 + lambda*lr*t)^alpha, and averaging from t0 on, arXiv:1107.2490.
Differs from asgd: a changed rate acts one update late.

Hyperparameters:
    lr              step size; 0 <= lr
    lambd           decay of the weights, and of the rate; 0 <= lambd
    alpha           exponent of the fall of the rate; 0 <= alpha
    averaged_after  the update after which the average begins; 0 <= averaged_after

float64 and float32, contiguous tensors on a GPU, theta and the state in place in one kernel. Scalars are formed in
binary64 and rounded once. Products and sums are not contracted, roots and quotients are rounded to nearest: bits are
those of every other backend where only + - * / sqrt are used.
"""

from __future__ import annotations

import math
from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

from refopt.generated.triton._launch import check, launch


@triton.jit
def asgd_rate_before_kernel(theta_at, g_at, ax_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    complement = tl.load(scalars_at + 0)
    rate = tl.load(scalars_at + 1)
    mu_before = tl.load(scalars_at + 2)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    ax = tl.load(ax_at + i, mask=inside, other=0)
    theta = theta * complement - rate * g
    ax = ax + mu_before * (theta - ax)
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(ax_at + i, ax, mask=inside)


def init(theta: Tensor) -> dict[str, Any]:
    """The state before the first update."""
    return {"ax": torch.zeros_like(theta), "eta": 0.0, "mu": 1.0}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Any], t: int, *, lr: float = 0.01, lambd: float = 0.0001, alpha: float = 0.75, averaged_after: float = 1000000.0
) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, "ax": state["ax"]})
    eta = state["eta"]
    mu = state["mu"]
    mu_before = mu
    rate = lr if t == 1 else eta
    eta = lr / math.pow(1 + lambd * lr * t, alpha)
    mu = 1 / max(1, t - averaged_after)
    state["eta"] = eta
    state["mu"] = mu
    scalars = [
        1 - lambd * rate,  # complement
        rate,
        mu_before,
    ]
    launch(asgd_rate_before_kernel, [theta, g, state["ax"]], scalars)
