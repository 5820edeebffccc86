"""A logged trajectory: what was read, and what its digits leave open.

A row of a log holds theta and a gradient, and it does not say which came first. Two readings are possible, and both are
tried: the gradient was taken at the theta of its row and led to that of the next (`at`), or it led to the theta of its
own row (`to`). In the second the theta before the first update is not in the log; the first update then only fills the
state. One row more of theta than of gradients (its gradient empty, in the first or the last row) leaves only one reading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from refopt.errors import RefoptError
from refopt.identify.printed import Floats
from refopt.rounding.formats import Format

NORM = "norm"
"""The name of the gradient's norm in a formula; it is given as t is."""
FEWEST = 3
"""Updates that a log must show."""
ELEMENTS = 256
"""Elements that are looked at: of more, as many evenly spread by the size of their gradients."""


NOTHING_LOST: Mapping[int, frozenset[str]] = MappingProxyType({})
"""Of a run that is never interrupted."""


@dataclass(frozen=True)
class Measured:
    """Numbers, and for each how far the one that it was printed from may be."""

    value: Floats
    error: Floats

    def __getitem__(self, at: Any) -> Measured:
        return Measured(self.value[at], self.error[at])


@dataclass(frozen=True)
class Recorded:
    """Contents of a file, row by row: `theta` in every row; gradients and rates where there are some.

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
    norm      (T,): of the whole gradient, all elements of the file
    counts    (T,): t of each update; None where it is 1, 2, ...
    lost      state variables that have their first value again before an update (the first is 0)
    unmoved   updates after which theta is not the formula's, though the state goes on
    """

    theta: Measured
    grad: Measured
    lr: Measured | None
    number_format: Format
    headless: bool = False
    reading: str = ""
    norm: Measured | None = None
    counts: Floats | None = None
    lost: Mapping[int, frozenset[str]] = field(default_factory=lambda: NOTHING_LOST)
    unmoved: frozenset[int] = frozenset()

    @cached_property
    def times(self) -> Floats:
        """t of each update, (T,)."""
        return np.arange(1.0, self.updates + 1) if self.counts is None else self.counts

    @property
    def updates(self) -> int:
        """Number of updates."""
        return int(self.grad.value.shape[0])

    @property
    def elements(self) -> int:
        """Number of elements."""
        return int(self.grad.value.shape[1])

    @cached_property
    def moved(self) -> Floats:
        """Change of each element in each update, (T, n)."""
        return np.asarray(np.diff(self.theta.value, axis=0))

    @cached_property
    def resolution(self) -> Floats:
        """Error of that change because of the digits of theta alone, (T, n)."""
        return np.asarray(self.theta.error[1:] + self.theta.error[:-1])

    @cached_property
    def judged(self) -> NDArray[np.bool_]:
        """The updates that can be compared, (T, 1): all, but the first where its start is unknown, and those that did not move theta."""
        out = sorted(self.unmoved | ({0} if self.headless else set()))
        return np.asarray(~np.isin(np.arange(self.updates)[:, None], out))

    @cached_property
    def still(self) -> NDArray[np.bool_]:
        """Updates of which no element moved though their gradient is not zero, (T,); none where the digits hide most moves."""
        moves = np.any(self.moved != 0, axis=1)
        clear = np.any(np.abs(self.moved) > 100 * self.resolution, axis=1)
        still = ~moves & np.any(self.grad.value != 0, axis=1) & self.judged[:, 0]
        return np.asarray(still & bool(np.all(clear[moves])))

    def part(self, updates: int, elements: Sequence[int] | None = None) -> Log:
        """The first updates, of some elements."""
        at = list(range(self.elements)) if elements is None else list(elements)
        lr, norm = (None if x is None else x[:updates] for x in (self.lr, self.norm))
        counts = None if self.counts is None else self.counts[:updates]
        return replace(self, theta=self.theta[: updates + 1, at], grad=self.grad[:updates, at], lr=lr, norm=norm, counts=counts)

    def since(self, update: int) -> Log:
        """The run without its first updates, as a run of its own."""
        lr, norm = (None if x is None else x[update:] for x in (self.lr, self.norm))
        return Log(self.theta[update:], self.grad[update:], lr, self.number_format, self.headless and update == 0, self.reading, norm)

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
    shown = recorded.grad.value.shape[0] - (not recorded.missing) if recorded.grad.value.size else 0
    if shown < FEWEST:
        updates = f"{max(shown, 0)} update{'' if shown == 1 else 's'}"
        raise RefoptError(f"{where} shows {updates}; at least {FEWEST} are needed", help="log more steps from the start of the run")
    _refuse_what_shows_nothing(recorded, where)
    made = _readings(recorded)
    many = made[0].elements > ELEMENTS
    return tuple(log.part(log.updates, made[0].spread(ELEMENTS)) if many else log for log in made)


def _readings(r: Recorded) -> tuple[Log, ...]:
    norm = _norm(r.grad, r.number_format)
    if r.missing:
        return (Log(r.theta, r.grad, r.lr, r.number_format, norm=norm),)
    earlier = None if r.lr is None else r.lr[:-1]
    at = Log(r.theta, r.grad[:-1], earlier, r.number_format, reading="at", norm=norm[:-1])
    repeated = Measured(*(np.concatenate([x[:1], x]) for x in (r.theta.value, r.theta.error)))
    return at, Log(repeated, r.grad, r.lr, r.number_format, headless=True, reading="to", norm=norm)


def _norm(grad: Measured, f: Format) -> Measured:
    """The norm of each gradient, and how far it may be: no further than the gradient, in norm, and a rounding of each square and each sum."""
    value, error = (np.sqrt(np.sum(x * x, axis=1)) for x in (grad.value, grad.error))
    return Measured(value, error + (grad.value.shape[1] + 1) * float(f.u) * value)


def _refuse_what_shows_nothing(r: Recorded, where: str) -> None:
    if r.theta.value.shape[0] >= 2:
        if not np.any(r.grad.value):
            raise RefoptError(f"{where}: every gradient is zero", help="a run without gradients shows nothing of the rule")
        if not np.any(np.diff(r.theta.value, axis=0)):
            raise RefoptError(f"{where}: theta never moves", help="log theta at every step, with more digits if the steps are small")
