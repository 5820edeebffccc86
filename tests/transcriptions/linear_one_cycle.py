"""One cycle of straight lines.

optax `linear_onecycle_schedule`: from step 0 to int(pct_start*steps) up to the peak, to int(pct_final*steps) back, to `steps` on to the first rate over
final_div_factor; then that. Smith & Topin 2018, "Super-convergence", arXiv:1708.07120, section 3, has the two steps of equal size.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from .model import Hyper, Schedule, whole


def corners(hyper: Hyper) -> list[tuple[int, Decimal]]:
    """The steps between which the lines go, and the rates there."""
    first, steps = hyper["lr"] / hyper["div_factor"], whole(hyper["total_steps"])
    up, back = int(hyper["pct_start"] * steps), int(hyper["pct_final"] * steps)
    return [(0, first), (up, hyper["lr"]), (back, first), (steps, first / hyper["final_div_factor"])]


def rate(k: int, hyper: Hyper) -> Decimal:
    """The last corner that is reached, and the way to the next."""
    points = corners(hyper)
    i = max(i for i, (at, _) in enumerate(points) if at <= k)
    at, start = points[i]
    if i == len(points) - 1:
        return start
    then, end = points[i + 1]
    return start + (end - start) * (k - at) / (then - at)


def _steps_of(hyper: Hyper) -> Iterator[Decimal]:
    points = corners(hyper)
    for (at, start), (then, end) in pairwise(points):
        for i in range(then - at):
            yield ((then - at - i) * start + i * end) / (then - at)
    while True:
        yield points[-1][1]


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """Line after line, each step a mean of both ends."""
    return tuple(x for _, x in zip(range(steps), _steps_of(hyper), strict=False))


NAMES = ("lr", "total_steps", "pct_start", "pct_final", "div_factor", "final_div_factor")
LINEAR_ONE_CYCLE = Schedule("linear_one_cycle", "optax linear_onecycle_schedule", NAMES, rate, recursion)
