"""A power of half a cosine: optax `cosine_decay_schedule`, (1/2 (1 + cos(pi t/T)))^p between both ends."""

from __future__ import annotations

from decimal import Decimal

from .cosine import cosine, pi
from .model import Hyper, Schedule, whole


def _power(base: Decimal, degree: Decimal) -> Decimal:
    """0 to a positive power is 0."""
    return Decimal(0) if base == 0 else base**degree


def rate(k: int, hyper: Hyper) -> Decimal:
    """A mean of both ends."""
    t_max = whole(hyper["period"])
    decay = Decimal(0) if k >= t_max else _power((1 + cosine(pi() * k / t_max)) / 2, hyper["degree"])
    return decay * hyper["lr"] + (1 - decay) * hyper["lr_min"]


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """The share by half the angle: (1 + cos x)/2 = cos(x/2)^2."""
    t_max, rates = whole(hyper["period"]), []
    for t in range(steps):
        share = Decimal(0) if t >= t_max else _power(cosine(pi() * t / t_max / 2), 2 * hyper["degree"])
        rates.append(hyper["lr_min"] + (hyper["lr"] - hyper["lr_min"]) * share)
    return tuple(rates)


COSINE_POWER = Schedule("cosine_power", "optax cosine_decay_schedule", ("lr", "lr_min", "period", "degree"), rate, recursion)
