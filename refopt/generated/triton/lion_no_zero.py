# Generated from the formula by: refopt generate lion/no_zero --to triton
# Fingerprint of the formula: 3bb79cf79071c22e402f006cfedcf189ac90ada5dcc36dd5a70b381335bc39f4
"""Lion whose sign is 1 at zero.

    c     <- beta1*m + (1 - beta1)*g
    theta <- theta - lr*(where(c >= 0, 1, -1) + weight_decay*theta)
    m     <- beta2*m + (1 - beta2)*g

Source: Chen et al. 2023, Algorithm 2, arXiv:2302.06675.
Differs from lion: the sign of 0 is 1: what has no gradient moves by the rate.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         share of the momentum in the step; 0 <= beta1 < 1
    beta2         decay of the momentum; 0 <= beta2 < 1
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

from refopt.generated.triton._launch import check, launch


@triton.jit
def lion_no_zero_kernel(theta_at, g_at, m_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    one_minus_beta1 = tl.load(scalars_at + 0)
    zero = tl.load(scalars_at + 1)
    one = tl.load(scalars_at + 2)
    number_minus_1 = tl.load(scalars_at + 3)
    one_minus_beta2 = tl.load(scalars_at + 4)
    beta1 = tl.load(scalars_at + 5)
    lr = tl.load(scalars_at + 6)
    weight_decay = tl.load(scalars_at + 7)
    beta2 = tl.load(scalars_at + 8)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    m = tl.load(m_at + i, mask=inside, other=0)
    c = beta1 * m + one_minus_beta1 * g
    theta = theta - lr * (tl.where(c >= zero, one, number_minus_1) + weight_decay * theta)
    m = beta2 * m + one_minus_beta2 * g
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(m_at + i, m, mask=inside)


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.0001, beta1: float = 0.9, beta2: float = 0.99, weight_decay: float = 0.0
) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        1 - beta1,  # one_minus_beta1
        0,  # zero
        1,  # one
        -1,  # number_minus_1
        1 - beta2,  # one_minus_beta2
        beta1,
        lr,
        weight_decay,
        beta2,
    ]
    launch(lion_no_zero_kernel, [theta, g, state["m"]], scalars)
