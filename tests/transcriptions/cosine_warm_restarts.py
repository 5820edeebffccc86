"""Cosine annealing with warm restarts.

Loshchilov & Hutter 2017, "SGDR", arXiv:1608.03983, section 3: T_cur counts from the last restart, and is set to 0 when T_i is
reached; T_mult = 1, or T_i is multiplied by T_mult at each restart. keras `CosineDecayRestarts` multiplies what is above the last rate by
m_mul as well.
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


def _cosine(t_cur: int, t_i: int, height: Decimal, hyper: Hyper) -> Decimal:
    """Equation (5), what is above the last rate being a share `height` of itself."""
    return hyper["lr_min"] + height * (hyper["lr"] - hyper["lr_min"]) * (1 + cosine(pi() * t_cur / t_i)) / 2


def _place(k: int, hyper: Hyper) -> tuple[int, int, int]:
    """T_cur, T_i and the number of restarts: whole cosines are taken away while there are some before k."""
    t_cur, t_i, restarts = k, whole(hyper["period"]), 0
    while t_cur >= t_i:
        t_cur, t_i, restarts = t_cur - t_i, t_i * whole(hyper["period_mult"]), restarts + 1
    return t_cur, t_i, restarts


def rate_growing(k: int, hyper: Hyper) -> Decimal:
    """The cosine that step k is in."""
    t_cur, t_i, _ = _place(k, hyper)
    return _cosine(t_cur, t_i, Decimal(1), hyper)


def rate_lowered(k: int, hyper: Hyper) -> Decimal:
    """The same, as high as m_mul to the power of the number of restarts."""
    t_cur, t_i, restarts = _place(k, hyper)
    return _cosine(t_cur, t_i, hyper["factor"] ** restarts if restarts else Decimal(1), hyper)


def _along(steps: int, hyper: Hyper, m_mul: Decimal) -> tuple[Decimal, ...]:
    """torch `CosineAnnealingWarmRestarts.step`: T_cur + 1, and at T_i it is 0 and T_i is T_i * T_mult."""
    t_cur, t_i, height, rates = 0, whole(hyper["period"]), Decimal(1), []
    for _ in range(steps):
        rates.append(_cosine(t_cur, t_i, height, hyper))
        t_cur += 1
        if t_cur >= t_i:
            t_cur, t_i, height = t_cur % t_i, t_i * whole(hyper["period_mult"]), height * m_mul
    return tuple(rates)


def recursion_growing(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """Step by step."""
    return _along(steps, hyper, Decimal(1))


def recursion_lowered(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """Step by step, lower at each restart."""
    return _along(steps, hyper, hyper["factor"])


COSINE_WARM_RESTARTS = Schedule(
    "cosine_warm_restarts", "Loshchilov & Hutter 2017, section 3", ("lr", "lr_min", "period"), rate, _run
)
GROWING = Schedule(
    "cosine_warm_restarts/growing", "Loshchilov & Hutter 2017, section 3, T_mult", ("lr", "lr_min", "period", "period_mult"), rate_growing, recursion_growing
)
LOWERED = Schedule(
    "cosine_warm_restarts/lowered", "keras CosineDecayRestarts", ("lr", "lr_min", "period", "period_mult", "factor"), rate_lowered, recursion_lowered
)
