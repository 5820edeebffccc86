"""Stochastic weight averaging.

Izmailov et al. 2018, "Averaging weights leads to wider optima", arXiv:1803.05407, section 3.2:
alpha(i) = (1 - t(i)) alpha_1 + t(i) alpha_2, t(i) = (mod(i - 1, c) + 1)/c, i from 1.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Schedule, whole


def rate(k: int, hyper: Hyper) -> Decimal:
    """Of iteration i = k + 1."""
    c, i = whole(hyper["every"]), k + 1
    t = Decimal((i - 1) % c + 1) / c
    return (1 - t) * hyper["lr"] + t * hyper["lr_min"]


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """The same amount less at each step; after a cycle from the first rate again."""
    c, eta, rates = whole(hyper["every"]), hyper["lr"], []
    for step in range(steps):
        eta = (hyper["lr"] if step % c == 0 else eta) - (hyper["lr"] - hyper["lr_min"]) / c
        rates.append(eta)
    return tuple(rates)


SWA = Schedule("swa", "Izmailov et al. 2018, section 3.2", ("lr", "lr_min", "every"), rate, recursion)
