"""Schedules that fall as a power of the step, each the same function in another form."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..program import correct, schedule

# inverse_time


@schedule
def inverse_time_textbook(k: int, *, lr: float, slope: float, every: int) -> float:
    """As written."""
    return lr / (1 + slope * k / every)


@schedule
def inverse_time_multiplied_out(k: int, *, lr: float, slope: float, every: int) -> float:
    """lr every/(every + slope k)."""
    return lr * every / (every + slope * k)


# inverse_sqrt


@schedule
def inverse_sqrt_textbook(k: int, *, lr: float, warmup_steps: int, timescale: int) -> float:
    """As written."""
    return lr * k / warmup_steps if k < warmup_steps else lr * math.sqrt(timescale / (k + timescale - warmup_steps))


@schedule
def inverse_sqrt_divided(k: int, *, lr: float, warmup_steps: int, timescale: int) -> float:
    """lr over the root of 1 + (k - warmup_steps)/timescale."""
    return lr * (k / warmup_steps) if k < warmup_steps else lr / math.sqrt(1 + (k - warmup_steps) / timescale)


# noam


@schedule
def noam_textbook(k: int, *, lr: float, model_size: int, warmup_steps: int) -> float:
    """As written in the paper: powers with -0.5 and -1.5."""
    step = k + 1
    return float(lr * model_size**-0.5 * min(step**-0.5, step * warmup_steps**-1.5))


@schedule
def noam_by_a_choice(k: int, *, lr: float, model_size: int, warmup_steps: int) -> float:
    """A choice in place of the minimum, one root of a product."""
    step = k + 1
    return lr / math.sqrt(model_size * step) if step > warmup_steps else lr * step / warmup_steps / math.sqrt(model_size * warmup_steps)


# multi_step


@schedule
def multi_step_textbook(k: int, *, lr: float, factor: float, milestones: Sequence[int]) -> float:
    """As written."""
    return float(lr * factor ** sum(k >= m for m in milestones))


@schedule
def multi_step_falls(k: int, *, lr: float, factor: float, milestones: Sequence[int]) -> float:
    """Multiplied at each milestone, as a scheduler with state does it."""
    for m in milestones:
        lr = lr * factor if m <= k else lr
    return lr


PROGRAMS = (
    correct("inverse_time", inverse_time_textbook, ("float64",)),
    correct("inverse_time", inverse_time_multiplied_out, ("float64",)),
    correct("inverse_sqrt", inverse_sqrt_textbook, ("float64",)),
    correct("inverse_sqrt", inverse_sqrt_divided, ("float64",)),
    correct("noam", noam_textbook, ("float64",)),
    correct("noam", noam_by_a_choice, ("float64",)),
    correct("multi_step", multi_step_textbook, ("float64",)),
    correct("multi_step", multi_step_falls, ("float64",)),
)
