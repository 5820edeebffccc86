"""A count of updates that goes wrong far on: kept in a format that cannot count on, or in few bits; stopped, or begun anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from refopt.conformance.diagnose.edits import Edit, throughout
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.moments import Span
from refopt.conformance.diagnose.run_change import OfTheRun
from refopt.conformance.judge.updates import Update
from refopt.errors import RefoptError
from refopt.golden.change import Change
from refopt.golden.change import Kind as Changed
from refopt.language.expression import Expression, literal, t
from refopt.language.rule import Rule
from refopt.rounding.formats import BFLOAT16, FLOAT16, FLOAT32, Format


@dataclass(frozen=True)
class KeptIn(OfTheRun):
    """A counter that is a number of a format: from its first number on that has no successor there, it stands still."""

    format: Format

    @property
    def stops_at(self) -> int:
        """The number to which nothing can be added."""
        return int(1 / self.format.u)

    def counts(self, t0: int, steps: int) -> list[int]:
        """The numbers of the updates of a run, as such a counter has them."""
        found: list[int] = []
        count = self.format.round(Fraction(t0 - 1))
        for _ in range(steps):
            count = None if count is None else self.format.round(count + 1)
            if count is None:  # beyond the largest number: it is infinite, and so many updates make all corrections 1
                return [*found, *(t0 + i for i in range(len(found), steps))]
            found.append(int(count))
        return found


@dataclass(frozen=True)
class Wraps(OfTheRun):
    """A counter of so many numbers: it begins anew after the last of them. `least`: a smaller one is taken as this."""

    after: int
    to: int
    least: int = 0

    def counts(self, t0: int, steps: int) -> list[int]:
        """The numbers of the updates of a run, as such a counter has them."""
        period = self.after + 1 - self.to
        return [max(n if n <= self.after else self.to + (n - self.to) % period, self.least) for n in range(t0, t0 + steps)]


@dataclass(frozen=True)
class Stops(OfTheRun):
    """A counter that goes no further than a number."""

    at: int

    def counts(self, t0: int, steps: int) -> list[int]:
        """The numbers of the updates of a run, as such a counter has them."""
        return [min(n, self.at) for n in range(t0, t0 + steps)]


@dataclass(frozen=True)
class GoesUpEach(OfTheRun):
    """A counter that goes up once in so many updates."""

    every: int

    def counts(self, t0: int, steps: int) -> list[int]:
        """The numbers of the updates of a run, as such a counter has them."""
        return [(n + self.every - 1) // self.every for n in range(t0, t0 + steps)]


Counter: TypeAlias = KeptIn | Wraps | Stops | GoesUpEach


COUNTERS: tuple[Counter, ...] = (
    KeptIn(BFLOAT16), KeptIn(FLOAT16), KeptIn(FLOAT32),
    *(Wraps(2**bits - 1, to) for bits in (7, 8, 15, 16, 31, 32) for to in (1, 0)), *(GoesUpEach(n) for n in (2, 3, 4, 5, 8, 10)),
)  # fmt: skip


def _counters(first: int) -> tuple[Counter, ...]:
    """The counters that an implementation may have which goes wrong first in update number `first`."""
    last = first - 1
    return (*COUNTERS, *((Wraps(last, 1), Wraps(last, 0), Wraps(last, 0, 1), Stops(last)) if last > 1 else ()))


def counted_otherwise(evidence: Evidence, failing: Sequence[int]) -> Iterator[tuple[Counter, Evidence]]:
    """The evidence as such counters number its updates, where those that fail are only ones that get another number.

    Where a counter is 0 a rule that corrects for the start has no value: such an update says nothing, if no number came out that fails. Another one,
    which says nothing new, stands in its place, so that updates keep their numbers.
    """
    if not failing or not evidence.reference.uses_step or not evidence.sees(evidence.reference):
        return
    updates, failed = evidence.updates, set(failing)
    for counter in _counters(min(updates[i].t for i in failing)):
        tables = [counter.counts(o.request.t0, len(o.request.grads)) if o.request is not None else [] for o in evidence.observations]
        numbered = [replace(u, t=tables[u.case][u.step]) for u in updates]
        if any(numbered[i].t == updates[i].t for i in failing) or any(u.t < 1 and i in failed and _has_numbers(u) for i, u in enumerate(numbered)):
            continue
        said = next((u for u in numbered if u.t >= 1), None)
        if said is not None:
            yield counter, evidence.with_updates([u if u.t >= 1 else said for u in numbered])


def _has_numbers(u: Update) -> bool:
    """True where theta is a number after an update wherever it had a gradient that is not 0."""
    moved = u.g != 0 if u.g is not None else np.zeros(0, dtype=bool)
    return bool(np.isfinite(u.after["theta"][moved]).any()) if u.g is not None else True


def counts_from(rule: Rule, span: Span) -> Iterator[Edit]:
    """In a span of updates: the count has stopped at the number before it, or begins anew."""
    if not rule.uses_step or span.first < 2:
        return
    stopped = span.first - 1
    counts: tuple[tuple[Change, Expression], ...] = (
        (Change(Changed.COUNT_STOPS, number=stopped), literal(stopped)),
        *(((Change(Changed.COUNT_ANEW), t - stopped),) if stopped > 1 else ()),
        (Change(Changed.COUNT_LESS), t - 1),
    )
    for change, count in counts:
        try:
            yield Edit(change, replace(rule, steps=throughout(rule, {"t": count})), rule.name)
        except RefoptError:
            continue
