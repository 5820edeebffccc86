# Generated from the formula by: refopt generate optimistic_gd --to triton
# Fingerprint of the formula: cd81b2da53a18c89a7b3616b0c9c7478315e6cfc21aa711a76baa8c1b3b8d7e2
"""Gradient descent that guesses the next gradient from the last change.

    d        <- where(t > 1, g_before, g)
    theta    <- theta - lr*((alpha + beta)*g - beta*d)
    g_before <- g

Source: Mokhtari, Ozdaglar & Pattathil 2020, generalized OGDA, its steps alpha and beta times lr, arXiv:1901.08511.

Hyperparameters:
    lr     step size; 0 <= lr
    alpha  weight of the gradient; 0 <= alpha
    beta   weight of the change of the gradient; 0 <= beta

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


@triton.jit(do_not_specialize=["t"])
def optimistic_gd_kernel(theta_at, g_at, g_before_at, scalars_at, t, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    alpha_plus_beta = tl.load(scalars_at + 0)
    lr = tl.load(scalars_at + 1)
    beta = tl.load(scalars_at + 2)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    g_before = tl.load(g_before_at + i, mask=inside, other=0)
    d = tl.where(t > 1, g_before, g)
    theta = theta - lr * (alpha_plus_beta * g - beta * d)
    g_before = g
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(g_before_at + i, g_before, mask=inside)


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"g_before": torch.zeros_like(theta)}


def step(theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, alpha: float = 1.0, beta: float = 1.0) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        alpha + beta,  # alpha_plus_beta
        lr,
        beta,
    ]
    launch(optimistic_gd_kernel, [theta, g, state["g_before"]], scalars, [t])
