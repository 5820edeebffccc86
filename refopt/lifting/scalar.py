"""A number that is a formula: foreign code computes with it as with any number, and the tree grows in the order of the source.

Comparing two of them gives a condition. Where Python asks whether a condition holds, both answers are followed (paths.py).
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from fractions import Fraction
from operator import eq, ge, gt, le, lt
from typing import Any

import numpy as np

from refopt.language.expression import OPERATIONS, Expression, Kind, operation, where
from refopt.language.text import infix
from refopt.lifting.assumption import FINITE
from refopt.lifting.frame import asked, current
from refopt.lifting.look import Look
from refopt.lifting.numbers import constant, power
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.paths import assume, decide, may_raise
from refopt.lifting.unreadable import CannotRead


def tree_of(x: Any) -> Expression | None:
    """The tree of an operand, None where it is no number that a formula can hold."""
    if isinstance(x, Scalar):
        return x.tree
    if isinstance(x, Condition):
        return where(x.tree, 0, 1) if x.negated else where(x.tree, 1, 0)
    if isinstance(x, Expression):
        return x
    if isinstance(x, bool | int | float | Fraction):
        return constant(int(x) if isinstance(x, bool) else x)
    if type(x).__module__ == "numpy" and getattr(x, "shape", None) == () and hasattr(x, "item"):
        return tree_of(x.item())
    return next((constant(count) for count_of in COUNTS if (count := count_of(x)) is not None), None)


COUNTS: list[Callable[[Any], int | None]] = []
"""Ways to read a whole number from an object of a framework, which each framework adds for its own."""


class Condition:
    """A comparison of two formulas. Asking Python for its truth takes a decision."""

    def __init__(self, tree: Expression, negated: bool = False) -> None:
        self.tree = tree
        self.negated = negated

    def __bool__(self) -> bool:
        return decide(self.tree) is not self.negated

    def __invert__(self) -> Condition:
        return Condition(self.tree, not self.negated)

    logical_not = __invert__

    def __and__(self, other: Any) -> Any:
        if isinstance(other, bool):
            return self if other else False
        if not isinstance(other, Condition):
            return NotImplemented
        return Condition(operation("and", self.written(), other.written()))

    __rand__ = __and__

    def __or__(self, other: Any) -> Any:
        if isinstance(other, bool):
            return True if other else self
        if not isinstance(other, Condition):
            return NotImplemented
        return Condition(operation("and", (~self).written(), (~other).written()), negated=True)

    __ror__ = __or__

    def written(self) -> Expression:
        """The condition as one tree: x != y as |x - y| > 0. Raises CannotRead where the language has no word for it."""
        if not self.negated:
            return self.tree
        if self.tree.op == "eq":
            return operation("gt", operation("abs", operation("sub", *self.tree.args)), 0)
        if self.tree.op not in _OPPOSITE:
            raise CannotRead(Obstacle.EITHER_CONDITION)
        return operation(_OPPOSITE[self.tree.op], *self.tree.args)

    def choose(self, then: Expression, otherwise: Expression) -> Expression:
        """`then` where it holds, else `otherwise`."""
        return where(self.tree, otherwise, then) if self.negated else where(self.tree, then, otherwise)


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {"lt": lt, "le": le, "gt": gt, "ge": ge, "eq": eq}


def compared(op: str, x: Expression, y: Expression) -> Any:
    """A comparison: a bool where both are numbers, else a condition."""
    if x.op == "literal" and y.op == "literal":
        assert x.value is not None and y.value is not None
        a, b = x.value, y.value
        return COMPARISONS[op](a, b)
    if x != y and not (_counts(x) and _counts(y)) and any(True for _ in x.symbols()) and (x.sym - y.sym).expand() == 0:
        raise CannotRead(Obstacle.SAME_BUT_FOR_ROUNDING, infix(x), infix(y))
    return Condition(operation(op, x, y))


def _counts(x: Expression) -> bool:
    """True where a tree is computed without rounding: with whole numbers, or as a multiple of 0."""
    if x.op in ("mul", "div", "neg") and any(a.value == 0 or (a.args and _counts(a) and a.sym == 0) for a in x.args[: 1 if x.op == "div" else 2]):
        return True
    if (branch := _taken(x)) is not None:
        return _counts(branch)
    return x.kind is Kind.INTEGER or (x.op in ("sign", "abs", "square", "where") and all(_counts(a) for a in x.args if a.kind is not Kind.BOOLEAN))


def _taken(x: Expression) -> Expression | None:
    """The branch of a choice whose condition compares numbers that are computed without rounding; None where symbols decide it."""
    if x.op != "where" or x.args[0].op not in COMPARISONS or not all(map(_counts, x.args[0].args)):
        return None
    gap = x.args[0].args[0].sym - x.args[0].args[1].sym
    return None if gap.free_symbols else x.args[1 if COMPARISONS[x.args[0].op](gap, 0) else 2]


_OPPOSITE = {"lt": "ge", "ge": "lt", "le": "gt", "gt": "le"}


def number_tree(x: Any) -> Expression:
    """The tree of an operand. Raises CannotRead where it is no number that a formula can hold."""
    tree = tree_of(x)
    if tree is None:
        raise CannotRead(Obstacle.ARITHMETIC_WITH_A, type(x).__name__)
    return tree


def is_endless(x: Any) -> bool:
    """True where x is a machine number that no formula reaches: infinite, NaN, or the last one before infinity."""
    return issubclass(type(x), float) and not abs(x) < sys.float_info.max


def larger(op: str, x: Any, y: Any) -> Scalar:
    """The larger (`max`) or the smaller (`min`) of two numbers, one of which may be infinite."""
    for one, other in ((x, y), (y, x)):
        if is_endless(one) and one == one and tree_of(other) is not None and not is_endless(other):
            assume(FINITE)
            if bool(one < 0) is (op == "max"):
                return Scalar(number_tree(other))
    return Scalar(operation(op, number_tree(x), number_tree(y)))


def ordered(op: str, x: Any, y: Any) -> Any:
    """A comparison of two numbers, one of which may be infinite or NaN: no formula is, so that is decided."""
    for one, turned in ((y, False), (x, True)):
        if is_endless(one):
            assume(FINITE)
            below = bool(one > 0) is not turned  # the left one is below the right one
            return False if math.isnan(one) or op == "eq" else (op in ("lt", "le")) is below
    return compared(op, number_tree(x), number_tree(y))


class Comparable:
    """A number whose order is asked of `_compared(operation, other)`, and whether it is whole, of `is_count`."""

    __slots__ = ()

    def _compared(self, op: str, other: Any) -> Any:
        raise NotImplementedError

    @property
    def is_count(self) -> bool:
        """True of what is made of counts alone, and so is a whole number."""
        raise NotImplementedError

    def is_integer(self) -> bool:
        """True of what is made of counts alone. Raises CannotRead for any other value: some are whole numbers."""
        if self.is_count:
            return True
        raise CannotRead(Obstacle.IS_WHOLE)

    def __lt__(self, o: Any) -> Any:
        return self._compared("lt", o)

    def __le__(self, o: Any) -> Any:
        return self._compared("le", o)

    def __gt__(self, o: Any) -> Any:
        return self._compared("gt", o)

    def __ge__(self, o: Any) -> Any:
        return self._compared("ge", o)


class Scalar(Comparable):
    """An immutable number that is a formula."""

    __slots__ = ("tree",)
    __array_priority__ = -1.0

    def __init__(self, tree: Expression) -> None:
        self.tree = tree

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """Class that `isinstance` is told: t is an int, a hyperparameter what the frame says. The question is noted."""
        asked(Look.TYPE, directly=True)
        return int if self.tree.kind is Kind.INTEGER else current().number.value

    def __repr__(self) -> str:
        asked(Look.TEXT)
        return f"Scalar({self.tree})"

    def __format__(self, how: str) -> str:
        asked(Look.TEXT)
        return str(self.tree)

    def __hash__(self) -> int:
        asked(Look.IDENTITY)
        return id(self)

    def __bool__(self) -> bool:
        return bool(self != 0)

    def _refuse(self, what: str) -> CannotRead:
        return CannotRead(Obstacle.ROUNDS_TO_A_MACHINE_NUMBER, what)

    def __float__(self) -> float:
        if self.tree.value is not None:
            return float(self.tree.value)
        raise self._refuse("float()")

    def __int__(self) -> int:
        if self.tree.value is not None:
            return int(self.tree.value)
        raise self._refuse("int()")

    def __index__(self) -> int:
        if self.tree.value is not None and self.tree.value.denominator == 1:
            return int(self.tree.value)
        raise self._refuse("an index")

    def __round__(self, digits: int = 0) -> Any:
        raise self._refuse("round()")

    def __getattr__(self, name: str) -> Any:
        """Raises CannotRead for what a number of Python or NumPy has and a formula has not: code may ask for it to choose its way."""
        if not name.startswith("__") and any(hasattr(kind, name) for kind in (float, int, np.float64)):
            raise CannotRead(Obstacle.ATTRIBUTE, name)
        raise AttributeError(name)

    def _joined(self, op: str, other: Any, swapped: bool = False) -> Any:
        tree = tree_of(other)
        if tree is None:
            return NotImplemented
        pair = (tree, self.tree) if swapped else (self.tree, tree)
        return _noted(Scalar(power(*pair) if op == "pow" else operation(op, *pair)))

    def __add__(self, o: Any) -> Any:
        return self._joined("add", o)

    def __radd__(self, o: Any) -> Any:
        return self._joined("add", o, True)

    def __sub__(self, o: Any) -> Any:
        return self._joined("sub", o)

    def __rsub__(self, o: Any) -> Any:
        return self._joined("sub", o, True)

    def __mul__(self, o: Any) -> Any:
        return self._joined("mul", o)

    def __rmul__(self, o: Any) -> Any:
        return self._joined("mul", o, True)

    def __truediv__(self, o: Any) -> Any:
        return self._joined("div", o)

    def __rtruediv__(self, o: Any) -> Any:
        return self._joined("div", o, True)

    def __pow__(self, o: Any) -> Any:
        return self._joined("pow", o)

    def __rpow__(self, o: Any) -> Any:
        return self._joined("pow", o, True)

    def __floordiv__(self, o: Any) -> Any:
        quotient = self._joined("div", o)
        return quotient if quotient is NotImplemented else quotient._floor()

    def __rfloordiv__(self, o: Any) -> Any:
        quotient = self._joined("div", o, True)
        return quotient if quotient is NotImplemented else quotient._floor()

    def __divmod__(self, o: Any) -> Any:
        return self.__floordiv__(o), self.__mod__(o)

    def __floor__(self) -> Scalar:
        """The floor, where the number is not rounded before it: below a whole number by a rounding, its floor is another one."""
        return self.floor()

    def cut_off(self) -> Scalar:
        """The number without its fraction, as `int` leaves it."""
        return self.floor() if self >= 0 else -(-self).floor()

    def floor(self) -> Scalar:
        """The largest whole number that is not above it. Raises CannotRead where what it is of is rounded before."""
        parts = self.tree.args if self.tree.op == "div" else (self.tree,)
        if not all(_counts(x) for x in parts):
            raise CannotRead(Obstacle.FLOOR_OF_A_ROUNDED, infix(self.tree))
        return self._floor()

    def ceiling(self) -> Scalar:
        """The smallest whole number that is not below it. Raises CannotRead where what it is of is rounded before."""
        over, *under = self.tree.args if self.tree.op == "div" else (self.tree,)
        opposite = operation("neg", over)
        return -Scalar(operation("div", opposite, *under) if under else opposite).floor()

    def _floor(self) -> Scalar:
        return Scalar(operation("floor", self.tree))

    def __mod__(self, o: Any) -> Any:
        quotient = self.__floordiv__(o)
        return quotient if quotient is NotImplemented else self - o * quotient

    def __neg__(self) -> Scalar:
        return Scalar(operation("neg", self.tree))

    def __pos__(self) -> Scalar:
        return self

    def __abs__(self) -> Scalar:
        if self.tree.kind is Kind.INTEGER:  # so that it stays a whole number
            return self if self >= 0 else -self
        return Scalar(operation("abs", self.tree))

    def _compared(self, op: str, other: Any) -> Any:
        if is_endless(other):
            return ordered(op, self, other)
        tree = tree_of(other)
        return NotImplemented if tree is None else compared(op, self.tree, tree)

    def __eq__(self, o: Any) -> Any:
        return self._compared("eq", o)

    def __ne__(self, o: Any) -> Any:
        same = self._compared("eq", o)
        if same is NotImplemented:
            return same
        return not same if isinstance(same, bool) else ~same

    @property
    def is_count(self) -> bool:
        """True of what is made of counts alone, and so is a whole number."""
        return self.tree.kind is Kind.INTEGER

    def conjugate(self) -> Scalar:
        """The value itself: it is real."""
        return self

    @property
    def real(self) -> Scalar:
        """The value itself: it is real."""
        return self

    def __copy__(self) -> Scalar:
        return self

    def __deepcopy__(self, memo: Any) -> Scalar:
        return self


def _noted(x: Scalar) -> Scalar:
    """The number; where it is made of numbers of Python alone, what would raise an exception in it is noted."""
    if x.tree.op in ("div", "pow", "sqrt", "log") and not any(s.extent.rank for s in x.tree.symbols()):
        may_raise(x.tree)
    return x


def _function(op: str) -> Callable[[Scalar], Scalar]:
    def apply(self: Scalar) -> Scalar:
        return _noted(Scalar(operation(op, self.tree)))

    return apply


def _refusing(what: str) -> Callable[..., Any]:
    def refuse(self: Scalar, *others: Any) -> Any:
        raise CannotRead(Obstacle.OF_A_SYMBOL, what)

    return refuse


for _name in ("rdivmod", "lshift", "rlshift", "rshift", "rrshift", "and", "rand", "or", "ror", "xor", "rxor", "invert", "matmul", "rmatmul",
              "trunc", "ceil", "complex", "rmod"):  # fmt: skip
    setattr(Scalar, f"__{_name}__", _refusing(_name))
for _op in ("sqrt", "square", "abs", "sign", "exp", "log", "cos", "sin", "tanh", "cbrt"):
    assert OPERATIONS[_op] == 1
    setattr(Scalar, _op, _function(_op))  # NumPy asks an element of an object array for a method of the ufunc's name
