# Generated from the formula by: refopt generate adagrad --to triton
# Fingerprint of the formula: 40d4a87244d8343f514ecfe92c33b846de27ebe7cdf1bddf201160d0e4d289e2
"""A rate for each element, falling with the sum of its squared gradients.

    s     <- s + g^2
    theta <- theta - lr * g / (sqrt(s) + eps)

Source: Duchi, Hazan & Singer 2011, Figure 1 with diagonal matrices; delta is eps, JMLR 12:2121-2159.

Hyperparameters:
    lr   step size; 0 <= lr
    eps  keeps the division finite; 0 <= eps
    s0   what the sum of squares starts from; 0 <= s0

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
def adagrad_kernel(theta_at, g_at, s_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    lr = tl.load(scalars_at + 0)
    eps = tl.load(scalars_at + 1)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    s = tl.load(s_at + i, mask=inside, other=0)
    s = s + g * g
    theta = theta - divide(lr * g, root(s) + eps)
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(s_at + i, s, mask=inside)


def init(theta: Tensor, *, s0: float = 0.0) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"s": torch.full_like(theta, s0)}


def step(theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, eps: float = 1e-10, s0: float = 0.0) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        lr,
        eps,
    ]
    launch(adagrad_kernel, [theta, g, state["s"]], scalars)
