# Generated from the formula by: refopt generate signum/decay --to torch
# Fingerprint of the formula: 2d1bd1ec69263bcc9f19353a1a51a7795f405b1d18a62010821e32401f1486a8
"""The sign of the momentum with decoupled weight decay (Tiger).

    m     <- beta1*m + (1 - beta1)*g
    theta <- theta - lr*(sign(m) + weight_decay*theta)

Source: Su 2023, Tiger, the basic form, spaces.ac.cn/archives/9512.
Differs from signum: weight_decay*theta beside the sign.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         decay of the momentum; 0 <= beta1 < 1
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

DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "weight_decay": "0 <= weight_decay"}


def outside(lr: float, beta1: float, weight_decay: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (weight_decay >= 0):
        return "weight_decay"
    return None


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, beta1: float = 0.9, weight_decay: float = 0.01
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    m = state["m"]
    scalar = rounder(theta)
    one_minus_beta1 = scalar(1 - beta1)
    beta1 = scalar(beta1)
    lr = scalar(lr)
    weight_decay = scalar(weight_decay)
    m = beta1 * m + one_minus_beta1 * g
    theta = theta - lr * (sign(m) + weight_decay * theta)
    return theta, {"m": m}


class SignumDecay(RuleOptimizer):
    """The sign of the momentum with decoupled weight decay (Tiger), for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(self, params: Iterable[Any], lr: float = 0.01, beta1: float = 0.9, weight_decay: float = 0.01) -> None:
        super().__init__(params, {"lr": lr, "beta1": beta1, "weight_decay": weight_decay})
