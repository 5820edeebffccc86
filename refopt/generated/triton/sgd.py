# Generated from the formula by: refopt generate sgd --to triton
# Fingerprint of the formula: 8d59e9dc8427d44f3156bbb8d086b8b1aa49d4cc683f97210bb0d61b90e2736f
"""Gradient descent: batch, stochastic or mini-batch.

    theta <- theta - lr*g

Source: Robbins & Monro 1951, section 2, the recursion, doi:10.1214/aoms/1177729586.
Source: Cauchy 1847, the method of descent, Comptes rendus 25:536-538.

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

from refopt.generated.triton._launch import check, launch


@triton.jit
def sgd_kernel(theta_at, g_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    lr = tl.load(scalars_at + 0)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    theta = theta - lr * g
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
    launch(sgd_kernel, [theta, g], scalars)
