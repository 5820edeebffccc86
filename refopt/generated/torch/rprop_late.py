# Generated from the formula by: refopt generate rprop/late --to torch
# Fingerprint of the formula: 859a8811753edeed34e940a60a7f8fa380771e67f38a13014e04994f781b9712
"""Rprop that takes each step one update late.

    p            <- g*pending
    update_value <- where(p > 0, min(step_max, max(step_min, update_value*eta_plus)), where(p < 0, min(step_max,
            max(step_min, update_value*eta_minus)), update_value))
    theta        <- theta - where(p < 0, 0, pending)
    pending      <- where(p < 0, 0, update_value*sign(g))

Source: Igel & Huesken 2003, iRprop-, every Delta_0 is lr, doi:10.1016/S0925-2312(01)00700-7.
Differs from rprop: each step is taken one update late, and both limits hold.

Hyperparameters:
    lr         the step that every element starts from; 0 <= lr
    eta_minus  what a step is multiplied by where the gradient changes its sign; 0 < eta_minus < 1
    eta_plus   what a step is multiplied by where the gradient keeps its sign; 1 < eta_plus
    step_min   the least step that a change of sign leaves; 0 <= step_min
    step_max   the largest step that the same sign gives; 0 < step_max

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

from refopt.generated.torch._optimizer import RuleOptimizer, larger, rounder, sign, smaller

DOMAIN = {"lr": "0 <= lr", "eta_minus": "0 < eta_minus < 1", "eta_plus": "1 < eta_plus", "step_min": "0 <= step_min", "step_max": "0 < step_max"}


def outside(lr: float, eta_minus: float, eta_plus: float, step_min: float, step_max: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (eta_minus > 0 and eta_minus < 1):
        return "eta_minus"
    if not (eta_plus > 1):
        return "eta_plus"
    if not (step_min >= 0):
        return "step_min"
    if not (step_max > 0):
        return "step_max"
    return None


def init(theta: Tensor, *, lr: float = 0.01) -> dict[str, Tensor]:
    """The state before the first update."""
    scalar = rounder(theta)
    return {"update_value": torch.zeros_like(theta) + scalar(lr), "pending": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, eta_minus: float = 0.5, eta_plus: float = 1.2, step_min: float = 1e-06, step_max: float = 50.0
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    update_value, pending = state["update_value"], state["pending"]
    scalar = rounder(theta)
    zero = scalar(0)
    step_max = scalar(step_max)
    step_min = scalar(step_min)
    eta_plus = scalar(eta_plus)
    eta_minus = scalar(eta_minus)
    p = g * pending
    update_value = torch.where(p > zero, smaller(step_max, larger(step_min, update_value * eta_plus)), torch.where(p < zero, smaller(step_max, larger(step_min, update_value * eta_minus)), update_value))
    theta = theta - torch.where(p < zero, zero, pending)  # the step of the update before
    pending = torch.where(p < zero, zero, update_value * sign(g))
    return theta, {"update_value": update_value, "pending": pending}


class RpropLate(RuleOptimizer):
    """Rprop that takes each step one update late, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    starting = ("lr",)
    update = staticmethod(step)

    def __init__(
        self, params: Iterable[Any], lr: float = 0.01, eta_minus: float = 0.5, eta_plus: float = 1.2, step_min: float = 1e-06, step_max: float = 50.0
    ) -> None:
        super().__init__(params, {"lr": lr, "eta_minus": eta_minus, "eta_plus": eta_plus, "step_min": step_min, "step_max": step_max})
