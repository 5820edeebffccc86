# Generated from the formula by: refopt generate nesterov/velocity --to triton
# Fingerprint of the formula: d97bf72f249c5184e319c4935c7ee2e3e6ec3fd6763654da30d795fcb17b7426
"""Nesterov momentum in velocity form, the velocity pointing downhill.

    v     <- momentum*v - lr*g
    theta <- theta + momentum*v - lr*g

Source: Nesterov 1983, method (7), Doklady 269:543-547.
Source: Sutskever et al. 2013, equations (3) and (4), at the look-ahead point, proceedings.mlr.press/v28/sutskever13.
Differs from nesterov: the velocity has the other sign; theta is the same.

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
def nesterov_velocity_kernel(theta_at, g_at, v_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    momentum = tl.load(scalars_at + 0)
    lr = tl.load(scalars_at + 1)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    v = tl.load(v_at + i, mask=inside, other=0)
    v = momentum * v - lr * g
    theta = theta + momentum * v - lr * g
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
    launch(nesterov_velocity_kernel, [theta, g, state["v"]], scalars)
