"""The ordered expression tree.

A node remembers the order in which it was written *and* owns an exact SymPy twin, `.sym`.
The tree is the numerics: its order is the order of the floating-point operations.
The twin is the mathematics: what SymPy proves about `.sym` holds for the tree.

Why not bare SymPy: SymPy sorts and flattens sums and products by name, so that renaming a symbol
changes the floating-point result. Nothing in this module imports SymPy until `.sym` is asked for.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Union

from refopt.errors import InexactLiteral, RefoptError
from refopt.language.extent import ELEMENT, GLOBAL, TENSOR, Extent
from refopt.language.operations import RECORD, RECORDS, Gives

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(Enum):
    """Kind of a value: real, integer or boolean."""

    REAL = "real"
    INTEGER = "integer"
    BOOLEAN = "boolean"


OPERATIONS: dict[str, int] = {o.name: o.arity for o in RECORDS}
"""The closed set of operations and their number of arguments (language/operations.py)."""

CONDITIONS = frozenset(o.name for o in RECORDS if o.gives is Gives.BOOLEAN)
"""Operations whose value is a boolean."""

Operand = Union["Expression", int, Fraction, str]
"""An operand of a formula: an expression, an integer, a fraction or a decimal string. Never a binary float."""

_DECIMAL = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?|[+-]?\d+/0*[1-9]\d*", re.ASCII)


@dataclass(frozen=True, repr=False)
class Expression:
    """One node of the tree: a literal, a symbol, a constant or an operation on other nodes.

    op          `literal`, `symbol`, `constant`, or a key of OPERATIONS
    args        the operands, in the written order
    name        of a symbol or constant, as the API spells it
    value       of a literal
    letter      of a symbol: the paper's letter in LaTeX
    sign        of a symbol: "positive", "nonnegative" or None (any real)
    attribute   of a cast: the format; of a reduction: what it goes over
    kind        real, integer or boolean
    extent      one value in all, one a tensor, or one an element

    Two nodes are equal when they were written alike. `<`, `<=`, `>`, `>=` build conditions.
    """

    op: str
    args: tuple[Expression, ...] = ()
    name: str | None = None
    value: Fraction | None = None
    letter: str | None = None
    sign: str | None = None
    attribute: str | None = None
    kind: Kind = Kind.REAL
    extent: Extent = GLOBAL

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Made once: trees are looked up in tables all the time, and every node is made of all the nodes below it."""
        return hash((self.op, self.args, self.name, self.value, self.letter, self.sign, self.attribute, self.kind, self.extent))

    def __reduce__(self) -> tuple[type[Expression], tuple[Any, ...]]:
        """Arguments that go to another process: the fields, not what was made of them (hashes of strings differ there)."""
        return Expression, (self.op, self.args, self.name, self.value, self.letter, self.sign, self.attribute, self.kind, self.extent)

    def __add__(self, other: Operand) -> Expression:
        return operation("add", self, other)

    def __radd__(self, other: Operand) -> Expression:
        return operation("add", other, self)

    def __sub__(self, other: Operand) -> Expression:
        return operation("sub", self, other)

    def __rsub__(self, other: Operand) -> Expression:
        return operation("sub", other, self)

    def __mul__(self, other: Operand) -> Expression:
        return operation("mul", self, other)

    def __rmul__(self, other: Operand) -> Expression:
        return operation("mul", other, self)

    def __truediv__(self, other: Operand) -> Expression:
        return operation("div", self, other)

    def __rtruediv__(self, other: Operand) -> Expression:
        return operation("div", other, self)

    def __neg__(self) -> Expression:
        return operation("neg", self)

    def __pow__(self, exponent: Operand) -> Expression:
        power = literal(exponent)
        return operation("square", self) if power.value == 2 else operation("pow", self, power)

    def __rpow__(self, base: Operand) -> Expression:
        return operation("pow", base, self)

    def __lt__(self, other: Operand) -> Expression:
        return operation("lt", self, other)

    def __le__(self, other: Operand) -> Expression:
        return operation("le", self, other)

    def __gt__(self, other: Operand) -> Expression:
        return operation("gt", self, other)

    def __ge__(self, other: Operand) -> Expression:
        return operation("ge", self, other)

    def __bool__(self) -> bool:
        raise RefoptError(
            f"the condition {self} is a formula, not yet true or false",
            help="write 0 <= x < 1 as the pair (0 <= x, x < 1), and a choice as where(condition, a, b)",
        )

    def __repr__(self) -> str:
        from refopt.language.text import infix

        return infix(self)

    @cached_property
    def sym(self) -> Any:
        """The exact SymPy twin."""
        from refopt.language.symbolic import twin

        return twin(self)

    @property
    def is_scalar(self) -> bool:
        """One value in all: computed once a step, outside the element loop."""
        return self.extent.rank == 0

    def symbols(self) -> Iterator[Expression]:
        """Every symbol in the tree, in the written order, with repetitions."""
        if self.op == "symbol":
            yield self
        for arg in self.args:
            yield from arg.symbols()

    @cached_property
    def symbol_names(self) -> frozenset[str]:
        """The names of all symbols in the tree."""
        own = {str(self.name)} if self.op == "symbol" else set()
        return frozenset(own.union(*(arg.symbol_names for arg in self.args)))

    def walk(self) -> Iterator[Expression]:
        """Every node, each before its operands."""
        yield self
        for arg in self.args:
            yield from arg.walk()


def literal(value: Operand) -> Expression:
    """An exact number as a node: an integer, a fraction, or a decimal or fraction in a string ("0.001", "1/3").

    Raises InexactLiteral for a Python float, RefoptError for a string that is not a number.
    """
    if isinstance(value, Expression):
        return value
    if isinstance(value, float):
        frame = sys._getframe(1)
        while frame.f_back is not None and frame.f_globals.get("__name__") == __name__:
            frame = frame.f_back
        where = f"{frame.f_code.co_filename.rpartition('/')[2]} line {frame.f_lineno}"
        exact = "it is not a number" if value != value or value in (float("inf"), float("-inf")) else _digits(value)
        raise InexactLiteral(
            f"python float {value!r} in a rule is not exact ({exact})",
            help=f'write "{value!r}" or a Fraction                  {where}',
        )
    if isinstance(value, bool) or not isinstance(value, int | Fraction | str):
        raise RefoptError(
            f"{value!r} ({type(value).__name__}) cannot stand in a formula",
            help="use an expression, an int, a Fraction or a decimal string",
        )
    if isinstance(value, str) and not _DECIMAL.fullmatch(value):
        raise RefoptError(f"{value!r} is not a decimal number", help='write it as "0.001", "1e-8" or "1/3"')
    number = Fraction(value)
    kind = Kind.INTEGER if number.denominator == 1 else Kind.REAL
    return Expression("literal", value=number, kind=kind)


def _digits(value: float) -> str:
    from decimal import Decimal

    text = str(Decimal(value))
    return text if len(text) <= 22 else text[:22] + "..."


def operation(op: str, *operands: Operand, attribute: str | None = None) -> Expression:
    """The node `op` on `operands`; its extent is the innermost one of its operands, but for counts and reductions, which go over one."""
    args = tuple(literal(x) for x in operands)
    if op not in OPERATIONS or len(args) != OPERATIONS[op]:
        raise RefoptError(f"no operation {op!r} with {len(args)} operands", help=f"known: {', '.join(OPERATIONS)}")
    inner = GLOBAL if RECORD[op].counts else TENSOR if RECORD[op].reduces else max(a.extent for a in args)
    return Expression(op, args, attribute=attribute, kind=_kind(RECORD[op].gives, args), extent=inner)


def _kind(gives: Gives, args: tuple[Expression, ...]) -> Kind:
    if gives is Gives.LIKE_OPERANDS:
        return Kind.INTEGER if all(a.kind is Kind.INTEGER for a in args) else Kind.REAL
    return {Gives.REAL: Kind.REAL, Gives.INTEGER: Kind.INTEGER, Gives.BOOLEAN: Kind.BOOLEAN}[gives]


def scalar(name: str, letter: str | None = None, *, sign: str | None = None, kind: Kind = Kind.REAL) -> Expression:
    """A symbol with one value in all: a hyperparameter, a step counter."""
    return Expression("symbol", name=name, letter=letter or name, sign=sign, kind=kind, extent=GLOBAL)


def tensor(name: str, letter: str | None = None, *, sign: str | None = None) -> Expression:
    """A symbol with one value an element: a parameter, its gradient, its state."""
    return Expression("symbol", name=name, letter=letter or name, sign=sign, extent=ELEMENT)


pi = Expression("constant", name="pi", letter=r"\pi")
"""The circle constant."""


def sqrt(x: Operand) -> Expression:
    """The nonnegative square root."""
    return operation("sqrt", x)


def absolute(x: Operand) -> Expression:
    """The absolute value."""
    return operation("abs", x)


def sign(x: Operand) -> Expression:
    """-1, 0 or 1."""
    return operation("sign", x)


def maximum(x: Operand, y: Operand) -> Expression:
    """The larger of two values."""
    return operation("max", x, y)


def minimum(x: Operand, y: Operand) -> Expression:
    """The smaller of two values."""
    return operation("min", x, y)


def floor(x: Operand) -> Expression:
    """The largest integer that is not larger."""
    return operation("floor", x)


def exp(x: Operand) -> Expression:
    """The exponential function."""
    return operation("exp", x)


def log(x: Operand) -> Expression:
    """The natural logarithm."""
    return operation("log", x)


def cos(x: Operand) -> Expression:
    """The cosine."""
    return operation("cos", x)


def sin(x: Operand) -> Expression:
    """The sine."""
    return operation("sin", x)


def tanh(x: Operand) -> Expression:
    """The hyperbolic tangent."""
    return operation("tanh", x)


def cbrt(x: Operand) -> Expression:
    """The real cube root: of a negative number the negative one."""
    return operation("cbrt", x)


def equal(x: Operand, y: Operand) -> Expression:
    """The condition x = y (`==` compares trees)."""
    return operation("eq", x, y)


def both(x: Operand, y: Operand) -> Expression:
    """The condition that both conditions hold."""
    return operation("and", x, y)


def either(x: Operand, y: Operand) -> Expression:
    """The condition that one condition holds, or both."""
    return operation("or", x, y)


def unequal(x: Operand, y: Operand) -> Expression:
    """The condition that x and y differ: one is the larger."""
    return either(operation("lt", x, y), operation("gt", x, y))


_CONTRARY = {"lt": "ge", "le": "gt", "gt": "le", "ge": "lt"}


def negated(condition: Operand) -> Expression:
    """The condition that a condition does not hold, as the contrary comparisons: x < y becomes x >= y."""
    node = literal(condition)
    if node.op in _CONTRARY:
        return operation(_CONTRARY[node.op], *node.args)
    if node.op == "eq":
        return unequal(*node.args)
    if node.op in ("and", "or"):
        return operation("or" if node.op == "and" else "and", *map(negated, node.args))
    raise RefoptError(f"{node} is no condition", help="write a comparison, or several with both(...) and either(...)")


def ceiling(x: Operand) -> Expression:
    """The smallest integer that is not smaller."""
    return operation("neg", floor(operation("neg", x)))


def modulo(x: Operand, y: Operand) -> Expression:
    """Remainder of x divided by y: x - y*floor(x/y), which has the sign of y."""
    return operation("sub", x, operation("mul", y, floor(operation("div", x, y))))


def ilog(x: Operand, base: Operand) -> Expression:
    """The integer logarithm, of whole numbers: the largest i with base^i <= x, decided without a logarithm; 0 where x < 1 or base < 2.

    Raises RefoptError for what is no whole number: there a rounding would decide.
    """
    node = operation("ilog", x, base)
    if not all(a.kind is Kind.INTEGER for a in node.args):
        raise RefoptError(f"{node} is the integer logarithm of what is no whole number", help="write ilog(1 + floor(k / n), base)")
    return node


def where(condition: Operand, then: Operand, otherwise: Operand) -> Expression:
    """`then` where the condition holds, else `otherwise`. On scalars only the branch taken is evaluated."""
    return operation("where", condition, then, otherwise)


def cast(x: Operand, number_format: str) -> Expression:
    """x rounded to a number format in print; the identity in the mathematics."""
    return operation("cast", x, attribute=number_format)


theta = tensor("theta", r"\theta")
"""The parameter that is optimized."""
g = tensor("g")
"""The gradient of the loss at theta."""
t = scalar("t", sign="positive", kind=Kind.INTEGER)
"""The number of this update, counted from 1."""
k = scalar("k", sign="nonnegative", kind=Kind.INTEGER)
"""The step of a schedule, counted from 0."""
