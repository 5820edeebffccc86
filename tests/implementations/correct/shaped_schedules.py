"""Schedules through given points and cosines of other shapes, each the same function in another form."""

from __future__ import annotations

import math
from itertools import pairwise

from ..program import correct, schedule


@schedule
def lines_by_corners(
    k: int, *, lr: float, total_steps: int, pct_start: float, pct_final: float, div_factor: float, final_div_factor: float
) -> float:
    """Each line a mean of its two ends."""
    low = lr / div_factor
    corners = [(0, low), (int(pct_start * total_steps), lr), (int(pct_final * total_steps), low), (total_steps, low / final_div_factor)]
    for (at, start), (then, end) in pairwise(corners):
        if at <= k < then:
            return (start * (then - k) + end * (k - at)) / (then - at)
    return corners[-1][1]


@schedule
def lines_by_scales(
    k: int, *, lr: float, total_steps: int, pct_start: float, pct_final: float, div_factor: float, final_div_factor: float
) -> float:
    """The rates as products of scales, the differences of neighbours last, as optax has it."""
    scales = {int(pct_start * total_steps): div_factor, int(pct_final * total_steps): 1 / div_factor, total_steps: 1 / final_div_factor}
    at, rate = 0, lr / div_factor
    for end, scale in sorted(scales.items()):
        if k < end:
            return (rate * scale - rate) * ((k - at) / (end - at)) + rate
        at, rate = end, rate * scale
    return rate


@schedule
def points_by_both_ends(k: int, *, lr: float, length_1: int, scale_1: float, length_2: int, scale_2: float) -> float:
    """The rates at the points first, each line a mean of its ends."""
    middle, last = lr * scale_1, lr * scale_1 * scale_2
    if k < length_1:
        return (lr * (length_1 - k) + middle * k) / length_1
    done = min(k - length_1, length_2)
    return (middle * (length_2 - done) + last * done) / length_2


@schedule
def points_as_optax_has_them(k: int, *, lr: float, length_1: int, scale_1: float, length_2: int, scale_2: float) -> float:
    """Cumulated products, and the interval that the step is in."""
    values, bounds = [lr, lr * scale_1, lr * scale_1 * scale_2], [0, length_1, length_1 + length_2]
    for i in range(2):
        if bounds[i] <= k < bounds[i + 1]:
            return (values[i + 1] - values[i]) * ((k - bounds[i]) / (bounds[i + 1] - bounds[i])) + values[i]
    return values[-1]


@schedule
def waves_by_half_the_angle(k: int, *, lr: float, length_1: int, scale_1: float, length_2: int, scale_2: float) -> float:
    """(1 - cos x)/2 is the square of the sine of half of x."""
    middle = lr * scale_1
    if k < length_1:
        return lr + (middle - lr) * math.sin(math.pi * k / length_1 / 2) ** 2
    done = min(k - length_1, length_2) / length_2
    return middle + (middle * scale_2 - middle) * math.sin(math.pi * done / 2) ** 2


@schedule
def power_as_a_mean(k: int, *, lr: float, lr_min: float, period: int, degree: float) -> float:
    """A mean of both ends, by what is left."""
    left = (0.5 * (1 + math.cos(math.pi * min(k, period) / period))) ** degree
    return left * lr + (1 - left) * lr_min


@schedule
def power_by_half_the_angle(k: int, *, lr: float, lr_min: float, period: int, degree: float) -> float:
    """(1 + cos x)/2 is the square of the cosine of half of x: a power of twice the degree."""
    return lr_min + (lr - lr_min) * math.cos(math.pi * k / period / 2) ** (2 * degree) if k < period else lr_min


@schedule
def k_decay_of_timm(k: int, *, lr: float, lr_min: float, period: int, degree: float) -> float:
    """The powers of both, and their quotient."""
    return lr_min + 0.5 * (lr - lr_min) * (1 + math.cos(math.pi * k**degree / period**degree)) if k < period else lr_min


@schedule
def k_decay_by_half_the_angle(k: int, *, lr: float, lr_min: float, period: int, degree: float) -> float:
    """The square of a cosine."""
    return lr_min + (lr - lr_min) * math.cos(math.pi / 2 * (min(k, period) / period) ** degree) ** 2


@schedule
def waves_of_transformers(k: int, *, lr: float, lr_min: float, span: int, waves: float) -> float:
    """A share of the rate that is never below 0."""
    share = max(0.0, 0.5 * (1 + math.cos(math.pi * waves * 2 * (k / span))))
    return share * lr + (1 - share) * lr_min


@schedule
def waves_by_half_of_each(k: int, *, lr: float, lr_min: float, span: int, waves: float) -> float:
    """The square of the cosine of half the angle."""
    return lr_min + (lr - lr_min) * math.cos(math.pi * waves * k / span) ** 2


@schedule
def restarts_after_a_warm_up(k: int, *, lr: float, lr_min: float, span: int, cycles: int, warmup_start: float, warmup_steps: int) -> float:
    """As transformers has it: the share of the way, its cosines by the remainder of whole numbers."""
    if k < warmup_steps:
        return lr * warmup_start + (lr - lr * warmup_start) * (k / warmup_steps)
    after = k - warmup_steps
    return lr_min + 0.5 * (lr - lr_min) * (1 + math.cos(math.pi * (cycles * after % span / span))) if after < span else lr_min


@schedule
def waves_after_a_warm_up(k: int, *, lr: float, lr_min: float, span: int, waves: float, warmup_start: float, warmup_steps: int) -> float:
    """The rise, then a mean of both ends."""
    if k < warmup_steps:
        return lr * warmup_start + (lr - lr * warmup_start) * (k / warmup_steps)
    share = 0.5 * (1 + math.cos(2 * math.pi * waves * (k - warmup_steps) / span))
    return share * lr + (1 - share) * lr_min


PROGRAMS = (
    correct("cosine_waves", waves_of_transformers, ("float64",)),
    correct("cosine_waves", waves_by_half_of_each, ("float64",)),
    correct("warmup+hard_restarts", restarts_after_a_warm_up, ("float64",)),
    correct("warmup+cosine_waves", waves_after_a_warm_up, ("float64",)),
    correct("piecewise_linear", points_by_both_ends, ("float64",)),
    correct("piecewise_linear", points_as_optax_has_them, ("float64",)),
    correct("piecewise_linear/cosine", waves_by_half_the_angle, ("float64",)),
    correct("cosine_power", power_as_a_mean, ("float64",)),
    correct("cosine_power", power_by_half_the_angle, ("float64",)),
    correct("cosine_k_decay", k_decay_of_timm, ("float64",)),
    correct("cosine_k_decay", k_decay_by_half_the_angle, ("float64",)),
    correct("linear_one_cycle", lines_by_corners, ("float64",)),
    correct("linear_one_cycle", lines_by_scales, ("float64",)),
)
