"""Errors of a correct program's states before its first update: one that starts from a number that its format has not is rounded."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from refopt.language.expression import Expression, Kind
from refopt.language.rule import Rule
from refopt.rounding.error_bounds import ErrorBounds, as_fraction
from refopt.rounding.extended_range import from_exact
from refopt.rounding.formats import Format
from refopt.rounding.normal_form import Names
from refopt.rounding.scalar_table import stored
from refopt.rounding.scalars import Ball, Scalars, number


def start_errors(
    rule: Rule, hyper: Mapping[str, Fraction], theta: Sequence[Any], f: Format, *, given: Collection[str] = (), slack: Mapping[str, Fraction] | None = None,
    formats: Mapping[str, Format] | None = None,
) -> dict[str, ErrorBounds] | None:  # fmt: skip
    """The errors of theta and every state before the first update, one an element; None where all of them are exact.

    theta    the parameter, as the program has it
    given    states that do not start where the rule says: the program's own values of them are exact
    slack    how far a hyperparameter may be off before it is rounded to the format
    formats  of states that are not kept in `f`
    """
    found: dict[str, ErrorBounds] = {}
    for s in rule.state:
        if s.name in given or s.kind is Kind.INTEGER:
            continue
        kept_in = (formats or {}).get(s.name, f)
        settings = tuple((n, hyper[n], (slack or {}).get(n, Fraction(0))) for n in sorted(s.initial.symbol_names - {"theta"}))
        if "theta" in s.initial.symbol_names:
            errors = [_error(s.initial, (*settings, ("theta", as_fraction(x), Fraction(0))), kept_in) if _finite(x) else math.inf for x in theta]
        else:
            errors = [_error(s.initial, settings, kept_in)] * len(theta)
        if any(errors):
            found[s.name] = ErrorBounds(from_exact(errors))
    if not found:
        return None
    return {n: found.get(n, ErrorBounds.zero(len(theta))) for n in ("theta", *rule.state_names)}


def _finite(x: Any) -> bool:
    return not isinstance(x, float) or math.isfinite(x)


@lru_cache(maxsize=4096)
def _error(tree: Expression, settings: tuple[tuple[str, Fraction, Fraction], ...], f: Format) -> Any:
    """The error of an initial value: 0 where it is a number of the format, whoever forms it."""
    scalars = Scalars(Names(), {n: x for n, x, _ in settings}, 0)
    scalars.balls = {n: Ball(number(x), number(e)) for n, x, e in settings if e}
    ball = scalars.tree(tree)
    _, e = stored(ball, f, exact=not ball.e and f.represents(as_fraction(ball.x)))
    return e if e >= 0 else math.inf
