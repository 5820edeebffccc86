"""Schedules with one thing wrong: an object with `rate(k, **hyper)`."""

from __future__ import annotations

import math

from refopt.catalogue.schedules.cosine_annealing import COSINE_ANNEALING
from refopt.catalogue.schedules.exponential import EXPONENTIAL
from refopt.catalogue.schedules.step_decay import STEP_DECAY
from refopt.catalogue.schedules.warmup import WARMUP, WARMUP_COSINE
from refopt.catalogue.symbols import every, factor, lr, lr_min, period, warmup_start, warmup_steps
from refopt.language.expression import both, cos, equal, exp, floor, k, maximum, minimum, pi, where

from ..formula import with_rate
from ..program import Factory, Planted, planted, schedule

# step_decay


@schedule
def falls_one_step_early(k: int, *, lr: float, factor: float, every: int) -> float:
    """factor^floor((k + 1)/every): counts epochs from 1."""
    return lr * factor ** ((k + 1) // every)


@schedule
def falls_one_step_late(k: int, *, lr: float, factor: float, every: int) -> float:
    """Falls where k > every, not where k >= every."""
    return lr * factor ** (max(k - 1, 0) // every)


@schedule
def falls_without_steps(k: int, *, lr: float, factor: float, every: int) -> float:
    """factor^(k/every) with a true division."""
    return float(lr * factor ** (k / every))


@schedule
def rises_by_the_factor(k: int, *, lr: float, factor: float, every: int) -> float:
    """Divides by the factor."""
    return lr / factor ** (k // every)


@schedule
def falls_only_once(k: int, *, lr: float, factor: float, every: int) -> float:
    """The factor is put to the rate once, after `every` steps."""
    return lr * factor if k >= every else lr


# exponential


@schedule
def exponential_counts_from_one(k: int, *, lr: float, factor: float) -> float:
    """factor^(k + 1): the first rate has fallen already."""
    return float(lr * factor ** (k + 1))


@schedule
def exponential_inverted(k: int, *, lr: float, factor: float) -> float:
    """lr/factor^k."""
    return float(lr / factor**k)


@schedule
def exponential_linear(k: int, *, lr: float, factor: float) -> float:
    """lr factor k, the power written as a product."""
    return lr * (factor * k)


# cosine_annealing


@schedule
def cosine_without_pi(k: int, *, lr: float, lr_min: float, period: int) -> float:
    """cos(k/period)."""
    return lr_min + (lr - lr_min) * (1 + math.cos(min(k, period) / period)) / 2


@schedule
def cosine_counts_from_one(k: int, *, lr: float, lr_min: float, period: int) -> float:
    """k + 1 for k: the first rate is never used."""
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * min(k + 1, period) / period)) / 2


@schedule
def cosine_floor_added(k: int, *, lr: float, lr_min: float, period: int) -> float:
    """lr_min + lr (1 + cos)/2: starts at lr + lr_min."""
    return lr_min + lr * (1 + math.cos(math.pi * min(k, period) / period)) / 2


@schedule
def cosine_not_halved(k: int, *, lr: float, lr_min: float, period: int) -> float:
    """lr_min + (lr - lr_min)(1 + cos)."""
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * min(k, period) / period))


@schedule
def cosine_upside_down(k: int, *, lr: float, lr_min: float, period: int) -> float:
    """1 - cos: rises from lr_min to lr."""
    return lr_min + (lr - lr_min) * (1 - math.cos(math.pi * min(k, period) / period)) / 2


@schedule
def cosine_never_ends(k: int, *, lr: float, lr_min: float, period: int) -> float:
    """Not held after the period."""
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * k / period)) / 2


# warmup


@schedule
def warmup_counts_from_one(k: int, *, lr: float, warmup_start: float, warmup_steps: int) -> float:
    """(k + 1)/warmup_steps: reaches the top one step early."""
    if k < warmup_steps:
        return lr * (warmup_start + (1 - warmup_start) * (k + 1) / warmup_steps)
    return lr


@schedule
def warmup_from_zero(k: int, *, lr: float, warmup_start: float, warmup_steps: int) -> float:
    """warmup_start is accepted and not used."""
    return lr * k / warmup_steps if k < warmup_steps else lr


@schedule
def warmup_start_taken_as_a_rate(k: int, *, lr: float, warmup_start: float, warmup_steps: int) -> float:
    """warmup_start + (lr - warmup_start) k/warmup_steps: a rate, not a share."""
    return warmup_start + (lr - warmup_start) * k / warmup_steps if k < warmup_steps else lr


@schedule
def warmup_cosine_not_shifted(
    k: int, *, lr: float, lr_min: float, period: int, warmup_start: float, warmup_steps: int
) -> float:
    """After the warm-up the cosine goes on from k, not from k - warmup_steps: the rate jumps."""
    if k < warmup_steps:
        return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps)
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * min(k, period) / period)) / 2


# Curves


@schedule
def step_decay_subtracts(k: int, *, lr: float, factor: float, every: int) -> float:
    """lr - factor floor(k/every)."""
    return lr - factor * (k // every)


@schedule
def step_decay_on_the_boundary_only(k: int, *, lr: float, factor: float, every: int) -> float:
    """The factor is put to the first rate, and only where k is a multiple of `every`."""
    return lr * factor if k > 0 and k % every == 0 else lr


@schedule
def exponential_natural(k: int, *, lr: float, factor: float) -> float:
    """lr exp(-factor k)."""
    return lr * math.exp(-factor * k)


@schedule
def exponential_compounded(k: int, *, lr: float, factor: float) -> float:
    """The closed form put to the rate of the step before: factor^(1 + 2 + ... + k)."""
    return float(lr * factor ** (k * (k + 1) / 2))


@schedule
def cosine_pi_of_three_digits(k: int, *, lr: float, lr_min: float, period: int) -> float:
    """3.14 for pi."""
    return lr_min + (lr - lr_min) * (1 + math.cos(3.14 * min(k, period) / period)) / 2


@schedule
def cosine_floor_added_twice(k: int, *, lr: float, lr_min: float, period: int) -> float:
    """lr_min + lr_min + ..."""
    return lr_min + lr_min + (lr - lr_min) * (1 + math.cos(math.pi * min(k, period) / period)) / 2


@schedule
def cosine_floor_as_a_bound(k: int, *, lr: float, lr_min: float, period: int) -> float:
    """max(lr_min, lr (1 + cos)/2)."""
    return max(lr_min, lr * (1 + math.cos(math.pi * min(k, period) / period)) / 2)


@schedule
def cosine_of_integer_division(k: int, *, lr: float, lr_min: float, period: int) -> float:
    """k // period."""
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * (min(k, period) // period))) / 2


@schedule
def cosine_as_a_line(k: int, *, lr: float, lr_min: float, period: int) -> float:
    """A line from lr to lr_min for half a cosine."""
    return lr + (lr_min - lr) * min(k, period) / period


@schedule
def cosine_starts_anew(k: int, *, lr: float, lr_min: float, period: int) -> float:
    """k % period: a warm restart that nobody asked for."""
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * (k % period) / period)) / 2


@schedule
def warmup_quadratic(k: int, *, lr: float, warmup_start: float, warmup_steps: int) -> float:
    """(k/warmup_steps)^2."""
    return lr * (warmup_start + (1 - warmup_start) * (k / warmup_steps) ** 2) if k < warmup_steps else lr


@schedule
def warmup_times_cosine(k: int, *, lr: float, lr_min: float, period: int, warmup_start: float, warmup_steps: int) -> float:
    """The rise is a factor of a cosine that runs from the start."""
    rise = min(1.0, warmup_start + (1 - warmup_start) * k / warmup_steps)
    return rise * (lr_min + (lr - lr_min) * (1 + math.cos(math.pi * min(k, period) / period)) / 2)


# What each computes


HELD = minimum(k, period)
FALL = lr - lr_min
FORMULAS = {
    "falls_one_step_early": with_rate(STEP_DECAY, lr * factor ** floor((k + 1) / every)),
    "falls_one_step_late": with_rate(STEP_DECAY, lr * factor ** floor(maximum(k - 1, 0) / every)),
    "falls_without_steps": with_rate(STEP_DECAY, lr * factor ** (k / every)),
    "rises_by_the_factor": with_rate(STEP_DECAY, lr / factor ** floor(k / every)),
    "falls_only_once": with_rate(STEP_DECAY, where(k >= every, lr * factor, lr)),
    "exponential_counts_from_one": with_rate(EXPONENTIAL, lr * factor ** (k + 1)),
    "exponential_inverted": with_rate(EXPONENTIAL, lr / factor**k),
    "exponential_linear": with_rate(EXPONENTIAL, lr * (factor * k)),
    "cosine_without_pi": with_rate(COSINE_ANNEALING, lr_min + FALL * (1 + cos(HELD / period)) / 2),
    "cosine_counts_from_one": with_rate(COSINE_ANNEALING, lr_min + FALL * (1 + cos(pi * minimum(k + 1, period) / period)) / 2),
    "cosine_floor_added": with_rate(COSINE_ANNEALING, lr_min + lr * (1 + cos(pi * HELD / period)) / 2),
    "cosine_not_halved": with_rate(COSINE_ANNEALING, lr_min + FALL * (1 + cos(pi * HELD / period))),
    "cosine_upside_down": with_rate(COSINE_ANNEALING, lr_min + FALL * (1 - cos(pi * HELD / period)) / 2),
    "cosine_never_ends": with_rate(COSINE_ANNEALING, lr_min + FALL * (1 + cos(pi * k / period)) / 2),
    "warmup_counts_from_one": with_rate(
        WARMUP, where(k < warmup_steps, lr * (warmup_start + (1 - warmup_start) * (k + 1) / warmup_steps), lr)
    ),
    "warmup_from_zero": with_rate(WARMUP, where(k < warmup_steps, lr * k / warmup_steps, lr)),
    "warmup_start_taken_as_a_rate": with_rate(
        WARMUP, where(k < warmup_steps, warmup_start + (lr - warmup_start) * k / warmup_steps, lr)
    ),
    "warmup_cosine_not_shifted": with_rate(
        WARMUP_COSINE,
        where(
            k < warmup_steps,
            lr * (warmup_start + (1 - warmup_start) * k / warmup_steps),
            lr_min + FALL * (1 + cos(pi * HELD / period)) / 2,
        ),
    ),
    "step_decay_subtracts": with_rate(STEP_DECAY, lr - factor * floor(k / every)),
    "step_decay_on_the_boundary_only": with_rate(
        STEP_DECAY, where(both(k > 0, equal(k, every * floor(k / every))), lr * factor, lr)
    ),
    "exponential_natural": with_rate(EXPONENTIAL, lr * exp(-factor * k)),
    "exponential_compounded": with_rate(EXPONENTIAL, lr * factor ** (k * (k + 1) / 2)),
    "cosine_pi_of_three_digits": with_rate(COSINE_ANNEALING, lr_min + FALL * (1 + cos("3.14" * HELD / period)) / 2),
    "cosine_floor_added_twice": with_rate(COSINE_ANNEALING, 2 * lr_min + FALL * (1 + cos(pi * HELD / period)) / 2),
    "cosine_floor_as_a_bound": with_rate(COSINE_ANNEALING, maximum(lr_min, lr * (1 + cos(pi * HELD / period)) / 2)),
    "cosine_of_integer_division": with_rate(COSINE_ANNEALING, lr_min + FALL * (1 + cos(pi * floor(HELD / period))) / 2),
    "cosine_as_a_line": with_rate(COSINE_ANNEALING, lr + (lr_min - lr) * HELD / period),
    "cosine_starts_anew": with_rate(COSINE_ANNEALING, lr_min + FALL * (1 + cos(pi * (k - period * floor(k / period)) / period)) / 2),
    "warmup_quadratic": with_rate(
        WARMUP, where(k < warmup_steps, lr * (warmup_start + (1 - warmup_start) * (k / warmup_steps) ** 2), lr)
    ),
    "warmup_times_cosine": with_rate(
        WARMUP_COSINE,
        minimum(1, warmup_start + (1 - warmup_start) * k / warmup_steps) * (lr_min + FALL * (1 + cos(pi * HELD / period)) / 2),
    ),
}
"""Beside each bug the formula that it computes."""


def _row(name: str, make: Factory, expected: str = "deviates") -> Planted:
    return planted(name, make, expected, formula=FORMULAS[make.__name__])


PROGRAMS = (
    _row("step_decay", falls_one_step_early),
    _row("step_decay", falls_one_step_late),
    _row("step_decay", falls_without_steps),
    _row("step_decay", rises_by_the_factor),
    _row("step_decay", falls_only_once),
    _row("exponential", exponential_counts_from_one),
    _row("exponential", exponential_inverted),
    _row("exponential", exponential_linear),
    _row("cosine_annealing", cosine_without_pi),
    _row("cosine_annealing", cosine_counts_from_one),
    _row("cosine_annealing", cosine_floor_added),
    _row("cosine_annealing", cosine_not_halved),
    _row("cosine_annealing", cosine_upside_down),
    _row("cosine_annealing", cosine_never_ends, "variant:cosine_annealing/periodic"),
    _row("warmup", warmup_counts_from_one),
    _row("warmup", warmup_from_zero),
    _row("warmup", warmup_start_taken_as_a_rate),
    _row("warmup+cosine_annealing", warmup_cosine_not_shifted),
    _row("step_decay", step_decay_subtracts),
    _row("step_decay", step_decay_on_the_boundary_only),
    _row("exponential", exponential_natural),
    _row("exponential", exponential_compounded),
    _row("cosine_annealing", cosine_pi_of_three_digits),
    _row("cosine_annealing", cosine_floor_added_twice),
    _row("cosine_annealing", cosine_floor_as_a_bound),
    _row("cosine_annealing", cosine_of_integer_division),
    _row("cosine_annealing", cosine_as_a_line),
    _row("cosine_annealing", cosine_starts_anew),
    _row("warmup", warmup_quadratic),
    _row("warmup+cosine_annealing", warmup_times_cosine),
)
