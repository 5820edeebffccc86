"""The bound of a schedule: how far a rate computed in binary64 may be off.

A correct program may evaluate the closed form, or go from step to step by the recursion; the bound is the worse of
the two. The recursion is run step by step with its error: near the end of a cosine it is amplified a thousandfold,
and rightly so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from refopt.language.expression import Expression
from refopt.language.schedule import Schedule, lr_prev
from refopt.rounding.error_bounds import ErrorBounds
from refopt.rounding.extended_range import from_exact
from refopt.rounding.formats import FLOAT64, Format
from refopt.rounding.normal_form import Names
from refopt.rounding.scalars import Ball, Scalars, number

REMEMBERED = 4096
"""Bounds that are remembered: every implementation of a schedule is judged by the same ones, and every wrong one by those of the same edits."""


def schedule_radii(schedule: Schedule, hyper: Mapping[str, Fraction], steps: Sequence[int], formed_in: Format = FLOAT64) -> ErrorBounds:
    """The bound of the rate at each of `steps`, for programs in binary64 (or, a cause of reduced precision, in `formed_in`)."""
    return ErrorBounds(from_exact(_worst(schedule.rate, schedule.recursion, tuple(sorted(hyper.items())), tuple(steps), formed_in)))


@lru_cache(REMEMBERED)
def _worst(
    rate: Expression, recursion: Expression | None, given: tuple[tuple[str, Fraction], ...], steps: tuple[int, ...], formed_in: Format
) -> tuple[Any, ...]:
    hyper = dict(given)
    closed = {k: _at(hyper, k, formed_in).tree(rate) for k in sorted(set(steps))}
    worst = {k: ball.e for k, ball in closed.items()}
    if recursion is not None and steps:
        found = _at(hyper, 0, formed_in).tree(rate)
        for k in range(1, max(steps) + 1):
            at = _at(hyper, k, formed_in)
            at.balls[str(lr_prev.name)] = found
            found = _with_exact_centre(at.tree(recursion), (closed[k] if k in closed else at.tree(rate)).x)
            if k in worst:
                worst[k] = max(worst[k], found.e)
    return tuple(worst[k] * (1 + number(2) ** -29) for k in steps)


def _at(hyper: Mapping[str, Fraction], k: int, formed_in: Format) -> Scalars:
    return Scalars(Names(), {**hyper, "k": Fraction(k)}, 0, formed_in)


def _with_exact_centre(rate: Ball, exact: Any) -> Ball:
    """The recursion's error around the closed form's exact value: both are the same function."""
    return Ball(exact, rate.e + abs(rate.x - exact))
