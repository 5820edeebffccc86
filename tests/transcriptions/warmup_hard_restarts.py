"""Linear warm-up, then the cosines of `hard_restarts` from their own step 0: transformers `get_cosine_with_hard_restarts_schedule_with_warmup`."""

from __future__ import annotations

from decimal import Decimal

from . import hard_restarts, warmup
from .model import Hyper, Schedule, whole


def rate(k: int, hyper: Hyper) -> Decimal:
    """The ramp up to the first rate, then the cosine."""
    rise = whole(hyper["warmup_steps"])
    return warmup.rate(k, hyper) if k < rise else hard_restarts.rate(k - rise, hyper)


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """One recursion after the other."""
    rise = min(steps, whole(hyper["warmup_steps"]))
    return warmup.recursion(rise, hyper) + hard_restarts.recursion(steps - rise, hyper)


NAMES = ("lr", "lr_min", "span", "cycles", "warmup_start", "warmup_steps")
WARMUP_HARD_RESTARTS = Schedule("warmup_hard_restarts", "Goyal et al. 2017, section 2.2, and the cosine's own", NAMES, rate, recursion)
