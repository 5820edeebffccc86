# Generated from the formula by: refopt generate nadam --to triton
# Fingerprint of the formula: bcb2aecf11d88beb23246c94379d6d806a2dc8d0c4f93c122c5be6cf9be5e250
"""Adam with Nesterov momentum of a growing share.

    mu         <- beta1*(1 - 0.5*0.96^(t*momentum_decay))
    mu_next    <- beta1*(1 - 0.5*0.96^((t + 1)*momentum_decay))
    mu_product <- mu_product*mu
    m          <- beta1*m + (1 - beta1)*g
    v          <- beta2*v + (1 - beta2)*g^2
    v_hat      <- v / (1 - beta2^t)
    theta      <- theta - lr * ((1 - mu) / (1 - mu_product) * g + mu_next / (1 - mu_product*mu_next) * m) / (sqrt(v_hat)
            + eps)

Source: Dozat 2016, Algorithm 2, with a schedule of momenta, openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ.

Hyperparameters:
    lr              step size; 0 <= lr
    beta1           decay of the first moment; 0 <= beta1 < 1
    beta2           decay of the second moment; 0 <= beta2 < 1
    eps             keeps the division finite; 0 <= eps
    momentum_decay  how soon the momentum grows to beta1; 0 <= momentum_decay

float64 and float32, contiguous tensors on a GPU, theta and the state in place in one kernel. Scalars are formed in
binary64 and rounded once. Products and sums are not contracted, roots and quotients are rounded to nearest: bits are
those of every other backend where only + - * / sqrt are used.
"""

from __future__ import annotations

import math
from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

from refopt.generated.triton._launch import check, divide, launch, power, root


@triton.jit
def nadam_kernel(theta_at, g_at, m_at, v_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    one_minus_beta1 = tl.load(scalars_at + 0)
    one_minus_beta2 = tl.load(scalars_at + 1)
    bias_correction2 = tl.load(scalars_at + 2)
    coefficient_of_mu_and_mu_product = tl.load(scalars_at + 3)
    coefficient_of_mu_next_and_mu_product = tl.load(scalars_at + 4)
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
    v_hat = divide(v, bias_correction2)
    theta = theta - divide(lr * (coefficient_of_mu_and_mu_product * g + coefficient_of_mu_next_and_mu_product * m), root(v_hat) + eps)
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(m_at + i, m, mask=inside)
    tl.store(v_at + i, v, mask=inside)


def init(theta: Tensor) -> dict[str, Any]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta), "v": torch.zeros_like(theta), "mu_product": 1.0}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Any], t: int, *, lr: float = 0.002, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08, momentum_decay: float = 0.004
) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, "m": state["m"], "v": state["v"]})
    mu_product = state["mu_product"]
    mu = beta1 * (1 - 0.5 * math.pow(0.96, t * momentum_decay))
    mu_next = beta1 * (1 - 0.5 * math.pow(0.96, (t + 1) * momentum_decay))
    mu_product = mu_product * mu
    state["mu_product"] = mu_product
    scalars = [
        1 - beta1,  # one_minus_beta1
        1 - beta2,  # one_minus_beta2
        1 - power(beta2, t),  # bias_correction2
        (1 - mu) / (1 - mu_product),  # coefficient_of_mu_and_mu_product
        mu_next / (1 - mu_product * mu_next),  # coefficient_of_mu_next_and_mu_product
        beta1,
        beta2,
        lr,
        eps,
    ]
    launch(nadam_kernel, [theta, g, state["m"], state["v"]], scalars)
