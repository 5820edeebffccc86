"""Exponential decay.

`torch.optim.lr_scheduler.ExponentialLR`, "decays the learning rate by gamma every epoch".
optax `exponential_decay`: init_value * decay_rate ^ (count / transition_steps), not below end_value.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Schedule, whole


def rate(k: int, hyper: Hyper) -> Decimal:
    """base_lr * gamma^last_epoch."""
    base_lr, gamma = hyper["lr"], hyper["factor"]
    return base_lr * gamma**k


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """The rate as it is at first, then each time multiplied by gamma."""
    lr = hyper["lr"]
    rates = []
    for last_epoch in range(steps):
        if last_epoch > 0:
            lr = lr * hyper["factor"]
        rates.append(lr)
    return tuple(rates)


EXPONENTIAL = Schedule("exponential", "torch.optim.lr_scheduler.ExponentialLR", ("lr", "factor"), rate, recursion)


def rate_spread(k: int, hyper: Hyper) -> Decimal:
    """The docstring of optax."""
    transition_steps = whole(hyper["every"])
    return hyper["lr"] * hyper["factor"] ** (Decimal(k) / transition_steps)


def recursion_spread(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """Each time multiplied by the same root of the factor."""
    each, lr, rates = (hyper["factor"].ln() / whole(hyper["every"])).exp(), hyper["lr"], []
    for _ in range(steps):
        rates.append(lr)
        lr *= each
    return tuple(rates)


def rate_floor(k: int, hyper: Hyper) -> Decimal:
    """optax: the larger of the rate and end_value."""
    return max(rate(k, hyper), hyper["lr_min"])


def recursion_floor(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """The rates without an end, cut off."""
    return tuple(max(x, hyper["lr_min"]) for x in recursion(steps, hyper))


SPREAD = Schedule("exponential/spread", "optax exponential_decay", ("lr", "factor", "every"), rate_spread, recursion_spread)
FLOOR = Schedule("exponential/floor", "optax exponential_decay(end_value=...)", ("lr", "factor", "lr_min"), rate_floor, recursion_floor)
