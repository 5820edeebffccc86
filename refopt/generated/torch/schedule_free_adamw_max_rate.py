# Generated from the formula by: refopt generate schedule_free_adamw/max_rate --to torch
# Fingerprint of the formula: 349f169f40cf449fae9afb7e75cddc11bee306174f363aab3072f4e28c3d8c5a
"""Schedule-free AdamW whose average weighs by the largest rate so far.

    v          <- beta2*v + (1 - beta2)*g^2
    v_hat      <- v / (1 - beta2^t)
    lr_max     <- max(lr_max, lr)
    weight     <- lr_max^2
    weight_sum <- weight_sum + weight
    c          <- where(weight_sum > 0, weight / weight_sum, 0)
    x_before   <- (theta - (1 - beta1)*z) / beta1
    z          <- z - lr*weight_decay*theta - lr * g / (sqrt(v_hat) + eps)
    x          <- (1 - c)*x_before + c*z
    theta      <- (1 - beta1)*z + beta1*x

Source: Defazio et al. 2024, the authors' code, weight_lr_power = 2 and r = 0, https://github.com/facebookresearch/schedule_free.
Differs from schedule_free_adamw: the largest rate so far weighs: a rate that falls weighs no less.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         share of x where g is taken; 0 < beta1 <= 1
    beta2         decay of the second moment; 0 <= beta2 < 1
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

DOMAIN = {"lr": "0 <= lr", "beta1": "0 < beta1 <= 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps", "weight_decay": "0 <= weight_decay"}


def outside(lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 > 0 and beta1 <= 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    if not (weight_decay >= 0):
        return "weight_decay"
    return None


def init(theta: Tensor) -> dict[str, Any]:
    """The state before the first update."""
    return {"z": torch.clone(theta), "v": torch.zeros_like(theta), "weight_sum": 0.0, "lr_max": 0.0}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Any], t: int, *, lr: float = 0.0025, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08, weight_decay: float = 0.0
) -> tuple[Tensor, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    z, v, weight_sum, lr_max = state["z"], state["v"], state["weight_sum"], state["lr_max"]
    lr_max = max(lr_max, lr)
    weight = lr_max**2
    weight_sum = weight_sum + weight
    c = weight / weight_sum if weight_sum > 0 else 0
    scalar = rounder(theta)
    one_minus_beta2 = scalar(1 - beta2)
    bias_correction2 = scalar(1 - power(beta2, t))
    one_minus_beta1 = scalar(1 - beta1)
    lr_times_weight_decay = scalar(lr * weight_decay)
    one_minus_c = scalar(1 - c)
    beta2 = scalar(beta2)
    beta1 = scalar(beta1)
    lr = scalar(lr)
    eps = scalar(eps)
    c = scalar(c)
    v = beta2 * v + one_minus_beta2 * torch.square(g)
    v_hat = v / bias_correction2
    x_before = (theta - one_minus_beta1 * z) / beta1
    z = z - lr_times_weight_decay * theta - lr * g / (torch.sqrt(v_hat) + eps)
    x = one_minus_c * x_before + c * z
    theta = one_minus_beta1 * z + beta1 * x
    return theta, {"z": z, "v": v, "weight_sum": weight_sum, "lr_max": lr_max}


class ScheduleFreeAdamwMaxRate(RuleOptimizer):
    """Schedule-free AdamW whose average weighs by the largest rate so far, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(
        self, params: Iterable[Any], lr: float = 0.0025, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08, weight_decay: float = 0.0
    ) -> None:
        super().__init__(params, {"lr": lr, "beta1": beta1, "beta2": beta2, "eps": eps, "weight_decay": weight_decay})
