# Generated from the formula by: refopt generate adagrad/lr_decay --to triton
# Fingerprint of the formula: 0bb1cecd1ece37d7994aa87dfe0d86046d554b3c0a9606f8ad9bdf0a2bb882b2
"""Adagrad whose rate falls with the number of updates too.

    s     <- s + g^2
    theta <- theta - lr / (1 + (t - 1)*lr_decay) * g / (sqrt(s) + eps)

Source: Duchi, Hazan & Singer 2011, Figure 1 with diagonal matrices, its rate divided by 1 + (t - 1)*lr_decay, JMLR 12:2121-2159.
Differs from adagrad: the rate is divided by 1 + (t - 1)*lr_decay.

Hyperparameters:
    lr        step size; 0 <= lr
    eps       keeps the division finite; 0 <= eps
    s0        what the sum of squares starts from; 0 <= s0
    lr_decay  how fast the rate itself falls; 0 <= lr_decay

float64 and float32, contiguous tensors on a GPU, theta and the state in place in one kernel. Scalars are formed in
binary64 and rounded once. Products and sums are not contracted, roots and quotients are rounded to nearest: bits are
those of every other backend where only + - * / sqrt are used.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from refopt.generated.triton._launch import check, divide, launch, root


@triton.jit
def adagrad_lr_decay_kernel(theta_at, g_at, s_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    step_size = tl.load(scalars_at + 0)
    eps = tl.load(scalars_at + 1)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    s = tl.load(s_at + i, mask=inside, other=0)
    s = s + g * g
    theta = theta - divide(step_size * g, root(s) + eps)
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(s_at + i, s, mask=inside)


def init(theta: Tensor, *, s0: float = 0.0) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"s": torch.full_like(theta, s0)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, eps: float = 1e-10, s0: float = 0.0, lr_decay: float = 0.01
) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        lr / (1 + (t - 1) * lr_decay),  # step_size
        eps,
    ]
    launch(adagrad_lr_decay_kernel, [theta, g, state["s"]], scalars)
