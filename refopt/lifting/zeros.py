"""Zeros of a tree: a formula of `and` and `or` over "this symbol is zero", read off the signs of its parts.

A sum of two numbers that are not negative is zero where both are; a product where one is. What the signs do not tell is an atom.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from refopt.language.expression import Expression
from refopt.language.text import canonical
from refopt.lifting.ranges import Ranges

Zero: TypeAlias = "bool | Atom | All | One"
MOST_ATOMS = 12
"""Atoms whose combinations are tried; above that nothing is said."""


@dataclass(frozen=True)
class Atom:
    """That one thing is zero."""

    name: str


@dataclass(frozen=True)
class All:
    """That all of these hold."""

    parts: tuple[Zero, ...]


@dataclass(frozen=True)
class One:
    """That one of these holds at least."""

    parts: tuple[Zero, ...]


def zeros(node: Expression, ranges: Ranges, *, wide: bool) -> Zero:
    """Zeros of the tree. Of a choice: those of either side (`wide`: never too few places), or of both (never too many)."""
    if ranges.of(node).has_no_zero:
        return False
    if node.op == "literal":
        return node.value == 0
    args = node.args
    if node.op in ("neg", "sqrt", "square", "abs", "sign", "tanh", "cast", "div"):
        return zeros(args[0], ranges, wide=wide)
    if node.op == "pow" and ranges.of(args[1]).is_positive:
        return zeros(args[0], ranges, wide=wide)
    if node.op == "mul":
        return One(tuple(zeros(a, ranges, wide=wide) for a in args))
    if node.op == "where":
        sides = tuple(zeros(a, ranges, wide=wide) for a in args[1:])
        return One(sides) if wide else All(sides)
    if node.op in ("add", "sub", "max", "min") and (joined := _of_two(node, ranges, wide=wide)) is not None:
        return joined
    return Atom(str(node.name) if node.op == "symbol" else canonical(node))


def _of_two(node: Expression, ranges: Ranges, *, wide: bool) -> Zero | None:
    x, y = (ranges.of(a) for a in node.args)
    if node.op == "sub":
        y = -y
    same = (x.is_nonnegative and y.is_nonnegative) or (x.is_nonpositive and y.is_nonpositive)
    if not same:
        return None
    parts = tuple(zeros(a, ranges, wide=wide) for a in node.args)
    either = node.op == ("min" if x.is_nonnegative else "max")
    return One(parts) if either and node.op in ("max", "min") else All(parts)


def follows(one: Zero, other: Zero) -> bool:
    """True where the other holds wherever the one does."""
    names = sorted({*_names(one), *_names(other)})
    if len(names) > MOST_ATOMS:
        return False
    for answers in product((True, False), repeat=len(names)):
        given = dict(zip(names, answers, strict=True))
        if _holds(one, given) and not _holds(other, given):
            return False
    return True


def _names(x: Zero) -> Iterable[str]:
    if isinstance(x, Atom):
        yield x.name
    elif isinstance(x, All | One):
        for part in x.parts:
            yield from _names(part)


def _holds(x: Zero, given: Mapping[str, bool]) -> bool:
    if isinstance(x, Atom):
        return given[x.name]
    if isinstance(x, All):
        return all(_holds(p, given) for p in x.parts)
    if isinstance(x, One):
        return any(_holds(p, given) for p in x.parts)
    return x
