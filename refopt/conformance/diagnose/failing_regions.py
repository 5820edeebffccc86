"""Places of elements: which tensors, and which of their elements. A fault of WHERE holds in one such place and nowhere else.

`places` draws the places that agree with what was seen: every element that fails lies within, none that is right does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from math import gcd
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from refopt.golden.description import Description

Mask: TypeAlias = npt.NDArray[np.bool_]
Shape: TypeAlias = tuple[int, ...]

POWERS = [2**i for i in range(1, 17)]
"""Sizes of blocks that kernels have."""
LANES = (2, 4, 8, 16, 32, 64)
"""Numbers of elements that a vector register or a group of threads holds."""
FEW = 64
"""Sizes that are a multiple of so much, or less, are told by it; of more, as a range."""


@dataclass(frozen=True)
class Tensor:
    """One tensor of a run: its shape, its number there, and the shapes of all tensors of the run."""

    shape: Shape
    number: int = 0
    all: tuple[Shape, ...] = ()

    @property
    def size(self) -> int:
        """Number of its elements."""
        return int(np.prod(self.shape, dtype=int))


@dataclass(frozen=True)
class Multiples:
    """Tensors whose size is a multiple of a number, or is not."""

    of: int
    are: bool = True

    def holds(self, x: Tensor) -> bool:
        """True where a tensor is one of them."""
        return (x.size % self.of == 0) is self.are


@dataclass(frozen=True)
class Sizes:
    """Tensors of a range of sizes that were seen to fail; `below` and `above` are the nearest sizes that were seen to be right."""

    low: int
    high: int
    below: int | None = None
    above: int | None = None

    def holds(self, x: Tensor) -> bool:
        """True where a tensor is one of them."""
        return self.low <= x.size and (self.above is None or x.size <= self.high)


@dataclass(frozen=True)
class Axes:
    """Tensors by how many axes they have; `high` None: that many and more."""

    low: int
    high: int | None

    def holds(self, x: Tensor) -> bool:
        """True where a tensor is one of them."""
        return self.low <= len(x.shape) and (self.high is None or len(x.shape) <= self.high)


class Kind(Enum):
    """Tensors of one kind."""

    EVERY = auto()
    SQUARE = auto()  # matrices
    OBLONG = auto()  # matrices that are not square
    FLAT = auto()  # matrices of one row or one column
    FIRST = auto()
    NOT_FIRST = auto()
    LAST = auto()  # of several
    TWINS = auto()  # of a shape that another one of the run has too
    LATER_TWINS = auto()  # the second and later ones of a shape

    def holds(self, x: Tensor) -> bool:
        """True where a tensor is one of them."""
        matrix = len(x.shape) == 2
        of_its_shape = [i for i, s in enumerate(x.all) if s == x.shape]
        return {
            Kind.EVERY: True,
            Kind.SQUARE: matrix and x.shape[0] == x.shape[-1],
            Kind.OBLONG: matrix and x.shape[0] != x.shape[-1],
            Kind.FLAT: matrix and 1 in x.shape,
            Kind.FIRST: x.number == 0,
            Kind.NOT_FIRST: x.number > 0,
            Kind.LAST: x.number == len(x.all) - 1 > 0,
            Kind.TWINS: len(of_its_shape) > 1,
            Kind.LATER_TWINS: len(of_its_shape) > 1 and x.number != of_its_shape[0],
        }[self]


@dataclass(frozen=True)
class OfShape:
    """Tensors of one shape."""

    shape: Shape

    def holds(self, x: Tensor) -> bool:
        """True where a tensor is one of them."""
        return x.shape == self.shape


Tensors: TypeAlias = Kind | Multiples | Sizes | Axes | OfShape


class Part(Enum):
    """A part of a tensor."""

    ALL = auto()
    DIAGONAL = auto()
    OFF_DIAGONAL = auto()
    LAST_ROW = auto()
    FIRST_ROW = auto()
    LAST_COLUMN = auto()
    FIRST_COLUMN = auto()
    MIDDLE = auto()

    def mask(self, shape: Shape) -> Mask:
        """The elements of a tensor of a shape that belong to it, by position."""
        n = int(np.prod(shape, dtype=int))
        if self is Part.ALL:
            return np.ones(n, dtype=bool)
        if self is Part.MIDDLE:
            middle: Mask = np.arange(n) == n // 2
            return middle
        if len(shape) < 2 or not n:
            return np.zeros(n, dtype=bool)
        at = np.indices(shape).reshape(len(shape), n)
        row, column = at[0], at[-1]
        found: Mask = {
            Part.DIAGONAL: row == column,
            Part.OFF_DIAGONAL: row != column,
            Part.LAST_ROW: row == shape[0] - 1,
            Part.FIRST_ROW: row == 0,
            Part.LAST_COLUMN: column == shape[-1] - 1,
            Part.FIRST_COLUMN: column == 0,
        }[self]
        return found


@dataclass(frozen=True)
class Ends:
    """The first or the last elements of a tensor."""

    count: int
    last: bool

    def mask(self, shape: Shape) -> Mask:
        """The elements of a tensor of a shape that belong to it, by position."""
        at = np.arange(int(np.prod(shape, dtype=int)))
        return at >= len(at) - self.count if self.last else at < self.count


@dataclass(frozen=True)
class Blocks:
    """Full blocks of elements, or what is left after the last one."""

    of: int
    full: bool

    def mask(self, shape: Shape) -> Mask:
        """The elements of a tensor of a shape that belong to it, by position."""
        n = int(np.prod(shape, dtype=int))
        mask: Mask = (np.arange(n) < n - n % self.of) == self.full
        return mask


@dataclass(frozen=True)
class Lane:
    """Every so-manyth element."""

    every: int
    number: int

    def mask(self, shape: Shape) -> Mask:
        """The elements of a tensor of a shape that belong to it, by position."""
        mask: Mask = np.arange(int(np.prod(shape, dtype=int))) % self.every == self.number
        return mask


@dataclass(frozen=True)
class Beyond:
    """Elements from a number on, or before it."""

    number: int
    on: bool = True

    def mask(self, shape: Shape) -> Mask:
        """The elements of a tensor of a shape that belong to it, by position."""
        at = np.arange(int(np.prod(shape, dtype=int)))
        return at >= self.number if self.on else at < self.number


Elements: TypeAlias = Part | Ends | Blocks | Lane | Beyond


@dataclass(frozen=True)
class Where(Description):
    """Some elements of some tensors."""

    tensors: Tensors
    elements: Elements

    def mask(self, x: Tensor) -> Mask:
        """The elements of a tensor that belong to it, by position."""
        return self.elements.mask(x.shape) if self.tensors.holds(x) else np.zeros(x.size, dtype=bool)


@dataclass(frozen=True)
class Marks:
    """Of one tensor, by position: the elements that fail at some time, and those that are right where it can be told."""

    tensor: Tensor
    failing: Mask
    right: Mask


def places(seen: Sequence[Marks]) -> Iterator[Where]:
    """The places within which everything that fails lies, and nothing that is right. The plainest come first."""
    if not any(m.failing.any() for m in seen) or not any(m.right.any() for m in seen):
        return
    hit = [m for m in seen if m.failing.any()]
    which = [x for x in _tensors(seen) if all(x.holds(m.tensor) for m in hit)]
    holding = [p for p in _parts(hit) if not any(bool((m.failing & ~p.mask(m.tensor.shape)).any()) for m in hit)]
    whole = [(x, Part.ALL) for x in which]
    everywhere = [(Kind.EVERY, p) for p in holding if p is not Part.ALL]
    both = [(x, p) for p in holding for x in which if x is not Kind.EVERY and p is not Part.ALL]
    at_ends = [(x, p) for x, p in both if isinstance(p, Ends)]  # the end of large tensors alone lies beyond a number in all of them, too
    candidates: list[tuple[Tensors, Elements]] = [
        *whole, *((x, p) for x, p in everywhere if not isinstance(p, Beyond)), *at_ends,
        *((x, p) for x, p in everywhere if isinstance(p, Beyond)), *(c for c in both if c not in at_ends),
    ]  # fmt: skip
    for tensors, part in candidates:
        if not any(bool((m.right & part.mask(m.tensor.shape)).any()) for m in seen if tensors.holds(m.tensor)):
            yield Where(tensors, part)


def _tensors(seen: Sequence[Marks]) -> Iterator[Tensors]:
    """Sorts of tensors, the plainest first."""
    hit = [m.tensor for m in seen if m.failing.any()]
    yield Kind.EVERY
    shapes, axes = {x.shape for x in hit}, sorted({len(x.shape) for x in hit})
    right_axes = {len(m.tensor.shape) for m in seen if m.right.any() and not m.failing.any()}
    if shapes <= {(1,)}:
        yield OfShape((1,))
    yield Axes(axes[0], axes[0]) if len(axes) == 1 else Axes(axes[0], None if max(right_axes, default=0) < axes[-1] else axes[-1])
    yield from (Kind.SQUARE, Kind.OBLONG, Kind.FLAT)
    for k in POWERS:
        if k <= FEW:
            yield Multiples(k)
    yield from (Kind.FIRST, Kind.NOT_FIRST, Kind.LATER_TWINS, Kind.TWINS, Kind.LAST)
    yield Multiples(2, False)
    sizes = sorted({x.size for x in hit})
    right = [m.tensor.size for m in seen if m.right.any() and not m.failing.any()]
    yield Sizes(
        sizes[0], sizes[-1], max((n for n in right if n < sizes[0]), default=None), min((n for n in right if n > sizes[-1]), default=None)
    )
    for k in POWERS:
        if k > FEW:
            yield Multiples(k)
        yield Multiples(k, False)
    if len(sizes) > 1 and (shared := gcd(*sizes)) > 1 and shared not in POWERS:
        yield Multiples(shared)
    if len(shapes) == 1:
        yield OfShape(next(iter(shapes)))


def _parts(hit: Sequence[Marks]) -> Iterator[Elements]:
    """Parts of tensors, the plainest first: `hit` are the tensors where something fails."""
    yield from (Part.ALL, Ends(1, True), Ends(1, False))
    for k in POWERS:
        yield Blocks(k, True)
    for k in POWERS:
        yield Blocks(k, False)
    for k in range(2, 17):
        yield from (Ends(k, True), Ends(k, False))
    for k in POWERS[4:]:
        yield from (Ends(k, True), Ends(k, False))
    for every in LANES:
        yield from (Lane(every, i) for i in range(every))
    positions = [np.flatnonzero(m.failing) for m in hit]
    start = int(positions[0][0])
    every = gcd(*(int(n) for at in positions for n in at - start))  # 0 where it is one position
    if every > 1 and every not in LANES:
        yield Lane(every, start % every)
    yield from (p for p in Part if p is not Part.ALL)
    first = min(int(np.flatnonzero(m.failing)[0]) for m in hit)
    last = max(int(np.flatnonzero(m.failing)[-1]) for m in hit)
    yield from (Beyond(first), Beyond(last + 1, False))
