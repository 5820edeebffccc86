"""Schedules of several stretches or cycles with one thing wrong: an object with `rate(k, **hyper)`."""

from __future__ import annotations

import math

from refopt.catalogue.schedules.cosine_warm_restarts import COSINE_WARM_RESTARTS, GROWING, LOWERED
from refopt.catalogue.schedules.cyclic import CYCLIC, HALVED
from refopt.catalogue.schedules.hard_restarts import HARD_RESTARTS
from refopt.catalogue.schedules.one_cycle import ONE_CYCLE
from refopt.catalogue.schedules.swa import SWA
from refopt.catalogue.schedules.tanh import TANH
from refopt.catalogue.schedules.wsd import WSD
from refopt.catalogue.symbols import (
    cycles,
    div_factor,
    every,
    factor,
    final_div_factor,
    half_cycle,
    lower,
    lr,
    lr_max,
    lr_min,
    pct_start,
    period,
    period_mult,
    span,
    stable_steps,
    total_steps,
    upper,
    warmup_start,
    warmup_steps,
)
from refopt.language.compose import substitute
from refopt.language.expression import Expression, absolute, both, cos, floor, ilog, k, minimum, modulo, pi, tanh, where

from ..formula import with_rate
from ..program import Factory, Planted, planted, schedule

# cosine_warm_restarts


@schedule
def restarts_one_step_late(k: int, *, lr: float, lr_min: float, period: int) -> float:
    """The cosine lasts period + 1 steps."""
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * (k % (period + 1)) / period)) / 2


@schedule
def restarts_forgotten(k: int, *, lr: float, lr_min: float, period: int) -> float:
    """No restart: the cosine goes on and rises."""
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * k / period)) / 2


@schedule
def restarts_of_a_whole_wave(k: int, *, lr: float, lr_min: float, period: int) -> float:
    """2 pi: down and up again in each period."""
    return lr_min + (lr - lr_min) * (1 + math.cos(2 * math.pi * (k % period) / period)) / 2


def _began(k: int, period: int, period_mult: int) -> tuple[int, int, int]:
    """The steps since the last restart, the length of the cosine, and its number."""
    length, i = period, 0
    while k >= length:
        k, length, i = k - length, length * period_mult, i + 1
    return k, length, i


@schedule
def growing_restarts_never_grow(k: int, *, lr: float, lr_min: float, period: int, period_mult: int) -> float:
    """period_mult is accepted and not used."""
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * (k % period) / period)) / 2


@schedule
def growing_restarts_count_from_one(k: int, *, lr: float, lr_min: float, period: int, period_mult: int) -> float:
    """k + 1: the first rate is met at the restarts alone, and a step before them."""
    since, length, _ = _began(k + 1, period, period_mult)
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * since / length)) / 2


@schedule
def growing_restarts_keep_the_length(k: int, *, lr: float, lr_min: float, period: int, period_mult: int) -> float:
    """The restarts are further apart each time, and each cosine ends after the first length, and rises."""
    since, _, _ = _began(k, period, period_mult)
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * since / period)) / 2


@schedule
def growing_restarts_counted_from_the_start(k: int, *, lr: float, lr_min: float, period: int, period_mult: int) -> float:
    """The length grows, and the steps are not counted anew."""
    _, length, _ = _began(k, period, period_mult)
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * (k / length))) / 2


@schedule
def lowered_restarts_of_the_whole_rate(k: int, *, lr: float, lr_min: float, period: int, period_mult: int, factor: float) -> float:
    """The first rate is lowered, not what is above the last one."""
    since, length, i = _began(k, period, period_mult)
    return lr_min + (lr * factor**i - lr_min) * (1 + math.cos(math.pi * since / length)) / 2


@schedule
def lowered_restarts_never_lower(k: int, *, lr: float, lr_min: float, period: int, period_mult: int, factor: float) -> float:
    """factor is accepted and not used."""
    since, length, _ = _began(k, period, period_mult)
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * since / length)) / 2


@schedule
def lowered_restarts_one_too_early(k: int, *, lr: float, lr_min: float, period: int, period_mult: int, factor: float) -> float:
    """The first cosine is lowered already."""
    since, length, i = _began(k, period, period_mult)
    return lr_min + (lr - lr_min) * factor ** (i + 1) * (1 + math.cos(math.pi * since / length)) / 2


# hard_restarts


@schedule
def hard_restarts_without_an_end(k: int, *, lr: float, lr_min: float, span: int, cycles: int) -> float:
    """Not held after the last cosine."""
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * (cycles * k % span) / span)) / 2


@schedule
def hard_restarts_upside_down(k: int, *, lr: float, lr_min: float, span: int, cycles: int) -> float:
    """1 - cos."""
    return lr_min + (lr - lr_min) * (1 - math.cos(math.pi * (cycles * k % span) / span)) / 2 if k < span else lr_min


@schedule
def hard_restarts_soft(k: int, *, lr: float, lr_min: float, span: int, cycles: int) -> float:
    """Without the remainder: the cosine rises as it fell."""
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * cycles * k / span)) / 2 if k < span else lr_min


# tanh


@schedule
def tanh_without_an_end(k: int, *, lr: float, lr_min: float, span: int, lower: float, upper: float) -> float:
    """Not held after the last step."""
    return lr_min + (lr - lr_min) * (1 - math.tanh((upper + lower) * k / span - lower)) / 2


@schedule
def tanh_upside_down(k: int, *, lr: float, lr_min: float, span: int, lower: float, upper: float) -> float:
    """1 + tanh."""
    return lr_min + (lr - lr_min) * (1 + math.tanh((upper + lower) * min(k, span) / span - lower)) / 2


@schedule
def tanh_not_halved(k: int, *, lr: float, lr_min: float, span: int, lower: float, upper: float) -> float:
    """Not divided by 2."""
    return lr_min + (lr - lr_min) * (1 - math.tanh((upper + lower) * min(k, span) / span - lower))


# cyclic


@schedule
def cyclic_saw(k: int, *, lr: float, lr_max: float, half_cycle: int) -> float:
    """Up, and back at once."""
    return lr + (lr_max - lr) * (k % half_cycle) / half_cycle


@schedule
def cyclic_starts_at_the_top(k: int, *, lr: float, lr_max: float, half_cycle: int) -> float:
    """The distance from the middle, not 1 less it."""
    return lr + (lr_max - lr) * abs(k % (2 * half_cycle) - half_cycle) / half_cycle


@schedule
def cyclic_counts_from_one(k: int, *, lr: float, lr_max: float, half_cycle: int) -> float:
    """k + 1: the lowest rate is not the first."""
    return lr + (lr_max - lr) * (1 - abs((k + 1) % (2 * half_cycle) - half_cycle) / half_cycle)


@schedule
def cyclic_halved_from_the_first_on(k: int, *, lr: float, lr_max: float, half_cycle: int) -> float:
    """The number of the cycle counts from 1: the first is half as high already."""
    above = 1 - abs(k % (2 * half_cycle) - half_cycle) / half_cycle
    return lr + (lr_max - lr) * above / 2 ** (1 + k // (2 * half_cycle))


@schedule
def cyclic_halved_at_each_turn(k: int, *, lr: float, lr_max: float, half_cycle: int) -> float:
    """The height is halved after half a cycle, at its highest rate."""
    above = 1 - abs(k % (2 * half_cycle) - half_cycle) / half_cycle
    return lr + (lr_max - lr) * above / 2 ** (k // half_cycle)


@schedule
def cyclic_never_halved(k: int, *, lr: float, lr_max: float, half_cycle: int) -> float:
    """As high each time."""
    return lr + (lr_max - lr) * (1 - abs(k % (2 * half_cycle) - half_cycle) / half_cycle)


# swa


@schedule
def swa_from_the_first_rate(k: int, *, lr: float, lr_min: float, every: int) -> float:
    """t = mod(i - 1, c)/c: the last rate is never met."""
    return lr + (lr_min - lr) * (k % every) / every


@schedule
def swa_adds_the_last(k: int, *, lr: float, lr_min: float, every: int) -> float:
    """The last rate is added, not what is between."""
    return lr + lr_min * (k % every + 1) / every


@schedule
def swa_turned_round(k: int, *, lr: float, lr_min: float, every: int) -> float:
    """Up in each cycle."""
    return lr_min + (lr - lr_min) * (k % every + 1) / every


# one_cycle


def _three_lines(k: float, ends: tuple[float, float, float], rates: tuple[float, float, float, float]) -> float:
    """Straight lines through four rates."""
    at, start = 0.0, rates[0]
    for end, rate in zip(ends, rates[1:], strict=True):
        if k < end or end == ends[-1]:
            return start + (rate - start) * (k - at) / (end - at)
        at, start = end, rate
    return start


@schedule
def one_cycle_counts_from_one(k: int, *, lr: float, total_steps: int, pct_start: float, div_factor: float, final_div_factor: float) -> float:
    """k + 1 for k."""
    low, up = lr / div_factor, pct_start * total_steps - 1
    return _three_lines(k + 1, (up, 2 * up, total_steps - 1), (low, lr, low, low / final_div_factor))


@schedule
def one_cycle_peak_too_high(k: int, *, lr: float, total_steps: int, pct_start: float, div_factor: float, final_div_factor: float) -> float:
    """The highest rate is taken for the first, and multiplied by div_factor."""
    up = pct_start * total_steps - 1
    return _three_lines(k, (up, 2 * up, total_steps - 1), (lr, lr * div_factor, lr, lr / final_div_factor))


@schedule
def one_cycle_ends_at_the_peak_divided(k: int, *, lr: float, total_steps: int, pct_start: float, div_factor: float, final_div_factor: float) -> float:
    """lr/final_div_factor, as a docstring has it, for a last rate that is final_div_factor times less than the first."""
    low, up = lr / div_factor, pct_start * total_steps - 1
    return _three_lines(k, (up, 2 * up, total_steps - 1), (low, lr, low, lr / final_div_factor))


# wsd


@schedule
def wsd_falls_at_once(k: int, *, lr: float, lr_min: float, warmup_start: float, warmup_steps: int, stable_steps: int, span: int) -> float:
    """No plateau: the fall begins with the end of the rise."""
    if k < warmup_steps:
        return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps)
    return lr_min + (lr - lr_min) * (1 - min(k - warmup_steps, span) / span)


@schedule
def wsd_jumps_up_in_the_end(k: int, *, lr: float, lr_min: float, warmup_start: float, warmup_steps: int, stable_steps: int, span: int) -> float:
    """Not held after the fall: the whole rate again."""
    if k < warmup_steps:
        return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps)
    after = k - warmup_steps - stable_steps
    return lr_min + (lr - lr_min) * (1 - after / span) if 0 <= after < span else lr


@schedule
def wsd_falls_to_nothing(k: int, *, lr: float, lr_min: float, warmup_start: float, warmup_steps: int, stable_steps: int, span: int) -> float:
    """lr_min is accepted and not used."""
    if k < warmup_steps:
        return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps)
    if k < warmup_steps + stable_steps:
        return lr
    return lr * (1 - min(k - warmup_steps - stable_steps, span) / span)


UP, END = pct_start * total_steps - 1, total_steps - 1
LOW = lr / div_factor


def _lines(at: Expression, low: Expression, high: Expression, least: Expression) -> Expression:
    down = low + (least - low) * (at - 2 * UP) / (END - 2 * UP)
    return where(at < UP, low + (high - low) * at / UP, where(at < 2 * UP, high + (low - high) * (at - UP) / UP, down))


RISE = lr * (warmup_start + (1 - warmup_start) * k / warmup_steps)
AFTER = k - warmup_steps - stable_steps
CYCLE = ilog(1 + floor((period_mult - 1) * k / period), period_mult)
SINCE = k - period * (period_mult**CYCLE - 1) / (period_mult - 1)
DONE = SINCE / (period * period_mult**CYCLE)
ABOVE = 1 - absolute(modulo(k, 2 * half_cycle) - half_cycle) / half_cycle
FORMULAS = {
    "cyclic_halved_from_the_first_on": with_rate(HALVED, lr + (lr_max - lr) * ABOVE / 2 ** (1 + floor(k / (2 * half_cycle)))),
    "cyclic_halved_at_each_turn": with_rate(HALVED, lr + (lr_max - lr) * ABOVE / 2 ** floor(k / half_cycle)),
    "cyclic_never_halved": with_rate(HALVED, lr + (lr_max - lr) * ABOVE),
    "growing_restarts_never_grow": with_rate(GROWING, lr_min + (lr - lr_min) * (1 + cos(pi * (modulo(k, period) / period))) / 2),
    "growing_restarts_count_from_one": with_rate(GROWING, substitute(GROWING.rate, {"k": k + 1})),
    "growing_restarts_keep_the_length": with_rate(GROWING, lr_min + (lr - lr_min) * (1 + cos(pi * (SINCE / period))) / 2),
    "growing_restarts_counted_from_the_start": with_rate(GROWING, lr_min + (lr - lr_min) * (1 + cos(pi * (k / (period * period_mult**CYCLE)))) / 2),
    "lowered_restarts_of_the_whole_rate": with_rate(LOWERED, lr_min + (lr * factor**CYCLE - lr_min) * (1 + cos(pi * DONE)) / 2),
    "lowered_restarts_never_lower": with_rate(LOWERED, lr_min + (lr - lr_min) * (1 + cos(pi * DONE)) / 2),
    "lowered_restarts_one_too_early": with_rate(LOWERED, lr_min + (lr - lr_min) * factor ** (CYCLE + 1) * (1 + cos(pi * DONE)) / 2),
    "restarts_one_step_late": with_rate(COSINE_WARM_RESTARTS, lr_min + (lr - lr_min) * (1 + cos(pi * (modulo(k, period + 1) / period))) / 2),
    "restarts_forgotten": with_rate(COSINE_WARM_RESTARTS, lr_min + (lr - lr_min) * (1 + cos(pi * (k / period))) / 2),
    "restarts_of_a_whole_wave": with_rate(COSINE_WARM_RESTARTS, lr_min + (lr - lr_min) * (1 + cos(2 * pi * (modulo(k, period) / period))) / 2),
    "hard_restarts_without_an_end": with_rate(HARD_RESTARTS, lr_min + (lr - lr_min) * (1 + cos(pi * (modulo(cycles * k, span) / span))) / 2),
    "hard_restarts_upside_down": with_rate(
        HARD_RESTARTS, where(k < span, lr_min + (lr - lr_min) * (1 - cos(pi * (modulo(cycles * k, span) / span))) / 2, lr_min)
    ),
    "hard_restarts_soft": with_rate(HARD_RESTARTS, where(k < span, lr_min + (lr - lr_min) * (1 + cos(pi * (cycles * k / span))) / 2, lr_min)),
    "tanh_without_an_end": with_rate(TANH, lr_min + (lr - lr_min) * (1 - tanh((upper + lower) * k / span - lower)) / 2),
    "tanh_upside_down": with_rate(TANH, lr_min + (lr - lr_min) * (1 + tanh((upper + lower) * minimum(k, span) / span - lower)) / 2),
    "tanh_not_halved": with_rate(TANH, lr_min + (lr - lr_min) * (1 - tanh((upper + lower) * minimum(k, span) / span - lower))),
    "cyclic_saw": with_rate(CYCLIC, lr + (lr_max - lr) * modulo(k, half_cycle) / half_cycle),
    "cyclic_starts_at_the_top": with_rate(CYCLIC, lr + (lr_max - lr) * (absolute(modulo(k, 2 * half_cycle) - half_cycle) / half_cycle)),
    "cyclic_counts_from_one": with_rate(CYCLIC, lr + (lr_max - lr) * (1 - absolute(modulo(k + 1, 2 * half_cycle) - half_cycle) / half_cycle)),
    "swa_from_the_first_rate": with_rate(SWA, lr + (lr_min - lr) * modulo(k, every) / every),
    "swa_adds_the_last": with_rate(SWA, lr + lr_min * (modulo(k, every) + 1) / every),
    "swa_turned_round": with_rate(SWA, lr_min + (lr - lr_min) * (modulo(k, every) + 1) / every),
    "one_cycle_counts_from_one": with_rate(ONE_CYCLE, _lines(k + 1, LOW, lr, LOW / final_div_factor)),
    "one_cycle_peak_too_high": with_rate(ONE_CYCLE, _lines(k, lr, lr * div_factor, lr / final_div_factor)),
    "one_cycle_ends_at_the_peak_divided": with_rate(ONE_CYCLE, _lines(k, LOW, lr, lr / final_div_factor)),
    "wsd_falls_at_once": with_rate(WSD, where(k < warmup_steps, RISE, lr_min + (lr - lr_min) * (1 - minimum(k - warmup_steps, span) / span))),
    "wsd_jumps_up_in_the_end": with_rate(
        WSD, where(k < warmup_steps, RISE, where(both(AFTER >= 0, span > AFTER), lr_min + (lr - lr_min) * (1 - AFTER / span), lr))
    ),
    "wsd_falls_to_nothing": with_rate(WSD, where(k < warmup_steps, RISE, where(AFTER < 0, lr, lr * (1 - minimum(AFTER, span) / span)))),
}
"""Beside each bug the formula that it computes."""


def _row(name: str, make: Factory, expected: str = "deviates") -> Planted:
    return planted(name, make, expected, formula=FORMULAS[make.__name__])


PROGRAMS = (
    _row("cosine_warm_restarts", restarts_one_step_late),
    _row("cosine_warm_restarts", restarts_forgotten),
    _row("cosine_warm_restarts", restarts_of_a_whole_wave),
    _row("cosine_warm_restarts/growing", growing_restarts_never_grow, "variant:cosine_warm_restarts"),
    _row("cosine_warm_restarts/growing", growing_restarts_count_from_one),
    _row("cosine_warm_restarts/growing", growing_restarts_keep_the_length),
    _row("cosine_warm_restarts/growing", growing_restarts_counted_from_the_start),
    _row("cosine_warm_restarts/lowered", lowered_restarts_of_the_whole_rate),
    _row("cosine_warm_restarts/lowered", lowered_restarts_never_lower, "variant:cosine_warm_restarts/growing"),
    _row("cosine_warm_restarts/lowered", lowered_restarts_one_too_early),
    _row("hard_restarts", hard_restarts_without_an_end),
    _row("hard_restarts", hard_restarts_upside_down),
    _row("hard_restarts", hard_restarts_soft),
    _row("tanh", tanh_without_an_end),
    _row("tanh", tanh_upside_down),
    _row("tanh", tanh_not_halved),
    _row("cyclic", cyclic_saw),
    _row("cyclic", cyclic_starts_at_the_top),
    _row("cyclic", cyclic_counts_from_one),
    _row("cyclic/triangular2", cyclic_halved_from_the_first_on),
    _row("cyclic/triangular2", cyclic_halved_at_each_turn),
    _row("cyclic/triangular2", cyclic_never_halved, "variant:cyclic"),
    _row("swa", swa_from_the_first_rate),
    _row("swa", swa_adds_the_last),
    _row("swa", swa_turned_round),
    _row("one_cycle", one_cycle_counts_from_one),
    _row("one_cycle", one_cycle_peak_too_high),
    _row("one_cycle", one_cycle_ends_at_the_peak_divided),
    _row("wsd", wsd_falls_at_once),
    _row("wsd", wsd_jumps_up_in_the_end),
    _row("wsd", wsd_falls_to_nothing),
)
