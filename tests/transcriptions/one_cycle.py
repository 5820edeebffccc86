"""One cycle.

Smith & Topin 2018, "Super-convergence", arXiv:1708.07120, section 3: one cycle of two steps of equal size, smaller than the whole, then the
rate decreases several orders of magnitude less than the initial one. How a step is counted the paper does not say: `torch.optim.lr_scheduler.OneCycleLR`
ends its phases at pct_start*total_steps - 1, twice that, and total_steps - 1; optax' schedules at int(pct_start*steps) and steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise

from .cosine import cosine, pi
from .model import Hyper, Rate, Recursion, Schedule, whole

NAMES = ("lr", "total_steps", "pct_start", "div_factor", "final_div_factor")
Curve = Callable[[Decimal, Decimal, Decimal], Decimal]
Point = tuple[Decimal, Decimal]


def line(start: Decimal, end: Decimal, pct: Decimal) -> Decimal:
    """`_annealing_linear`."""
    return (end - start) * pct + start


def cos(start: Decimal, end: Decimal, pct: Decimal) -> Decimal:
    """`_annealing_cos`."""
    return end + (start - end) / 2 * (cosine(pi() * pct) + 1)


def through(points: Sequence[Point], curve: Curve, k: int) -> Decimal:
    """The curve from each point to the next; the last rate after the last point."""
    for (at, start), (then, end) in pairwise(points):
        if k < then or (k == then and (then, end) == points[-1]):
            return curve(start, end, (k - at) / (then - at))
    return points[-1][1]


def _ends(hyper: Hyper) -> tuple[Decimal, Decimal, Decimal]:
    """The first, the highest and the last rate."""
    first = hyper["lr"] / hyper["div_factor"]
    return first, hyper["lr"], first / hyper["final_div_factor"]


def two_ways(hyper: Hyper) -> list[Point]:
    """torch's phases."""
    first, high, last = _ends(hyper)
    total = whole(hyper["total_steps"])
    return [(Decimal(0), first), (hyper["pct_start"] * total - 1, high), (Decimal(total - 1), last)]


def three_ways(hyper: Hyper) -> list[Point]:
    """torch's phases with three_phase."""
    first, high, last = _ends(hyper)
    total = whole(hyper["total_steps"])
    up = hyper["pct_start"] * total - 1
    return [(Decimal(0), first), (up, high), (2 * up, first), (Decimal(total - 1), last)]


def at_whole_steps(hyper: Hyper) -> list[Point]:
    """optax, cosine."""
    first, high, last = _ends(hyper)
    total = whole(hyper["total_steps"])
    return [(Decimal(0), first), (Decimal(int(hyper["pct_start"] * total)), high), (Decimal(total), last)]


def _closed(points: Callable[[Hyper], list[Point]], curve: Curve) -> Rate:
    return lambda k, hyper: through(points(hyper), curve, k)


def _by_steps(points: Callable[[Hyper], list[Point]], curve: Curve) -> Recursion:
    """The phase is left when its end is passed, as torch's loop leaves it."""

    def rates(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
        left, found = points(hyper), []
        for k in range(steps):
            while len(left) > 2 and k >= left[1][0]:
                left = left[1:]
            (at, start), (then, end) = left[0], left[1]
            found.append(end if k >= then else curve(start, end, (k - at) / (then - at)))
        return tuple(found)

    return rates


ONE_CYCLE = Schedule("one_cycle", "Smith & Topin 2018, section 3", NAMES, _closed(three_ways, line), _by_steps(three_ways, line))
COSINE = Schedule("one_cycle/cosine", "torch OneCycleLR", NAMES, _closed(two_ways, cos), _by_steps(two_ways, cos))
LINE = Schedule("one_cycle/two_lines", "torch OneCycleLR, linear", NAMES, _closed(two_ways, line), _by_steps(two_ways, line))
THREE = Schedule("one_cycle/cosines", "torch OneCycleLR, three_phase", NAMES, _closed(three_ways, cos), _by_steps(three_ways, cos))
WHOLE = Schedule("one_cycle/whole", "optax cosine_onecycle_schedule", NAMES, _closed(at_whole_steps, cos), _by_steps(at_whole_steps, cos))
