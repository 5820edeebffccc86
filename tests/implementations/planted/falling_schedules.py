"""Schedules that fall as a power of the step, with one thing wrong: an object with `rate(k, **hyper)`."""

from __future__ import annotations

import math
from collections.abc import Sequence

from refopt.catalogue.schedules.inverse_sqrt import INVERSE_SQRT
from refopt.catalogue.schedules.inverse_time import INVERSE_TIME
from refopt.catalogue.schedules.multi_step import MULTI_STEP
from refopt.catalogue.schedules.noam import NOAM
from refopt.catalogue.schedules.warmup import WARMUP_EXPONENTIAL, WARMUP_POLYNOMIAL
from refopt.catalogue.symbols import degree, every, factor, lr, lr_min, milestones, model_size, slope, span, timescale, warmup_start, warmup_steps
from refopt.language.expression import k, maximum, minimum, sqrt, where
from refopt.language.lists import count

from ..formula import with_rate
from ..program import Factory, Planted, planted, schedule

# inverse_time


@schedule
def inverse_time_counts_from_one(k: int, *, lr: float, slope: float, every: int) -> float:
    """k + 1 for k."""
    return lr / (1 + slope * (k + 1) / every)


@schedule
def inverse_time_of_the_root(k: int, *, lr: float, slope: float, every: int) -> float:
    """One over the root."""
    return lr / math.sqrt(1 + slope * k / every)


@schedule
def inverse_time_at_every_step(k: int, *, lr: float, slope: float, every: int) -> float:
    """every is accepted and not used."""
    return lr / (1 + slope * k)


# inverse_sqrt


@schedule
def inverse_sqrt_jumps(k: int, *, lr: float, warmup_steps: int, timescale: int) -> float:
    """After the rise the root is of k itself."""
    return lr * k / warmup_steps if k < warmup_steps else lr * math.sqrt(timescale / (k + timescale))


@schedule
def inverse_sqrt_without_the_root(k: int, *, lr: float, warmup_steps: int, timescale: int) -> float:
    """timescale/(k + timescale - warmup_steps)."""
    return lr * k / warmup_steps if k < warmup_steps else lr * (timescale / (k + timescale - warmup_steps))


@schedule
def inverse_sqrt_counts_from_one(k: int, *, lr: float, warmup_steps: int, timescale: int) -> float:
    """The rise is at its top one step early."""
    return lr * (k + 1) / warmup_steps if k < warmup_steps else lr * math.sqrt(timescale / (k + timescale - warmup_steps))


# noam


@schedule
def noam_counts_from_zero(k: int, *, lr: float, model_size: int, warmup_steps: int) -> float:
    """step_num = k, and 0 at first."""
    return lr / math.sqrt(model_size) * min(1 / math.sqrt(max(k, 1)), k / (warmup_steps * math.sqrt(warmup_steps)))


@schedule
def noam_larger_of_the_two(k: int, *, lr: float, model_size: int, warmup_steps: int) -> float:
    """max for min."""
    return lr / math.sqrt(model_size) * max(1 / math.sqrt(k + 1), (k + 1) / (warmup_steps * math.sqrt(warmup_steps)))


@schedule
def noam_of_the_whole_width(k: int, *, lr: float, model_size: int, warmup_steps: int) -> float:
    """1/model_size."""
    return lr / model_size * min(1 / math.sqrt(k + 1), (k + 1) / (warmup_steps * math.sqrt(warmup_steps)))


# multi_step


@schedule
def milestones_one_step_late(k: int, *, lr: float, factor: float, milestones: Sequence[int]) -> float:
    """k > milestone."""
    return float(lr * factor ** sum(k > m for m in milestones))


@schedule
def milestones_one_step_early(k: int, *, lr: float, factor: float, milestones: Sequence[int]) -> float:
    """k + 1 >= milestone."""
    return float(lr * factor ** sum(k + 1 >= m for m in milestones))


@schedule
def milestones_multiply(k: int, *, lr: float, factor: float, milestones: Sequence[int]) -> float:
    """factor times the number of milestones."""
    return lr * (factor * sum(k >= m for m in milestones))


# warm-ups


@schedule
def exponential_not_shifted(k: int, *, lr: float, factor: float, warmup_start: float, warmup_steps: int) -> float:
    """After the warm-up the fall goes on from k: the rate jumps."""
    return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps) if k < warmup_steps else float(lr * factor**k)


@schedule
def polynomial_not_shifted(k: int, *, lr: float, lr_min: float, span: int, degree: float, warmup_start: float, warmup_steps: int) -> float:
    """After the warm-up the fall goes on from k: the rate jumps."""
    if k < warmup_steps:
        return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps)
    return float(lr_min + (lr - lr_min) * (1 - min(k, span) / span) ** degree)


NUMBER = k + 1
RISE = lr * (warmup_start + (1 - warmup_start) * k / warmup_steps)
SLOW = warmup_steps * sqrt(warmup_steps)
FORMULAS = {
    "inverse_time_counts_from_one": with_rate(INVERSE_TIME, lr / (1 + slope * NUMBER / every)),
    "inverse_time_of_the_root": with_rate(INVERSE_TIME, lr / sqrt(1 + slope * k / every)),
    "inverse_time_at_every_step": with_rate(INVERSE_TIME, lr / (1 + slope * k)),
    "inverse_sqrt_jumps": with_rate(INVERSE_SQRT, where(k < warmup_steps, lr * k / warmup_steps, lr * sqrt(timescale / (k + timescale)))),
    "inverse_sqrt_without_the_root": with_rate(
        INVERSE_SQRT, where(k < warmup_steps, lr * k / warmup_steps, lr * (timescale / (k + timescale - warmup_steps)))
    ),
    "inverse_sqrt_counts_from_one": with_rate(
        INVERSE_SQRT, where(k < warmup_steps, lr * NUMBER / warmup_steps, lr * sqrt(timescale / (k + timescale - warmup_steps)))
    ),
    "milestones_one_step_late": with_rate(MULTI_STEP, lr * factor ** count(k > milestones)),
    "milestones_one_step_early": with_rate(MULTI_STEP, lr * factor ** count(k + 1 >= milestones)),
    "milestones_multiply": with_rate(MULTI_STEP, lr * (factor * count(k >= milestones))),
    "exponential_not_shifted": with_rate(WARMUP_EXPONENTIAL, where(k < warmup_steps, RISE, lr * factor**k)),
    "polynomial_not_shifted": with_rate(
        WARMUP_POLYNOMIAL, where(k < warmup_steps, RISE, lr_min + (lr - lr_min) * (1 - minimum(k, span) / span) ** degree)
    ),
    "noam_counts_from_zero": with_rate(NOAM, lr / sqrt(model_size) * minimum(1 / sqrt(maximum(k, 1)), k / SLOW)),
    "noam_larger_of_the_two": with_rate(NOAM, lr / sqrt(model_size) * maximum(1 / sqrt(NUMBER), NUMBER / SLOW)),
    "noam_of_the_whole_width": with_rate(NOAM, lr / model_size * minimum(1 / sqrt(NUMBER), NUMBER / SLOW)),
}
"""Beside each bug the formula that it computes."""


def _row(name: str, make: Factory, expected: str = "deviates") -> Planted:
    return planted(name, make, expected, formula=FORMULAS[make.__name__])


PROGRAMS = (
    _row("inverse_time", inverse_time_counts_from_one),
    _row("inverse_time", inverse_time_of_the_root),
    _row("inverse_time", inverse_time_at_every_step),
    _row("inverse_sqrt", inverse_sqrt_jumps),
    _row("inverse_sqrt", inverse_sqrt_without_the_root),
    _row("inverse_sqrt", inverse_sqrt_counts_from_one),
    _row("multi_step", milestones_one_step_late, "variant:multi_step/after"),
    _row("multi_step", milestones_one_step_early, "variant:multi_step/before"),
    _row("multi_step", milestones_multiply),
    _row("warmup+exponential", exponential_not_shifted),
    _row("warmup+polynomial", polynomial_not_shifted),
    _row("noam", noam_counts_from_zero),
    _row("noam", noam_larger_of_the_two),
    _row("noam", noam_of_the_whole_width),
)
