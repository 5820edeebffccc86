# Generated from the formula by: refopt generate sign_sgd --to triton
# Fingerprint of the formula: 0351e27696d28b625546fba0cc637dd319468ead883c7974b8aeaa8bd507a925
"""A step of the same length in every element that has a gradient.

    theta <- theta - lr*sign(g)

Source: Bernstein et al. 2018, Algorithm 1, arXiv:1802.04434.

Hyperparameters:
    lr  step size; 0 <= lr

float64 and float32, contiguous tensors on a GPU, theta and the state in place in one kernel. Scalars are formed in
binary64 and rounded once. Products and sums are not contracted, roots and quotients are rounded to nearest: bits are
those of every other backend where only + - * / sqrt are used.
"""

from __future__ import annotations

import triton
import triton.language as tl
from torch import Tensor

from refopt.generated.triton._launch import check, launch, sign


@triton.jit
def sign_sgd_kernel(theta_at, g_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    lr = tl.load(scalars_at + 0)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    theta = theta - lr * sign(g)
    tl.store(theta_at + i, theta, mask=inside)


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {}


def step(theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g})
    scalars = [
        lr,
    ]
    launch(sign_sgd_kernel, [theta, g], scalars)
