"""Values in which a formula is another one: parameters or gradients beyond a size, or of one sign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from refopt.golden.description import Description

Numbers: TypeAlias = npt.NDArray[np.float64]
Mask: TypeAlias = npt.NDArray[np.bool_]


class Side(Enum):
    """On which side of a border values lie."""

    ABOVE = auto()
    BELOW = auto()


class Quantity(Enum):
    """The quantity that a range bounds."""

    SIZE_OF_THETA = auto()
    SIZE_OF_G = auto()
    THETA = auto()
    G = auto()

    def of(self, theta: Numbers, g: Numbers) -> Numbers:
        """Its values."""
        x = theta if self in (Quantity.SIZE_OF_THETA, Quantity.THETA) else g
        return np.abs(x) if self in (Quantity.SIZE_OF_THETA, Quantity.SIZE_OF_G) else x


@dataclass(frozen=True)
class Range(Description):
    """Elements beyond a border: `wrong` is the value nearest to it that was seen to fail, `right` the one that was seen to be right."""

    of: Quantity
    side: Side
    wrong: float
    right: float

    def mask(self, theta: Numbers, g: Numbers) -> Mask:
        """The elements that belong to it."""
        x = self.of.of(theta, g)
        found: Mask = x >= self.wrong if self.side is Side.ABOVE else x <= self.wrong
        return found


@dataclass(frozen=True)
class Values:
    """Observed values: theta and g of the elements that fail and of those that are right."""

    failing: Mapping[str, Numbers]
    right: Mapping[str, Numbers]


def ranges(seen: Values) -> Iterator[Range]:
    """The ranges within which everything that fails lies, and nothing that is right."""
    for quantity in Quantity:
        wrong, fine = (quantity.of(x["theta"], x["g"]) for x in (seen.failing, seen.right))
        if not len(wrong) or not len(fine):
            continue
        if fine.max() < wrong.min():
            yield Range(quantity, Side.ABOVE, float(wrong.min()), float(fine.max()))
        elif wrong.max() < fine.min():
            yield Range(quantity, Side.BELOW, float(wrong.max()), float(fine.min()))
