# Generated from the formula by: refopt generate sgdw/lr_inside --to torch
# Fingerprint of the formula: daf9c97bfe31a7fc146d0416565da87e0e4eb252739386cbe60867832810f108
"""Momentum with decoupled weight decay, the rate inside the velocity.

    v     <- momentum*v + lr*g
    theta <- theta - lr*weight_decay*theta - v

Source: Loshchilov & Hutter 2019, Algorithm 1, decay times the scheduled rate, arXiv:1711.05101.
Differs from sgdw: the velocity holds the rate.

Hyperparameters:
    lr            step size; 0 <= lr
    momentum      share of the velocity that is kept; 0 <= momentum < 1
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

from refopt.generated.torch._optimizer import RuleOptimizer, rounder

DOMAIN = {"lr": "0 <= lr", "momentum": "0 <= momentum < 1", "weight_decay": "0 <= weight_decay"}


def outside(lr: float, momentum: float, weight_decay: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (momentum >= 0 and momentum < 1):
        return "momentum"
    if not (weight_decay >= 0):
        return "weight_decay"
    return None


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"v": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, momentum: float = 0.9, weight_decay: float = 0.01
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    v = state["v"]
    scalar = rounder(theta)
    lr_times_weight_decay = scalar(lr * weight_decay)
    momentum = scalar(momentum)
    lr = scalar(lr)
    v = momentum * v + lr * g
    theta = theta - lr_times_weight_decay * theta - v
    return theta, {"v": v}


class SgdwLrInside(RuleOptimizer):
    """Momentum with decoupled weight decay, the rate inside the velocity, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(self, params: Iterable[Any], lr: float = 0.01, momentum: float = 0.9, weight_decay: float = 0.01) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})
