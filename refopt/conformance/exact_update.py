"""One exact update of single elements, to 50 digits, from any values before it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from refopt.exact.numbers import mpmath_numbers
from refopt.language.expression import Kind
from refopt.language.program import Program, program
from refopt.language.rule import Rule
from refopt.rounding.bound import Block

DIGITS = 50


def exact_update(rule: Rule, block: Block) -> dict[str, list[Any]]:
    """theta and every state variable after the update of a block; None for an element without an exact value (0/0)."""
    numbers, made = mpmath_numbers(), _program(rule)
    names = ("theta", *rule.state_names)
    integers = {h.name for h in rule.hyper if h.symbol.kind is Kind.INTEGER}
    position = {let.name: i for i, let in enumerate(rule.steps)}
    with numbers.precision(DIGITS):
        scalars = {name: int(x) if name in integers else numbers.number(x) for name, x in block.hyper.items()}
        columns = [[numbers.number(Fraction(fraction(x))) for x in values] for values in (*(block.before[n] for n in names), block.g)]
        try:
            known = made.prelude({**scalars, "t": block.t})
        except (ArithmeticError, ValueError):
            return {name: [None] * len(block.g) for name in names}
        rows = [_tried(made, dict(zip((*names, "g"), row, strict=True)), known) for row in zip(*columns, strict=True)]
    return {
        name: [None if row is None else row[position[name]] if name in position else before for row, before in zip(rows, column, strict=True)]
        for name, column in zip(names, columns, strict=False)
    }


def _tried(made: Program, given: Mapping[str, Any], scalars: Sequence[Any]) -> list[Any] | None:
    try:
        row = made.body(given, scalars)
    except (ArithmeticError, ValueError, TypeError):
        return None
    return row if all(is_finite(x) for x in row) else None


def is_finite(x: Any) -> bool:
    """Whether this is a finite real number of some sort."""
    raw = getattr(x, "_mpf_", None)
    if raw is not None:
        return bool(raw[1]) or raw[2] == 0
    return isinstance(x, int | float | Fraction) and math.isfinite(x)


def fraction(x: Any) -> Fraction:
    """A finite number (float, int, Fraction, mpmath's) as a fraction, exactly."""
    raw = getattr(x, "_mpf_", None)
    if raw is None:
        return Fraction(x)
    sign, mantissa, exponent, _ = raw
    size = int(mantissa) * Fraction(2) ** int(exponent)
    return -size if sign else size


_PROGRAMS: dict[int, tuple[Rule, Program]] = {}


def _program(rule: Rule) -> Program:
    known = _PROGRAMS.get(id(rule))
    if known is None:
        made = program([(let.name, let.value) for let in rule.steps], mpmath_numbers().arithmetic)
        known = _PROGRAMS[id(rule)] = (rule, made)
    return known[1]
