"""Spans of updates that a fault is confined to: it holds in a span of updates, from one on, up to one, or at regular ones, and never else.

What was seen has gaps; a span says where it was seen to begin and to end, and what was seen to be right beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from refopt.golden.description import Description

FEW = 3
"""Number of updates at regular distances that make a period."""


@dataclass(frozen=True)
class Span(Description):
    """Updates `first` to `last` (None: and all later ones). `before` and `after` are the nearest ones that do not belong to it."""

    first: int
    last: int | None
    before: int | None = None
    after: int | None = None

    def holds(self, t: int) -> bool:
        """True where an update belongs to it."""
        return self.first <= t and (self.last is None or t <= self.last)


@dataclass(frozen=True)
class Period(Description):
    """Every so-manyth update."""

    every: int
    at: int = 0

    def holds(self, t: int) -> bool:
        """True where an update belongs to it."""
        return t % self.every == self.at


@dataclass(frozen=True)
class Since(Description):
    """Updates from a number on, though not all of them: runs that were right up to the one before it."""

    first: int

    def holds(self, t: int) -> bool:
        """True where an update belongs to it."""
        return t >= self.first


When: TypeAlias = Span | Period | Since


def moments(failing: Sequence[int], right: Sequence[int]) -> Iterator[When]:
    """The times within which everything that fails lies, the narrowest: regular ones where they are, and from the first to the last."""
    wrong, fine = sorted(set(failing)), sorted(set(right) - set(failing))
    if not wrong or not fine:
        return
    within = [t for t in fine if wrong[0] < t < wrong[-1]]
    period = _period(wrong) if within else None
    if period is not None:
        yield period
    yield Span(wrong[0], wrong[-1])


def widened(span: Span, disagreeing: Sequence[int], right: Sequence[int]) -> Span:
    """A span as it is told: its fault may hold wherever nothing that was seen speaks against it.

    disagreeing  the updates that do; right, those in which nothing fails
    """
    begins, ends = any(t < span.first for t in disagreeing), any(t > (span.last or 0) for t in disagreeing)
    before = max((t for t in right if t < span.first), default=None)
    after = min((t for t in right if span.last is not None and t > span.last), default=None)
    return Span(span.first if begins else 1, span.last if ends or not begins else None, before if begins else None, after if ends else None)


def _period(wrong: Sequence[int]) -> Period | None:
    gaps = [b - a for a, b in pairwise(wrong)]
    if len(wrong) < FEW:
        return None
    every = min(gaps)
    found = Period(every, wrong[0] % every) if every > 1 else None
    return found if found is not None and all(found.holds(t) for t in wrong) else None
