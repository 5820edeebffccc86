"""NumPy arrays of formulas: object arrays, whose elements do their own arithmetic. NumPy itself stays what it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from refopt.language.expression import Expression, tensor
from refopt.proof.scalar import Scalar, tree_of
from refopt.proof.unreadable import CannotRead

OTHER = "another_element"


def array(tree: Expression) -> Any:
    """An array of two elements: the one that is looked at, and another with symbols of its own, so that code that joins elements shows."""
    import numpy as np

    found = np.empty(2, dtype=object)
    found[0], found[1] = Scalar(tree), Scalar(_other(tree))
    return found


def _other(tree: Expression) -> Expression:
    from refopt.language.compose import substitute

    names = {str(s.name): tensor(f"{OTHER}_{s.name}", sign=s.sign) for s in tree.symbols() if s.extent.rank}
    return substitute(tree, names)


def of_formulas(x: Any) -> Any:
    """The array with every number in it made a formula: NumPy asks elements for their own square roots."""
    import numpy as np

    found = np.array(x, dtype=object, copy=True)
    for i, value in np.ndenumerate(found):
        tree = tree_of(value)
        if tree is not None:
            found[i] = Scalar(tree)
    return found


def element(x: Any, what: str) -> Expression:
    """The tree of the element that is looked at. Raises CannotRead for what is no array of formulas, or joins elements."""
    import numpy as np

    values = np.asarray(x, dtype=object)
    if values.shape != (2,):
        raise CannotRead(f"{what} comes out with shape {values.shape}, its parameter has (2,)")
    tree = tree_of(values[0])
    if tree is None:
        raise CannotRead(f"{what} is a {type(values[0]).__name__}, not a number")
    if joined := sorted({str(s.name) for s in tree.symbols() if str(s.name).startswith(OTHER)}):
        raise CannotRead(f"{what} joins different elements ({joined[0].removeprefix(OTHER + '_')} of another one)")
    return tree


def unchanged(arrays: Iterable[tuple[Any, Expression]]) -> bool:
    """Whether each array still holds the tree that it was made with."""
    return all(tree_of(x[0]) == tree for x, tree in arrays)
