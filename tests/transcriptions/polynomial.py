"""Polynomial decay.

Chen et al. 2018, "DeepLab", arXiv:1606.00915, section 4.1: the rate is multiplied by (1 - iter/max_iter)^power.
keras `PolynomialDecay` ends at a rate above 0 and stays there: the reference here; with `cycle=True` the span is the next multiple of itself.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Schedule, whole

NAMES = ("lr", "lr_min", "span", "degree")


def real_power(base: Decimal, degree: Decimal) -> Decimal:
    """0 to a positive power is 0."""
    return Decimal(0) if base == 0 else base**degree


def rate(k: int, hyper: Hyper) -> Decimal:
    """The docstring of keras: (initial - end) * (1 - step/decay_steps)^power + end, the step at most decay_steps."""
    decay_steps = whole(hyper["span"])
    step = min(k, decay_steps)
    left = Decimal(decay_steps - step) / decay_steps
    return (hyper["lr"] - hyper["lr_min"]) * real_power(left, hyper["degree"]) + hyper["lr_min"]


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """`PolynomialLR.get_lr`, above a last rate: the quotient of what is left now and one step before, to the power."""
    end, total_iters, power = hyper["lr_min"], whole(hyper["span"]), hyper["degree"]
    above = hyper["lr"] - end
    rates = []
    for epoch in range(1, steps + 1):
        rates.append(end + above)
        if epoch <= total_iters:
            above *= real_power(Decimal(total_iters - epoch) / (total_iters - epoch + 1), power)
    return tuple(rates)


def rate_cycle(k: int, hyper: Hyper) -> Decimal:
    """keras: decay_steps = decay_steps * ceil(step/decay_steps), once at step 0."""
    every = whole(hyper["span"])
    cycles = 1 if k == 0 else (k + every - 1) // every
    decay_steps = every * cycles
    left = 1 - Decimal(k) / decay_steps
    return (hyper["lr"] - hyper["lr_min"]) * real_power(left, hyper["degree"]) + hyper["lr_min"]


def recursion_cycle(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """The span grows when the step has gone past it."""
    decay_steps = every = whole(hyper["span"])
    end, rates = hyper["lr_min"], []
    for step in range(steps):
        if step > decay_steps:
            decay_steps += every
        share = Decimal(decay_steps - step) / decay_steps
        rates.append(end + (hyper["lr"] - end) * real_power(share, hyper["degree"]))
    return tuple(rates)


POLYNOMIAL = Schedule("polynomial", "Chen et al. 2018, section 4.1; keras PolynomialDecay", NAMES, rate, recursion)
CYCLE = Schedule("polynomial/cycle", "keras PolynomialDecay(cycle=True)", NAMES, rate_cycle, recursion_cycle)
