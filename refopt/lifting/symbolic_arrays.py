"""NumPy arrays of formulas, every element with symbols of its own, and what code made of each element, in the first one's symbols."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from refopt.language.compose import substitute
from refopt.language.expression import Expression
from refopt.lifting.frame import current
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.scalar import Scalar, tree_of
from refopt.lifting.symbolic_array import SymbolicArray
from refopt.lifting.unreadable import CannotRead

OTHER = "another_element"


def symbol_of(name: str, place: int) -> str:
    """Name of the symbol of an element; the first element's keeps its name."""
    return name if place == 0 else f"{OTHER}_{place}_{name}"


def at(tree: Expression, place: int) -> Expression:
    """The tree with the symbols of another element."""
    if place == 0:
        return tree
    return substitute(tree, {str(s.name): replace(s, name=symbol_of(str(s.name), place)) for s in tree.symbols() if s.extent.rank})


def array(tree: Expression) -> Any:
    """An array of the shape of the current frame, each element with symbols of its own, so that code that joins elements shows."""
    found = np.empty(current().shape, dtype=object)
    for place, index in enumerate(np.ndindex(found.shape)):
        found[index] = Scalar(at(tree, place))
    return found.view(SymbolicArray)


def of_formulas(x: Any) -> Any:
    """The array with every number in it made a formula."""
    found = np.array(x, dtype=object, copy=True)
    for i, value in np.ndenumerate(found):
        tree = tree_of(value)
        if tree is not None:
            found[i] = Scalar(tree)
    return found.view(SymbolicArray)


def one_value(tree: Expression) -> Any:
    """An array without axes that holds one value for all elements."""
    return np.asarray(Scalar(tree), dtype=object).view(SymbolicArray)


def elements(x: Any, what: str, *, single: bool = False) -> tuple[Expression, ...]:
    """The tree of every element, in its own symbols; `single` allows one value for all. Raises CannotRead for any other shape than the frame's."""
    values = np.asarray(x, dtype=object)
    if single and values.shape == ():
        values = np.broadcast_to(values, current().shape)
    if values.shape != current().shape:
        raise CannotRead(Obstacle.COMES_OUT_WITH_SHAPE, what, values.shape, current().shape)
    trees = []
    for value in values.flat:
        tree = tree_of(value)
        if tree is None:
            raise CannotRead(Obstacle.IS_NOT_A_NUMBER, what, type(value).__name__)
        trees.append(tree)
    return tuple(trees)


def with_places(named: Mapping[str, tuple[Expression, ...]]) -> dict[str, Expression]:
    """The trees of all elements by name: the first one's under its own name, the others' under their symbols' names."""
    return {symbol_of(n, i): tree for n, trees in named.items() for i, tree in enumerate(trees)}


def at_place(values: Mapping[str, Expression], place: int) -> dict[str, Expression]:
    """Values of an element, in the first element's symbols. Raises CannotRead where elements are joined."""
    own = f"{OTHER}_{place}_"
    names = {n: n.removeprefix(own) for n in values if (n.startswith(own) if place else not n.startswith(OTHER))}
    return {plain: _renamed(values[n], place, plain) for n, plain in names.items()}


def _renamed(tree: Expression, place: int, what: str) -> Expression:
    own = f"{OTHER}_{place}_"
    table: dict[str, Expression] = {}
    for symbol in tree.symbols():
        name = str(symbol.name)
        plain = name.removeprefix(own)
        if symbol.extent.rank and (name.startswith(OTHER) if place == 0 else plain == name):
            raise CannotRead(Obstacle.JOINS_ELEMENTS, what, name.removeprefix(f'{OTHER}_').lstrip('0123456789_'))
        if plain != name:
            table[name] = replace(symbol, name=plain)
    return substitute(tree, table) if table else tree


def unchanged(arrays: Iterable[tuple[Any, Expression]]) -> bool:
    """True where each array still holds the trees that it was made with."""
    return all(tree_of(value) == at(tree, i) for x, tree in arrays for i, value in enumerate(np.asarray(x, dtype=object).flat))
