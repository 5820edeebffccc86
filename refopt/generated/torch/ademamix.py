# Generated from the formula by: refopt generate ademamix --to torch
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

DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps", "beta3": "0 <= beta3 < 1", "alpha": "0 <= alpha", "weight_decay": "0 <= weight_decay"}


def outside(lr: float, beta1: float, beta2: float, eps: float, beta3: float, alpha: float, weight_decay: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    if not (beta3 >= 0 and beta3 < 1):
        return "beta3"
    if not (alpha >= 0):
        return "alpha"
    if not (weight_decay >= 0):
        return "weight_decay"
    return None


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta), "v": torch.zeros_like(theta), "m_slow": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08, beta3: float = 0.9999, alpha: float = 5.0, weight_decay: float = 0.01
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    m, v, m_slow = state["m"], state["v"], state["m_slow"]
    scalar = rounder(theta)
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    one_minus_beta3 = scalar(1 - beta3)
    bias_correction1 = scalar(1 - power(beta1, t))
    bias_correction2 = scalar(1 - power(beta2, t))
    beta1 = scalar(beta1)
    beta2 = scalar(beta2)
    beta3 = scalar(beta3)
    lr = scalar(lr)
    alpha = scalar(alpha)
    eps = scalar(eps)
    weight_decay = scalar(weight_decay)
    m = beta1 * m + one_minus_beta1 * g
    v = beta2 * v + one_minus_beta2 * torch.square(g)
    m_slow = beta3 * m_slow + one_minus_beta3 * g  # never corrected
    m_hat = m / bias_correction1  # t counts updates from 1
    v_hat = v / bias_correction2
    theta = theta - lr * ((m_hat + alpha * m_slow) / (torch.sqrt(v_hat) + eps) + weight_decay * theta)
    return theta, {"m": m, "v": v, "m_slow": m_slow}


class Ademamix(RuleOptimizer):
    """Adam with a fast and a slow average of the gradients, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(
        self, params: Iterable[Any], lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08, beta3: float = 0.9999, alpha: float = 5.0, weight_decay: float = 0.01
    ) -> None:
        super().__init__(params, {"lr": lr, "beta1": beta1, "beta2": beta2, "eps": eps, "beta3": beta3, "alpha": alpha, "weight_decay": weight_decay})
