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

from refopt.language.evaluate import rational
from refopt.language.expression import Expression, Kind
from refopt.language.lists import entries
from refopt.language.role import Role
from refopt.language.schedule import Schedule, lr_prev
from refopt.rounding.error_bounds import ErrorBounds, as_fraction
from refopt.rounding.extended_range import from_exact
from refopt.rounding.formats import FLOAT64, Format
from refopt.rounding.normal_form import Names
from refopt.rounding.scalars import Ball, Scalars, Undecided, number

REMEMBERED = 4096
"""Bounds that are remembered: every implementation of a schedule is judged by the same ones, and every wrong one by those of the same edits."""


def schedule_radii(
    schedule: Schedule, hyper: Mapping[str, Fraction], steps: Sequence[int], formed_in: Format = FLOAT64, *, either: bool = False
) -> ErrorBounds:  # fmt: skip
    """The bound of the rate at each of `steps`, for programs in binary64 (or, a cause of reduced precision, in `formed_in`).

    either  a program may go from one way of computing to the other at any step: the recursion begins from what is worse of the two
    """
    given = tuple(sorted(hyper.items()))
    if schedule.waits:
        return ErrorBounds(from_exact(_after_metrics(schedule, given, tuple(steps), formed_in)))
    return ErrorBounds(from_exact(_worst(schedule.rate, schedule.recursion, given, tuple(steps), formed_in, either)))


@lru_cache(REMEMBERED)
def _worst(
    rate: Expression, recursion: Expression | None, given: tuple[tuple[str, Fraction], ...], steps: tuple[int, ...], formed_in: Format, either: bool = False
) -> tuple[Any, ...]:
    hyper = dict(given)
    closed = {k: _at(hyper, k, formed_in).tree(rate) for k in sorted(set(steps))}
    worst = {k: ball.e for k, ball in closed.items()}
    if recursion is not None and steps:
        found = _at(hyper, 0, formed_in).tree(rate)
        for k in range(1, max(steps) + 1):
            at = _at(hyper, k, formed_in)
            at.balls[str(lr_prev.name)] = found
            exactly = closed[k] if k in closed else at.tree(rate)
            found = _with_exact_centre(at.tree(recursion), exactly.x)
            if either:
                found = Ball(found.x, max(found.e, exactly.e))
            if k in worst:
                worst[k] = max(worst[k], found.e)
    return tuple(worst[k] * (1 + number(2) ** -29) for k in steps)


@lru_cache(REMEMBERED)
def _after_metrics(schedule: Schedule, given: tuple[tuple[str, Fraction], ...], steps: tuple[int, ...], formed_in: Format) -> tuple[Any, ...]:
    """The bounds after so many metrics: counts are exact, numbers carry their error along; no claim from where on rounding may turn a count round."""
    hyper = dict(given)
    metrics = next((entries(h.name, hyper) for h in schedule.of_role(Role.METRIC)), None)
    moves = [{}] * max(steps, default=0) if metrics is None else [{"metric": x} for x in metrics]
    at = _Measured(hyper, 0, formed_in)
    for s in schedule.state:
        _keep(at, s.symbol, s.initial)
    found = [at.tree(schedule.rate).e]
    for k, measured in enumerate(moves):
        after = _Measured({**at.exact, **measured}, k, formed_in)
        after.balls = dict(at.balls)
        try:
            for let in schedule.steps:
                _keep(after, let.symbol, let.value)
        except Undecided:
            break
        at = after
        found.append(at.tree(schedule.rate).e)
    found += [number(2) ** 4096] * (max(steps, default=0) + 1 - len(found))
    return tuple(found[k] * (1 + number(2) ** -29) for k in steps)


def _keep(at: Scalars, symbol: Expression, value: Expression) -> None:
    """Put the new value of a state beside what is known: a count exactly, a number with its error."""
    if symbol.kind is Kind.INTEGER:
        while value.op == "where":
            value = value.args[1] if at.decided(value.args[0]) else value.args[2]
        at.exact[str(symbol.name)] = rational(value, at.exact)
        return
    at.balls[str(symbol.name)] = at.tree(value)


class _Measured(Scalars):
    """Scalars of which an operation on exact numbers is exact where the result is a number of the format: a metric that is equal to a limit is not below it."""

    def __init__(self, hyper: Mapping[str, Fraction], k: int, formed_in: Format) -> None:
        super().__init__(Names(), {**hyper, "k": Fraction(k)}, 0, formed_in)
        self.formed_in = formed_in

    def rounded(self, x: Any, e: Any) -> Ball:
        return Ball(x, e) if e == 0 and self.formed_in.represents(as_fraction(x)) else super().rounded(x, e)


def _at(hyper: Mapping[str, Fraction], k: int, formed_in: Format) -> Scalars:
    return Scalars(Names(), {**hyper, "k": Fraction(k)}, 0, formed_in)


def _with_exact_centre(rate: Ball, exact: Any) -> Ball:
    """The recursion's error around the closed form's exact value: both are the same function."""
    return Ball(exact, rate.e + abs(rate.x - exact))
