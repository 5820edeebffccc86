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


def rate_after(k: int, hyper: Hyper) -> Decimal:
    """keras `PiecewiseConstantDecay`: the next value where step > boundary."""
    falls = [milestone for milestone in _milestones(hyper).elements() if k > milestone]
    return hyper["lr"] * hyper["factor"] ** len(falls)


def recursion_after(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """The rates of torch, each one step later."""
    return (hyper["lr"], *recursion(steps - 1, hyper))[:steps]


def rate_before(k: int, hyper: Hyper) -> Decimal:
    """timm `MultiStepLRScheduler`: bisect_right(decay_t, t + 1)."""
    return rate(k + 1, hyper)


def recursion_before(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """The rates of torch, each one step earlier."""
    return recursion(steps + 1, hyper)[1:] if steps else ()


LISTED = ("lr", "factor", "milestones[0]", "milestones[1]")
AFTER = Schedule("multi_step/after", "keras PiecewiseConstantDecay", LISTED, rate_after, recursion_after)
BEFORE = Schedule("multi_step/before", "timm MultiStepLRScheduler", LISTED, rate_before, recursion_before)
