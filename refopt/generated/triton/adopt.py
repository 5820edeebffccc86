# Generated from the formula by: refopt generate adopt --to triton
# Fingerprint of the formula: 04f821427e8c5bfe767af6f9cab77d68bb42038ceeef9cf1e38d763a8c4e8219
"""Adam that normalizes by the second moment before it sees the gradient.

    c     <- sqrt(sqrt(t - 1))
    m     <- where(t > 1, beta1*m + (1 - beta1)*max(-c, min(c, g / max(sqrt(v), eps))), m)
    v     <- where(t > 1, beta2*v + (1 - beta2)*g^2, g^2)
    theta <- theta - lr*m

Source: Taniguchi et al. 2024, clipped ADOPT, c_t = t^(1/4), its first gradient as update 1, arXiv:2411.02853.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  decay of the first moment; 0 <= beta1 < 1
    beta2  decay of the second moment; 0 <= beta2 < 1
    eps    keeps the division finite; 0 <= eps

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

from refopt.generated.triton._launch import check, divide, launch, root


@triton.jit(do_not_specialize=["t"])
def adopt_kernel(theta_at, g_at, m_at, v_at, scalars_at, t, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    one_minus_beta1 = tl.load(scalars_at + 0)
    coefficient_of_c = tl.load(scalars_at + 1)
    one_minus_beta2 = tl.load(scalars_at + 2)
    beta1 = tl.load(scalars_at + 3)
    c = tl.load(scalars_at + 4)
    eps = tl.load(scalars_at + 5)
    beta2 = tl.load(scalars_at + 6)
    lr = tl.load(scalars_at + 7)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    m = tl.load(m_at + i, mask=inside, other=0)
    v = tl.load(v_at + i, mask=inside, other=0)
    m = tl.where(t > 1, beta1 * m + one_minus_beta1 * tl.maximum(coefficient_of_c, tl.minimum(c, divide(g, tl.maximum(root(v), eps, propagate_nan=tl.PropagateNan.ALL)), propagate_nan=tl.PropagateNan.ALL), propagate_nan=tl.PropagateNan.ALL), m)  # v of the update before
    v = tl.where(t > 1, beta2 * v + one_minus_beta2 * (g * g), g * g)  # all that the first update does
    theta = theta - lr * m
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(m_at + i, m, mask=inside)
    tl.store(v_at + i, v, mask=inside)


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta), "v": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.9999, eps: float = 1e-06
) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    c = math.sqrt(math.sqrt(t - 1))
    scalars = [
        1 - beta1 if t > 1 else 0.0,  # one_minus_beta1
        -c if t > 1 else 0.0,  # coefficient_of_c
        1 - beta2 if t > 1 else 0.0,  # one_minus_beta2
        beta1,
        c,
        eps,
        beta2,
        lr,
    ]
    launch(adopt_kernel, [theta, g, state["m"], state["v"]], scalars, [t])
