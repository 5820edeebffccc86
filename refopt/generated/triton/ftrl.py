# Generated from the formula by: refopt generate ftrl --to triton
# Fingerprint of the formula: c0425f3e956689719326822a97a053f9a57adc3c6cb7cf1828eee1a267bb374f
"""The leader of all gradients so far, regularized: exact zeros where they say little.

    n_before <- n
    n        <- n + g^2
    z        <- z + g - (sqrt(n) - sqrt(n_before)) / lr * theta
    theta    <- -(z - max(-l1, min(l1, z))) / ((beta + sqrt(n)) / lr + l2)

Source: McMahan et al. 2013, Algorithm 1, alpha is lr, n starts from s0, doi:10.1145/2487575.2488200.

Hyperparameters:
    lr    step size; 0 < lr
    l1    strength of the penalty on the size; 0 <= l1
    l2    strength of the penalty on the square; 0 <= l2
    beta  what the rate is smoothed by; 0 <= beta
    s0    what the sum of squares starts from; 0 <= s0

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
def ftrl_kernel(theta_at, g_at, z_at, n__at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    coefficient_of_l1 = tl.load(scalars_at + 0)
    lr = tl.load(scalars_at + 1)
    l1 = tl.load(scalars_at + 2)
    beta = tl.load(scalars_at + 3)
    l2 = tl.load(scalars_at + 4)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    z = tl.load(z_at + i, mask=inside, other=0)
    n_ = tl.load(n__at + i, mask=inside, other=0)
    n_before = n_
    n_ = n_ + g * g
    z = z + g - divide(root(n_) - root(n_before), lr) * theta
    theta = -divide(z - tl.maximum(coefficient_of_l1, tl.minimum(l1, z, propagate_nan=tl.PropagateNan.ALL), propagate_nan=tl.PropagateNan.ALL), divide(beta + root(n_), lr) + l2)
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(z_at + i, z, mask=inside)
    tl.store(n__at + i, n_, mask=inside)


def init(theta: Tensor, *, s0: float = 0.0) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"z": torch.zeros_like(theta), "n": torch.full_like(theta, s0)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.001, l1: float = 0.0, l2: float = 0.0, beta: float = 1.0, s0: float = 0.0
) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        -l1,  # coefficient_of_l1
        lr,
        l1,
        beta,
        l2,
    ]
    launch(ftrl_kernel, [theta, g, state["z"], state["n"]], scalars)
