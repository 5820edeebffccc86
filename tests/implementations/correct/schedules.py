"""Schedules, each the same function in another form."""

from __future__ import annotations

import math

from ..arithmetic import power_by_squaring
from ..program import correct, schedule

# constant


@schedule
def constant(k: int, *, lr: float) -> float:
    """As written."""
    return lr


# step_decay


@schedule
def step_textbook(k: int, *, lr: float, factor: float, every: int) -> float:
    """As written."""
    return float(lr * factor ** (k // every))


@schedule
def step_falls(k: int, *, lr: float, factor: float, every: int) -> float:
    """Multiplied by the factor at each fall, as a scheduler with state does it."""
    for _ in range(k // every):
        lr *= factor
    return lr


# exponential


@schedule
def exponential_textbook(k: int, *, lr: float, factor: float) -> float:
    """As written."""
    return float(lr * factor**k)


@schedule
def exponential_falls(k: int, *, lr: float, factor: float) -> float:
    """Multiplied by the factor at every step."""
    for _ in range(k):
        lr *= factor
    return lr


@schedule
def exponential_squaring(k: int, *, lr: float, factor: float) -> float:
    """The power by repeated squaring."""
    return lr * power_by_squaring(factor, k)


# cosine_annealing


@schedule
def cosine_textbook(k: int, *, lr: float, lr_min: float, period: int) -> float:
    """As written."""
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * min(k, period) / period)) / 2


@schedule
def cosine_held(k: int, *, lr: float, lr_min: float, period: int) -> float:
    """A choice in place of the minimum; half the fall first."""
    if k >= period:
        return lr_min
    return lr_min + 0.5 * (lr - lr_min) * (1 + math.cos(math.pi * k / period))


@schedule
def cosine_as_weights(k: int, *, lr: float, lr_min: float, period: int) -> float:
    """A mean of both ends: w lr + (1 - w) lr_min, w = (1 + cos)/2."""
    w = 0.5 * (1 + math.cos(math.pi * min(k, period) / period))
    return w * lr + (1 - w) * lr_min


# warmup


@schedule
def warmup_textbook(k: int, *, lr: float, warmup_start: float, warmup_steps: int) -> float:
    """As written."""
    if k < warmup_steps:
        return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps)
    return lr


@schedule
def warmup_from_below(k: int, *, lr: float, warmup_start: float, warmup_steps: int) -> float:
    """From the first rate upwards: lr start + (lr - lr start) k/steps."""
    low = lr * warmup_start
    return low + (lr - low) * (k / warmup_steps) if k < warmup_steps else lr


@schedule
def warmup_then_cosine(
    k: int, *, lr: float, lr_min: float, period: int, warmup_start: float, warmup_steps: int
) -> float:
    """As written: the rise, then the cosine from its own step 0."""
    if k < warmup_steps:
        return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps)
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * min(k - warmup_steps, period) / period)) / 2


PROGRAMS = (
    correct("constant", constant, ("float64",)),
    correct("step_decay", step_textbook, ("float64",)),
    correct("step_decay", step_falls, ("float64",)),
    correct("exponential", exponential_textbook, ("float64",)),
    correct("exponential", exponential_falls, ("float64",)),
    correct("exponential", exponential_squaring, ("float64",)),
    correct("cosine_annealing", cosine_textbook, ("float64",)),
    correct("cosine_annealing", cosine_held, ("float64",)),
    correct("cosine_annealing", cosine_as_weights, ("float64",)),
    correct("warmup", warmup_textbook, ("float64",)),
    correct("warmup", warmup_from_below, ("float64",)),
    correct("warmup+cosine_annealing", warmup_then_cosine, ("float64",)),
)
