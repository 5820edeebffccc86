"""Cosine annealing with warm restarts.

Loshchilov & Hutter 2017, "SGDR", arXiv:1608.03983, section 3: T_cur counts from the last restart, and is set to 0 when T_i is
reached; here T_mult = 1.
"""

from __future__ import annotations

from decimal import Decimal

from .cosine import cosine, pi
from .model import Hyper, Schedule, whole


def _run(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """Equation (5), T_cur counted along."""
    low, high, t_i = hyper["lr_min"], hyper["lr"], whole(hyper["period"])
    t_cur, rates = 0, []
    for _ in range(steps):
        if t_cur == t_i:
            t_cur = 0
        rates.append(low + (high - low) * (1 + cosine(t_cur * pi() / t_i)) / 2)
        t_cur += 1
    return tuple(rates)


def rate(k: int, hyper: Hyper) -> Decimal:
    """Whole cosines are taken away while there are some before k."""
    t_i, t_cur = whole(hyper["period"]), k
    while t_cur >= t_i:
        t_cur -= t_i
    return (hyper["lr"] + hyper["lr_min"] + (hyper["lr"] - hyper["lr_min"]) * cosine(pi() * t_cur / t_i)) / 2


COSINE_WARM_RESTARTS = Schedule(
    "cosine_warm_restarts", "Loshchilov & Hutter 2017, section 3", ("lr", "lr_min", "period"), rate, _run
)
