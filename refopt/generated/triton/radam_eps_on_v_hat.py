# Generated from the formula by: refopt generate radam/eps_on_v_hat --to triton
# Fingerprint of the formula: 704881983699dea20b3e0f37dc011feaf50a1a68d3c7cc670506a23ddd5506fc
"""RAdam with epsilon added after the bias correction.

    m       <- beta1*m + (1 - beta1)*g
    v       <- beta2*v + (1 - beta2)*g^2
    rho_inf <- 2 / (1 - beta2) - 1
    rho_t   <- rho_inf - 2 * t * beta2^t / (1 - beta2^t)
    r       <- where(rho_t >= 5, sqrt((rho_t - 4) * (rho_t - 2) * rho_inf / ((rho_inf - 4)*(rho_inf - 2)*rho_t)), 1)
    m_hat   <- m / (1 - beta1^t)
    v_hat   <- v / (1 - beta2^t)
    theta   <- theta - lr*where(rho_t >= 5, r * m_hat / (sqrt(v_hat) + eps), m_hat)

Source: Liu et al. 2020, Algorithm 2, with the threshold 5 of the authors' code, eps added to the root of v_hat, arXiv:1908.03265.
Differs from radam: eps after the bias correction.

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

import math

import torch
import triton
import triton.language as tl
from torch import Tensor

from refopt.generated.triton._launch import check, divide, launch, power, root


@triton.jit(do_not_specialize=["condition"])
def radam_eps_on_v_hat_kernel(theta_at, g_at, m_at, v_at, scalars_at, condition, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    condition = condition != 0
    one_minus_beta1 = tl.load(scalars_at + 0)
    one_minus_beta2 = tl.load(scalars_at + 1)
    bias_correction1 = tl.load(scalars_at + 2)
    bias_correction2 = tl.load(scalars_at + 3)
    beta1 = tl.load(scalars_at + 4)
    beta2 = tl.load(scalars_at + 5)
    lr = tl.load(scalars_at + 6)
    r = tl.load(scalars_at + 7)
    eps = tl.load(scalars_at + 8)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    m = tl.load(m_at + i, mask=inside, other=0)
    v = tl.load(v_at + i, mask=inside, other=0)
    m = beta1 * m + one_minus_beta1 * g
    v = beta2 * v + one_minus_beta2 * (g * g)
    m_hat = divide(m, bias_correction1)  # t counts updates from 1
    v_hat = divide(v, bias_correction2)
    theta = theta - lr * tl.where(condition, divide(r * m_hat, root(v_hat) + eps), m_hat)
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(m_at + i, m, mask=inside)
    tl.store(v_at + i, v, mask=inside)


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta), "v": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08
) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    rho_inf = 2 / (1 - beta2) - 1
    rho_t = rho_inf - 2 * t * power(beta2, t) / (1 - power(beta2, t))
    r = math.sqrt((rho_t - 4) * (rho_t - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho_t)) if rho_t >= 5 else 1
    condition = rho_t >= 5
    scalars = [
        1 - beta1,  # one_minus_beta1
        1 - beta2,  # one_minus_beta2
        1 - power(beta1, t),  # bias_correction1
        1 - power(beta2, t),  # bias_correction2
        beta1,
        beta2,
        lr,
        r,
        eps,
    ]
    launch(radam_eps_on_v_hat_kernel, [theta, g, state["m"], state["v"]], scalars, [int(condition)])
