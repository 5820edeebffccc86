"""Linear warm-up, then the fall of `polynomial` from its own step 0."""

from __future__ import annotations

from decimal import Decimal

from . import polynomial, warmup
from .model import Hyper, Schedule, whole


def rate(k: int, hyper: Hyper) -> Decimal:
    """The ramp up to the first rate, then the fall."""
    rise = whole(hyper["warmup_steps"])
    return warmup.rate(k, hyper) if k < rise else polynomial.rate(k - rise, hyper)


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """One recursion after the other."""
    rise = min(steps, whole(hyper["warmup_steps"]))
    return warmup.recursion(rise, hyper) + polynomial.recursion(steps - rise, hyper)


NAMES = ("lr", "lr_min", "span", "degree", "warmup_start", "warmup_steps")
WARMUP_POLYNOMIAL = Schedule("warmup_polynomial", "Goyal et al. 2017, section 2.2, and the fall's own", NAMES, rate, recursion)
