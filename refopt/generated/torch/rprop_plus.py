# Generated from the formula by: refopt generate rprop/plus --to torch
# Fingerprint of the formula: e44f62fa6af13f27e091c8fe16575ca5255ebd9ced1970049db59d1327232084
"""Rprop with weight backtracking (Rprop+).

    p            <- g*g_before
    update_value <- where(p > 0, min(update_value*eta_plus, step_max), where(p < 0, max(update_value*eta_minus,
            step_min), update_value))
    g_before     <- where(p < 0, 0, g)
    last_change  <- where(p < 0, -last_change, -update_value*sign(g))
    theta        <- theta + last_change

Source: Riedmiller & Braun 1993, Rprop, every Delta_0 is lr, doi:10.1109/ICNN.1993.298623.
Differs from rprop: where the sign has changed, the step before is taken back.

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
    return {"update_value": torch.zeros_like(theta) + scalar(lr), "g_before": torch.zeros_like(theta), "last_change": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, eta_minus: float = 0.5, eta_plus: float = 1.2, step_min: float = 1e-06, step_max: float = 50.0
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    update_value, g_before, last_change = state["update_value"], state["g_before"], state["last_change"]
    scalar = rounder(theta)
    zero = scalar(0)
    eta_plus = scalar(eta_plus)
    step_max = scalar(step_max)
    eta_minus = scalar(eta_minus)
    step_min = scalar(step_min)
    p = g * g_before
    update_value = torch.where(p > zero, smaller(update_value * eta_plus, step_max), torch.where(p < zero, larger(update_value * eta_minus, step_min), update_value))
    g_before = torch.where(p < zero, zero, g)
    last_change = torch.where(p < zero, -last_change, -(update_value * sign(g)))
    theta = theta + last_change
    return theta, {"update_value": update_value, "g_before": g_before, "last_change": last_change}


class RpropPlus(RuleOptimizer):
    """Rprop with weight backtracking (Rprop+), for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    starting = ("lr",)
    update = staticmethod(step)

    def __init__(
        self, params: Iterable[Any], lr: float = 0.01, eta_minus: float = 0.5, eta_plus: float = 1.2, step_min: float = 1e-06, step_max: float = 50.0
    ) -> None:
        super().__init__(params, {"lr": lr, "eta_minus": eta_minus, "eta_plus": eta_plus, "step_min": step_min, "step_max": step_max})
