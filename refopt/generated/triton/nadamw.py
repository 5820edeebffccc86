# Generated from the formula by: refopt generate nadamw --to triton
# Fingerprint of the formula: 2946bc37e188533586fa3deb45381ab524842fe53f5000f22110642b3f65f753
"""NAdam of a constant momentum with decoupled weight decay.

    m     <- beta1*m + (1 - beta1)*g
    v     <- beta2*v + (1 - beta2)*g^2
    v_hat <- v / (1 - beta2^t)
    theta <- theta - lr*weight_decay*theta - lr * (beta1 * m / (1 - beta1^(t + 1)) + (1 - beta1) * g / (1 - beta1^t)) /
            (sqrt(v_hat) + eps)

Source: Dozat 2016, Algorithm 2, a constant momentum, openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ.
Source: Loshchilov & Hutter 2019, Algorithm 2, decay times the scheduled rate, on NAdam, arXiv:1711.05101.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         decay of the first moment; 0 <= beta1 < 1
    beta2         decay of the second moment; 0 <= beta2 < 1
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

from refopt.generated.triton._launch import check, divide, launch, power, root


@triton.jit
def nadamw_kernel(theta_at, g_at, m_at, v_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    one_minus_beta1 = tl.load(scalars_at + 0)
    one_minus_beta2 = tl.load(scalars_at + 1)
    bias_correction2 = tl.load(scalars_at + 2)
    lr_times_weight_decay = tl.load(scalars_at + 3)
    complement = tl.load(scalars_at + 4)
    bias_correction1 = tl.load(scalars_at + 5)
    beta1 = tl.load(scalars_at + 6)
    beta2 = tl.load(scalars_at + 7)
    lr = tl.load(scalars_at + 8)
    eps = tl.load(scalars_at + 9)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    m = tl.load(m_at + i, mask=inside, other=0)
    v = tl.load(v_at + i, mask=inside, other=0)
    m = beta1 * m + one_minus_beta1 * g
    v = beta2 * v + one_minus_beta2 * (g * g)
    v_hat = divide(v, bias_correction2)
    theta = theta - lr_times_weight_decay * theta - divide(lr * (divide(beta1 * m, complement) + divide(one_minus_beta1 * g, bias_correction1)), root(v_hat) + eps)
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(m_at + i, m, mask=inside)
    tl.store(v_at + i, v, mask=inside)


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta), "v": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.002, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08, weight_decay: float = 0.01
) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        1 - beta1,  # one_minus_beta1
        1 - beta2,  # one_minus_beta2
        1 - power(beta2, t),  # bias_correction2
        lr * weight_decay,  # lr_times_weight_decay
        1 - power(beta1, t + 1),  # complement
        1 - power(beta1, t),  # bias_correction1
        beta1,
        beta2,
        lr,
        eps,
    ]
    launch(nadamw_kernel, [theta, g, state["m"], state["v"]], scalars)
