"""One factor for each whole tensor, another one in other updates: what clipping by norm and trust ratios look like.

It is observed and told, and never a formula: no rule that is made of elements is that. Two kinds are looked for: the
gradient is the given one times a factor, or theta's step is the rule's times a factor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

import numpy as np

from refopt.conformance.diagnose import batches
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.prefilter import distance, updated
from refopt.conformance.diagnose.running_error import Numbers, Rough, Tensors, Units
from refopt.conformance.judge.model import Model
from refopt.conformance.judge.updates import Update
from refopt.exact.digits import shortest_between
from refopt.golden.model import Result
from refopt.language.rule import Rule

CLEAR = 16
"""An element tells a factor where what it is read off from is so many times longer than what rounding leaves open."""
TELLING = 2
"""Least number of updates, and of elements in each, that must tell a factor."""
APART = 1.001
"""Factors of different updates differ by at least so much, or it is one factor for all, which is an edit."""
ROUNDED = 2.0**-16
"""The share by which a norm may be off that a program computes: of thousands of squares, and with a small number added to it."""


class Scaled(Enum):
    """The quantity that the factor multiplies."""

    GRADIENT = "gradient"
    STEP = "step"


class Norm(Enum):
    """The tensors whose norm is limited."""

    TENSOR = "each tensor"
    RUN = "all tensors"


@dataclass(frozen=True)
class WholeTensor:
    """The observed factors of whole tensors.

    scaled   what the factor is put to
    updates  in how many updates of a tensor it was told, and is not 1
    least, most  the smallest and the largest factor
    limit    the largest norm of the gradient that explains all factors, and whose norm; None where there is none
    """

    scaled: Scaled
    updates: int
    least: float
    most: float
    limit: tuple[str, Norm] | None = None


Interval = tuple[float, float]


def whole_tensor(evidence: Evidence) -> WholeTensor | None:
    """Factors observed of an implementation that no formula explains; None where its whole state is not seen, or no factor is found."""
    rule = evidence.reference
    views = evidence.views(rule)
    if not evidence.sees(rule) or any(views[s].times_lr for s in rule.state_names):
        return None
    certain = {i for i, o in enumerate(evidence.observations) if o.case.result == Result.MUST}
    chosen = [u for u in evidence.updates if u.case in certain and u.g is not None and len(u.g)]
    if not chosen:
        return None
    span = batches.of_updates(chosen)
    (scalars,) = span.scalars(Model(rule.name, rule), evidence.hypers(rule), evidence.format)
    units = Units.of(evidence.format)
    with np.errstate(all="ignore"):
        known = span.start(rule, scalars, views, units) | span.given(0, scalars)
        seen = {"theta": span.after[0]["theta"], **{s: views[s].sign * span.after[0][views[s].buffer] for s in rule.state_names}}
        looked = _Looked(rule, known, seen, chosen, units, span.tensors)
        found = looked.gradients()
        if found is not None:
            limit = _limit(chosen, found)
            return _observed(Scaled.GRADIENT, found, limit) if limit is not None or _goes_by_length(chosen, found, known["g"].x) else None
        found = looked.steps()
        ours = updated(rule, known, units, span.tensors)[0]["theta"].x - known["theta"].x
    return _observed(Scaled.STEP, found, None) if found is not None and _goes_by_length(chosen, found, ours) else None


EARLY = 10
"""Whatever goes by lengths changes something in the first so many updates."""


def _goes_by_length(chosen: Sequence[Update], factors: Sequence[Interval | None], scaled: Numbers) -> bool:
    """True where factors may follow the lengths of what they are put to: they do not wait for a late update, and what they shorten is longer than what they
    leave alone, in each case."""
    told = [(u, f) for u, f in zip(chosen, factors, strict=True) if f is not None]
    changed = [u for u, f in told if not f[0] <= 1 <= f[1]]
    if not changed or (min(u.t for u in changed) > EARLY and any(u.t <= EARLY for u, _ in told)):
        return False
    if any(f[0] > 1 for _, f in told):  # longer steps: a trust ratio goes by other lengths too
        return True
    own, together = _lengths(chosen, scaled)
    return any(_shortens_the_longest(chosen, factors, lengths) for lengths in (own, together))


def _shortens_the_longest(chosen: Sequence[Update], factors: Sequence[Interval | None], lengths: Sequence[float]) -> bool:
    left: dict[int, float] = {}
    cut: dict[int, float] = {}
    for u, f, length in zip(chosen, factors, lengths, strict=True):
        if f is not None and f[0] <= 1 <= f[1]:
            left[u.case] = max(left.get(u.case, 0.0), length)
        elif f is not None:
            cut[u.case] = min(cut.get(u.case, np.inf), length)
    return all(cut[case] >= left.get(case, 0.0) * (1 - ROUNDED) for case in cut)


def _lengths(chosen: Sequence[Update], values: Numbers) -> tuple[list[float], list[float]]:
    """The norm of each update's values, and that of all tensors in the same update."""
    ends = np.cumsum([len(u.before["theta"]) for u in chosen]).tolist()
    parts = [values[a:b] for a, b in zip([0, *ends[:-1]], ends, strict=True)]
    squares = [float((x.astype(np.float64) ** 2 * u.counts).sum()) for u, x in zip(chosen, parts, strict=True)]
    together: dict[tuple[int, int], float] = {}
    for u, x in zip(chosen, squares, strict=True):
        together[u.case, u.step] = together.get((u.case, u.step), 0.0) + x
    return [float(np.sqrt(x)) for x in squares], [float(np.sqrt(together[u.case, u.step])) for u in chosen]


def _observed(scaled: Scaled, factors: Sequence[Interval | None], limit: tuple[str, Norm] | None) -> WholeTensor | None:
    told = [f for f in factors if f is not None]
    changed = [f for f in told if not f[0] <= 1 <= f[1]]
    least, most = (pick((a + b) / 2 for a, b in told) for pick in (min, max)) if told else (1.0, 1.0)
    if len(changed) < TELLING or (most < APART * least):
        return None
    return WholeTensor(scaled, len(changed), least, most, limit)


@dataclass(frozen=True)
class _Looked:
    """All updates side by side, and what a rule makes of them."""

    rule: Rule
    known: Mapping[str, Rough]
    seen: Mapping[str, Numbers]
    updates: Sequence[Update]
    units: Units
    tensors: Tensors

    def gradients(self) -> list[Interval | None] | None:
        """The factor of each update's gradient, None where nothing tells it; None where the rest does not follow from them."""
        let = next((x for x in self.rule.steps if x.name in self.seen and "g" in x.value.symbol_names), None)
        if let is None:
            return None
        none, half, whole = (self._with(x)[let.name] for x in (0.0, 0.5, 1.0))
        straight = np.abs(half.x - (none.x + whole.x) / 2) <= none.e + half.e + whole.e
        if not straight[np.isfinite(half.x)].all():
            return None
        factors = self._factors(self.seen[let.name] - none.x, whole.x - none.x, whole.e + none.e + self.units.element * np.abs(self.seen[let.name]))
        return factors if factors is not None and self._follows(factors) else None

    def steps(self) -> list[Interval | None] | None:
        """The factor of each update's step; None where there is none, or a state is another one."""
        ours = updated(self.rule, self.known, self.units, self.tensors)[0]
        if any(distance(self.seen[s], ours[s]) > 1 for s in self.rule.state_names):
            return None
        before = self.known["theta"].x
        moved = self.seen["theta"] - before
        return self._factors(moved, ours["theta"].x - before, ours["theta"].e + self.units.element * np.abs(moved))

    def _with(self, factor: Numbers | float, slack: Numbers | float = 0.0) -> Mapping[str, Rough]:
        g = self.known["g"].x * factor
        return updated(self.rule, {**self.known, "g": Rough(g, np.abs(self.known["g"].x) * slack + self.units.element * np.abs(g))}, self.units,
                       self.tensors)[0]  # fmt: skip

    def _factors(self, theirs: Numbers, ours: Numbers, open_by: Numbers) -> list[Interval | None] | None:
        """One factor an update that all its telling elements allow; None where an update has none."""
        factor, slack = theirs / ours, 4 * open_by / np.abs(ours)
        clear = np.isfinite(factor) & (np.abs(ours) > CLEAR * open_by)
        low, high = factor - slack * (1 + np.abs(factor)), factor + slack * (1 + np.abs(factor))
        found: list[Interval | None] = []
        for part in self._parts():
            told = clear[part]
            if told.sum() < TELLING:
                found.append(None)
                continue
            interval = float(low[part][told].max()), float(high[part][told].min())
            if interval[0] > interval[1] or interval[1] <= 0:
                return None
            found.append(interval)
        return found

    def _follows(self, factors: Sequence[Interval | None]) -> bool:
        """True where theta and every state are what the rule makes of the gradients times their factors."""
        sizes = [len(u.before["theta"]) for u in self.updates]
        middle = np.repeat([1.0 if f is None else (f[0] + f[1]) / 2 for f in factors], sizes)
        slack = np.repeat([0.0 if f is None else (f[1] - f[0]) / 2 for f in factors], sizes)
        told = np.repeat([f is not None for f in factors], sizes)
        ours = self._with(middle, slack)
        return all(distance(x[told], Rough(ours[n].x[told], ours[n].e[told])) <= 1 for n, x in self.seen.items())

    def _parts(self) -> list[slice]:
        ends = np.cumsum([len(u.before["theta"]) for u in self.updates]).tolist()
        return [slice(a, b) for a, b in zip([0, *ends[:-1]], ends, strict=True)]


def _limit(updates: Sequence[Update], factors: Sequence[Interval | None]) -> tuple[str, Norm] | None:
    """The one largest norm that explains all factors: those below 1 bring it to that, and the others are below it."""
    own, together = _lengths(updates, np.concatenate([u.g for u in updates if u.g is not None]))
    for norm, sizes in ((Norm.TENSOR, own), (Norm.RUN, together)):
        low, high, largest = 0.0, np.inf, 0.0
        for size, factor in zip(sizes, factors, strict=True):
            if factor is None:
                continue
            if factor[1] < 1:
                low, high = max(low, factor[0] * size * (1 - ROUNDED)), min(high, factor[1] * size * (1 + ROUNDED))
            elif factor[0] <= 1:
                largest = max(largest, size)
            else:
                low, high = np.inf, 0.0
        if 0 < low <= high < np.inf and largest <= high * (1 + ROUNDED):
            return shortest_between(Fraction(low), Fraction(high)), norm
    return None
