# Generated from the formula by: refopt generate rprop/plus --to triton
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
def rprop_plus_kernel(theta_at, g_at, update_value_at, g_before_at, last_change_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    zero = tl.load(scalars_at + 0)
    eta_plus = tl.load(scalars_at + 1)
    step_max = tl.load(scalars_at + 2)
    eta_minus = tl.load(scalars_at + 3)
    step_min = tl.load(scalars_at + 4)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    update_value = tl.load(update_value_at + i, mask=inside, other=0)
    g_before = tl.load(g_before_at + i, mask=inside, other=0)
    last_change = tl.load(last_change_at + i, mask=inside, other=0)
    p = g * g_before
    update_value = tl.where(p > zero, tl.minimum(update_value * eta_plus, step_max, propagate_nan=tl.PropagateNan.ALL), tl.where(p < zero, tl.maximum(update_value * eta_minus, step_min, propagate_nan=tl.PropagateNan.ALL), update_value))
    g_before = tl.where(p < zero, zero, g)
    last_change = tl.where(p < zero, -last_change, -(update_value * sign(g)))
    theta = theta + last_change
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(update_value_at + i, update_value, mask=inside)
    tl.store(g_before_at + i, g_before, mask=inside)
    tl.store(last_change_at + i, last_change, mask=inside)


def init(theta: Tensor, *, lr: float = 0.01) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"update_value": torch.full_like(theta, lr), "g_before": torch.zeros_like(theta), "last_change": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, eta_minus: float = 0.5, eta_plus: float = 1.2, step_min: float = 1e-06, step_max: float = 50.0
) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, **state})
    scalars = [
        0,  # zero
        eta_plus,
        step_max,
        eta_minus,
        step_min,
    ]
    launch(rprop_plus_kernel, [theta, g, state["update_value"], state["g_before"], state["last_change"]], scalars)
