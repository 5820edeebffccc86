# Generated from the formula by: refopt generate momentum/ema --to triton
# Fingerprint of the formula: 689530e9da4cd9a301f8e19f4b4a5be5d528ac79aa1a994d06a0a3f2b2e495e5
"""Momentum as an average of the gradients.

    v     <- momentum*v + (1 - momentum)*g
    theta <- theta - lr*v

Source: Liu, Gao & Yin 2020, SGDM, section 1, arXiv:2007.07989.
Differs from momentum: the gradient enters (1 - momentum) times.

Hyperparameters:
    lr        step size; 0 <= lr
    momentum  share of the velocity that is kept; 0 <= momentum < 1

float64 and float32, contiguous tensors on a GPU, theta and the state in place in one kernel. Scalars are formed in
binary64 and rounded once. Products and sums are not contracted, roots and quotients are rounded to nearest: bits are
those of every other backend where only + - * / sqrt are used.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from refopt.generated.triton._launch import check, launch


@triton.jit
def momentum_ema_kernel(theta_at, g_at, v_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    one_minus_momentum = tl.load(scalars_at + 0)
    momentum = tl.load(scalars_at + 1)
    lr = tl.load(scalars_at + 2)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    v = tl.load(v_at + i, mask=inside, other=0)
    v = momentum * v + one_minus_momentum * g
    theta = theta - lr * v
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(v_at + i, v, mask=inside)


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"v": torch.zeros_like(theta)}


def step(theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, momentum: float = 0.9) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        1 - momentum,  # one_minus_momentum
        momentum,
        lr,
    ]
    launch(momentum_ema_kernel, [theta, g, state["v"]], scalars)
