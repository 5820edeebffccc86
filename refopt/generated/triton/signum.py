# Generated from the formula by: refopt generate signum --to triton
# Fingerprint of the formula: 1019da23cea14f796b881e8e358a4c04ddff32d792b23fcf50a5234fbd066061
"""The sign of the momentum.

    m     <- beta1*m + (1 - beta1)*g
    theta <- theta - lr*sign(m)

Source: Bernstein et al. 2018, Algorithm 2, arXiv:1802.04434.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  decay of the momentum; 0 <= beta1 < 1

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
def signum_kernel(theta_at, g_at, m_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    one_minus_beta1 = tl.load(scalars_at + 0)
    beta1 = tl.load(scalars_at + 1)
    lr = tl.load(scalars_at + 2)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    m = tl.load(m_at + i, mask=inside, other=0)
    m = beta1 * m + one_minus_beta1 * g
    theta = theta - lr * sign(m)
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(m_at + i, m, mask=inside)


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta)}


def step(theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, beta1: float = 0.9) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        1 - beta1,  # one_minus_beta1
        beta1,
        lr,
    ]
    launch(signum_kernel, [theta, g, state["m"]], scalars)
