# Generated from the formula by: refopt generate adopt/unclipped --to torch
# Fingerprint of the formula: 04581305f2d3c70d4a45e8618056473bb31f93b12f28bf133f55a12f9b1a2427
"""ADOPT without clipping.

    m     <- where(t > 1, beta1*m + (1 - beta1) * (g / max(sqrt(v), eps)), m)
    v     <- where(t > 1, beta2*v + (1 - beta2)*g^2, g^2)
    theta <- theta - lr*m

Source: Taniguchi et al. 2024, ADOPT with m_0 = 0, its first gradient as update 1, arXiv:2411.02853.
Differs from adopt: the normalized gradient is not clipped.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  decay of the first moment; 0 <= beta1 < 1
    beta2  decay of the second moment; 0 <= beta2 < 1
    eps    keeps the division finite; 0 <= eps

`step` changes nothing in place, keeps dtype, shape and device, and checks nothing. The class is a
torch.optim.Optimizer, in place, with its own step count for each parameter; it refuses hyperparameters outside their
domains. Scalars are formed in binary64 and rounded once to the tensor's dtype. torch rounds + - * / as every other
backend does, its sqrt not always.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

from refopt.generated.torch._optimizer import RuleOptimizer, larger, rounder

DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps"}


def outside(lr: float, beta1: float, beta2: float, eps: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    return None


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta), "v": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.9999, eps: float = 1e-06
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    m, v = state["m"], state["v"]
    scalar = rounder(theta)
    one_minus_beta1 = scalar(1 - beta1) if t > 1 else scalar(0)
    one_minus_beta2 = scalar(1 - beta2) if t > 1 else scalar(0)
    beta1 = scalar(beta1)
    eps = scalar(eps)
    beta2 = scalar(beta2)
    lr = scalar(lr)
    m = beta1 * m + one_minus_beta1 * (g / larger(torch.sqrt(v), eps)) if t > 1 else m  # v of the update before
    v = beta2 * v + one_minus_beta2 * torch.square(g) if t > 1 else torch.square(g)  # all that the first update does
    theta = theta - lr * m
    return theta, {"m": m, "v": v}


class AdoptUnclipped(RuleOptimizer):
    """ADOPT without clipping, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(self, params: Iterable[Any], lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.9999, eps: float = 1e-06) -> None:
        super().__init__(params, {"lr": lr, "beta1": beta1, "beta2": beta2, "eps": eps})
