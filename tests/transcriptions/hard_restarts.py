"""Cosines of equal length.

transformers `get_cosine_with_hard_restarts_schedule_with_warmup` without its warm-up: 0.5 (1 + cos(pi ((num_cycles progress) % 1))), 0 at the end.
"""

from __future__ import annotations

from decimal import Decimal

from .cosine import cosine, pi
from .model import Hyper, Schedule, whole


def rate(k: int, hyper: Hyper) -> Decimal:
    """The remainder of whole numbers."""
    length, low = whole(hyper["span"]), hyper["lr_min"]
    if k >= length:
        return low
    after = k * whole(hyper["cycles"]) % length
    return low + (hyper["lr"] - low) * (1 + cosine(pi() * after / length)) / 2


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """The point in the cosine goes on by the same at each step, and back by a whole one."""
    length, cycles, low = whole(hyper["span"]), whole(hyper["cycles"]), hyper["lr_min"]
    point, rates = 0, []
    for step in range(steps):
        rates.append(low if step >= length else low + (hyper["lr"] - low) * (1 + cosine(pi() * point / length)) / 2)
        point += cycles
        while point >= length:
            point -= length
    return tuple(rates)


HARD_RESTARTS = Schedule("hard_restarts", "transformers, cosine with hard restarts", ("lr", "lr_min", "span", "cycles"), rate, recursion)
