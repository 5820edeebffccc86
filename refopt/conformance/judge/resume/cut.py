"""A run that was cut in two: what is asked of the fresh object, and where it goes another way than the uninterrupted run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from refopt.conformance.judge.summary import Difference, Place
from refopt.conformance.protocol.implementation import Ran, Request, Snapshot
from refopt.conformance.protocol.observe import Observation
from refopt.conformance.protocol.saved import Saved
from refopt.golden.model import Result

MOST = 10
"""Number of runs of a format that are cut in two: the most different ones."""


@dataclass(frozen=True)
class Cut:
    """A run, what it saved in the middle, and the request for the rest of it."""

    observation: Observation
    saved: Saved
    rest: Request

    @property
    def request(self) -> Request:
        """Of the whole run."""
        assert self.observation.request is not None
        return self.observation.request

    @property
    def at(self) -> int:
        """The number of updates before the cut."""
        return len(self.request.grads) - len(self.rest.grads)

    @property
    def middle(self) -> Snapshot:
        """Snapshot at the cut."""
        return self.uninterrupted.after[self.at - 1]

    @property
    def uninterrupted(self) -> Ran:
        """The whole run."""
        assert isinstance(self.observation.answer, Ran)
        return self.observation.answer


def rest_of(request: Request, middle: Snapshot, cut: int) -> Request:
    """The updates of a run after the cut, from what was seen there."""
    return replace(request.some_updates(range(cut, len(request.grads))), theta0=middle.theta, state0=None, t0=request.t0 + cut, save=None)


def cuts(observations: Sequence[Observation]) -> list[Cut]:
    """The runs that saved themselves, ready to be continued: the most different ones first."""
    found = []
    for o in observations:
        if (
            o.request is None
            or not isinstance(o.answer, Ran)
            or o.request.save is None
            or not isinstance(o.answer.saved, Saved)
            or o.case.result != Result.MUST
        ):
            continue
        cut = o.request.save
        rest = replace(rest_of(o.request, o.answer.after[cut - 1], cut), load=o.answer.saved)
        found.append(Cut(o, o.answer.saved, replace(rest, held=_held(o.request, cut) if o.answer.saved.holds_rate else 0)))
    return sorted(chosen(found), key=lambda c: not c.request.hyper)  # what is sent shows more than defaults do


def _held(request: Request, cut: int) -> int:
    """Number of rates after the cut that equal the last one before it, up to the first that does not."""
    if request.lr is None:
        return 0
    after = request.lr[cut:]
    return next((i for i, x in enumerate(after) if x != request.lr[cut - 1]), len(after))


def chosen(found: Sequence[Cut]) -> list[Cut]:
    """At most `MOST`: one of each kind of run, then others in order."""
    kinds: dict[Any, list[Cut]] = {}
    for c in found:
        kinds.setdefault(_kind(c), []).append(c)
    turns = max(map(len, kinds.values()), default=0)
    return [row[i] for i in range(turns) for row in kinds.values() if i < len(row)][:MOST]


def _kind(c: Cut) -> tuple[Any, ...]:
    request = c.request
    absent = any(g is None for row in request.grads for g in row)
    zero = any(x == 0 for x in request.hyper.values())
    return len(request.theta0) > 1, absent, request.lr is not None, zero, not request.hyper, c.observation.case.t0 > 1, _alike(c.middle), _falls(request)


def _alike(middle: Snapshot) -> frozenset[tuple[str, str]]:
    """The pairs of states that have the same values: where one is taken for the other, nothing is seen of it."""
    states = [sorted(row.items()) for row in middle.state if row]
    pairs = [{(a, b) for (a, x), (b, y) in combinations(row, 2) if np.array_equal(x, y)} for row in states]
    return frozenset(set.intersection(*pairs)) if pairs else frozenset()


def _falls(request: Request) -> bool:
    """True where the gradients become smaller: a largest value that is kept stands apart from the latest one then."""
    sizes = [float(np.max([np.max(np.abs(g), initial=0.0) for g in row if g is not None], initial=0.0)) for row in request.grads]
    return len(sizes) > 2 and 0 < sizes[-1] < sizes[0] / 16


def differences(cut: Cut, continued: Ran) -> Iterator[Difference]:
    """Values of the continued run that have other bits, in order: theta, what is shown, and the formats that it is shown in."""
    for i, (mine, theirs) in enumerate(zip(cut.uninterrupted.after[cut.at :], continued.after, strict=True)):
        for p in range(len(mine.theta)):
            for name, whole, again in ((n, x, y) for n, x, y in _pairs(mine, theirs, p) if x.dtype != y.dtype or x.tobytes() != y.tobytes()):
                yield _difference(cut, i, p, name, whole, again)


def _pairs(mine: Snapshot, theirs: Snapshot, p: int) -> Iterator[tuple[str, Any, Any]]:
    yield "theta", mine.theta[p], theirs.theta[p]
    for name in mine.state[p]:
        if name in theirs.state[p]:
            yield name, mine.state[p][name], theirs.state[p][name]


def _difference(cut: Cut, i: int, p: int, name: str, whole: Any, again: Any) -> Difference:
    a, b = whole.astype(np.float64).ravel(), again.astype(np.float64).ravel()
    other = np.flatnonzero((a != b) & ~(np.isnan(a) & np.isnan(b))) if a.size == b.size else np.array([0])
    e = int(other[0]) if len(other) else 0
    seen = cut.uninterrupted.after
    before = seen[cut.at + i - 1].theta[p].astype(np.float64).ravel()
    g = cut.rest.grads[i][p]
    place = Place(cut.rest.t0 + i, p, e, name)
    gradient = None if g is None or e >= g.size else float(g.astype(np.float64).ravel()[e])
    return Difference(cut.observation.case.id, place, float(b[e]), float(a[e]), None, np.inf, float(before[e]) if e < before.size else 0.0, gradient)
