# Generated from the formula by: refopt generate yogi --to triton
# Fingerprint of the formula: 2e6b8d4e00bb167298c8102aa06b30df04b7f978b94d4d503efa4759b26dcb40
"""Adam whose second moment changes by the size of the squared gradient only.

    m     <- beta1*m + (1 - beta1)*g
    v     <- v - (1 - beta2)*sign(v - g^2)*g^2
    theta <- theta - lr * m / (sqrt(v) + eps)

Source: Zaheer et al. 2018, Algorithm 2, papers.nips.cc/paper/2018/hash/90365351ccc7437a1309dc64e4db32a3.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  decay of the first moment; 0 <= beta1 < 1
    beta2  decay of the second moment; 0 <= beta2 < 1
    eps    keeps the division finite; 0 <= eps
    v0     what the second moment starts from; 0 <= v0

float64 and float32, contiguous tensors on a GPU, theta and the state in place in one kernel. Scalars are formed in
binary64 and rounded once. Products and sums are not contracted, roots and quotients are rounded to nearest: bits are
those of every other backend where only + - * / sqrt are used.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from refopt.generated.triton._launch import check, divide, launch, root, sign


@triton.jit
def yogi_kernel(theta_at, g_at, m_at, v_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    one_minus_beta1 = tl.load(scalars_at + 0)
    one_minus_beta2 = tl.load(scalars_at + 1)
    beta1 = tl.load(scalars_at + 2)
    lr = tl.load(scalars_at + 3)
    eps = tl.load(scalars_at + 4)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    m = tl.load(m_at + i, mask=inside, other=0)
    v = tl.load(v_at + i, mask=inside, other=0)
    m = beta1 * m + one_minus_beta1 * g
    v = v - one_minus_beta2 * sign(v - g * g) * (g * g)
    theta = theta - divide(lr * m, root(v) + eps)
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(m_at + i, m, mask=inside)
    tl.store(v_at + i, v, mask=inside)


def init(theta: Tensor, *, v0: float = 1e-06) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta), "v": torch.full_like(theta, v0)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, beta1: float = 0.9, beta2: float = 0.999, eps: float = 0.001, v0: float = 1e-06
) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        1 - beta1,  # one_minus_beta1
        1 - beta2,  # one_minus_beta2
        beta1,
        lr,
        eps,
    ]
    launch(yogi_kernel, [theta, g, state["m"], state["v"]], scalars)
