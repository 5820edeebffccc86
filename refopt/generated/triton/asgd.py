# Generated from the formula by: refopt generate asgd --to triton
# Fingerprint of the formula: 814eae7222691d981188f7a85db51b4eda15562f266dfc94a2cfcf6930f5c0a0
"""Gradient descent with a falling rate, and the average of its parameters.

    eta   <- lr / (1 + lambd*lr*(t - 1))^alpha
    mu    <- 1 / max(1, t - 1 - averaged_after)
    theta <- theta*(1 - lambd*eta) - eta*g
    ax    <- ax + mu*(theta - ax)

Source: Polyak & Juditsky 1992, the average of the iterates, doi:10.1137/0330046.
Source: Xu 2011, the rate lr/(1 + lambda*lr*t)^alpha, and averaging from t0 on, arXiv:1107.2490.

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

import torch
import triton
import triton.language as tl
from torch import Tensor

from refopt.generated.triton._launch import check, launch


@triton.jit
def asgd_kernel(theta_at, g_at, ax_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    complement = tl.load(scalars_at + 0)
    eta = tl.load(scalars_at + 1)
    mu = tl.load(scalars_at + 2)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    ax = tl.load(ax_at + i, mask=inside, other=0)
    theta = theta * complement - eta * g
    ax = ax + mu * (theta - ax)
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(ax_at + i, ax, mask=inside)


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"ax": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, lambd: float = 0.0001, alpha: float = 0.75, averaged_after: float = 1000000.0
) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    eta = lr / math.pow(1 + lambd * lr * (t - 1), alpha)
    mu = 1 / max(1, t - 1 - averaged_after)
    scalars = [
        1 - lambd * eta,  # complement
        eta,
        mu,
    ]
    launch(asgd_kernel, [theta, g, state["ax"]], scalars)
