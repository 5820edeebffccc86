"""Exponential decay: `torch.optim.lr_scheduler.ExponentialLR`, "decays the learning rate by gamma every epoch"."""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Schedule


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
