"""The part that a hyperparameter plays in a formula, by where it stands and what it may be, and the values that people give to it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import cache

from refopt.catalogue.symbols import lr
from refopt.errors import RefoptError
from refopt.language.expression import Expression, Kind
from refopt.language.hyper import Hyper
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule


class Part(Enum):
    """The part that a hyperparameter plays."""

    RATE = "rate"
    EPSILON = "epsilon"
    END = "end of a rate"
    AVERAGE = "decay of an average"
    COUNT = "count"
    STRENGTH = "strength"


VALUES: dict[Part, tuple[str, ...]] = {
    Part.RATE: ("0.001", "0.01", "0.1", "0.0001", "0.0003", "0.0002", "0.003", "0.002", "0.02", "0.05", "0.5", "1", "0.00001", "0"),
    Part.EPSILON: ("1e-8", "1e-7", "1e-6", "1e-10", "1e-12", "1e-15", "1e-16", "1e-5", "1e-4", "0.001", "0"),
    Part.END: ("0", "1e-6", "0.00001", "0.0001", "0.001", "0.01", "0.1", "1"),
    Part.AVERAGE: ("0.9", "0.999", "0.95", "0.99", "0.98", "0.9999", "0.8", "0.85", "0.5", "0"),
    Part.STRENGTH: ("0", "0.01", "0.1", "0.0001", "0.001", "0.05", "0.0005", "0.9", "0.95", "0.99", "0.5", "0.8", "1"),
    Part.COUNT: (),
}
"""Values that frameworks and papers use."""


@cache
def part(concept: Rule | Schedule, h: Hyper) -> Part:
    """The part that a hyperparameter of a rule or schedule plays."""
    if h.symbol.kind is Kind.INTEGER:
        return Part.COUNT
    if h.symbol == lr:
        return Part.RATE
    if isinstance(concept, Schedule):
        return Part.END if _is_end(concept, h) else Part.STRENGTH
    if all(_stands_beside_a_divisor(let.value, h.symbol, False) for let in concept.steps):
        return Part.EPSILON
    return Part.STRENGTH if _may_be(h, "1") else Part.AVERAGE


def values(concept: Rule | Schedule, h: Hyper) -> tuple[str, ...]:
    """Values that a hyperparameter may be held at, its default first; those outside its domain are left out."""
    usual = VALUES[part(concept, h)]
    return tuple(dict.fromkeys(x for x in (h.default, *usual) if _may_be(h, x)))


def _may_be(h: Hyper, value: str) -> bool:
    try:
        h.value(value)
    except RefoptError:
        return False
    return True


def _stands_beside_a_divisor(tree: Expression, symbol: Expression, inside: bool) -> bool:
    """Whether a symbol stands, wherever it does, as a term of a sum in a divisor or under a root: what keeps a division finite."""
    if tree == symbol:
        return False
    if tree.op == "add" and inside:
        return all(x == symbol or _stands_beside_a_divisor(x, symbol, inside) for x in tree.args)
    return all(_stands_beside_a_divisor(x, symbol, inside or tree.op == "sqrt" or (tree.op == "div" and i == 1)) for i, x in enumerate(tree.args))


def _holds(tree: Expression, symbol: Expression) -> bool:
    return symbol in set(tree.symbols())


def _is_end(schedule: Schedule, h: Hyper) -> bool:
    """Whether the rate is a weighted mean of a hyperparameter and something else at every step: straight in it, and not nothing where it is nothing."""
    return all(_is_straight(piece, h.symbol) for piece in _pieces(schedule.rate))


def _pieces(tree: Expression) -> Iterator[Expression]:
    """The branches of a rate."""
    if tree.op == "where":
        for branch in tree.args[1:]:
            yield from _pieces(branch)
    else:
        yield tree


def _is_straight(tree: Expression, symbol: Expression) -> bool:
    """Whether a tree is of the first degree in a symbol and has a part without it."""
    if not _holds(tree, symbol):
        return True
    made, x = tree.sym, symbol.sym
    return bool(made.diff(x, 2) == 0) and bool(made.subs(x, 0) != 0)
