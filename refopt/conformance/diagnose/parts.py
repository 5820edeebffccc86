"""A fault that holds only in a part: in some tensors or elements, at some updates, beyond some value.

Such a part is looked for where every failing element lies in it and hardly a right one does. Then an edit is looked for
that explains all of the part; the reference explains the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any, TypeAlias

import numpy as np

from refopt.conformance.diagnose import fit
from refopt.conformance.diagnose.attempt import Attempt
from refopt.conformance.diagnose.count_edits import counts_from
from refopt.conformance.diagnose.edits import Edit
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.failing_regions import Mask, Where, places
from refopt.conformance.diagnose.moments import Since, Span, When, moments, widened
from refopt.conformance.diagnose.part_edits import part_edits
from refopt.conformance.diagnose.ranges import Range, Values, ranges
from refopt.conformance.diagnose.stale_elements import decides, explained, fails, marks, tensor
from refopt.conformance.judge.model import Model
from refopt.conformance.judge.stepwise import Judged
from refopt.conformance.judge.summary import enough_claims
from refopt.conformance.judge.updates import Update
from refopt.errors import NotImplementedYet
from refopt.golden.description import Within

Area: TypeAlias = Where | When | Range

CLEARLY = 8
"""Error of the worst failing element, in bounds, from which on the place of the failing ones is named."""
ENOUGH = 3
"""Least number of failing elements that speak for a part."""


@dataclass(frozen=True)
class Part:
    """An area, with the updates of the elements that lie in it: `inside` by update, by distinct element."""

    area: Area
    evidence: Evidence


@dataclass
class Split:
    """The observed elements, split into those that the reference explains and those that it does not."""

    evidence: Evidence
    judged: Sequence[Judged]

    @cached_property
    def failing(self) -> list[Mask]:
        """By update, the distinct elements that fail."""
        return [fails(j) for j in self.judged]

    @cached_property
    def right(self) -> list[Mask]:
        """By update, the distinct elements that are right where it can be told."""
        return [decides(j) for j in self.judged]

    @property
    def is_clear(self) -> bool:
        """True where enough fails, and far enough, to look for a part; not where nothing else is right."""
        off = [r[f] for j, f in zip(self.judged, self.failing, strict=True) if f.any() for r in j.ratio.values()]
        worst = max((float(np.nanmax(r)) for r in off if not np.isnan(r).all()), default=0.0)
        return worst > CLEARLY and sum(int(f.sum()) for f in self.failing) >= ENOUGH and any(r.any() for r in self.right)

    def parts(self) -> Iterator[Part]:
        """Every part that what fails may be: places first, then times, then values; at last the places of elements that fail at times only
        (a state that is lost shows in no first update)."""
        seen = marks(self.evidence.observations, self.judged)
        where = next(places(seen), None)
        if where is not None:
            yield self._at(where)
        for when in moments(*self.times):
            yield self._part(when, lambda j, when=when: np.full(len(j.update.inverse), when.holds(j.update.t)))  # type: ignore[misc]
        for beyond in ranges(self._values()):
            yield self._part(beyond, lambda j, beyond=beyond: _positions(j, beyond))  # type: ignore[misc]
        at_times = next(places([replace(m, right=m.right & ~m.failing) for m in seen]), None)
        if at_times is not None and at_times != where:
            yield self._at(at_times)

    def _at(self, where: Where) -> Part:
        return self._part(where, lambda j: where.mask(tensor(self.evidence.observations, j)))

    @cached_property
    def times(self) -> tuple[list[int], list[int]]:
        """The updates in which something fails, and those in which something is right where it can be told."""
        wrong = [j.update.t for j, f in zip(self.judged, self.failing, strict=True) if f.any()]
        return wrong, [j.update.t for j, r in zip(self.judged, self.right, strict=True) if r.any()]

    def _values(self) -> Values:
        def of(masks: Sequence[Mask]) -> dict[str, Any]:
            chosen = [(j.update, m) for j, m in zip(self.judged, masks, strict=True) if j.update.g is not None and m.any()]
            none = [np.zeros(0)]
            return {
                "theta": np.concatenate(none + [u.before["theta"][m] for u, m in chosen]),
                "g": np.concatenate(none + [u.g[m] for u, m in chosen if u.g is not None]),
            }

        return Values(of(self.failing), of(self.right))

    def _part(self, area: Area, positions: Callable[[Judged], Mask]) -> Part:
        chosen = [_only(j.update, positions(j)) for j in self.judged]
        return Part(area, self.evidence.with_updates([u for u in chosen if u is not None]))


def _positions(j: Judged, beyond: Range) -> Mask:
    if j.update.g is None:
        return np.zeros(len(j.update.inverse), dtype=bool)
    return beyond.mask(j.update.before["theta"], j.update.g)[j.update.inverse]


def _only(u: Update, positions: Mask) -> Update | None:
    """The update of the elements at some positions."""
    at = np.flatnonzero(positions)
    if not at.size:
        return None
    if at.size == len(u.inverse):
        return u
    sorts, inverse = np.unique(u.inverse[at], return_inverse=True)
    return replace(
        u,
        before={n: x[sorts] for n, x in u.before.items()},
        after={n: x[sorts] for n, x in u.after.items()},
        g=None if u.g is None else u.g[sorts],
        inputs={n: x[sorts] for n, x in u.inputs.items()},
        inverse=inverse.astype(np.intp),
    )


def in_a_part(evidence: Evidence, judged: Sequence[Judged]) -> Iterator[tuple[Model, Attempt]]:
    """Models in which the edit of one part explains everything that fails, each as an attempt at the whole."""
    rule = evidence.reference
    split = Split(evidence, judged)
    if not evidence.sees(rule) or not split.is_clear:
        return
    for part in split.parts():
        edit = edit_of(part)
        if edit is not None:
            area = _told(split, part, edit)
            within = Within(area, edit.change)
            rest = fit.summary(evidence, explained(judged, split.failing))
            model = Model(within, edit.rule)
            yield model, Attempt(model, rest, True, None, within, rule.name, where=area)
            return


def area_of(evidence: Evidence, judged: Sequence[Judged]) -> Where | When | None:
    """The places or the updates to which everything that fails belongs, and nothing that is right: seen, whatever formula holds there.

    Updates are told only where nothing is right in them, and most elements that fail are right in others: else it may be the cases that differ.
    """
    split = Split(evidence, judged)
    if not split.is_clear:
        return None
    seen = marks(evidence.observations, judged)
    where = next(places(seen), None)
    failing, both = sum(int(m.failing.sum()) for m in seen), sum(int((m.failing & m.right).sum()) for m in seen)
    if where is not None:
        return where
    if 2 * both <= failing:
        return _since(split)
    right = split.times[1]
    when = next((x for x in moments(*split.times) if not any(map(x.holds, right))), None)
    return when or _since(split) or next(places([replace(m, right=m.right & ~m.failing) for m in seen]), None)


LATE = 11
"""From this update on a fault is one of when: short runs are right."""


def _since(split: Split) -> Since | None:
    """The update that what fails begins with, late in a run that was right from its start to there."""
    first = min((j.update for j, f in zip(split.judged, split.failing, strict=True) if f.any()), key=lambda u: u.t, default=None)
    if first is None or first.t < LATE or split.evidence.observations[first.case].case.t0 != 1:
        return None
    before = {j.update.t for j, r in zip(split.judged, split.right, strict=True) if r.any() and j.update.case == first.case and j.update.t < first.t}
    return Since(first.t) if 2 * len(before) >= first.t - 1 else None


def _explains(evidence: Evidence, model: Model, sample: Sequence[int]) -> bool:
    try:
        attempt = fit.attempt(evidence, model, sample)
    except NotImplementedYet:  # an edit may make a formula that has no bound
        return False
    return attempt.fits and enough_claims(attempt.results)


def edit_of(part: Part) -> Edit | None:
    """The first edit that explains all of a part."""
    evidence, rule = part.evidence, part.evidence.reference
    sample = fit.sample(evidence, evidence.judge(Model(rule.name, rule)))
    clearest = evidence.with_updates([evidence.updates[i] for i in sample])
    counts = counts_from(rule, part.area) if isinstance(part.area, Span) else ()
    for edit in chain(counts, part_edits(rule)):
        model = Model(edit.change, edit.rule)
        if clearest.looks.misfit(model) <= 1 and evidence.looks.misfit(model) <= 1 and _explains(evidence, model, sample):
            return edit
    return None


def _told(split: Split, part: Part, edit: Edit) -> Area:
    """The area to report: a span is widened as far as no observation speaks against it."""
    if not isinstance(part.area, Span):
        return part.area
    wrong, right = split.times
    return widened(part.area, list(_disagreeing(split.evidence, part.area, edit)), sorted(set(right) - set(wrong)))


AT_ONCE = 32
"""Number of updates that are compared at once where one that disagrees is enough."""


def _disagreeing(evidence: Evidence, span: Span, edit: Edit) -> Iterator[int]:
    """An update before a span in which the edit does not hold, and one after it, where there are any: the nearest are looked at first."""
    before = sorted((i for i, u in enumerate(evidence.updates) if u.t < span.first), key=lambda i: -evidence.updates[i].t)
    after = sorted((i for i, u in enumerate(evidence.updates) if not span.holds(u.t) and u.t >= span.first), key=lambda i: evidence.updates[i].t)
    for side in (before, after):
        for start in range(0, len(side), AT_ONCE):
            judged = evidence.judge(Model(edit.change, edit.rule), side[start : start + AT_ONCE])
            found = next((j.update.t for j in judged if fails(j).any()), None)
            if found is not None:
                yield found
                break
