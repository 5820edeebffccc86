"""Shared parts of the C, JavaScript and Rust backends: operators that bind in the order of Python's, and literals."""

from __future__ import annotations

from fractions import Fraction

from refopt.language.expression import Expression
from refopt.language.operations import SMOOTH
from refopt.lowering.printer import ATOM, Spelling, decimal_text
from refopt.lowering.python import AND, CHOICE, COMPARE, OPERATORS, OR, PRODUCT, SIGN, SUM

FUNCTIONS = ("sqrt", "floor", *SMOOTH)
"""The library's functions of one number that have the same name everywhere."""

INFIX: dict[str, Spelling] = {
    **{op: OPERATORS[op] for op in ("add", "sub", "mul", "div", "neg", "lt", "le", "gt", "ge")},
    "eq": Spelling("{0} == {1}", COMPARE, (SUM, SUM)),
    "and": Spelling("{0} && {1}", AND, (AND, COMPARE)),
    "or": Spelling("{0} || {1}", OR, (OR, COMPARE)),
    "where": Spelling("{0} ? {1} : {2}", CHOICE, (AND, AND, AND)),
}
SQUARE = Spelling("{0} * {1}", PRODUCT, (PRODUCT, SIGN))
"""The square of something that is short to write."""


def literal(value: Fraction, bare: bool) -> tuple[str, int]:
    """A literal; what has no finite decimal is a quotient of two."""
    decimal = decimal_text(value)
    if decimal is None:
        return f"{value.numerator}.0 / {value.denominator}.0", PRODUCT
    point = "" if bare or not decimal.lstrip("-").isdigit() else ".0"
    return decimal + point, SIGN if value < 0 else ATOM


def branches(node: Expression) -> list[tuple[Expression | None, Expression]]:
    """A choice at the root as conditions and values, the last without a condition: `if` statements read better than a long line."""
    if node.op != "where":
        return [(None, node)]
    condition, then, otherwise = node.args
    return [(condition, then), *branches(otherwise)]
