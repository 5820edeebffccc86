# Generated from the formula by: refopt generate adamaxw --to triton
# Fingerprint of the formula: ea7439f6c193f3e395cfc63c6465bdc57790f2c4292deb4aa18474deed0d71f1
"""AdaMax with decoupled weight decay.

    m     <- beta1*m + (1 - beta1)*g
    u     <- max(beta2*u, abs(g) + eps)
    theta <- theta - lr*weight_decay*theta - lr / (1 - beta1^t) * m / u

Source: Kingma & Ba 2015, Algorithm 2, eps added to |g|, arXiv:1412.6980.
Source: Loshchilov & Hutter 2019, Algorithm 2, decay times the scheduled rate, on AdaMax, arXiv:1711.05101.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         decay of the first moment; 0 <= beta1 < 1
    beta2         decay of the infinity norm; 0 <= beta2 < 1
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

from refopt.generated.triton._launch import check, divide, launch, power


@triton.jit
def adamaxw_kernel(theta_at, g_at, m_at, u_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    one_minus_beta1 = tl.load(scalars_at + 0)
    lr_times_weight_decay = tl.load(scalars_at + 1)
    step_size = tl.load(scalars_at + 2)
    beta1 = tl.load(scalars_at + 3)
    beta2 = tl.load(scalars_at + 4)
    eps = tl.load(scalars_at + 5)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    m = tl.load(m_at + i, mask=inside, other=0)
    u = tl.load(u_at + i, mask=inside, other=0)
    m = beta1 * m + one_minus_beta1 * g
    u = tl.maximum(beta2 * u, tl.abs(g) + eps, propagate_nan=tl.PropagateNan.ALL)
    theta = theta - lr_times_weight_decay * theta - divide(step_size * m, u)
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(m_at + i, m, mask=inside)
    tl.store(u_at + i, u, mask=inside)


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta), "u": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.002, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08, weight_decay: float = 0.01
) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        1 - beta1,  # one_minus_beta1
        lr * weight_decay,  # lr_times_weight_decay
        lr / (1 - power(beta1, t)),  # step_size
        beta1,
        beta2,
        eps,
    ]
    launch(adamaxw_kernel, [theta, g, state["m"], state["u"]], scalars)
