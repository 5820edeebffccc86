"""A straight line between two shares of the rate.

Goyal et al. 2017, arXiv:1706.02677, section 2.2, adds a constant amount at each step. `torch.optim.lr_scheduler.LinearLR`:
multiply "by linearly changing small multiplicative factor until the number of epoch reaches total_iters".
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Schedule, whole


def rate(k: int, hyper: Hyper) -> Decimal:
    """A mean of both ends, weighted with the steps that are done and left."""
    total_iters = whole(hyper["span"])
    done = min(total_iters, k)
    return hyper["lr"] * ((total_iters - done) * hyper["start_factor"] + done * hyper["end_factor"]) / total_iters


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """A constant amount is added at each step."""
    total_iters = whole(hyper["span"])
    eta = hyper["lr"] * hyper["start_factor"]
    amount = (hyper["lr"] * hyper["end_factor"] - eta) / total_iters
    rates = []
    for step in range(steps):
        rates.append(eta)
        if step < total_iters:
            eta += amount
    return tuple(rates)


LINEAR = Schedule("linear", "Goyal et al. 2017, section 2.2; torch LinearLR", ("lr", "start_factor", "end_factor", "span"), rate, recursion)
