"""Inverse time decay.

Bottou 2012, "Stochastic gradient descent tricks", section 5.2: gamma_t = gamma_0/(1 + gamma_0 lambda t).
keras `InverseTimeDecay`: initial_learning_rate / (1 + decay_rate * step / decay_step), and with `staircase` the floor of the quotient.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Schedule, whole

NAMES = ("lr", "slope", "every")


def rate(k: int, hyper: Hyper) -> Decimal:
    """The docstring of keras."""
    return hyper["lr"] / (1 + hyper["slope"] * k / whole(hyper["every"]))


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """The divisor grows by the same at each step."""
    divisor, rates = Decimal(1), []
    for _ in range(steps):
        rates.append(hyper["lr"] / divisor)
        divisor += hyper["slope"] / whole(hyper["every"])
    return tuple(rates)


def rate_staircase(k: int, hyper: Hyper) -> Decimal:
    """The docstring of keras, the quotient a whole number."""
    return hyper["lr"] / (1 + hyper["slope"] * (k // whole(hyper["every"])))


def recursion_staircase(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """The divisor grows where a stretch ends."""
    divisor, rates = Decimal(1), []
    for step in range(steps):
        if step > 0 and step % whole(hyper["every"]) == 0:
            divisor += hyper["slope"]
        rates.append(hyper["lr"] / divisor)
    return tuple(rates)


INVERSE_TIME = Schedule("inverse_time", "Bottou 2012, section 5.2; keras InverseTimeDecay", NAMES, rate, recursion)
STAIRCASE = Schedule("inverse_time/staircase", "keras InverseTimeDecay(staircase=True)", NAMES, rate_staircase, recursion_staircase)
