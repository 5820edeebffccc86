# Generated from the formula by: refopt generate momentum/raw_start --to triton
# Fingerprint of the formula: 78a8583b4f421d637b98d00994fb512a10652a79f41d6cae34aab84261b47017
"""Momentum with a dampened gradient, the first one undamped.

    v     <- where(t = 1, g, momentum*v + (1 - dampening)*g)
    theta <- theta - lr*v

Source: Sutskever et al. 2013, section 2, proceedings.mlr.press/v28/sutskever13.
Differs from momentum: the first velocity is the undamped gradient.

Hyperparameters:
    lr         step size; 0 <= lr
    momentum   share of the velocity that is kept; 0 <= momentum < 1
    dampening  share of the gradient that is held back; 0 <= dampening < 1

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


@triton.jit(do_not_specialize=["t"])
def momentum_raw_start_kernel(theta_at, g_at, v_at, scalars_at, t, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    one_minus_dampening = tl.load(scalars_at + 0)
    momentum = tl.load(scalars_at + 1)
    lr = tl.load(scalars_at + 2)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    v = tl.load(v_at + i, mask=inside, other=0)
    v = tl.where(t == 1, g, momentum * v + one_minus_dampening * g)
    theta = theta - lr * v
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(v_at + i, v, mask=inside)


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"v": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, momentum: float = 0.9, dampening: float = 0.0
) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        1 - dampening if not (t == 1) else 0.0,  # one_minus_dampening
        momentum,
        lr,
    ]
    launch(momentum_raw_start_kernel, [theta, g, state["v"]], scalars, [t])
