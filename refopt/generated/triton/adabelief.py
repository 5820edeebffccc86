# Generated from the formula by: refopt generate adabelief --to triton
# Fingerprint of the formula: dc0e1176585d139d39dc59ecf5d25c8f6e1b5a02069843494190c1268407a322
"""Adam that divides by how far the gradient is from what was expected.

    m     <- beta1*m + (1 - beta1)*g
    s     <- beta2*s + (1 - beta2)*(g - m)^2 + eps_root
    m_hat <- m / (1 - beta1^t)
    s_hat <- s / (1 - beta2^t)
    theta <- theta - lr * m_hat / (sqrt(s_hat) + eps)

Source: Zhuang et al. 2020, Algorithm 2; the epsilon that is added to s has a name of its own, arXiv:2010.07468.

Hyperparameters:
    lr        step size; 0 <= lr
    beta1     decay of the first moment; 0 <= beta1 < 1
    beta2     decay of the second moment; 0 <= beta2 < 1
    eps       keeps the division finite; 0 <= eps
    eps_root  added to s at every update; 0 <= eps_root

float64 and float32, contiguous tensors on a GPU, theta and the state in place in one kernel. Scalars are formed in
binary64 and rounded once. Products and sums are not contracted, roots and quotients are rounded to nearest: bits are
those of every other backend where only + - * / sqrt are used.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from refopt.generated.triton._launch import check, divide, launch, power, root, square


@triton.jit
def adabelief_kernel(theta_at, g_at, m_at, s_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    one_minus_beta1 = tl.load(scalars_at + 0)
    one_minus_beta2 = tl.load(scalars_at + 1)
    bias_correction1 = tl.load(scalars_at + 2)
    bias_correction2 = tl.load(scalars_at + 3)
    beta1 = tl.load(scalars_at + 4)
    beta2 = tl.load(scalars_at + 5)
    eps_root = tl.load(scalars_at + 6)
    lr = tl.load(scalars_at + 7)
    eps = tl.load(scalars_at + 8)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    m = tl.load(m_at + i, mask=inside, other=0)
    s = tl.load(s_at + i, mask=inside, other=0)
    m = beta1 * m + one_minus_beta1 * g
    s = beta2 * s + one_minus_beta2 * square(g - m) + eps_root
    m_hat = divide(m, bias_correction1)  # t counts updates from 1
    s_hat = divide(s, bias_correction2)
    theta = theta - divide(lr * m_hat, root(s_hat) + eps)
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(m_at + i, m, mask=inside)
    tl.store(s_at + i, s, mask=inside)


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta), "s": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-16, eps_root: float = 1e-16
) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        1 - beta1,  # one_minus_beta1
        1 - beta2,  # one_minus_beta2
        1 - power(beta1, t),  # bias_correction1
        1 - power(beta2, t),  # bias_correction2
        beta1,
        beta2,
        eps_root,
        lr,
        eps,
    ]
    launch(adabelief_kernel, [theta, g, state["m"], state["s"]], scalars)
