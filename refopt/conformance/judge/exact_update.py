"""One exact update of single elements, to 50 digits, from any values before it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from refopt.exact.mpmath_numbers import MP
from refopt.exact.numbers import Numbers, mpmath_numbers
from refopt.language.compile import Program, compiled
from refopt.language.evaluate import evaluate
from refopt.language.expression import Kind
from refopt.language.rule import Rule
from refopt.rounding.bound import Block
from refopt.rounding.error_bounds import as_fraction

DIGITS = 50


def exact_update(rule: Rule, block: Block) -> dict[str, list[Any]]:
    """theta and every state variable after the update of a block; None for an element without an exact value (0/0)."""
    if not len(block.g):  # an empty tensor, or no element of which anything is known: a state of one value has no value either
        return {name: [] for name in ("theta", *rule.state_names)}
    numbers = mpmath_numbers()
    made = compiled([(let.name, let.value) for let in rule.steps], numbers.arithmetic)
    names = ("theta", *rule.state_names)
    integers = {h.name for h in rule.hyper if h.symbol.kind is Kind.INTEGER}
    position = {let.name: i for i, let in enumerate(rule.steps)}
    with numbers.precision(DIGITS):
        scalars = {name: int(x) if name in integers else numbers.number(x) for name, x in block.hyper.items()}
        columns = [[_exactly(x, numbers) for x in values] for values in (*(block.before[n] for n in names), block.g)]
        numbered = {**scalars, "t": block.t, **_of_one_value(rule, dict(zip(names, columns, strict=False)))}
        try:
            known: list[Any] | None = made.prelude(numbered)
        except (ArithmeticError, ValueError):
            known = None
        rows = _rows(rule, made, dict(zip((*names, "g"), columns, strict=True)), known, numbered)
    return {
        name: [row[position[name]] if name in position else before for row, before in zip(rows, column, strict=True)]
        for name, column in zip(names, columns, strict=False)
    }


def _exactly(x: Any, numbers: Numbers) -> Any:
    """A finite number as an mpf: a binary64 number has fewer digits than DIGITS, so that nothing is rounded."""
    return MP.mpf(x) if type(x) is float else numbers.number(Fraction(fraction(x)))


def _rows(rule: Rule, made: Program, columns: Mapping[str, Sequence[Any]], scalars: Sequence[Any] | None, numbered: Mapping[str, Any]) -> list[Sequence[Any]]:
    """Every assigned value of each element: all in one go, or one by one where some value does not exist."""
    count = len(columns["g"])
    if scalars is not None:
        try:
            rows: list[Sequence[Any]] = list(made.rows(count, columns, scalars))
        except (ArithmeticError, ValueError, TypeError):
            rows = []
        if rows and all(is_finite(x) for row in rows for x in row):
            return rows
    return [_row(rule, made, {n: column[i] for n, column in columns.items()}, scalars, numbered) for i in range(count)]


def _row(rule: Rule, made: Program, given: Mapping[str, Any], scalars: Sequence[Any] | None, numbered: Mapping[str, Any]) -> list[Any]:
    """Every assigned value of one element; None for those that do not exist."""
    if scalars is not None:
        try:
            row = made.body(given, scalars)
        except (ArithmeticError, ValueError, TypeError):
            row = []
        if row and all(is_finite(x) for x in row):
            return row
    return _one_by_one(rule, {**given, **numbered})


def _of_one_value(rule: Rule, columns: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """The states of one value as scalars of the update: an integer as Python's own."""
    return {s.name: int(columns[s.name][0]) if s.kind is Kind.INTEGER else columns[s.name][0] for s in rule.scalar_state}


def _one_by_one(rule: Rule, known: dict[str, Any]) -> list[Any]:
    """The assignments by themselves: what divides by zero has no value, and nothing that is made of it has one."""
    arithmetic = mpmath_numbers().arithmetic
    row = []
    for let in rule.steps:
        try:
            value = evaluate(let.value, known, arithmetic) if all(known[str(s.name)] is not None for s in let.value.symbols()) else None
        except (ArithmeticError, ValueError, TypeError):
            value = None
        known[let.name] = value if value is not None and is_finite(value) else None
        row.append(known[let.name])
    return row


def is_finite(x: Any) -> bool:
    """True where this is a finite real number of some sort."""
    raw = getattr(x, "_mpf_", None)
    if raw is not None:
        return bool(raw[1]) or raw[2] == 0
    return isinstance(x, int | float | Fraction) and math.isfinite(x)


def fraction(x: Any) -> Fraction:
    """A finite number (float, int, Fraction, mpmath's) as a fraction, exactly."""
    return as_fraction(x)
