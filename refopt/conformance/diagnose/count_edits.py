"""A count of updates that goes wrong far on: kept in a format that cannot count on, or in few bits; stopped, or begun anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from refopt.conformance.diagnose.edits import Edit, throughout
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.moments import Span
from refopt.conformance.diagnose.run_change import OfTheRun
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
    """A counter of so many numbers: it begins anew after the last of them."""

    after: int
    to: int

    def counts(self, t0: int, steps: int) -> list[int]:
        """The numbers of the updates of a run, as such a counter has them."""
        period = self.after + 1 - self.to
        return [n if n <= self.after else self.to + (n - self.to) % period for n in range(t0, t0 + steps)]


COUNTERS: tuple[KeptIn | Wraps, ...] = (
    KeptIn(BFLOAT16), KeptIn(FLOAT16), KeptIn(FLOAT32),
    *(Wraps(2**bits - 1, to) for bits in (7, 8, 15, 16, 31, 32) for to in (1, 0)),
)  # fmt: skip


def counted_otherwise(evidence: Evidence, failing: Sequence[int]) -> Iterator[tuple[KeptIn | Wraps, Evidence]]:
    """The evidence as such counters number its updates, where those that fail are only ones that get another number."""
    if not evidence.reference.uses_step or not evidence.sees(evidence.reference):
        return
    for counter in COUNTERS:
        tables = [counter.counts(o.request.t0, len(o.request.grads)) if o.request is not None else [] for o in evidence.observations]
        updates = [replace(u, t=tables[u.case][u.step]) for u in evidence.updates]
        if all(updates[i].t != evidence.updates[i].t for i in failing) and all(u.t >= 1 for u in updates):
            yield counter, evidence.with_updates(updates)


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
