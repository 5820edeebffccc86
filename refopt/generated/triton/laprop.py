# Generated from the formula by: refopt generate laprop --to triton
# Fingerprint of the formula: 1952594465af497afdfce761d3c05281988311b39456b06813dc607adeb69471
"""Momentum of the normalized gradient.

    v     <- beta2*v + (1 - beta2)*g^2
    v_hat <- v / (1 - beta2^t)
    m     <- beta1*m + lr * (1 - beta1) * g / (sqrt(v_hat) + eps)
    theta <- theta - m / (1 - beta1^t)

Source: Ziyin, Wang & Ueda 2020, Algorithm 1, arXiv:2002.04839.

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

import torch
import triton
import triton.language as tl
from torch import Tensor

from refopt.generated.triton._launch import check, divide, launch, power, root


@triton.jit
def laprop_kernel(theta_at, g_at, m_at, v_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    one_minus_beta2 = tl.load(scalars_at + 0)
    bias_correction2 = tl.load(scalars_at + 1)
    step_size = tl.load(scalars_at + 2)
    bias_correction1 = tl.load(scalars_at + 3)
    beta2 = tl.load(scalars_at + 4)
    beta1 = tl.load(scalars_at + 5)
    eps = tl.load(scalars_at + 6)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    m = tl.load(m_at + i, mask=inside, other=0)
    v = tl.load(v_at + i, mask=inside, other=0)
    v = beta2 * v + one_minus_beta2 * (g * g)
    v_hat = divide(v, bias_correction2)
    m = beta1 * m + divide(step_size * g, root(v_hat) + eps)
    theta = theta - divide(m, bias_correction1)
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(m_at + i, m, mask=inside)
    tl.store(v_at + i, v, mask=inside)


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta), "v": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.0004, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-15
) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        1 - beta2,  # one_minus_beta2
        1 - power(beta2, t),  # bias_correction2
        lr * (1 - beta1),  # step_size
        1 - power(beta1, t),  # bias_correction1
        beta2,
        beta1,
        eps,
    ]
    launch(laprop_kernel, [theta, g, state["m"], state["v"]], scalars)
