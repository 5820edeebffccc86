# Generated from the formula by: refopt generate ademamix --to triton
# Fingerprint of the formula: 80e23cc16c4343032029a2fb54b5c43140d2b6472e4865a9044afe7f2105bf56
"""Adam with a fast and a slow average of the gradients.

    m      <- beta1*m + (1 - beta1)*g
    v      <- beta2*v + (1 - beta2)*g^2
    m_slow <- beta3*m_slow + (1 - beta3)*g
    m_hat  <- m / (1 - beta1^t)
    v_hat  <- v / (1 - beta2^t)
    theta  <- theta - lr*((m_hat + alpha*m_slow) / (sqrt(v_hat) + eps) + weight_decay*theta)

Source: Pagliardini, Ablin & Grangier 2024, Algorithm 1 with alpha and beta3 constant, arXiv:2409.03137.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         decay of the first moment; 0 <= beta1 < 1
    beta2         decay of the second moment; 0 <= beta2 < 1
    eps           keeps the division finite; 0 <= eps
    beta3         decay of the slow average; 0 <= beta3 < 1
    alpha         weight of the slow average; 0 <= alpha
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

from refopt.generated.triton._launch import check, divide, launch, power, root


@triton.jit
def ademamix_kernel(theta_at, g_at, m_at, v_at, m_slow_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    one_minus_beta1 = tl.load(scalars_at + 0)
    one_minus_beta2 = tl.load(scalars_at + 1)
    one_minus_beta3 = tl.load(scalars_at + 2)
    bias_correction1 = tl.load(scalars_at + 3)
    bias_correction2 = tl.load(scalars_at + 4)
    beta1 = tl.load(scalars_at + 5)
    beta2 = tl.load(scalars_at + 6)
    beta3 = tl.load(scalars_at + 7)
    lr = tl.load(scalars_at + 8)
    alpha = tl.load(scalars_at + 9)
    eps = tl.load(scalars_at + 10)
    weight_decay = tl.load(scalars_at + 11)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    m = tl.load(m_at + i, mask=inside, other=0)
    v = tl.load(v_at + i, mask=inside, other=0)
    m_slow = tl.load(m_slow_at + i, mask=inside, other=0)
    m = beta1 * m + one_minus_beta1 * g
    v = beta2 * v + one_minus_beta2 * (g * g)
    m_slow = beta3 * m_slow + one_minus_beta3 * g  # never corrected
    m_hat = divide(m, bias_correction1)  # t counts updates from 1
    v_hat = divide(v, bias_correction2)
    theta = theta - lr * (divide(m_hat + alpha * m_slow, root(v_hat) + eps) + weight_decay * theta)
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(m_at + i, m, mask=inside)
    tl.store(v_at + i, v, mask=inside)
    tl.store(m_slow_at + i, m_slow, mask=inside)


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta), "v": torch.zeros_like(theta), "m_slow": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08, beta3: float = 0.9999, alpha: float = 5.0, weight_decay: float = 0.01
) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        1 - beta1,  # one_minus_beta1
        1 - beta2,  # one_minus_beta2
        1 - beta3,  # one_minus_beta3
        1 - power(beta1, t),  # bias_correction1
        1 - power(beta2, t),  # bias_correction2
        beta1,
        beta2,
        beta3,
        lr,
        alpha,
        eps,
        weight_decay,
    ]
    launch(ademamix_kernel, [theta, g, state["m"], state["v"], state["m_slow"]], scalars)
