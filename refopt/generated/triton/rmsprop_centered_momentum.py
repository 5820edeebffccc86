# Generated from the formula by: refopt generate rmsprop/centered_momentum --to triton
# Fingerprint of the formula: 3b72dbd897717e2d0b9eae0141e2022d1653ddbd670856f304dbb78fc8457f79
"""RMSProp with the gradient's variance, and momentum.

    v     <- rho*v + (1 - rho)*g^2
    m     <- rho*m + (1 - rho)*g
    b     <- momentum*b + g / (sqrt(v - m^2) + eps)
    theta <- theta - lr*b

Source: Graves 2013, equations (38) to (41), arXiv:1308.0850.
Differs from rmsprop: the squared mean of the gradient is taken off v; a velocity.

Hyperparameters:
    lr        step size; 0 <= lr
    rho       decay of the mean square; 0 <= rho < 1
    eps       keeps the division finite; 0 <= eps
    momentum  share of the velocity that is kept; 0 <= momentum < 1

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
def rmsprop_centered_momentum_kernel(theta_at, g_at, v_at, m_at, b_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    one_minus_rho = tl.load(scalars_at + 0)
    rho = tl.load(scalars_at + 1)
    momentum = tl.load(scalars_at + 2)
    eps = tl.load(scalars_at + 3)
    lr = tl.load(scalars_at + 4)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    v = tl.load(v_at + i, mask=inside, other=0)
    m = tl.load(m_at + i, mask=inside, other=0)
    b = tl.load(b_at + i, mask=inside, other=0)
    v = rho * v + one_minus_rho * (g * g)
    m = rho * m + one_minus_rho * g
    b = momentum * b + divide(g, root(v - m * m) + eps)
    theta = theta - lr * b
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(v_at + i, v, mask=inside)
    tl.store(m_at + i, m, mask=inside)
    tl.store(b_at + i, b, mask=inside)


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"v": torch.zeros_like(theta), "m": torch.zeros_like(theta), "b": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.001, rho: float = 0.9, eps: float = 1e-08, momentum: float = 0.9
) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        1 - rho,  # one_minus_rho
        rho,
        momentum,
        eps,
        lr,
    ]
    launch(rmsprop_centered_momentum_kernel, [theta, g, state["v"], state["m"], state["b"]], scalars)
