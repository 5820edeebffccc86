"""Cosine annealing.

Loshchilov & Hutter 2017, "SGDR: stochastic gradient descent with warm restarts", arXiv:1608.03983, equation (5):
eta_t = eta_min + (eta_max - eta_min)(1 + cos(pi T_cur/T_i))/2, one cycle of it.
optax `cosine_decay_schedule` and keras `CosineDecay` stay at the minimum after the cycle: the reference here.
`torch.optim.lr_scheduler.CosineAnnealingLR` lets T_cur run on, and the rate rises again: `periodic`.
"""

from __future__ import annotations

from decimal import Decimal

from .cosine import cosine, pi
from .model import Hyper, Schedule, whole


def rate(k: int, hyper: Hyper) -> Decimal:
    """Equation (5) for T_cur = k until the end of the cycle, eta_min from there on."""
    eta_min, eta_max, t_max = hyper["lr_min"], hyper["lr"], whole(hyper["period"])
    t_cur = Decimal(k)
    if t_cur >= t_max:
        return eta_min
    return eta_min + Decimal("0.5") * (eta_max - eta_min) * (1 + cosine(t_cur / t_max * pi()))


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """The recursion in the docstring of torch's CosineAnnealingLR, which never leaves eta_min once it is there.

    Near the end of the cycle it divides by 1 + cos, about (pi/T)^2/2: 2 log10(T) digits are lost.
    """
    eta_min, t_max = hyper["lr_min"], whole(hyper["period"])
    eta = hyper["lr"]
    rates = []
    for t_cur in range(steps):
        rates.append(eta)
        if t_cur < t_max:
            after = 1 + cosine((t_cur + 1) * pi() / t_max)
            before = 1 + cosine(t_cur * pi() / t_max)
            eta = eta_min + (eta - eta_min) * after / before
    return tuple(rates)


def rate_periodic(k: int, hyper: Hyper) -> Decimal:
    """`CosineAnnealingLR._get_closed_form_lr`."""
    base_lr, eta_min, t_max = hyper["lr"], hyper["lr_min"], whole(hyper["period"])
    return eta_min + (base_lr - eta_min) * (1 + cosine(pi() * k / t_max)) / 2


def recursion_periodic(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """`CosineAnnealingLR.get_lr`: the quotient of two neighbours, and one addition where the minimum is left."""
    base_lr, eta_min, t_max = hyper["lr"], hyper["lr_min"], whole(hyper["period"])
    lr = base_lr
    rates = []
    for last_epoch in range(steps):
        if last_epoch == 0:
            pass
        elif (last_epoch - 1 - t_max) % (2 * t_max) == 0:
            lr = lr + (base_lr - eta_min) * (1 - cosine(pi() / t_max)) / 2
        else:
            now = 1 + cosine(pi() * last_epoch / t_max)
            before = 1 + cosine(pi() * (last_epoch - 1) / t_max)
            lr = now / before * (lr - eta_min) + eta_min
        rates.append(lr)
    return tuple(rates)


COSINE_ANNEALING = Schedule("cosine_annealing", "Loshchilov & Hutter 2017, equation (5)", ("lr", "lr_min", "period"), rate, recursion)
PERIODIC = Schedule(
    "cosine_annealing/periodic",
    "torch.optim.lr_scheduler.CosineAnnealingLR",
    ("lr", "lr_min", "period"),
    rate_periodic,
    recursion_periodic,
)
