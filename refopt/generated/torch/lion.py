# Generated from the formula by: refopt generate lion --to torch
# Fingerprint of the formula: edb2c265c6146cc2ad31ce9d6b535e57e8ca88618273905725f8638957240643
"""The sign of an interpolated momentum.

    c     <- beta1*m + (1 - beta1)*g
    theta <- theta - lr*(sign(c) + weight_decay*theta)
    m     <- beta2*m + (1 - beta2)*g

Source: Chen et al. 2023, Algorithm 2, arXiv:2302.06675.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         share of the momentum in the step; 0 <= beta1 < 1
    beta2         decay of the momentum; 0 <= beta2 < 1
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

from refopt.generated.torch._optimizer import RuleOptimizer, rounder, sign

DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "weight_decay": "0 <= weight_decay"}


def outside(lr: float, beta1: float, beta2: float, weight_decay: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (weight_decay >= 0):
        return "weight_decay"
    return None


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.0001, beta1: float = 0.9, beta2: float = 0.99, weight_decay: float = 0.0
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    m = state["m"]
    scalar = rounder(theta)
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    beta1 = scalar(beta1)
    lr = scalar(lr)
    weight_decay = scalar(weight_decay)
    beta2 = scalar(beta2)
    c = beta1 * m + one_minus_beta1 * g
    theta = theta - lr * (sign(c) + weight_decay * theta)
    m = beta2 * m + one_minus_beta2 * g
    return theta, {"m": m}


class Lion(RuleOptimizer):
    """The sign of an interpolated momentum, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(
        self, params: Iterable[Any], lr: float = 0.0001, beta1: float = 0.9, beta2: float = 0.99, weight_decay: float = 0.0
    ) -> None:
        super().__init__(params, {"lr": lr, "beta1": beta1, "beta2": beta2, "weight_decay": weight_decay})
