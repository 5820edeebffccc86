"""Cyclical rates.

Smith 2017, "Cyclical learning rates", arXiv:1506.01186, section 3.1: cycle = floor(1 + it/(2 stepsize)), x = |it/stepsize - 2 cycle + 1|,
lr = base + (max - base) max(0, 1 - x); triangular2 divides the difference by 2 after each cycle; exp_range multiplies it by gamma^it.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Schedule, whole

NAMES = ("lr", "lr_max", "half_cycle")


def height(k: int, hyper: Hyper) -> tuple[Decimal, int]:
    """What is added to the lowest rate, and the number of the cycle."""
    stepsize = whole(hyper["half_cycle"])
    cycle = 1 + k // (2 * stepsize)
    x = abs(Decimal(k) / stepsize - 2 * cycle + 1)
    return (hyper["lr_max"] - hyper["lr"]) * max(Decimal(0), 1 - x), cycle


def rate(k: int, hyper: Hyper) -> Decimal:
    """The triangular policy."""
    return hyper["lr"] + height(k, hyper)[0]


def rate_halved(k: int, hyper: Hyper) -> Decimal:
    """triangular2."""
    above, cycle = height(k, hyper)
    return hyper["lr"] + above / Decimal(2) ** (cycle - 1)


def rate_range(k: int, hyper: Hyper) -> Decimal:
    """exp_range."""
    return hyper["lr"] + height(k, hyper)[0] * hyper["factor"] ** k


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """Up by the same amount, then down."""
    stepsize, eta, rates = whole(hyper["half_cycle"]), hyper["lr"], []
    for step in range(steps):
        rates.append(eta)
        amount = (hyper["lr_max"] - hyper["lr"]) / stepsize
        eta += amount if step // stepsize % 2 == 0 else -amount
    return tuple(rates)


def recursion_halved(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """The triangular rates, each cycle's height halved once more."""
    cycle = 2 * whole(hyper["half_cycle"])
    return tuple(hyper["lr"] + (x - hyper["lr"]) / 2 ** (step // cycle) for step, x in enumerate(recursion(steps, hyper)))


def recursion_range(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """The triangular rates, each height multiplied once more."""
    share, rates = Decimal(1), []
    for x in recursion(steps, hyper):
        rates.append(hyper["lr"] + (x - hyper["lr"]) * share)
        share *= hyper["factor"]
    return tuple(rates)


CYCLIC = Schedule("cyclic", "Smith 2017, section 3.1", NAMES, rate, recursion)
HALVED = Schedule("cyclic/triangular2", "Smith 2017, section 3.1", NAMES, rate_halved, recursion_halved)
RANGE = Schedule("cyclic/exp_range", "Smith 2017, section 3.1", (*NAMES, "factor"), rate_range, recursion_range)
