# Generated from the formula by: refopt generate laprop --to torch
# Fingerprint of the formula: 1952594465af497afdfce761d3c05281988311b39456b06813dc607adeb69471
"""Momentum of the normalized gradient.

    v     <- beta2*v + (1 - beta2)*g^2
    v_hat <- v / (1 - beta2^t)
    m     <- beta1*m + lr * (1 - beta1) * g / (sqrt(v_hat) + eps)
    theta <- theta - m / (1 - beta1^t)

Source: Ziyin, Wang & Ueda 2020, Algorithm 1, arXiv:2002.04839.

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

from refopt.generated.torch._optimizer import RuleOptimizer, power, rounder

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
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.0004, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-15
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    m, v = state["m"], state["v"]
    scalar = rounder(theta)
    one_minus_beta2 = scalar(1 - beta2)
    bias_correction2 = scalar(1 - power(beta2, t))
    step_size = scalar(lr * (1 - beta1))
    bias_correction1 = scalar(1 - power(beta1, t))
    beta2 = scalar(beta2)
    beta1 = scalar(beta1)
    eps = scalar(eps)
    v = beta2 * v + one_minus_beta2 * torch.square(g)
    v_hat = v / bias_correction2
    m = beta1 * m + step_size * g / (torch.sqrt(v_hat) + eps)
    theta = theta - m / bias_correction1
    return theta, {"m": m, "v": v}


class Laprop(RuleOptimizer):
    """Momentum of the normalized gradient, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(self, params: Iterable[Any], lr: float = 0.0004, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-15) -> None:
        super().__init__(params, {"lr": lr, "beta1": beta1, "beta2": beta2, "eps": eps})
