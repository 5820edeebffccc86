"""Step decay.

Ge et al. 2019, Algorithm 1: the rate is dropped by a factor every N epochs. The recursion is that sentence and
`torch.optim.lr_scheduler.StepLR.get_lr`; the closed form is its `_get_closed_form_lr`.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Schedule, whole


def rate(k: int, hyper: Hyper) -> Decimal:
    """base_lr * gamma^(last_epoch // step_size)."""
    base_lr, gamma, step_size = hyper["lr"], hyper["factor"], whole(hyper["every"])
    return base_lr * gamma ** (k // step_size)


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """Unchanged at epoch 0 and at every epoch that is no multiple of step_size, else times gamma."""
    gamma, step_size = hyper["factor"], whole(hyper["every"])
    lr = hyper["lr"]
    rates = []
    for last_epoch in range(steps):
        if not (last_epoch == 0 or last_epoch % step_size != 0):
            lr = lr * gamma
        rates.append(lr)
    return tuple(rates)


STEP_DECAY = Schedule("step_decay", "torch.optim.lr_scheduler.StepLR", ("lr", "factor", "every"), rate, recursion)
