"""error/bound update by update, as data that a report can draw."""

from __future__ import annotations

from dataclasses import dataclass

Points = tuple[tuple[int, float], ...]
"""(number of the update, worst error/bound of all elements and variables)."""


@dataclass(frozen=True)
class Curve:
    """Error of an implementation at each update, against the `reference` and against the formula that explains it.

    `explained` is empty where the reference is what explains it, or nothing does.
    """

    case: str
    reference: Points
    explained: Points = ()
    name: str = ""
