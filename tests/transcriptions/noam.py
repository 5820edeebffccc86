"""Noam.

Vaswani et al. 2017, "Attention is all you need", arXiv:1706.03762, equation (3):
lrate = d_model^-0.5 min(step_num^-0.5, step_num warmup_steps^-1.5), step_num from 1.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Schedule, whole


def rate(k: int, hyper: Hyper) -> Decimal:
    """Equation (3), times a factor."""
    step_num, warmup, d_model = Decimal(k + 1), whole(hyper["warmup_steps"]), whole(hyper["model_size"])
    return hyper["lr"] * min(1 / step_num.sqrt(), step_num / Decimal(warmup**3).sqrt()) / Decimal(d_model).sqrt()


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """A constant amount is added up to step warmup_steps; then the squares are in the ratio of neighbours."""
    warmup, d_model = whole(hyper["warmup_steps"]), whole(hyper["model_size"])
    amount = hyper["lr"] / (Decimal(d_model) * warmup**3).sqrt()
    eta, rates = Decimal(0), []
    for step_num in range(1, steps + 1):
        eta = eta + amount if step_num <= warmup else eta * (Decimal(step_num - 1) / step_num).sqrt()
        rates.append(eta)
    return tuple(rates)


NOAM = Schedule("noam", "Vaswani et al. 2017, equation (3)", ("lr", "model_size", "warmup_steps"), rate, recursion)
