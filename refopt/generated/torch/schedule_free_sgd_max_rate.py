# Generated from the formula by: refopt generate schedule_free_sgd/max_rate --to torch
# Fingerprint of the formula: 220619583912775d85cfe332c5a873b41535a3e6230ba20882005feafc685141
"""Schedule-free SGD whose average weighs by the largest rate so far.

    lr_max     <- max(lr_max, lr)
    weight     <- lr_max^2
    weight_sum <- weight_sum + weight
    c          <- where(weight_sum > 0, weight / weight_sum, 0)
    x_before   <- (theta - (1 - beta1)*z) / beta1
    z          <- z - lr*g
    x          <- (1 - c)*x_before + c*z
    theta      <- (1 - beta1)*z + beta1*x

Source: Defazio et al. 2024, the authors' code, weight_lr_power = 2 and r = 0, https://github.com/facebookresearch/schedule_free.
Differs from schedule_free_sgd: the largest rate so far weighs: a rate that falls weighs no less.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  share of x where g is taken; 0 < beta1 <= 1

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

from refopt.generated.torch._optimizer import RuleOptimizer, rounder

DOMAIN = {"lr": "0 <= lr", "beta1": "0 < beta1 <= 1"}


def outside(lr: float, beta1: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 > 0 and beta1 <= 1):
        return "beta1"
    return None


def init(theta: Tensor) -> dict[str, Any]:
    """The state before the first update."""
    return {"z": torch.clone(theta), "weight_sum": 0.0, "lr_max": 0.0}


def step(theta: Tensor, g: Tensor, state: dict[str, Any], t: int, *, lr: float = 1.0, beta1: float = 0.9) -> tuple[Tensor, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    z, weight_sum, lr_max = state["z"], state["weight_sum"], state["lr_max"]
    lr_max = max(lr_max, lr)
    weight = lr_max**2
    weight_sum = weight_sum + weight
    c = weight / weight_sum if weight_sum > 0 else 0
    scalar = rounder(theta)
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_c = scalar(1 - c)
    beta1 = scalar(beta1)
    lr = scalar(lr)
    c = scalar(c)
    x_before = (theta - one_minus_beta1 * z) / beta1
    z = z - lr * g
    x = one_minus_c * x_before + c * z
    theta = one_minus_beta1 * z + beta1 * x
    return theta, {"z": z, "weight_sum": weight_sum, "lr_max": lr_max}


class ScheduleFreeSgdMaxRate(RuleOptimizer):
    """Schedule-free SGD whose average weighs by the largest rate so far, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(self, params: Iterable[Any], lr: float = 1.0, beta1: float = 0.9) -> None:
        super().__init__(params, {"lr": lr, "beta1": beta1})
