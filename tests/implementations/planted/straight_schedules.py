"""Schedules of one stretch and a rest with one thing wrong: an object with `rate(k, **hyper)`."""

from __future__ import annotations

from refopt.catalogue.schedules.constant import CONSTANT
from refopt.catalogue.schedules.constant_factor import CONSTANT_FACTOR
from refopt.catalogue.schedules.linear import LINEAR
from refopt.catalogue.schedules.polynomial import POLYNOMIAL
from refopt.catalogue.symbols import degree, end_factor, factor, lr, lr_min, span, start_factor
from refopt.language.expression import k, maximum, minimum, where

from ..formula import with_rate
from ..program import Factory, Planted, planted, schedule

# constant


@schedule
def constant_as_a_multiplier(k: int, *, lr: float) -> float:
    """The rate is returned to code that multiplies the rate by it."""
    return lr * lr


@schedule
def constant_after_the_first(k: int, *, lr: float) -> float:
    """The first rate is 0, as if something warmed up."""
    return lr if k > 0 else 0.0


@schedule
def constant_that_falls(k: int, *, lr: float) -> float:
    """lr/(k + 1)."""
    return lr / (k + 1)


# constant_factor


@schedule
def share_one_step_too_long(k: int, *, lr: float, factor: float, span: int) -> float:
    """k <= span."""
    return lr * factor if k <= span else lr


@schedule
def share_taken_twice(k: int, *, lr: float, factor: float, span: int) -> float:
    """lr/factor after the first steps, as if they had changed the rate itself."""
    return lr * factor if k < span else lr / factor if factor else lr


@schedule
def share_at_the_end(k: int, *, lr: float, factor: float, span: int) -> float:
    """The whole rate first, then the share of it."""
    return lr if k < span else lr * factor


# linear


@schedule
def line_without_an_end(k: int, *, lr: float, start_factor: float, end_factor: float, span: int) -> float:
    """Not held after the last step."""
    return lr * (start_factor + (end_factor - start_factor) * k / span)


@schedule
def line_reaches_the_end_early(k: int, *, lr: float, start_factor: float, end_factor: float, span: int) -> float:
    """(k + 1)/span: the first share is never used."""
    return lr * (start_factor + (end_factor - start_factor) * min(k + 1, span) / span)


@schedule
def line_adds_the_whole_end(k: int, *, lr: float, start_factor: float, end_factor: float, span: int) -> float:
    """start + end k/span."""
    return lr * (start_factor + end_factor * min(k, span) / span)


@schedule
def line_turned_round(k: int, *, lr: float, start_factor: float, end_factor: float, span: int) -> float:
    """From the end to the start."""
    return lr * (end_factor + (start_factor - end_factor) * min(k, span) / span)


# polynomial


@schedule
def polynomial_of_what_is_done(k: int, *, lr: float, lr_min: float, span: int, degree: float) -> float:
    """1 - (k/span)^degree."""
    return float(lr_min + (lr - lr_min) * (1 - (min(k, span) / span) ** degree))


@schedule
def polynomial_floor_as_a_bound(k: int, *, lr: float, lr_min: float, span: int, degree: float) -> float:
    """max(lr_min, lr (1 - k/span)^degree)."""
    return float(max(lr_min, lr * (1 - min(k, span) / span) ** degree))


@schedule
def polynomial_always_straight(k: int, *, lr: float, lr_min: float, span: int, degree: float) -> float:
    """degree is accepted and not used."""
    return lr_min + (lr - lr_min) * (1 - min(k, span) / span)


DONE = minimum(k, span) / span
FORMULAS = {
    "constant_as_a_multiplier": with_rate(CONSTANT, lr * lr),
    "constant_after_the_first": with_rate(CONSTANT, where(k > 0, lr, 0)),
    "constant_that_falls": with_rate(CONSTANT, lr / (k + 1)),
    "share_one_step_too_long": with_rate(CONSTANT_FACTOR, where(k <= span, lr * factor, lr)),
    "share_taken_twice": with_rate(CONSTANT_FACTOR, where(k < span, lr * factor, where(factor > 0, lr / factor, lr))),
    "share_at_the_end": with_rate(CONSTANT_FACTOR, where(k < span, lr, lr * factor)),
    "line_without_an_end": with_rate(LINEAR, lr * (start_factor + (end_factor - start_factor) * k / span)),
    "line_reaches_the_end_early": with_rate(LINEAR, lr * (start_factor + (end_factor - start_factor) * minimum(k + 1, span) / span)),
    "line_adds_the_whole_end": with_rate(LINEAR, lr * (start_factor + end_factor * DONE)),
    "line_turned_round": with_rate(LINEAR, lr * (end_factor + (start_factor - end_factor) * DONE)),
    "polynomial_of_what_is_done": with_rate(POLYNOMIAL, lr_min + (lr - lr_min) * (1 - DONE**degree)),
    "polynomial_floor_as_a_bound": with_rate(POLYNOMIAL, maximum(lr_min, lr * (1 - DONE) ** degree)),
    "polynomial_always_straight": with_rate(POLYNOMIAL, lr_min + (lr - lr_min) * (1 - DONE)),
}
"""Beside each bug the formula that it computes."""


def _row(name: str, make: Factory) -> Planted:
    return planted(name, make, "deviates", formula=FORMULAS[make.__name__])


PROGRAMS = (
    _row("constant", constant_as_a_multiplier),
    _row("constant", constant_after_the_first),
    _row("constant", constant_that_falls),
    _row("constant_factor", share_one_step_too_long),
    _row("constant_factor", share_taken_twice),
    _row("constant_factor", share_at_the_end),
    _row("linear", line_without_an_end),
    _row("linear", line_reaches_the_end_early),
    _row("linear", line_adds_the_whole_end),
    _row("linear", line_turned_round),
    _row("polynomial", polynomial_of_what_is_done),
    _row("polynomial", polynomial_floor_as_a_bound),
    _row("polynomial", polynomial_always_straight),
)
