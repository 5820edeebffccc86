# Generated from the formula by: refopt generate rmsprop/corrected --to triton
# Fingerprint of the formula: 8ff942467b57602a474ea4c57abf7aa6d5c0f0d5daca4f47bb7ef441ec9b944c
"""RMSProp with bias correction.

    v     <- rho*v + (1 - rho)*g^2
    v_hat <- v / (1 - rho^t)
    theta <- theta - lr * g / (sqrt(v_hat) + eps)

Source: Tieleman & Hinton 2012, lecture 6e, slide 29, COURSERA: Neural Networks for Machine Learning.
Differs from rmsprop: the mean square is corrected for its start at 0.

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

from refopt.generated.triton._launch import check, divide, launch, power, root


@triton.jit
def rmsprop_corrected_kernel(theta_at, g_at, v_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    one_minus_rho = tl.load(scalars_at + 0)
    bias_correction_rho = tl.load(scalars_at + 1)
    rho = tl.load(scalars_at + 2)
    lr = tl.load(scalars_at + 3)
    eps = tl.load(scalars_at + 4)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    v = tl.load(v_at + i, mask=inside, other=0)
    v = rho * v + one_minus_rho * (g * g)
    v_hat = divide(v, bias_correction_rho)
    theta = theta - divide(lr * g, root(v_hat) + eps)
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(v_at + i, v, mask=inside)


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"v": torch.zeros_like(theta)}


def step(theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.001, rho: float = 0.9, eps: float = 1e-08) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        1 - rho,  # one_minus_rho
        1 - power(rho, t),  # bias_correction_rho
        rho,
        lr,
        eps,
    ]
    launch(rmsprop_corrected_kernel, [theta, g, state["v"]], scalars)
