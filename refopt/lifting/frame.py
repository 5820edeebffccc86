"""The arrays that foreign code is run with: their shape, the format that they say they are of; and what the code asked of them.

Code may do one thing for large arrays and another for small ones, or ask for the format. So it is run with several shapes, and where it
asks for the format, with several of those. What it asked is noted: what the answer to a question does not cover is said.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum
from math import prod
from types import FrameType

import ml_dtypes  # noqa: F401  NumPy then knows bfloat16 by its name
import numpy as np

from refopt.lifting.library import packages
from refopt.lifting.look import Look
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.unreadable import CannotRead

Shape = tuple[int, ...]


class Number(Enum):
    """A type that hyperparameters come in."""

    FLOAT = float
    INT = int
    NUMPY = np.float64


ALONE = (1,)
"""The one tensor of one group."""


@dataclass(frozen=True)
class Frame:
    """A shape, the name of the format that arrays of it say they are of, and the type that hyperparameters say they are of.

    groups  the number of tensors in each group that has hyperparameters of its own
    """

    shape: Shape = (3,)
    dtype: str = "float64"
    number: Number = Number.FLOAT
    groups: tuple[int, ...] = ALONE

    def __str__(self) -> str:
        if self.groups != ALONE:
            return f"{'parameter groups' if len(self.groups) > 1 else 'one parameter group'} of {' and '.join(map(str, self.groups))} tensors"
        arrays = f"arrays of shape {self.shape}" + ("" if self.dtype == "float64" else f" in {self.dtype}")
        return arrays if self.number is Number.FLOAT else f"{arrays}, hyperparameters being of type {self.number.value.__name__}"


FRAMES = (Frame(), Frame(()), Frame((2, 2)))
"""Frames that all code is run with; the formula of the first is shown."""
GROUPS = (2, 1)
"""Numbers of tensors in the groups that code is run with beside these where it takes several."""
MOST_TENSORS = 9
"""The largest number of tensors in one group that is tried because the code mentions a number."""
MORE_SHAPES: tuple[Shape, ...] = ((1,), (2,), (4,), (8,), (64,), (1, 1), (2, 3), (2, 2, 2))
"""Shapes that code is run with beside these where it asks for shapes or sizes."""
LARGEST, MOST_ELEMENTS, MOST_AXES = 260, 3000, 7
"""The largest size that is tried because the code mentions it, elements of all such arrays together, and the largest number of axes."""
FORMATS = ("float32", "float16", "bfloat16")
"""Formats that arrays say they are of beside float64, where code asks."""


def shapes_around(counts: Iterable[int]) -> Iterator[Shape]:
    """Shapes on both sides of every whole number that code mentions, small ones first: it may stand for a size, a side or a number of axes."""
    elements = 0
    for n in sorted({abs(n) for n in counts}):
        if not 1 < n <= LARGEST:
            continue
        sides = ((n,), (n + 1,), (n, 2), (2, n), (n + 1, 2), (2, n + 1))
        axes = ((1,) * (many - 1) + (2,) for many in (n, n + 1) if 3 < many <= MOST_AXES)
        for shape in (*sides, *axes):
            elements += prod(shape)
            if elements > MOST_ELEMENTS:
                return
            yield shape


def sizes_beyond(counts: Iterable[int]) -> set[int]:
    """Whole numbers that code mentions and that no array which is tried reaches: each may stand for a size from which on it does something else."""
    return {n for n in counts if n > LARGEST}


def groups_around(counts: Iterable[int]) -> Iterator[tuple[int, ...]]:
    """Numbers of tensors in groups: two groups, and one with a tensor after every number that code mentions, for it may stand for a tensor's place."""
    yield GROUPS
    yield from ((n + 1,) for n in sorted({abs(n) for n in counts}) if 1 < n < MOST_TENSORS)


INNER = frozenset({"numpy", "sympy", "contextlib", "functools", "copy", "inspect", "typing"})
"""Packages, beside those of libraries of arrays, whose own questions are about how they compute, not about what."""


STARTS = f"{__package__}.readings"
"""Module that starts a reading: what stands above it in the stack asked for the proof."""


@dataclass
class _Reading:
    frame: Frame
    looks: set[Look]
    counts: set[int]


_between: set[str] = set()
_current: ContextVar[_Reading | None] = ContextVar("refopt_proof_frame", default=None)


@contextmanager
def reading(frame: Frame, looks: set[Look], counts: set[int] | None = None) -> Iterator[None]:
    """Code that is run inside sees arrays of this frame; the sets fill with what it asks, and with the whole numbers that it mentions."""
    token = _current.set(_Reading(frame, looks, set() if counts is None else counts))
    try:
        yield
    finally:
        _current.reset(token)


def current() -> Frame:
    """The frame that code is being run with."""
    made = _current.get()
    return Frame() if made is None else made.frame


def asked(look: Look, *, directly: bool = False) -> None:
    """Note that code asked for something, unless it was a framework's: the nearest that is not ours counts, or (`directly`) who asked itself."""
    made = _current.get()
    if made is None or look in made.looks or (directly and _is_ours(sys._getframe(2))):
        return
    if _by_code() and look in (Look.TEXT, Look.IDENTITY):
        raise CannotRead(Obstacle.ASKS, look)
    if _by_code():
        made.looks.add(look)


def stands_between(module: str) -> None:
    """Note that a module, like this package, stands between code and what it is read with: what it asks, the code that calls it asks."""
    _between.add(module)


def is_between(module: str) -> bool:
    """True where a module stands between code and what it is read with."""
    return module in _between or module.startswith(f"{__package__}.")


def _is_ours(frame: FrameType) -> bool:
    return is_between(str(frame.f_globals.get("__name__", "")))


def _by_code() -> bool:
    """True where the nearest caller that is not ours is no framework's. Who called for the proof is not the code that is read."""
    frame = sys._getframe(1)
    while frame.f_back is not None and _is_ours(frame):
        if frame.f_globals["__name__"] == STARTS:
            return False
        frame = frame.f_back
    caller = str(frame.f_globals.get("__name__", ""))
    return caller.partition(".")[0] not in INNER | packages() and not caller.startswith("refopt.")


def note(look: Look) -> None:
    """Note that code names something that it could ask."""
    made = _current.get()
    if made is not None:
        made.looks.add(look)


def note_counts(counts: Iterable[int]) -> None:
    """Note whole numbers that code mentions."""
    made = _current.get()
    if made is not None:
        made.counts.update(counts)
