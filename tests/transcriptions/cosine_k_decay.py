"""k-decay of a cosine: Zhang & Li 2020, arXiv:2004.05909, t^k/T^k in the place of t/T. timm's CosineLRScheduler has it as k_decay."""

from __future__ import annotations

from decimal import Decimal

from .cosine import cosine, pi
from .model import Hyper, Schedule, whole


def _power(base: Decimal, degree: Decimal) -> Decimal:
    """0 to a positive power is 0."""
    return Decimal(0) if base == 0 else base**degree


def rate(k: int, hyper: Hyper) -> Decimal:
    """1 + cos(pi t^k/T^k)."""
    t_max, power = whole(hyper["period"]), hyper["degree"]
    angle = pi() * _power(Decimal(min(k, t_max)), power) / _power(Decimal(t_max), power)
    return hyper["lr_min"] + (hyper["lr"] - hyper["lr_min"]) * (1 + cosine(angle)) / 2


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """The share by half the angle."""
    t_max, rates = whole(hyper["period"]), []
    for t in range(steps):
        share = cosine(pi() * _power(Decimal(min(t, t_max)) / t_max, hyper["degree"]) / 2) ** 2
        rates.append(hyper["lr_min"] + (hyper["lr"] - hyper["lr_min"]) * share)
    return tuple(rates)


COSINE_K_DECAY = Schedule("cosine_k_decay", "Zhang & Li 2020", ("lr", "lr_min", "period", "degree"), rate, recursion)
