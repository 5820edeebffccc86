# Generated from the formula by: refopt generate adan --to triton
# Fingerprint of the formula: 16fd0b0eecb7e299bd377fd5aca0023bab2eb8e63f7694241e6cd5b66531bb0e
"""Adam with Nesterov momentum made of the gradient's change.

    d        <- where(t > 1, g - g_before, 0*g)
    m        <- beta1*m + (1 - beta1)*g
    w        <- beta2*w + (1 - beta2)*d
    n        <- beta3*n + (1 - beta3)*(g + beta2*d)^2
    theta    <- (theta - lr * (m / (1 - beta1^t) + beta2 * w / (1 - beta2^t)) / (sqrt(n / (1 - beta3^t)) + eps)) / (1 +
            lr*weight_decay)
    g_before <- g

Source: Xie et al. 2022, Algorithm 1 with bias corrections, its betas 1 minus these, arXiv:2208.06677.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         decay of the mean gradient; 0 <= beta1 < 1
    beta2         decay of the mean change of the gradient; 0 <= beta2 < 1
    beta3         decay of the mean square; 0 <= beta3 < 1
    eps           keeps the division finite; 0 <= eps
    weight_decay  decay of the weights; 0 <= weight_decay

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


@triton.jit(do_not_specialize=["t"])
def adan_kernel(theta_at, g_at, m_at, w_at, n__at, g_before_at, scalars_at, t, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    zero = tl.load(scalars_at + 0)
    one_minus_beta1 = tl.load(scalars_at + 1)
    one_minus_beta2 = tl.load(scalars_at + 2)
    one_minus_beta3 = tl.load(scalars_at + 3)
    bias_correction1 = tl.load(scalars_at + 4)
    bias_correction2 = tl.load(scalars_at + 5)
    bias_correction3 = tl.load(scalars_at + 6)
    step_size = tl.load(scalars_at + 7)
    beta1 = tl.load(scalars_at + 8)
    beta2 = tl.load(scalars_at + 9)
    beta3 = tl.load(scalars_at + 10)
    lr = tl.load(scalars_at + 11)
    eps = tl.load(scalars_at + 12)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    m = tl.load(m_at + i, mask=inside, other=0)
    w = tl.load(w_at + i, mask=inside, other=0)
    n_ = tl.load(n__at + i, mask=inside, other=0)
    g_before = tl.load(g_before_at + i, mask=inside, other=0)
    d = tl.where(t > 1, g - g_before, zero * g)
    m = beta1 * m + one_minus_beta1 * g
    w = beta2 * w + one_minus_beta2 * d
    n_ = beta3 * n_ + one_minus_beta3 * square(g + beta2 * d)
    theta = divide(theta - divide(lr * (divide(m, bias_correction1) + divide(beta2 * w, bias_correction2)), root(divide(n_, bias_correction3)) + eps), step_size)
    g_before = g
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(m_at + i, m, mask=inside)
    tl.store(w_at + i, w, mask=inside)
    tl.store(n__at + i, n_, mask=inside)
    tl.store(g_before_at + i, g_before, mask=inside)


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta), "w": torch.zeros_like(theta), "n": torch.zeros_like(theta), "g_before": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.001, beta1: float = 0.98, beta2: float = 0.92, beta3: float = 0.99, eps: float = 1e-08, weight_decay: float = 0.01
) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        0,  # zero
        1 - beta1,  # one_minus_beta1
        1 - beta2,  # one_minus_beta2
        1 - beta3,  # one_minus_beta3
        1 - power(beta1, t),  # bias_correction1
        1 - power(beta2, t),  # bias_correction2
        1 - power(beta3, t),  # bias_correction3
        1 + lr * weight_decay,  # step_size
        beta1,
        beta2,
        beta3,
        lr,
        eps,
    ]
    launch(adan_kernel, [theta, g, state["m"], state["w"], state["n"], state["g_before"]], scalars, [t])
