# Generated from the formula by: refopt generate momentum --to triton
# Fingerprint of the formula: 795b1c95013458f5e86aa5e9277d6c557de2f4ae5c7f7040298cd10ac8356ee5
"""Momentum, learning rate inside the velocity.

    v     <- momentum*v + lr*g
    theta <- theta - v

Source: Polyak 1964, equation (9), doi:10.1016/0041-5553(64)90137-5.
Source: Qian 1999, section 1, the momentum term, doi:10.1016/S0893-6080(98)00116-6.

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
def momentum_kernel(theta_at, g_at, v_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    momentum = tl.load(scalars_at + 0)
    lr = tl.load(scalars_at + 1)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    v = tl.load(v_at + i, mask=inside, other=0)
    v = momentum * v + lr * g
    theta = theta - v
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(v_at + i, v, mask=inside)


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"v": torch.zeros_like(theta)}


def step(theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, momentum: float = 0.9) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        momentum,
        lr,
    ]
    launch(momentum_kernel, [theta, g, state["v"]], scalars)
