"""Several tensors in one update, in groups that have hyperparameters of their own: the symbols of each, and what is made of each alone.

Code may treat the second tensor or the second group otherwise than the first, or take the one's numbers for the other. So each has symbols of its own;
what is made of each, told in the first one's symbols, must be what is made of the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from refopt.language.compose import substitute
from refopt.language.expression import Expression, t
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.paths import Facts
from refopt.lifting.unreadable import CannotRead

OTHER_TENSOR, OTHER_GROUP = "another_tensor", "another_group"


@dataclass(frozen=True)
class Place:
    """One tensor of an update, by its number and that of its group."""

    tensor: int
    group: int

    def name(self, name: str) -> str:
        """Name of a value that is kept of this tensor."""
        return f"{OTHER_TENSOR}_{self.tensor}_{name}" if self.tensor else name

    def hyper(self, name: str) -> str:
        """Name of a hyperparameter of its group."""
        return f"{OTHER_GROUP}_{self.group}_{name}" if self.group else name

    def symbol(self, symbol: Expression) -> Expression:
        """The symbol of its own that stands for the first tensor's, or the first group's."""
        if symbol == t:
            return symbol
        return replace(symbol, name=self.name(str(symbol.name)) if symbol.extent.rank else self.hyper(str(symbol.name)))

    def own(self, tree: Expression) -> Expression:
        """The tree with its own symbols in the place of the first tensor's."""
        return substitute(tree, {str(s.name): self.symbol(s) for s in tree.symbols()})


def places(groups: tuple[int, ...]) -> tuple[Place, ...]:
    """The tensors of groups of so many."""
    of_group = [j for j, many in enumerate(groups) for _ in range(many)]
    return tuple(Place(i, j) for i, j in enumerate(of_group))


def of_all(known: Facts, every: tuple[Place, ...]) -> Facts:
    """Facts about the first group's hyperparameters, of the hyperparameters of all groups."""
    groups = {p.group: p for p in every}.values()
    return replace(known, conditions=tuple(p.own(c) for p in groups for c in known.conditions))


def alone(values: Mapping[str, Expression], place: Place, every: tuple[Place, ...]) -> dict[str, Expression]:
    """The state of one tensor, in the first one's symbols. Raises CannotRead where it depends on another tensor or group."""
    others = tuple(f"{OTHER_TENSOR}_{p.tensor}_" for p in every if p.tensor)
    own = place.name("")
    names = {n: n.removeprefix(own) for n in values if (n.startswith(own) if own else not n.startswith(others or ("\0",)))}
    return {plain: _told(values[n], place, plain) for n, plain in names.items()}


def _told(tree: Expression, place: Place, what: str) -> Expression:
    table: dict[str, Expression] = {}
    for symbol in tree.symbols():
        if symbol == t:
            continue
        name, prefix, own = str(symbol.name), *((OTHER_TENSOR, place.name("")) if symbol.extent.rank else (OTHER_GROUP, place.hyper("")))
        if not name.startswith(own) or (not own and name.startswith(prefix)):
            owner = "tensor" if symbol.extent.rank else "parameter group"
            raise CannotRead(Obstacle.OF_ANOTHER_TENSOR, what, _plain(name), owner)
        if own:
            table[name] = replace(symbol, name=name.removeprefix(own))
    return substitute(tree, table) if table else tree


def _plain(name: str) -> str:
    """The name of another tensor's or group's value as its own code has it."""
    for prefix in (OTHER_TENSOR, OTHER_GROUP):
        if name.startswith(prefix):
            return name.removeprefix(f"{prefix}_").lstrip("0123456789").removeprefix("_")
    return name
