"""Formulas that code computes in arrays of several shapes and formats, element by element: one for all, or another one for some places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from refopt.lifting.assumption import Assumed, Assumption
from refopt.lifting.frame import ALONE, FORMATS, FRAMES, MORE_SHAPES, Frame, Number, groups_around, reading, shapes_around, sizes_beyond
from refopt.lifting.lifted import Lifted
from refopt.lifting.look import Look
from refopt.lifting.obstacle import Hindrance, Obstacle
from refopt.lifting.unreadable import CannotRead, Raised

Read = Callable[[Frame], tuple[Lifted, ...]]
"""The code's formulas with the arrays of a frame: one of every element, or one alone where each element is proved to have it."""


@dataclass(frozen=True)
class Apart:
    """A formula that another place has than the first element of the first array; `where` says which, as a person says it."""

    where: str
    lifted: Lifted


@dataclass(frozen=True)
class Readings:
    """The formula of the first element of the first array, and of every place that has another one.

    frames   the arrays that the code was run with
    catches  whether the code catches exceptions: where its formula has no value it may go another way
    """

    whole: Lifted
    apart: tuple[Apart, ...]
    frames: tuple[Frame, ...]
    catches: bool = False


def readings(read: Read) -> Readings:
    """Run code in every frame. Raises CannotRead where it cannot be read in one of them that all code must stand."""
    looks: set[Look] = set()
    counts: set[int] = set()
    assumed: list[Assumed] = []
    first: Lifted | None = None
    apart: list[Apart] = []
    frames: list[Frame] = []
    for frame in _frames(looks, counts):
        asked: set[Look] = set()
        try:
            with reading(frame, asked, counts):
                every = read(frame)
        except CannotRead as reason:
            if frame == FRAMES[0]:
                raise
            raises = isinstance(reason, Raised) and frame.dtype != "bfloat16"  # which NumPy does not have: code for it may refuse it
            if frame.shape and (frame in FRAMES or frame.groups != ALONE or raises):
                raise CannotRead(Hindrance(Obstacle.IN_FRAME, (str(frame),), reason.reason), where=reason.where) from None
            left_out = Assumption.LEFT_OUT if isinstance(reason, Raised) else Assumption.LEFT_OUT_UNREAD
            assumed.append(Assumed(left_out, (str(frame),), of=reason.reason))
            continue
        finally:
            looks |= asked
        frames.append(frame)
        first = every[0] if first is None else first
        apart += _apart(first, frame, every)
    assert first is not None
    if Look.MEMORY in looks:
        raise CannotRead(Obstacle.ASKS_FOR_MEMORY, Look.MEMORY, where="")
    if Look.SHAPE in looks and (beyond := sizes_beyond(counts)):
        raise CannotRead(Obstacle.ASKS_FOR_SHAPE, Look.SHAPE, min(beyond), where="")
    assumed += [_taken(look, frames) for look in sorted(looks - {Look.CAUGHT, Look.TENSORS}, key=lambda x: x.value)]
    whole = replace(first, assumed=(*first.assumed, *assumed))
    return Readings(whole, tuple(apart), tuple(frames), Look.CAUGHT in looks)


def _frames(looks: set[Look], counts: set[int]) -> Iterator[Frame]:
    yield from FRAMES
    if Look.TENSORS in looks:
        yield from (Frame(groups=groups) for groups in groups_around(counts))
    if Look.SHAPE in looks:
        yield from (Frame(shape) for shape in dict.fromkeys((*MORE_SHAPES, *shapes_around(counts))))
    if Look.TYPE in looks:
        yield from (Frame(FRAMES[0].shape, number=number) for number in (Number.INT, Number.NUMPY))
    if Look.DTYPE in looks:
        yield from (Frame(FRAMES[0].shape, name) for name in FORMATS)


def _apart(first: Lifted, frame: Frame, every: Iterable[Lifted]) -> Iterator[Apart]:
    for i, one in enumerate(every):
        if not _same(first, one):
            at = f"tensor {i + 1}" if frame.groups != ALONE else f"element {_index(frame, i)}"
            yield Apart(f"in {frame}" if i == 0 else f"at {at} of {frame}", one)


def _index(frame: Frame, place: int) -> str:
    import numpy as np

    at = np.unravel_index(place, frame.shape)
    return str(int(at[0])) if len(at) == 1 else f"({', '.join(str(int(i)) for i in at)})"


def _same(one: Lifted, other: Lifted) -> bool:
    return (one.first, one.later, one.state, one.initial) == (other.first, other.later, other.state, other.initial)


def _taken(look: Look, frames: Iterable[Frame]) -> Assumed:
    """The assumption about what the answers to a question do not cover."""
    if look is Look.SHAPE:
        return Assumed(Assumption.OTHER_SHAPES, tuple(dict.fromkeys(str(f.shape) for f in frames)), look)
    if look is Look.DTYPE:
        return Assumed(Assumption.OTHER_FORMATS, tuple(dict.fromkeys(f.dtype for f in frames)), look)
    if look is Look.TYPE:
        return Assumed(Assumption.TYPES, ("t", *dict.fromkeys(f.number.value.__name__ for f in frames)), look)
    return Assumed(Assumption.PLAIN_TENSORS if look is Look.KEEPING else Assumption.OTHER_ANSWERS, look=look)
