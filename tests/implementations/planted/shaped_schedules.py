"""Schedules through given points and cosines of other shapes with one thing wrong: an object with `rate(k, **hyper)`."""

from __future__ import annotations

import math

from refopt.catalogue.schedules.cosine_k_decay import COSINE_K_DECAY
from refopt.catalogue.schedules.cosine_power import COSINE_POWER
from refopt.catalogue.schedules.cosine_waves import COSINE_WAVES
from refopt.catalogue.schedules.hard_restarts import HARD_RESTARTS
from refopt.catalogue.schedules.linear_one_cycle import AT, BACK, LEAST, LINEAR_ONE_CYCLE, LOW
from refopt.catalogue.schedules.piecewise_linear import COSINE, FIRST, PIECEWISE_LINEAR, SECOND
from refopt.catalogue.schedules.warmup import WARMUP_HARD_RESTARTS, WARMUP_WAVES
from refopt.catalogue.symbols import (
    degree,
    final_div_factor,
    length_1,
    length_2,
    lr,
    lr_min,
    pct_final,
    period,
    scale_1,
    scale_2,
    span,
    total_steps,
    warmup_start,
    warmup_steps,
    waves,
)
from refopt.language.compose import substitute
from refopt.language.expression import Expression, cos, floor, k, maximum, minimum, pi, where

from ..formula import with_rate
from ..program import Factory, Planted, planted, schedule

# linear_one_cycle


def _lines(k: float, ends: tuple[int, int, int], rates: tuple[float, float, float, float]) -> float:
    """Straight lines through four rates, and the last one after them."""
    at, start = 0, rates[0]
    for end, rate in zip(ends, rates[1:], strict=True):
        if k < end:
            return start + (rate - start) * (k - at) / (end - at)
        at, start = end, rate
    return start


@schedule
def lines_counted_from_one(
    k: int, *, lr: float, total_steps: int, pct_start: float, pct_final: float, div_factor: float, final_div_factor: float
) -> float:
    """k + 1 for k: the first rate is never met, and the last a step early."""
    low, up, back = lr / div_factor, int(pct_start * total_steps), int(pct_final * total_steps)
    return _lines(k + 1, (up, back, total_steps), (low, lr, low, low / final_div_factor))


@schedule
def lines_end_at_the_peak_divided(
    k: int, *, lr: float, total_steps: int, pct_start: float, pct_final: float, div_factor: float, final_div_factor: float
) -> float:
    """lr/final_div_factor, as a docstring has it, for a last rate that is final_div_factor times less than the first."""
    low, up, back = lr / div_factor, int(pct_start * total_steps), int(pct_final * total_steps)
    return _lines(k, (up, back, total_steps), (low, lr, low, lr / final_div_factor))


@schedule
def lines_end_a_step_early(
    k: int, *, lr: float, total_steps: int, pct_start: float, pct_final: float, div_factor: float, final_div_factor: float
) -> float:
    """The last of total_steps steps has the last rate already."""
    low, up, back = lr / div_factor, int(pct_start * total_steps), int(pct_final * total_steps)
    return _lines(k, (up, back, total_steps - 1), (low, lr, low, low / final_div_factor))


@schedule
def lines_come_down_by_a_share_of_the_rest(
    k: int, *, lr: float, total_steps: int, pct_start: float, pct_final: float, div_factor: float, final_div_factor: float
) -> float:
    """pct_final is taken of the steps after the peak, not of all."""
    low, up = lr / div_factor, int(pct_start * total_steps)
    back = up + int(pct_final * (total_steps - up))
    return _lines(k, (up, back, total_steps), (low, lr, low, low / final_div_factor))


# piecewise_linear


def _at(k: int, length_1: int, length_2: int) -> tuple[float, float]:
    """The shares of both lines that are done."""
    return min(k, length_1) / length_1, min(max(k - length_1, 0), length_2) / length_2


@schedule
def points_a_step_early(k: int, *, lr: float, length_1: int, scale_1: float, length_2: int, scale_2: float) -> float:
    """k + 1 for k: the first rate is never met."""
    first, second = _at(k + 1, length_1, length_2)
    return lr * (1 + (scale_1 - 1) * first) * (1 + (scale_2 - 1) * second)


@schedule
def points_without_an_end(k: int, *, lr: float, length_1: int, scale_1: float, length_2: int, scale_2: float) -> float:
    """The last line goes on."""
    first = min(k, length_1) / length_1
    return lr * (1 + (scale_1 - 1) * first) * (1 + (scale_2 - 1) * max(k - length_1, 0) / length_2)


@schedule
def points_end_at_the_first_rate_scaled(k: int, *, lr: float, length_1: int, scale_1: float, length_2: int, scale_2: float) -> float:
    """The first scale is taken twice."""
    first, second = _at(k, length_1, length_2)
    return lr * (1 + (scale_1 - 1) * first) * (1 + (scale_1 - 1) * second)


@schedule
def waves_are_lines(k: int, *, lr: float, length_1: int, scale_1: float, length_2: int, scale_2: float) -> float:
    """Straight lines where half cosines were asked for."""
    first, second = _at(k, length_1, length_2)
    return lr * (1 + (scale_1 - 1) * first) * (1 + (scale_2 - 1) * second)


@schedule
def waves_a_step_early(k: int, *, lr: float, length_1: int, scale_1: float, length_2: int, scale_2: float) -> float:
    """k + 1 for k."""
    first, second = ((1 - math.cos(math.pi * x)) / 2 for x in _at(k + 1, length_1, length_2))
    return lr * (1 + (scale_1 - 1) * first) * (1 + (scale_2 - 1) * second)


# cosine_power


@schedule
def power_is_not_used(k: int, *, lr: float, lr_min: float, period: int, degree: float) -> float:
    """The exponent is accepted, and the curve is not raised to it."""
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * min(k, period) / period)) / 2


@schedule
def power_before_it_is_halved(k: int, *, lr: float, lr_min: float, period: int, degree: float) -> float:
    """(1 + cos)^p/2."""
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * k / period)) ** degree / 2 if k < period else lr_min


@schedule
def power_rises_again(k: int, *, lr: float, lr_min: float, period: int, degree: float) -> float:
    """Not held after the period."""
    return lr_min + (lr - lr_min) * ((1 + math.cos(math.pi * k / period)) / 2) ** degree


# cosine_k_decay


@schedule
def k_decay_rises_again(k: int, *, lr: float, lr_min: float, period: int, degree: float) -> float:
    """Not held after the period."""
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * (k / period) ** degree)) / 2


@schedule
def k_decay_of_the_angle(k: int, *, lr: float, lr_min: float, period: int, degree: float) -> float:
    """pi is raised to the power, too."""
    return lr_min + (lr - lr_min) * (1 + math.cos((math.pi * min(k, period) / period) ** degree)) / 2


@schedule
def k_decay_of_the_step_alone(k: int, *, lr: float, lr_min: float, period: int, degree: float) -> float:
    """t^k/T, for t^k/T^k."""
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * (min(k, period) ** degree / period))) / 2


# cosine_waves, and cosines after a warm-up


@schedule
def waves_of_half_the_length(k: int, *, lr: float, lr_min: float, span: int, waves: float) -> float:
    """pi for 2 pi: half as many waves."""
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * waves * k / span)) / 2


@schedule
def waves_upside_down(k: int, *, lr: float, lr_min: float, span: int, waves: float) -> float:
    """1 - cos."""
    return lr_min + (lr - lr_min) * (1 - math.cos(2 * math.pi * waves * k / span)) / 2


@schedule
def waves_counted_from_one(k: int, *, lr: float, lr_min: float, span: int, waves: float) -> float:
    """k + 1 for k."""
    return lr_min + (lr - lr_min) * (1 + math.cos(2 * math.pi * waves * (k + 1) / span)) / 2


@schedule
def restarts_rise_from_one(k: int, *, lr: float, lr_min: float, span: int, cycles: int, warmup_start: float, warmup_steps: int) -> float:
    """The rise counts from 1, and ends a step before the cosines."""
    if k < warmup_steps:
        return lr * (warmup_start + (1 - warmup_start) * (k + 1) / warmup_steps)
    after = k - warmup_steps
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * (cycles * after % span) / span)) / 2 if after < span else lr_min


@schedule
def waves_not_shifted(k: int, *, lr: float, lr_min: float, span: int, waves: float, warmup_start: float, warmup_steps: int) -> float:
    """The waves count from the start of the warm-up."""
    if k < warmup_steps:
        return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps)
    return lr_min + (lr - lr_min) * (1 + math.cos(2 * math.pi * waves * k / span)) / 2


RISE = lr * (warmup_start + (1 - warmup_start) * k / warmup_steps)


def _three(up: Expression, back: Expression, end: Expression, last: Expression = LEAST) -> Expression:
    """The lines that meet at these steps."""
    on = where(k < end, LOW + (last - LOW) * (k - back) / (end - back), last)
    return where(k < up, LOW + (lr - LOW) * k / up, where(k < back, lr + (LOW - lr) * (k - up) / (back - up), on))


FORMULAS = {
    "lines_counted_from_one": with_rate(LINEAR_ONE_CYCLE, substitute(LINEAR_ONE_CYCLE.rate, {"k": k + 1})),
    "lines_end_at_the_peak_divided": with_rate(LINEAR_ONE_CYCLE, _three(AT, BACK, total_steps, lr / final_div_factor)),
    "lines_end_a_step_early": with_rate(LINEAR_ONE_CYCLE, _three(AT, BACK, total_steps - 1)),
    "lines_come_down_by_a_share_of_the_rest": with_rate(LINEAR_ONE_CYCLE, _three(AT, AT + floor(pct_final * (total_steps - AT)), total_steps)),
    "points_a_step_early": with_rate(PIECEWISE_LINEAR, substitute(PIECEWISE_LINEAR.rate, {"k": k + 1})),
    "points_without_an_end": with_rate(
        PIECEWISE_LINEAR, lr * (1 + (scale_1 - 1) * FIRST) * (1 + (scale_2 - 1) * (maximum(k - length_1, 0) / length_2))
    ),
    "points_end_at_the_first_rate_scaled": with_rate(PIECEWISE_LINEAR, lr * (1 + (scale_1 - 1) * FIRST) * (1 + (scale_1 - 1) * SECOND)),
    "waves_a_step_early": with_rate(COSINE, substitute(COSINE.rate, {"k": k + 1})),
    "waves_of_half_the_length": with_rate(COSINE_WAVES, lr_min + (lr - lr_min) * (1 + cos(waves * pi * k / span)) / 2),
    "waves_upside_down": with_rate(COSINE_WAVES, lr_min + (lr - lr_min) * (1 - cos(2 * waves * pi * k / span)) / 2),
    "waves_counted_from_one": with_rate(COSINE_WAVES, substitute(COSINE_WAVES.rate, {"k": k + 1})),
    "restarts_rise_from_one": with_rate(
        WARMUP_HARD_RESTARTS, where(k < warmup_steps, substitute(RISE, {"k": k + 1}), substitute(HARD_RESTARTS.rate, {"k": k - warmup_steps}))
    ),
    "waves_not_shifted": with_rate(WARMUP_WAVES, where(k < warmup_steps, RISE, COSINE_WAVES.rate)),
    "waves_are_lines": with_rate(COSINE, PIECEWISE_LINEAR.rate),
    "power_is_not_used": with_rate(COSINE_POWER, lr_min + (lr - lr_min) * (1 + cos(pi * minimum(k, period) / period)) / 2),
    "power_before_it_is_halved": with_rate(COSINE_POWER, where(k < period, lr_min + (lr - lr_min) * (1 + cos(pi * k / period)) ** degree / 2, lr_min)),
    "power_rises_again": with_rate(COSINE_POWER, lr_min + (lr - lr_min) * ((1 + cos(pi * k / period)) / 2) ** degree),
    "k_decay_rises_again": with_rate(COSINE_K_DECAY, lr_min + (lr - lr_min) * (1 + cos(pi * (k / period) ** degree)) / 2),
    "k_decay_of_the_angle": with_rate(COSINE_K_DECAY, lr_min + (lr - lr_min) * (1 + cos((pi * minimum(k, period) / period) ** degree)) / 2),
    "k_decay_of_the_step_alone": with_rate(COSINE_K_DECAY, lr_min + (lr - lr_min) * (1 + cos(pi * (minimum(k, period) ** degree / period))) / 2),
}
"""Beside each bug the formula that it computes."""


def _row(name: str, make: Factory, expected: str = "deviates") -> Planted:
    return planted(name, make, expected, formula=FORMULAS[make.__name__])


PROGRAMS = (
    _row("linear_one_cycle", lines_counted_from_one),
    _row("linear_one_cycle", lines_end_at_the_peak_divided),
    _row("linear_one_cycle", lines_end_a_step_early),
    _row("linear_one_cycle", lines_come_down_by_a_share_of_the_rest),
    _row("piecewise_linear", points_a_step_early),
    _row("piecewise_linear", points_without_an_end),
    _row("piecewise_linear", points_end_at_the_first_rate_scaled),
    _row("piecewise_linear/cosine", waves_a_step_early),
    _row("piecewise_linear/cosine", waves_are_lines, "variant:piecewise_linear"),
    _row("cosine_waves", waves_of_half_the_length),
    _row("cosine_waves", waves_upside_down),
    _row("cosine_waves", waves_counted_from_one),
    _row("warmup+hard_restarts", restarts_rise_from_one),
    _row("warmup+cosine_waves", waves_not_shifted),
    _row("cosine_power", power_is_not_used),
    _row("cosine_power", power_before_it_is_halved),
    _row("cosine_power", power_rises_again),
    _row("cosine_k_decay", k_decay_rises_again),
    _row("cosine_k_decay", k_decay_of_the_angle),
    _row("cosine_k_decay", k_decay_of_the_step_alone),
)
