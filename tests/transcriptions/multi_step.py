"""Multi-step decay.

He et al. 2016, section 4.2: "We start with a learning rate of 0.1, divide it by 10 at 32k and 48k iterations". The recursion is that
sentence and `torch.optim.lr_scheduler.MultiStepLR.get_lr`; the closed form is its `_get_closed_form_lr`.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from .model import Hyper, Schedule, whole


def _milestones(hyper: Hyper) -> Counter[int]:
    """The milestones, each with how often it stands there."""
    return Counter(whole(hyper[name]) for name in hyper if name.startswith("milestones["))


def rate(k: int, hyper: Hyper) -> Decimal:
    """base_lr * gamma^(how many milestones are not after last_epoch)."""
    return hyper["lr"] * hyper["factor"] ** sum(n for milestone, n in _milestones(hyper).items() if milestone <= k)


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """Unchanged at an epoch that is no milestone, else times gamma^(how often it is one)."""
    milestones = _milestones(hyper)
    lr = hyper["lr"]
    rates = []
    for last_epoch in range(steps):
        if last_epoch in milestones:
            lr = lr * hyper["factor"] ** milestones[last_epoch]
        rates.append(lr)
    return tuple(rates)


MULTI_STEP = Schedule("multi_step", "He et al. 2016, section 4.2", ("lr", "factor", "milestones[0]", "milestones[1]"), rate, recursion)
