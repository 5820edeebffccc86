"""Equal sub-trees, found once: which of them to compute before the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from refopt.language.expression import Expression


class Numbering:
    """Gives equal trees equal numbers, in time proportional to the number of nodes."""

    def __init__(self) -> None:
        self._by_id: dict[int, tuple[Expression, int]] = {}
        self._by_shape: dict[tuple[object, ...], int] = {}

    def of(self, node: Expression) -> int:
        """The number of a tree."""
        known = self._by_id.get(id(node))
        if known is None:
            shape = (node.op, node.name, node.value, node.attribute, node.kind, node.extent, *map(self.of, node.args))
            known = self._by_id[id(node)] = (node, self._by_shape.setdefault(shape, len(self._by_shape)))
        return known[1]


def shared(trees: Sequence[Expression], worth: Callable[[Expression], bool], numbering: Numbering) -> list[Expression]:
    """The sub-trees that occur more than once and are worth a name, each before those that contain it.

    Only what is surely evaluated counts: nothing is shared out of a branch that may not be taken.
    """
    counts: dict[int, int] = {}
    order: list[Expression] = []

    def visit(node: Expression) -> None:
        number = numbering.of(node)
        counts[number] = counts.get(number, 0) + 1
        if counts[number] > 1 or not node.args:
            return
        for arg in node.args[:1] if node.op == "where" else node.args:
            visit(arg)
        order.append(node)

    for tree in trees:
        visit(tree)
    return [node for node in order if counts[numbering.of(node)] > 1 and worth(node)]
