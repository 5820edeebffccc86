# Generated from the formula by: refopt generate rprop/late --to triton
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

float64 and float32, contiguous tensors on a GPU, theta and the state in place in one kernel. Scalars are formed in
binary64 and rounded once. Products and sums are not contracted, roots and quotients are rounded to nearest: bits are
those of every other backend where only + - * / sqrt are used.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from refopt.generated.triton._launch import check, launch, sign


@triton.jit
def rprop_late_kernel(theta_at, g_at, update_value_at, pending_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    zero = tl.load(scalars_at + 0)
    step_max = tl.load(scalars_at + 1)
    step_min = tl.load(scalars_at + 2)
    eta_plus = tl.load(scalars_at + 3)
    eta_minus = tl.load(scalars_at + 4)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    update_value = tl.load(update_value_at + i, mask=inside, other=0)
    pending = tl.load(pending_at + i, mask=inside, other=0)
    p = g * pending
    update_value = tl.where(p > zero, tl.minimum(step_max, tl.maximum(step_min, update_value * eta_plus, propagate_nan=tl.PropagateNan.ALL), propagate_nan=tl.PropagateNan.ALL), tl.where(p < zero, tl.minimum(step_max, tl.maximum(step_min, update_value * eta_minus, propagate_nan=tl.PropagateNan.ALL), propagate_nan=tl.PropagateNan.ALL), update_value))
    theta = theta - tl.where(p < zero, zero, pending)  # the step of the update before
    pending = tl.where(p < zero, zero, update_value * sign(g))
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(update_value_at + i, update_value, mask=inside)
    tl.store(pending_at + i, pending, mask=inside)


def init(theta: Tensor, *, lr: float = 0.01) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"update_value": torch.full_like(theta, lr), "pending": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, eta_minus: float = 0.5, eta_plus: float = 1.2, step_min: float = 1e-06, step_max: float = 50.0
) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        0,  # zero
        step_max,
        step_min,
        eta_plus,
        eta_minus,
    ]
    launch(rprop_late_kernel, [theta, g, state["update_value"], state["pending"]], scalars)
