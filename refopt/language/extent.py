"""The number of values that a node of a tree has in an update."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Extent:
    """Number of values that a node has in an update: one in all, one a tensor, or one an element.

    `rank` orders the extents from the outermost (global, 0) to the innermost (element, 2); broadcasting is only outward-in. What has the
    outermost is a scalar, formed in binary64; what was summed over tensors is formed in their own format, as elements are.
    """

    rank: int
    name: str

    def __str__(self) -> str:
        return self.name


GLOBAL = Extent(0, "global")
TENSOR = Extent(1, "tensor")
"""One value a tensor, or one for all tensors of an update: made of elements by a reduction (language/reductions.py)."""
ELEMENT = Extent(2, "element")
LIST = Extent(3, "list")
"""One value an entry of a list (language/lists.py); nothing but a count of its entries can be formed of it."""
