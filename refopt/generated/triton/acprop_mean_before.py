# Generated from the formula by: refopt generate acprop/mean_before --to triton
# Fingerprint of the formula: b154537c33d386060f461a8471d863b5eb2910c64ac32f87a1852e0151e38082
"""ACProp whose distance is from the mean before this gradient.

    theta <- theta - lr*where(t > 1, g / (sqrt(s / (1 - beta2^(t - 1))) + eps), g / (1 + eps))
    s     <- beta2*s + (1 - beta2)*(g - m)^2 + eps_root
    m     <- beta1*m + (1 - beta1)*g

Source: Zhuang et al. 2021, ACProp with bias correction, a second moment of 1 before the first gradient, AdaBelief's two epsilons, arXiv:2110.05454.
Differs from acprop: the distance is from the mean before this gradient.

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


@triton.jit(do_not_specialize=["t"])
def acprop_mean_before_kernel(theta_at, g_at, m_at, s_at, scalars_at, t, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    complement = tl.load(scalars_at + 0)
    coefficient_of_eps = tl.load(scalars_at + 1)
    one_minus_beta2 = tl.load(scalars_at + 2)
    one_minus_beta1 = tl.load(scalars_at + 3)
    lr = tl.load(scalars_at + 4)
    eps = tl.load(scalars_at + 5)
    beta2 = tl.load(scalars_at + 6)
    eps_root = tl.load(scalars_at + 7)
    beta1 = tl.load(scalars_at + 8)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    m = tl.load(m_at + i, mask=inside, other=0)
    s = tl.load(s_at + i, mask=inside, other=0)
    theta = theta - lr * tl.where(t > 1, divide(g, root(divide(s, complement)) + eps), divide(g, coefficient_of_eps))  # nothing is known before the first gradient
    s = beta2 * s + one_minus_beta2 * square(g - m) + eps_root
    m = beta1 * m + one_minus_beta1 * g
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
        1 - power(beta2, t - 1) if t > 1 else 0.0,  # complement
        1 + eps if not (t > 1) else 0.0,  # coefficient_of_eps
        1 - beta2,  # one_minus_beta2
        1 - beta1,  # one_minus_beta1
        lr,
        eps,
        beta2,
        eps_root,
        beta1,
    ]
    launch(acprop_mean_before_kernel, [theta, g, state["m"], state["s"]], scalars, [t])
