"""A logged trajectory: what was read, and what its digits leave open.

A row of a log holds theta and a gradient, and it does not say which came first. Two readings are possible, and both are
tried: the gradient was taken at the theta of its row and led to that of the next (`at`), or it led to the theta of its
own row (`to`). In the second the theta before the first update is not in the log; the first update then only fills the
state. One row more of theta than of gradients (its gradient empty, in the first or the last row) leaves only one reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from refopt.conformance.identify.printed import Floats
from refopt.errors import RefoptError
from refopt.rounding.formats import Format

FEWEST = 3
"""Updates that a log must show."""
ELEMENTS = 256
"""Elements that are looked at: of more, as many evenly spread by the size of their gradients."""


@dataclass(frozen=True)
class Measured:
    """Numbers, and for each how far the one that it was printed from may be."""

    value: Floats
    error: Floats

    def __getitem__(self, at: Any) -> Measured:
        return Measured(self.value[at], self.error[at])


@dataclass(frozen=True)
class Recorded:
    """What a file holds, row by row: `theta` in every row; gradients and rates where there are some.

    missing  the row without a gradient: "first", "last" or "" where every row has one
    names    of the elements
    printed  in words, how the numbers were printed
    ignored  columns that were not used
    """

    theta: Measured
    grad: Measured
    lr: Measured | None
    missing: str
    names: tuple[str, ...]
    number_format: Format
    printed: str
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class Log:
    """Updates 1 to T of n elements.

    theta     (T + 1, n): row t is theta after update t
    grad      (T, n)
    lr        (T,), or None where the rate was not logged
    headless  theta before the first update is unknown (row 0 repeats row 1)
    reading   "at", "to" or "" where only one is possible
    """

    theta: Measured
    grad: Measured
    lr: Measured | None
    number_format: Format
    headless: bool = False
    reading: str = ""

    @property
    def updates(self) -> int:
        """How many updates there are."""
        return int(self.grad.value.shape[0])

    @property
    def elements(self) -> int:
        """How many elements there are."""
        return int(self.grad.value.shape[1])

    @property
    def moved(self) -> Floats:
        """How far each update moved each element, (T, n)."""
        return np.asarray(np.diff(self.theta.value, axis=0))

    @property
    def resolution(self) -> Floats:
        """How far that may be off because of the digits of theta alone, (T, n)."""
        return np.asarray(self.theta.error[1:] + self.theta.error[:-1])

    @property
    def judged(self) -> NDArray[np.bool_]:
        """The updates that can be compared, (T, 1): all, but the first where its start is unknown."""
        first = np.arange(self.updates)[:, None] == 0
        return np.asarray(~(first & self.headless))

    def part(self, updates: int, elements: Sequence[int] | None = None) -> Log:
        """The first updates, of some elements."""
        at = list(range(self.elements)) if elements is None else list(elements)
        lr = None if self.lr is None else self.lr[:updates]
        return replace(self, theta=self.theta[: updates + 1, at], grad=self.grad[:updates, at], lr=lr)

    def spread(self, count: int) -> list[int]:
        """At most `count` elements that move, evenly spread by the size of their gradients."""
        size = np.median(np.abs(self.grad.value), axis=0)
        moving = np.any((np.abs(self.moved) > self.resolution) & self.judged, axis=0)
        ordered = [int(i) for i in np.argsort(size, kind="stable") if moving[i]] or [int(i) for i in np.argsort(size, kind="stable")]
        if len(ordered) <= count:
            return sorted(ordered)
        return sorted({ordered[round(i * (len(ordered) - 1) / (count - 1))] for i in range(count)})


def logs(recorded: Recorded, where: str) -> tuple[Log, ...]:
    """The log in each of its possible readings. Raises RefoptError where there is nothing to identify."""
    _refuse_what_shows_nothing(recorded, where)
    made = _readings(recorded)
    if made[0].updates < FEWEST or made[-1].updates - made[-1].headless < FEWEST:
        raise RefoptError(f"{where} shows {made[0].updates} updates; at least {FEWEST} are needed", help="log more steps from the start of the run")
    many = made[0].elements > ELEMENTS
    return tuple(log.part(log.updates, made[0].spread(ELEMENTS)) if many else log for log in made)


def _readings(r: Recorded) -> tuple[Log, ...]:
    if r.missing:
        return (Log(r.theta, r.grad, r.lr, r.number_format),)
    earlier = None if r.lr is None else r.lr[:-1]
    at = Log(r.theta, r.grad[:-1], earlier, r.number_format, reading="at")
    repeated = Measured(*(np.concatenate([x[:1], x]) for x in (r.theta.value, r.theta.error)))
    return at, Log(repeated, r.grad, r.lr, r.number_format, headless=True, reading="to")


def _refuse_what_shows_nothing(r: Recorded, where: str) -> None:
    if r.theta.value.shape[0] >= 2:
        if not np.any(r.grad.value):
            raise RefoptError(f"{where}: every gradient is zero", help="a run without gradients shows nothing of the rule")
        if not np.any(np.diff(r.theta.value, axis=0)):
            raise RefoptError(f"{where}: theta never moves", help="log theta at every step, with more digits if the steps are small")
