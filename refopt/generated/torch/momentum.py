# Generated from the formula by: refopt generate momentum --to torch
# Fingerprint of the formula: 795b1c95013458f5e86aa5e9277d6c557de2f4ae5c7f7040298cd10ac8356ee5
"""Momentum, learning rate inside the velocity.

    v     <- momentum*v + lr*g
    theta <- theta - v

Source: Polyak 1964, equation (9), doi:10.1016/0041-5553(64)90137-5.
Source: Qian 1999, section 1, the momentum term, doi:10.1016/S0893-6080(98)00116-6.

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
    momentum = scalar(momentum)
    lr = scalar(lr)
    v = momentum * v + lr * g
    theta = theta - v
    return theta, {"v": v}


class Momentum(RuleOptimizer):
    """Momentum, learning rate inside the velocity, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(self, params: Iterable[Any], lr: float = 0.01, momentum: float = 0.9) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum})
