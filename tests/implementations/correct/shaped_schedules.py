"""Schedules through given points and cosines of other shapes, each the same function in another form."""

from __future__ import annotations

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


PROGRAMS = (
    correct("linear_one_cycle", lines_by_corners, ("float64",)),
    correct("linear_one_cycle", lines_by_scales, ("float64",)),
)
