"""A share of the rate for some steps.

Goyal et al. 2017, arXiv:1706.02677, section 2.2, constant warm-up: "a low constant learning rate for the first few epochs".
`torch.optim.lr_scheduler.ConstantLR` multiplies "by a small constant factor until the number of epoch reaches total_iters".
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Schedule, whole


def rate(k: int, hyper: Hyper) -> Decimal:
    """The factor falls away at step total_iters."""
    return hyper["lr"] if k >= whole(hyper["span"]) else hyper["factor"] * hyper["lr"]


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """So many low rates, then the others."""
    low = min(steps, whole(hyper["span"]))
    return (hyper["lr"] * hyper["factor"],) * low + (hyper["lr"],) * (steps - low)


CONSTANT_FACTOR = Schedule("constant_factor", "Goyal et al. 2017, section 2.2; torch ConstantLR", ("lr", "factor", "span"), rate, recursion)
