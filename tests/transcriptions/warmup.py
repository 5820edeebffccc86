"""Linear warm-up.

Goyal et al. 2017, "Accurate, large minibatch SGD", arXiv:1706.02677, section 2.2, gradual warmup: start low and
"increment it by a constant amount at each iteration". `torch.optim.lr_scheduler.LinearLR` with end_factor = 1
has it as a closed form.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Schedule, whole


def rate(k: int, hyper: Hyper) -> Decimal:
    """`LinearLR._get_closed_form_lr`: base_lr * (start + (end - start) * min(total_iters, epoch) / total_iters)."""
    base_lr, start_factor, total_iters = hyper["lr"], hyper["warmup_start"], whole(hyper["warmup_steps"])
    if total_iters == 0:
        return base_lr
    end_factor = 1
    return base_lr * (start_factor + (end_factor - start_factor) * min(total_iters, k) / total_iters)


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """Goyal et al.: a constant amount is added at each of the warm-up's iterations."""
    target, warmup_steps = hyper["lr"], whole(hyper["warmup_steps"])
    if warmup_steps == 0:
        return (target,) * steps
    start = target * hyper["warmup_start"]
    amount = (target - start) / warmup_steps
    eta = start
    rates = []
    for iteration in range(steps):
        rates.append(eta)
        if iteration < warmup_steps:
            eta = eta + amount
    return tuple(rates)


WARMUP = Schedule("warmup", "torch.optim.lr_scheduler.LinearLR", ("lr", "warmup_start", "warmup_steps"), rate, recursion)
