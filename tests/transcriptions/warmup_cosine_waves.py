"""Linear warm-up, then the waves of `cosine_waves` from their own step 0: transformers `get_cosine_schedule_with_warmup` with its num_cycles."""

from __future__ import annotations

from decimal import Decimal

from . import cosine_waves, warmup
from .model import Hyper, Schedule, whole


def rate(k: int, hyper: Hyper) -> Decimal:
    """The ramp up to the first rate, then the cosine."""
    rise = whole(hyper["warmup_steps"])
    return warmup.rate(k, hyper) if k < rise else cosine_waves.rate(k - rise, hyper)


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """One recursion after the other."""
    rise = min(steps, whole(hyper["warmup_steps"]))
    return warmup.recursion(rise, hyper) + cosine_waves.recursion(steps - rise, hyper)


NAMES = ("lr", "lr_min", "span", "waves", "warmup_start", "warmup_steps")
WARMUP_COSINE_WAVES = Schedule("warmup_cosine_waves", "Goyal et al. 2017, section 2.2, and the cosine's own", NAMES, rate, recursion)
