# Generated from the formula by: refopt generate signum/decay --to triton
# Fingerprint of the formula: 2d1bd1ec69263bcc9f19353a1a51a7795f405b1d18a62010821e32401f1486a8
"""The sign of the momentum with decoupled weight decay (Tiger).

    m     <- beta1*m + (1 - beta1)*g
    theta <- theta - lr*(sign(m) + weight_decay*theta)

Source: Su 2023, Tiger, the basic form, spaces.ac.cn/archives/9512.
Differs from signum: weight_decay*theta beside the sign.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         decay of the momentum; 0 <= beta1 < 1
    weight_decay  decay of the weights; 0 <= weight_decay

float64 and float32, contiguous tensors on a GPU, theta and the state in place in one kernel. Scalars are formed in
binary64 and rounded once. Products and sums are not contracted, roots and quotients are rounded to nearest: bits are
those of every other backend where only + - * / sqrt are used.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from refopt.generated.triton._launch import check, launch, sign


@triton.jit
def signum_decay_kernel(theta_at, g_at, m_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    one_minus_beta1 = tl.load(scalars_at + 0)
    beta1 = tl.load(scalars_at + 1)
    lr = tl.load(scalars_at + 2)
    weight_decay = tl.load(scalars_at + 3)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    m = tl.load(m_at + i, mask=inside, other=0)
    m = beta1 * m + one_minus_beta1 * g
    theta = theta - lr * (sign(m) + weight_decay * theta)
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(m_at + i, m, mask=inside)


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, beta1: float = 0.9, weight_decay: float = 0.01
) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        1 - beta1,  # one_minus_beta1
        beta1,
        lr,
        weight_decay,
    ]
    launch(signum_decay_kernel, [theta, g, state["m"]], scalars)
