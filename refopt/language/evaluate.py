"""One tree, many arithmetics: a tree is evaluated in whatever numbers it is handed.

An `Arithmetic` is a table of Python functions, one for each operation. Integers stay exact integers:
whatever is built from literals and integer symbols only (t, k, `every`, `period`) is computed in fractions,
so that `floor`, exponents and conditions on the step counter are decided exactly in every arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

from refopt.errors import NotImplementedYet, UndefinedName
from refopt.language.expression import Expression, Kind
from refopt.language.lists import entries, listed


@dataclass(frozen=True, eq=False)
class Arithmetic:
    """Numbers of one sort: how a fraction becomes one, pi, and what each operation does to them. One is equal to itself alone.

    `operations["pow"]` gets a Python int as exponent wherever the tree's exponent is an integer.
    A condition returns a Python bool, or whatever `operations["where"]` understands.
    """

    name: str
    literal: Callable[[Fraction], Any]
    pi: Callable[[], Any]
    operations: Mapping[str, Callable[..., Any]] = field(repr=False)


def evaluate(node: Expression, environment: Mapping[str, Any], arithmetic: Arithmetic) -> Any:
    """The value of a tree, in `arithmetic`'s numbers.

    `environment` maps symbol names to numbers of that arithmetic; integer symbols to Python ints.
    Raises UndefinedName for a symbol without a value, NotImplementedYet for an operation without a meaning there.
    """
    return Evaluation(environment, arithmetic).value(node)


class Evaluation:
    """Values of many trees in one environment; equal sub-trees are computed once."""

    def __init__(self, environment: Mapping[str, Any], arithmetic: Arithmetic) -> None:
        self.environment = environment
        self.arithmetic = arithmetic
        self._values: dict[int, tuple[Expression, Any]] = {}

    def value(self, node: Expression) -> Any:
        """The value of `node`."""
        known = self._values.get(id(node))
        if known is None:
            known = (node, self._compute(node))
            self._values[id(node)] = known
        return known[1]

    def _compute(self, node: Expression) -> Any:
        arithmetic = self.arithmetic
        if node.op == "symbol":
            value = _look_up(node, self.environment)
            return arithmetic.literal(Fraction(value)) if node.kind is Kind.INTEGER else value
        if node.op == "constant":
            return arithmetic.pi()
        if is_integral(node):
            exact = rational(node, self.environment)
            return exact if isinstance(exact, bool) else arithmetic.literal(exact)
        if node.op == "where":
            condition = self.value(node.args[0])
            if isinstance(condition, bool):
                return self.value(node.args[1] if condition else node.args[2])
            return self._apply("where", condition, self.value(node.args[1]), self.value(node.args[2]))
        if node.op == "pow" and is_integral(node.args[1]):
            exponent = rational(node.args[1], self.environment)
            if not isinstance(exponent, bool) and exponent.denominator == 1:
                return self._apply("pow", self.value(node.args[0]), int(exponent))
        return self._apply(node.op, *(self.value(a) for a in node.args))

    def _apply(self, op: str, *values: Any) -> Any:
        if op not in self.arithmetic.operations:
            raise NotImplementedYet(f"the operation {op} has no meaning in {self.arithmetic.name} numbers: this arithmetic has no line for it")
        return self.arithmetic.operations[op](*values)


def _look_up(node: Expression, environment: Mapping[str, Any]) -> Any:
    assert node.name is not None
    if node.name not in environment:
        raise UndefinedName(f"{node.name} has no value", help=f"known here: {', '.join(environment)}")
    return environment[node.name]


def ilog(x: Fraction | int, base: Fraction | int) -> int:
    """The largest whole number i with base^i <= x; 0 where x < 1 or base < 2. Divisions and comparisons of exact numbers alone.

    >>> [ilog(x, 3) for x in (1, 2, 3, 8, 9, 242, 243)]
    [0, 0, 1, 1, 2, 4, 5]
    """
    found = 0
    while 2 <= base <= x:
        x, found = Fraction(x) / base, found + 1
    return found


_RATIONAL_OPERATIONS: dict[str, Callable[..., Any]] = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "neg": lambda x: -x,
    "square": lambda x: x * x,
    "pow": lambda x, y: x ** int(y),
    "abs": abs,
    "max": max,
    "min": min,
    "floor": lambda x: Fraction(math.floor(x)),
    "ilog": lambda x, base: Fraction(ilog(x, base)),
    "lt": lambda x, y: x < y,
    "le": lambda x, y: x <= y,
    "gt": lambda x, y: x > y,
    "ge": lambda x, y: x >= y,
    "eq": lambda x, y: x == y,
    "and": lambda x, y: x and y,
    "or": lambda x, y: x or y,
    "where": lambda c, x, y: x if c else y,
}


@lru_cache(maxsize=1 << 16)
def is_integral(node: Expression) -> bool:
    """True where the tree is made of literals, integer symbols and rational operations only, so that it has an exact value, and one soon found.

    A power whose exponent moves is not: 0.96^t has as many digits as t, of which there may be 2^31.
    """
    if node.op == "literal":
        return True
    if node.op == "symbol":
        return node.kind is Kind.INTEGER
    if node.op == "pow" and node.args[1].op != "literal":
        return False
    return (node.op in _RATIONAL_OPERATIONS or node.op == "count") and all(is_integral(a) for a in node.args)


def is_rational(node: Expression) -> bool:
    """True where every operation of the tree gives a rational number for rational symbols, and quickly."""
    if node.op == "pow":
        return is_rational(node.args[0]) and node.args[1].op == "literal" and node.args[1].kind is Kind.INTEGER
    return node.op in ("literal", "symbol") or (node.op in _RATIONAL_OPERATIONS and all(is_rational(a) for a in node.args))


def rational(node: Expression, environment: Mapping[str, Any]) -> Any:
    """The exact value of a tree whose symbols stand for ints or Fractions: a Fraction, or a bool for a condition."""
    if node.op == "literal":
        return node.value
    if node.op == "symbol":
        return Fraction(_look_up(node, environment))
    if node.op == "count":
        return _counted(node.args[0], environment)
    if node.op not in _RATIONAL_OPERATIONS:
        raise NotImplementedYet(f"{node} has no exact rational value")
    if node.op == "where":
        return rational(node.args[1] if rational(node.args[0], environment) else node.args[2], environment)
    return _RATIONAL_OPERATIONS[node.op](*(rational(a, environment) for a in node.args))


def _counted(condition: Expression, environment: Mapping[str, Any]) -> Fraction:
    """The number of entries of the list in a condition for which it holds; of a condition without one, 1 where it holds."""
    of = listed(condition)
    if of is None:
        return Fraction(int(rational(condition, environment)))
    name = str(of.name)
    values = entries(name, environment)
    if not values:
        raise UndefinedName(f"{name} has no entries", help=f"known here: {', '.join(environment)}")
    return Fraction(sum(bool(rational(condition, {**environment, name: x})) for x in values))


def binary64(written: str | int | float | Fraction) -> Fraction:
    """The binary64 number that a written number denotes, exactly: "0.999" is 0.99899999999999999911...

    This is what an implementation receives, so this is what an exact run uses.
    """
    return Fraction(float(written))
