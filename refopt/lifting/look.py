"""Questions that foreign code may ask beside doing arithmetic: a closed set, as data. Their words are made in `report`."""

from __future__ import annotations

from enum import Enum, auto


class Look(Enum):
    """Properties that code may ask for, in the order in which they are told."""

    TEXT = auto()
    DTYPE = auto()
    SHAPE = auto()
    TYPE = auto()
    KEEPING = auto()
    IDENTITY = auto()
    MEMORY = auto()
    CAUGHT = auto()
    TENSORS = auto()
