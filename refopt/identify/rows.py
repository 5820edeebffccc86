"""Meanings of the rows of a log where theta stands still in some of them: updates that were skipped, gradients that were accumulated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from refopt.identify.log import FEWEST, Log, Measured
from refopt.identify.printed import Floats


class Reduction(Enum):
    """Reduction of the gradients of several rows to one."""

    MEAN = "mean"
    SUM = "sum"
    LAST = "last"
    FIRST = "first"


@dataclass(frozen=True)
class Accumulated:
    """One update for several rows.

    size       rows of most updates
    ends       the last row of each update, the one that moves theta; the first row is 1
    by_rows    whether t counts rows, not updates
    """

    size: int
    ends: tuple[int, ...]
    reduction: Reduction
    by_rows: bool = False

    def row(self, update: int) -> int:
        """The row that moves theta in an update."""
        return self.ends[update - 1]

    @property
    def uneven(self) -> tuple[int, ...]:
        """Updates of fewer rows than most."""
        sizes = np.diff([0, *self.ends])
        return tuple(int(i) + 1 for i in np.flatnonzero(sizes != self.size))


@dataclass(frozen=True)
class Skipped:
    """Updates that did not move theta.

    updates     their numbers, the first is 1
    counted     whether t goes on at them
    remembered  whether the state takes their gradients
    """

    updates: tuple[int, ...]
    counted: bool
    remembered: bool = False

    def row(self, update: int) -> int:
        """The number, skipped ones among them, of an update of the log that is left; where that keeps them, its own."""
        if self.remembered:
            return update
        for skipped in sorted(self.updates):
            update += update >= skipped
        return update


Rows = Accumulated | Skipped


@dataclass(frozen=True)
class Meaning:
    """Rows as they may be meant, and the log of updates that this makes of a log of rows."""

    rows: Rows
    log: Log
    read: Log


def meanings(log: Log) -> tuple[Meaning, ...]:
    """Possible meanings of rows that stand still; none where no row does."""
    still = _still(log)
    if not np.any(still) or np.all(still):
        return ()
    made = _accumulations(log, still) or _skips(log, still)
    return tuple(Meaning(rows, x, log) for rows, x in made if x.updates >= FEWEST)


def summed(meaning: Meaning) -> Meaning | None:
    """The same with the sum of the gradients in place of their mean, where that is what it had."""
    rows, read = meaning.rows, meaning.read
    if not isinstance(rows, Accumulated) or rows.reduction is not Reduction.MEAN:
        return None
    by_sum = replace(rows, reduction=Reduction.SUM)
    return Meaning(by_sum, _accumulated(read, _groups(read, _still(read)), by_sum), read)


def begins_still(log: Log) -> bool:
    """True where the first update is the only one that did not move theta though it had a gradient and a rate."""
    still = _still(log)
    return bool(still[0]) and not still[1:].any()


def stops(log: Log) -> bool:
    """True where some update did not move theta though it had a gradient and a rate."""
    return bool(_still(log).any())


def _still(log: Log) -> NDArray[np.bool_]:
    """Updates that did not move theta though they had a gradient and a rate, (T,)."""
    return log.still if log.lr is None else log.still & (log.lr.value != 0)


def _accumulations(log: Log, still: NDArray[np.bool_]) -> list[tuple[Rows, Log]]:
    """Readings of a log whose theta moves at every k-th row, k > 1: one update for k rows. Some may be cut short, as at an end of the data."""
    groups = _groups(log, still)
    sizes = [b - a for a, b in groups]
    size = Counter(sizes[1:]).most_common(1)[0][0] if len(sizes) > 1 else 1
    if size < 2 or max(sizes) > size:
        return []
    every = (Reduction.MEAN, Reduction.LAST, Reduction.FIRST)  # a sum is a mean with other hyperparameters
    ends = tuple(b for _, b in groups)
    rows = [Accumulated(size, ends, reduction, by_rows) for by_rows in (False, True) for reduction in every]
    return [(r, _accumulated(log, groups, r)) for r in rows]


def _groups(log: Log, still: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Rows from one that moved theta, without it, to the next, with it. Of a first row whose start is unknown theta is taken to stand still before it."""
    ends = [int(i) + 1 for i in np.flatnonzero(~still) if not (log.headless and i == 0)]
    return list(zip([0, *ends], ends, strict=False))


def _accumulated(log: Log, groups: list[tuple[int, int]], rows: Accumulated) -> Log:
    def reduced(a: int, b: int) -> tuple[Floats, Floats]:
        value, error = log.grad.value[a:b], log.grad.error[a:b]
        if rows.reduction in (Reduction.LAST, Reduction.FIRST):
            at = -1 if rows.reduction is Reduction.LAST else 0
            return value[at], error[at]
        share = 1 / (b - a) if rows.reduction is Reduction.MEAN else 1.0
        rounding = (b - a) * float(log.number_format.u) * np.abs(value).sum(axis=0)
        return value.sum(axis=0) * share, (error.sum(axis=0) + rounding) * share

    values, errors = zip(*(reduced(a, b) for a, b in groups), strict=True)
    ends = [b for _, b in groups]
    last = np.array(ends) - 1
    return replace(
        log, theta=log.theta[[0, *ends]], grad=Measured(np.array(values), np.array(errors)), lr=None if log.lr is None else log.lr[last],
        counts=np.array(ends, np.float64) if rows.by_rows else None, norm=None, headless=False,
    )  # fmt: skip


def _skips(log: Log, still: NDArray[np.bool_]) -> Iterator[tuple[Rows, Log]]:
    updates = tuple(int(i) + 1 for i in np.flatnonzero(still))
    kept = np.flatnonzero(~still)
    theta = log.theta[[*(int(i) for i in kept), log.updates]]
    lr, norm = (None if x is None else x[kept] for x in (log.lr, log.norm))
    without = replace(log, theta=theta, grad=log.grad[kept], lr=lr, norm=norm)
    yield Skipped(updates, counted=False), without
    yield Skipped(updates, counted=True), replace(without, counts=np.asarray(kept + 1.0, np.float64))
    yield Skipped(updates, counted=True, remembered=True), replace(log, unmoved=frozenset(int(i) for i in np.flatnonzero(still)))
