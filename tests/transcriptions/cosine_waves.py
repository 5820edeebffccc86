"""Waves of a cosine: transformers `get_cosine_schedule_with_warmup` without its warm-up, 0.5 (1 + cos(pi num_cycles 2 progress)), never below 0."""

from __future__ import annotations

from decimal import Decimal

from .cosine import cosine, pi
from .model import Hyper, Schedule, whole


def rate(k: int, hyper: Hyper) -> Decimal:
    """The share of the rate, between both ends."""
    progress = Decimal(k) / whole(hyper["span"])
    share = max(Decimal(0), (1 + cosine(pi() * hyper["waves"] * 2 * progress)) / 2)
    return hyper["lr_min"] + (hyper["lr"] - hyper["lr_min"]) * share


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """The share by half the angle: (1 + cos x)/2 = cos(x/2)^2."""
    length, low = whole(hyper["span"]), hyper["lr_min"]
    return tuple(low + (hyper["lr"] - low) * cosine(pi() * hyper["waves"] * t / length) ** 2 for t in range(steps))


COSINE_WAVES = Schedule("cosine_waves", "transformers, cosine with num_cycles", ("lr", "lr_min", "span", "waves"), rate, recursion)
