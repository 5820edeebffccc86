"""Linear warm-up, then cosine annealing: torch `SequentialLR` of `LinearLR` and `CosineAnnealingLR`.

The cosine's own counter starts at 0 where the warm-up ends, so the whole lasts warmup_steps + period steps.
"""

from __future__ import annotations

from decimal import Decimal

from . import cosine_annealing, warmup
from .model import Hyper, Schedule, whole


def rate(k: int, hyper: Hyper) -> Decimal:
    """The ramp up to the cosine's first rate, then the cosine."""
    warmup_steps = whole(hyper["warmup_steps"])
    if k < warmup_steps:
        start = hyper["warmup_start"]
        return (start + (1 - start) * k / warmup_steps) * cosine_annealing.rate(0, hyper)
    return cosine_annealing.rate(k - warmup_steps, hyper)


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """One recursion after the other."""
    warmup_steps = min(steps, whole(hyper["warmup_steps"]))
    return warmup.recursion(warmup_steps, hyper) + cosine_annealing.recursion(steps - warmup_steps, hyper)


def rate_periodic(k: int, hyper: Hyper) -> Decimal:
    """The same ramp, then `CosineAnnealingLR` as torch runs it, which rises again."""
    warmup_steps = whole(hyper["warmup_steps"])
    return rate(k, hyper) if k < warmup_steps else cosine_annealing.rate_periodic(k - warmup_steps, hyper)


def recursion_periodic(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """One recursion after the other."""
    warmup_steps = min(steps, whole(hyper["warmup_steps"]))
    return warmup.recursion(warmup_steps, hyper) + cosine_annealing.recursion_periodic(steps - warmup_steps, hyper)


WARMUP_COSINE = Schedule(
    "warmup_cosine",
    "torch.optim.lr_scheduler.SequentialLR",
    ("lr", "lr_min", "period", "warmup_start", "warmup_steps"),
    rate,
    recursion,
)
WARMUP_COSINE_PERIODIC = Schedule(
    "warmup_cosine/periodic",
    "torch.optim.lr_scheduler.SequentialLR",
    ("lr", "lr_min", "period", "warmup_start", "warmup_steps"),
    rate_periodic,
    recursion_periodic,
)
