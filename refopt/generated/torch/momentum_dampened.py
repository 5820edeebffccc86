# Generated from the formula by: refopt generate momentum/dampened --to torch
# Fingerprint of the formula: 4b4c876b6ff4f50f5e44a64b39784a9f0d2e340cb9809230214e2d4f1e990451
"""Momentum with a dampened gradient, learning rate outside.

    v     <- momentum*v + (1 - dampening)*g
    theta <- theta - lr*v

Source: Sutskever et al. 2013, section 2, proceedings.mlr.press/v28/sutskever13.
Differs from momentum: the gradient enters (1 - dampening) times, from the first step on.

Hyperparameters:
    lr         step size; 0 <= lr
    momentum   share of the velocity that is kept; 0 <= momentum < 1
    dampening  share of the gradient that is held back; 0 <= dampening < 1

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

DOMAIN = {"lr": "0 <= lr", "momentum": "0 <= momentum < 1", "dampening": "0 <= dampening < 1"}


def outside(lr: float, momentum: float, dampening: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (momentum >= 0 and momentum < 1):
        return "momentum"
    if not (dampening >= 0 and dampening < 1):
        return "dampening"
    return None


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"v": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, momentum: float = 0.9, dampening: float = 0.0
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    v = state["v"]
    scalar = rounder(theta)
    one_minus_dampening = scalar(1 - dampening)
    momentum = scalar(momentum)
    lr = scalar(lr)
    v = momentum * v + one_minus_dampening * g
    theta = theta - lr * v
    return theta, {"v": v}


class MomentumDampened(RuleOptimizer):
    """Momentum with a dampened gradient, learning rate outside, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(self, params: Iterable[Any], lr: float = 0.01, momentum: float = 0.9, dampening: float = 0.0) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "dampening": dampening})
