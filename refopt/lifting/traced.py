"""A hyperparameter inside a function that JAX records: a traced number that also knows its symbol.

In arithmetic it is the traced number. Where Python asks how it compares with something, the symbol is asked (paths.py).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import cache
from typing import Any

from refopt.language.expression import Expression, Kind, operation
from refopt.lifting.numbers import power
from refopt.lifting.scalar import Comparable, Scalar, compared, is_endless, ordered, tree_of


class Traced(Comparable):
    """A traced number with its symbol."""

    __array_priority__ = 200.0

    def __init__(self, number: Any, symbol: Expression) -> None:
        self.number = number
        self.symbol = symbol

    def __jax_array__(self) -> Any:
        return self.number

    def __hash__(self) -> int:
        return id(self)

    def __bool__(self) -> bool:
        return bool(self != 0)

    @property
    def is_count(self) -> bool:
        """True of what is made of counts alone, and so is a whole number."""
        return self.symbol.kind is Kind.INTEGER

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["number"], name)

    def _joined(self, op: str, number: Any, x: Any, y: Any) -> Any:
        """The result with its tree where both operands have one, else the plain traced number."""
        trees = [a.symbol if isinstance(a, Traced) else tree_of(a) for a in (x, y)]
        return number if any(tree is None for tree in trees) else Traced(number, _joined(op, *trees))

    def __add__(self, o: Any) -> Any:
        return self._joined("add", self.number + plain(o), self, o)

    def __radd__(self, o: Any) -> Any:
        return self._joined("add", plain(o) + self.number, o, self)

    def __sub__(self, o: Any) -> Any:
        return self._joined("sub", self.number - plain(o), self, o)

    def __rsub__(self, o: Any) -> Any:
        return self._joined("sub", plain(o) - self.number, o, self)

    def __mul__(self, o: Any) -> Any:
        return self._joined("mul", self.number * plain(o), self, o)

    def __rmul__(self, o: Any) -> Any:
        return self._joined("mul", plain(o) * self.number, o, self)

    def __truediv__(self, o: Any) -> Any:
        return self._joined("div", self.number / plain(o), self, o)

    def __rtruediv__(self, o: Any) -> Any:
        return self._joined("div", plain(o) / self.number, o, self)

    def __pow__(self, o: Any) -> Any:
        return self._joined("pow", self.number ** plain(o), self, o)

    def __rpow__(self, o: Any) -> Any:
        return self._joined("pow", plain(o) ** self.number, o, self)

    def __neg__(self) -> Any:
        return Traced(-self.number, operation("neg", self.symbol))

    def _compared(self, op: str, other: Any) -> Any:
        if is_endless(other):
            return ordered(op, Scalar(self.symbol), other)
        tree = other.symbol if isinstance(other, Traced) else tree_of(other)
        if tree is None:
            compare: Callable[[Any, Any], Any] = getattr(operator, op)
            return compare(self.number, other)
        return compared(op, self.symbol, tree)

    def __eq__(self, o: Any) -> Any:
        return False if o is None or isinstance(o, str) else self._compared("eq", o)

    def __ne__(self, o: Any) -> Any:
        same = self == o
        return not same if isinstance(same, bool) else ~same


def _joined(op: str, x: Any, y: Any) -> Expression:
    return power(x, y) if op == "pow" else operation(op, x, y)


def recorded(function: Callable[[bool], Any]) -> Any:
    """Result of a function that makes a jaxpr, called with False: hyperparameters are JAX's own traced numbers. Where Python code
    asks such a number for its truth, it is called once more with True: then they are Traced, and their symbols answer."""
    import jax

    _known_to(jax)
    try:
        return function(False)
    except jax.errors.TracerBoolConversionError:
        return function(True)


@cache
def _known_to(jax: Any) -> None:
    """A function that JAX compiles is handed the traced number inside, and gets a Traced again."""
    jax.tree_util.register_pytree_node(Traced, lambda x: ((x.number,), x.symbol), lambda symbol, children: Traced(children[0], symbol))


def plain(x: Any) -> Any:
    """The traced number of a hyperparameter, anything else as it is."""
    return x.number if isinstance(x, Traced) else x
