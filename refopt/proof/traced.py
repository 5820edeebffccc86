"""A hyperparameter inside a function that JAX records: a traced number that also knows its symbol.

In arithmetic it is the traced number. Where Python asks how it compares with something, the symbol is asked (paths.py).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from refopt.language.expression import Expression, Kind
from refopt.proof.scalar import compared, tree_of


class Traced:
    """A traced number with its symbol."""

    __array_priority__ = 200.0

    def __init__(self, number: Any, symbol: Expression) -> None:
        self.number = number
        self.symbol = symbol

    def __jax_array__(self) -> Any:
        return self.number

    def __hash__(self) -> int:
        return id(self)

    def is_integer(self) -> bool:
        """Whether the value is a whole number, as far as its kind says."""
        return self.symbol.kind is Kind.INTEGER

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["number"], name)

    def __bool__(self) -> bool:
        return bool(self != 0)

    def __add__(self, o: Any) -> Any:
        return self.number + plain(o)

    def __radd__(self, o: Any) -> Any:
        return plain(o) + self.number

    def __sub__(self, o: Any) -> Any:
        return self.number - plain(o)

    def __rsub__(self, o: Any) -> Any:
        return plain(o) - self.number

    def __mul__(self, o: Any) -> Any:
        return self.number * plain(o)

    def __rmul__(self, o: Any) -> Any:
        return plain(o) * self.number

    def __truediv__(self, o: Any) -> Any:
        return self.number / plain(o)

    def __rtruediv__(self, o: Any) -> Any:
        return plain(o) / self.number

    def __pow__(self, o: Any) -> Any:
        return self.number ** plain(o)

    def __rpow__(self, o: Any) -> Any:
        return plain(o) ** self.number

    def __neg__(self) -> Any:
        return -self.number

    def _compared(self, op: str, other: Any) -> Any:
        tree = other.symbol if isinstance(other, Traced) else tree_of(other)
        if tree is None:
            return {"lt": self.number < other, "le": self.number <= other, "gt": self.number > other, "ge": self.number >= other, "eq": self.number == other}[op]
        return compared(op, self.symbol, tree)

    def __lt__(self, o: Any) -> Any:
        return self._compared("lt", o)

    def __le__(self, o: Any) -> Any:
        return self._compared("le", o)

    def __gt__(self, o: Any) -> Any:
        return self._compared("gt", o)

    def __ge__(self, o: Any) -> Any:
        return self._compared("ge", o)

    def __eq__(self, o: Any) -> Any:
        return False if o is None or isinstance(o, str) else self._compared("eq", o)

    def __ne__(self, o: Any) -> Any:
        same = self == o
        return not same if isinstance(same, bool) else ~same


def recorded(function: Callable[[bool], Any]) -> Any:
    """What a function that makes a jaxpr gives, called with False: hyperparameters are JAX's own traced numbers. Where Python code
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
