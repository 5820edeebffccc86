"""Interpolation between three rates.

optax `piecewise_interpolate_schedule`: the values are the cumulated products of the first one and the scales; between two boundaries
`(end - start)*pct + start`, or `end + (start - end)/2*(cos(pi*pct) + 1)`; from the last boundary on the last value.
"""

from __future__ import annotations

from decimal import Decimal

from .cosine import cosine, pi
from .model import Hyper, Schedule, whole


def _stretch(k: int, hyper: Hyper) -> tuple[Decimal, Decimal, Decimal]:
    """The two rates that step k is between, and the share of the way from the one to the other."""
    first, second = whole(hyper["length_1"]), whole(hyper["length_2"])
    middle = hyper["lr"] * hyper["scale_1"]
    if k < first:
        return hyper["lr"], middle, Decimal(k) / first
    last = middle * hyper["scale_2"]
    return (middle, last, Decimal(k - first) / second) if k < first + second else (last, last, Decimal(1))


def rate(k: int, hyper: Hyper) -> Decimal:
    """Linear."""
    start, end, pct = _stretch(k, hyper)
    return (end - start) * pct + start


def rate_cosine(k: int, hyper: Hyper) -> Decimal:
    """Cosine."""
    start, end, pct = _stretch(k, hyper)
    return end + (start - end) / 2 * (cosine(pi() * pct) + 1)


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """The same amount more at each step of a line."""
    first, second = whole(hyper["length_1"]), whole(hyper["length_2"])
    eta, rates = hyper["lr"], []
    for step in range(steps):
        rates.append(eta)
        if step < first:
            eta += hyper["lr"] * (hyper["scale_1"] - 1) / first
        elif step < first + second:
            eta += hyper["lr"] * hyper["scale_1"] * (hyper["scale_2"] - 1) / second
    return tuple(rates)


def recursion_cosine(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """By half the angle: (1 - cos x)/2 = 1 - cos(x/2)^2."""
    found = []
    for k in range(steps):
        start, end, pct = _stretch(k, hyper)
        found.append(start + (end - start) * (1 - cosine(pi() * pct / 2) ** 2))
    return tuple(found)


NAMES = ("lr", "length_1", "scale_1", "length_2", "scale_2")
PIECEWISE_LINEAR = Schedule("piecewise_linear", "optax piecewise_interpolate_schedule, linear", NAMES, rate, recursion)
COSINE = Schedule("piecewise_linear/cosine", "optax piecewise_interpolate_schedule, cosine", NAMES, rate_cosine, recursion_cosine)
