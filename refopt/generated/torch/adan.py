# Generated from the formula by: refopt generate adan --to torch
# Fingerprint of the formula: 16fd0b0eecb7e299bd377fd5aca0023bab2eb8e63f7694241e6cd5b66531bb0e
"""Adam with Nesterov momentum made of the gradient's change.

    d        <- where(t > 1, g - g_before, 0*g)
    m        <- beta1*m + (1 - beta1)*g
    w        <- beta2*w + (1 - beta2)*d
    n        <- beta3*n + (1 - beta3)*(g + beta2*d)^2
    theta    <- (theta - lr * (m / (1 - beta1^t) + beta2 * w / (1 - beta2^t)) / (sqrt(n / (1 - beta3^t)) + eps)) / (1 +
            lr*weight_decay)
    g_before <- g

Source: Xie et al. 2022, Algorithm 1 with bias corrections, its betas 1 minus these, arXiv:2208.06677.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         decay of the mean gradient; 0 <= beta1 < 1
    beta2         decay of the mean change of the gradient; 0 <= beta2 < 1
    beta3         decay of the mean square; 0 <= beta3 < 1
    eps           keeps the division finite; 0 <= eps
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

DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "beta3": "0 <= beta3 < 1", "eps": "0 <= eps", "weight_decay": "0 <= weight_decay"}


def outside(lr: float, beta1: float, beta2: float, beta3: float, eps: float, weight_decay: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (beta3 >= 0 and beta3 < 1):
        return "beta3"
    if not (eps >= 0):
        return "eps"
    if not (weight_decay >= 0):
        return "weight_decay"
    return None


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta), "w": torch.zeros_like(theta), "n": torch.zeros_like(theta), "g_before": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.001, beta1: float = 0.98, beta2: float = 0.92, beta3: float = 0.99, eps: float = 1e-08, weight_decay: float = 0.01
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    m, w, n, g_before = state["m"], state["w"], state["n"], state["g_before"]
    scalar = rounder(theta)
    zero = scalar(0)
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    one_minus_beta3 = scalar(1 - beta3)
    bias_correction1 = scalar(1 - power(beta1, t))
    bias_correction2 = scalar(1 - power(beta2, t))
    bias_correction3 = scalar(1 - power(beta3, t))
    step_size = scalar(1 + lr * weight_decay)
    beta1 = scalar(beta1)
    beta2 = scalar(beta2)
    beta3 = scalar(beta3)
    lr = scalar(lr)
    eps = scalar(eps)
    d = g - g_before if t > 1 else zero * g
    m = beta1 * m + one_minus_beta1 * g
    w = beta2 * w + one_minus_beta2 * d
    n = beta3 * n + one_minus_beta3 * torch.square(g + beta2 * d)
    theta = (theta - lr * (m / bias_correction1 + beta2 * w / bias_correction2) / (torch.sqrt(n / bias_correction3) + eps)) / step_size
    g_before = g
    return theta, {"m": m, "w": w, "n": n, "g_before": g_before}


class Adan(RuleOptimizer):
    """Adam with Nesterov momentum made of the gradient's change, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(
        self, params: Iterable[Any], lr: float = 0.001, beta1: float = 0.98, beta2: float = 0.92, beta3: float = 0.99, eps: float = 1e-08, weight_decay: float = 0.01
    ) -> None:
        super().__init__(params, {"lr": lr, "beta1": beta1, "beta2": beta2, "beta3": beta3, "eps": eps, "weight_decay": weight_decay})
