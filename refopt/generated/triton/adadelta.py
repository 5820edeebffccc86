# Generated from the formula by: refopt generate adadelta --to triton
# Fingerprint of the formula: 6824728aa6bb8e06ab8d6a200fec95338a2b864310c59cd80024a8ce7afde71e
"""Steps in the units of the parameters: as long as the last ones were.

    s     <- rho*s + (1 - rho)*g^2
    d     <- sqrt(u + eps) / sqrt(s + eps) * g
    u     <- rho*u + (1 - rho)*d^2
    theta <- theta - lr*d

Source: Zeiler 2012, Algorithm 1, times a rate that is 1 there, arXiv:1212.5701.

Hyperparameters:
    lr   step size; 0 <= lr
    rho  decay of the mean square; 0 <= rho < 1
    eps  keeps the division finite; 0 <= eps

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
def adadelta_kernel(theta_at, g_at, s_at, u_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    one_minus_rho = tl.load(scalars_at + 0)
    rho = tl.load(scalars_at + 1)
    eps = tl.load(scalars_at + 2)
    lr = tl.load(scalars_at + 3)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    s = tl.load(s_at + i, mask=inside, other=0)
    u = tl.load(u_at + i, mask=inside, other=0)
    s = rho * s + one_minus_rho * (g * g)
    d = divide(root(u + eps), root(s + eps)) * g
    u = rho * u + one_minus_rho * (d * d)
    theta = theta - lr * d
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(s_at + i, s, mask=inside)
    tl.store(u_at + i, u, mask=inside)


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"s": torch.zeros_like(theta), "u": torch.zeros_like(theta)}


def step(theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 1.0, rho: float = 0.9, eps: float = 1e-06) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        1 - rho,  # one_minus_rho
        rho,
        eps,
        lr,
    ]
    launch(adadelta_kernel, [theta, g, state["s"], state["u"]], scalars)
