# Generated from the formula by: refopt generate adamw/adamc --to triton
# Fingerprint of the formula: c9b973e208bd11ed24c58d78876ed05971bbb8fb71a8905a08369b08ba651f4f
"""AdamW whose decay falls with the square of a scheduled rate.

    m     <- beta1*m + (1 - beta1)*g
    v     <- beta2*v + (1 - beta2)*g^2
    m_hat <- m / (1 - beta1^t)
    v_hat <- v / (1 - beta2^t)
    theta <- theta - lr^2 / lr_max * weight_decay * theta - lr * m_hat / (sqrt(v_hat) + eps)

Source: Defazio 2025, AdamC: the decay times lr_t^2/lr_max, arXiv:2506.02285.
Differs from adamw: the decay is lr^2/lr_max times weight_decay.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         decay of the first moment; 0 <= beta1 < 1
    beta2         decay of the second moment; 0 <= beta2 < 1
    eps           keeps the division finite; 0 <= eps
    weight_decay  decay of the weights; 0 <= weight_decay
    lr_max        the largest rate of the schedule; 0 < lr_max

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
def adamw_adamc_kernel(theta_at, g_at, m_at, v_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    one_minus_beta1 = tl.load(scalars_at + 0)
    one_minus_beta2 = tl.load(scalars_at + 1)
    bias_correction1 = tl.load(scalars_at + 2)
    bias_correction2 = tl.load(scalars_at + 3)
    step_size = tl.load(scalars_at + 4)
    beta1 = tl.load(scalars_at + 5)
    beta2 = tl.load(scalars_at + 6)
    lr = tl.load(scalars_at + 7)
    eps = tl.load(scalars_at + 8)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    m = tl.load(m_at + i, mask=inside, other=0)
    v = tl.load(v_at + i, mask=inside, other=0)
    m = beta1 * m + one_minus_beta1 * g
    v = beta2 * v + one_minus_beta2 * (g * g)
    m_hat = divide(m, bias_correction1)  # t counts updates from 1
    v_hat = divide(v, bias_correction2)
    theta = theta - step_size * theta - divide(lr * m_hat, root(v_hat) + eps)
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(m_at + i, m, mask=inside)
    tl.store(v_at + i, v, mask=inside)


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta), "v": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08, weight_decay: float = 0.01, lr_max: float = 0.001
) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        1 - beta1,  # one_minus_beta1
        1 - beta2,  # one_minus_beta2
        1 - power(beta1, t),  # bias_correction1
        1 - power(beta2, t),  # bias_correction2
        lr**2 / lr_max * weight_decay,  # step_size
        beta1,
        beta2,
        lr,
        eps,
    ]
    launch(adamw_adamc_kernel, [theta, g, state["m"], state["v"]], scalars)
