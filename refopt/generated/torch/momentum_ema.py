# Generated from the formula by: refopt generate momentum/ema --to torch
# Fingerprint of the formula: 689530e9da4cd9a301f8e19f4b4a5be5d528ac79aa1a994d06a0a3f2b2e495e5
"""Momentum as an average of the gradients.

    v     <- momentum*v + (1 - momentum)*g
    theta <- theta - lr*v

Source: Liu, Gao & Yin 2020, SGDM, section 1, arXiv:2007.07989.
Differs from momentum: the gradient enters (1 - momentum) times.

Hyperparameters:
    lr        step size; 0 <= lr
    momentum  share of the velocity that is kept; 0 <= momentum < 1

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

DOMAIN = {"lr": "0 <= lr", "momentum": "0 <= momentum < 1"}


def outside(lr: float, momentum: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (momentum >= 0 and momentum < 1):
        return "momentum"
    return None


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"v": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, momentum: float = 0.9
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    v = state["v"]
    scalar = rounder(theta)
    one_minus_momentum = scalar(1 - momentum)
    momentum = scalar(momentum)
    lr = scalar(lr)
    v = momentum * v + one_minus_momentum * g
    theta = theta - lr * v
    return theta, {"v": v}


class MomentumEma(RuleOptimizer):
    """Momentum as an average of the gradients, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(self, params: Iterable[Any], lr: float = 0.01, momentum: float = 0.9) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum})
