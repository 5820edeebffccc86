# Generated from the formula by: refopt generate rprop/minus --to triton
# Fingerprint of the formula: de6b9eb857f7e0824e728b6ad2cf6b0998bb92412dd0188a9f39c448b1c8bda7
"""Rprop without backtracking that goes on with the new sign at once (Rprop-).

    p            <- g*g_before
    update_value <- where(p > 0, min(update_value*eta_plus, step_max), where(p < 0, max(update_value*eta_minus,
            step_min), update_value))
    g_before     <- g
    theta        <- theta - update_value*sign(g_before)

Source: Igel & Huesken 2003, Rprop-, Riedmiller's of 1994, doi:10.1016/S0925-2312(01)00700-7.
Differs from rprop: the gradient whose sign has changed is used and kept.

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
def rprop_minus_kernel(theta_at, g_at, update_value_at, g_before_at, scalars_at, n, BLOCK: tl.constexpr):
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
    p = g * g_before
    update_value = tl.where(p > zero, tl.minimum(update_value * eta_plus, step_max, propagate_nan=tl.PropagateNan.ALL), tl.where(p < zero, tl.maximum(update_value * eta_minus, step_min, propagate_nan=tl.PropagateNan.ALL), update_value))
    g_before = g
    theta = theta - update_value * sign(g_before)
    tl.store(theta_at + i, theta, mask=inside)
    tl.store(update_value_at + i, update_value, mask=inside)
    tl.store(g_before_at + i, g_before, mask=inside)


def init(theta: Tensor, *, lr: float = 0.01) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"update_value": torch.full_like(theta, lr), "g_before": torch.zeros_like(theta)}


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
    launch(rprop_minus_kernel, [theta, g, state["update_value"], state["g_before"]], scalars)
