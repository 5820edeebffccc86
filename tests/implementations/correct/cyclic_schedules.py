"""Schedules of several stretches or cycles, each the same function in another form."""

from __future__ import annotations

import bisect
import math

from ..program import correct, schedule


@schedule
def restarts_counted(k: int, *, lr: float, lr_min: float, period: int) -> float:
    """The remainder."""
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * (k % period) / period)) / 2


@schedule
def growing_restarts_walked(k: int, *, lr: float, lr_min: float, period: int, period_mult: int) -> float:
    """Whole cosines are taken away while there are some before k."""
    length = period
    while k >= length:
        k, length = k - length, length * period_mult
    return lr_min + 0.5 * (lr - lr_min) * (1 + math.cos(math.pi * k / length))


@schedule
def growing_restarts_by_the_paper(k: int, *, lr: float, lr_min: float, period: int, period_mult: int) -> float:
    """T_cur and T_i of a counter that goes along, as torch's step() has it."""
    t_cur, t_i = 0, period
    for _ in range(k):
        t_cur += 1
        if t_cur >= t_i:
            t_cur, t_i = t_cur % t_i, t_i * period_mult
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * t_cur / t_i)) / 2


@schedule
def growing_restarts_by_a_list_of_starts(k: int, *, lr: float, lr_min: float, period: int, period_mult: int) -> float:
    """The steps of the restarts, the last of them found by bisection; a square of half the angle."""
    starts = [period * (period_mult**i - 1) // (period_mult - 1) for i in range(40)]
    i = bisect.bisect_right(starts, k) - 1
    return lr_min + (lr - lr_min) * math.cos(0.5 * math.pi * (k - starts[i]) / (starts[i + 1] - starts[i])) ** 2


@schedule
def growing_restarts_by_a_logarithm_mended(k: int, *, lr: float, lr_min: float, period: int, period_mult: int) -> float:
    """A logarithm proposes the cosine, whole numbers decide."""
    i = round(math.log(1 + k * (period_mult - 1) / period) / math.log(period_mult))
    if period * (period_mult**i - 1) // (period_mult - 1) > k:
        i -= 1
    begin = period * (period_mult**i - 1) // (period_mult - 1)
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * (k - begin) / (period * period_mult**i))) / 2


@schedule
def lowered_restarts_walked(k: int, *, lr: float, lr_min: float, period: int, period_mult: int, factor: float) -> float:
    """Whole cosines are taken away, each makes the next one lower."""
    length, height = period, lr - lr_min
    while k >= length:
        k, length, height = k - length, length * period_mult, height * factor
    return lr_min + height * (1 + math.cos(math.pi * k / length)) / 2


@schedule
def lowered_restarts_of_keras(k: int, *, lr: float, lr_min: float, period: int, period_mult: int, factor: float) -> float:
    """A share of the first rate: (1 - alpha) times the curve, and alpha."""
    share = k / period
    i, length = 0, 1
    while share >= length:
        share, length, i = share - length, length * period_mult, i + 1
    alpha = lr_min / lr if lr else 0.0
    curve = 0.5 * factor**i * (1 + math.cos(math.pi * share / length))
    return lr * ((1 - alpha) * curve + alpha)


@schedule
def hard_restarts_by_the_remainder(k: int, *, lr: float, lr_min: float, span: int, cycles: int) -> float:
    """The remainder of whole numbers; a mean of both ends."""
    if k >= span:
        return lr_min
    share = 0.5 + 0.5 * math.cos(math.pi * (k * cycles % span) / span)
    return lr * share + lr_min * (1 - share)


@schedule
def tanh_as_a_quotient(k: int, *, lr: float, lr_min: float, span: int, lower: float, upper: float) -> float:
    """As written, the two weights first."""
    done = min(k, span) / span
    return lr_min + 0.5 * (lr - lr_min) * (1 - math.tanh(done * upper - (1 - done) * lower))


@schedule
def one_cycle_by_phases(k: int, *, lr: float, total_steps: int, pct_start: float, div_factor: float, final_div_factor: float) -> float:
    """A list of phases, as torch has it."""
    low = lr / div_factor
    ends = (0.0, pct_start * total_steps - 1, 2 * pct_start * total_steps - 2, total_steps - 1.0)
    rates = (low, lr, low, low / final_div_factor)
    i = next((i for i in range(2) if k <= ends[i + 1]), 2)
    done = (k - ends[i]) / (ends[i + 1] - ends[i])
    return rates[i] + (rates[i + 1] - rates[i]) * done


@schedule
def cyclic_of_the_paper(k: int, *, lr: float, lr_max: float, half_cycle: int) -> float:
    """The number of the cycle, then the distance from its middle."""
    cycle = math.floor(1 + k / (2 * half_cycle))
    x = abs(k - (2 * cycle - 1) * half_cycle) / half_cycle
    return lr + (lr_max - lr) * max(0, 1 - x)


@schedule
def cyclic_halved_of_the_paper(k: int, *, lr: float, lr_max: float, half_cycle: int) -> float:
    """Divided by 2 to the number of the cycle less 1."""
    cycle = math.floor(1 + k / (2 * half_cycle))
    x = abs(k / half_cycle - 2 * cycle + 1)
    return lr + (lr_max - lr) * max(0.0, 1 - x) / 2 ** (cycle - 1)


@schedule
def cyclic_halved_in_a_loop(k: int, *, lr: float, lr_max: float, half_cycle: int) -> float:
    """Whole cycles are taken away, each halves the height."""
    height = lr_max - lr
    while k >= 2 * half_cycle:
        k, height = k - 2 * half_cycle, height / 2
    return lr + height * min(k, 2 * half_cycle - k) / half_cycle


@schedule
def swa_as_weights(k: int, *, lr: float, lr_min: float, every: int) -> float:
    """(1 - t) lr + t lr_min."""
    t = (k % every + 1) / every
    return (1 - t) * lr + t * lr_min


@schedule
def wsd_textbook(k: int, *, lr: float, lr_min: float, warmup_start: float, warmup_steps: int, stable_steps: int, span: int) -> float:
    """The three stretches, the last one as a mean of both ends."""
    if k < warmup_steps:
        return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps)
    if k < warmup_steps + stable_steps:
        return lr
    done = min(1.0, (k - warmup_steps - stable_steps) / span)
    return (1 - done) * lr + done * lr_min


PROGRAMS = (
    correct("cosine_warm_restarts", restarts_counted, ("float64",)),
    correct("cosine_warm_restarts/growing", growing_restarts_walked, ("float64",)),
    correct("cosine_warm_restarts/growing", growing_restarts_by_the_paper, ("float64",)),
    correct("cosine_warm_restarts/growing", growing_restarts_by_a_list_of_starts, ("float64",)),
    correct("cosine_warm_restarts/growing", growing_restarts_by_a_logarithm_mended, ("float64",)),
    correct("cosine_warm_restarts/lowered", lowered_restarts_walked, ("float64",)),
    correct("cosine_warm_restarts/lowered", lowered_restarts_of_keras, ("float64",)),
    correct("hard_restarts", hard_restarts_by_the_remainder, ("float64",)),
    correct("tanh", tanh_as_a_quotient, ("float64",)),
    correct("one_cycle", one_cycle_by_phases, ("float64",)),
    correct("cyclic", cyclic_of_the_paper, ("float64",)),
    correct("cyclic/triangular2", cyclic_halved_of_the_paper, ("float64",)),
    correct("cyclic/triangular2", cyclic_halved_in_a_loop, ("float64",)),
    correct("swa", swa_as_weights, ("float64",)),
    correct("wsd", wsd_textbook, ("float64",)),
)
