"""A hyperparameter whose value is not known, read off from what was seen: every element leaves an interval, all of them together a number.

Nothing is accepted here. The number is a proposal: it must explain every claim, also in the cases that it was not read off from.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from refopt.conformance.diagnose import batches
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.prefilter import Span, updated
from refopt.conformance.diagnose.running_error import Numbers, Rough, Units
from refopt.conformance.judge.model import Model
from refopt.conformance.protocol.implementation import View
from refopt.exact.digits import shortest_between
from refopt.language.hyper import Hyper
from refopt.language.rule import Rule

ROOM = 8
"""All orders of operations together have at most so many times the error of the written one here; what is meant is checked with the bound."""
SMALLEST, LARGEST = 1e-30, 1e6
"""A value is looked for between these; 0 is a value that is tried by itself."""
SAMPLES = 9
"""Points at which it is seen whether an element goes one way with the value: only such elements say what it is."""
PARTS = 16
"""Parts into which the numbers of binary64 between two are divided at once: an array of that many values an element costs little more than one."""
ROUNDS = 16
"""Divisions in so many parts: 16^16 = 2^64, so that the last pair are neighbours."""


def read_off(evidence: Evidence, rule: Rule, h: Hyper, cases: Collection[int], only: str | None = None) -> str | None:
    """The shortest decimal that every telling element of some cases allows for a hyperparameter; None where there is none. `only`: by one variable."""
    model = Model(rule.name, rule)
    views = evidence.views(rule) if evidence.sees(rule) else {}
    low, high = SMALLEST, LARGEST if not any(c.op == "lt" for c in h.conditions) else float(np.nextafter(1.0, 0.0))
    allowed = (low, high)
    for span in _spans(evidence, rule, cases):
        scalars = span.scalars(model, evidence.hypers(rule), evidence.format)
        for step in range(len(span.g)):
            for name in ("theta", *rule.state_names) if only is None else (only,):
                target = _target(span, step, name, views)
                if target is None:
                    continue
                found = _interval(_Elements(span, step, name, rule, h.name, scalars, views, Units.of(evidence.format), target), low, high)
                allowed = max(allowed[0], found[0]), min(allowed[1], found[1])
    if allowed == (low, high) or allowed[0] > allowed[1]:
        return None
    return shortest_between(Fraction(allowed[0]), Fraction(allowed[1]))


def _spans(evidence: Evidence, rule: Rule, cases: Collection[int]) -> Iterator[Span]:
    if evidence.sees(rule):
        yield batches.of_updates(u for u in evidence.updates if u.case in cases)
    else:
        yield batches.of_runs(batches.fresh([(i, o) for i, o in enumerate(evidence.observations) if i in cases]))


def _target(span: Span, step: int, name: str, views: Mapping[str, View]) -> Numbers | None:
    """Observed values of theta, or of a state variable that is shown unscaled by the rate; None where there are none."""
    if name == "theta":
        return span.after[step]["theta"]
    view = views.get(name)
    if view is None or view.times_lr or view.buffer not in span.after[step]:
        return None
    return np.multiply(view.sign, span.after[step][view.buffer], dtype=np.float64)


@dataclass(frozen=True)
class _Elements:
    """A variable after a number of updates, element by element, as a function of one hyperparameter: an array of values, elements along its last axis."""

    span: Span
    step: int
    name: str
    rule: Rule
    hyper: str
    scalars: list[dict[str, Rough]]
    views: Mapping[str, View]
    units: Units
    target: Numbers

    def above(self, x: Numbers) -> tuple[Numbers, Numbers]:
        """By how much the formula is above what was seen, and what rounding leaves open."""
        known: dict[str, Rough] = {}
        with np.errstate(all="ignore"):
            for step in range(self.step + 1):
                given = self._with(step, x)
                known = known or dict(self.span.start(self.rule, given, self.views, self.units))
                known |= self.span.given(step, given)
                moves = ~np.isnan(self.span.g[step])
                new = updated(self.rule, known, self.units, self.span.tensors)[0]
                for name in ("theta", *self.rule.state_names):
                    known[name] = Rough(np.where(moves, new[name].x, known[name].x), np.where(moves, new[name].e, known[name].e))
            ours = known[self.name]
            every = np.zeros(np.shape(x))
            return ours.x - self.target + every, ROOM * (ours.e + self.units.element * np.abs(self.target)) + every

    def _with(self, step: int, x: Numbers) -> dict[str, Rough]:
        """The scalars of an update with the value put in; what a run changes stays."""
        column = self.span.holding(self.hyper, x, step, is_rate=self.hyper in self.rule.at_rate(None))
        return {**self.scalars[step], self.hyper: Rough(column, np.zeros_like(column))}


def _interval(of: _Elements, low: float, high: float) -> tuple[float, float]:
    """The values that every telling element allows."""
    points = _between(low, high)
    gaps, rooms = of.above(np.broadcast_to(points[:, None], (len(points), len(of.span.case))))
    slack = rooms[1:] + rooms[:-1]
    with np.errstate(all="ignore"):  # gaps may be infinite: their difference is no number, and tells nothing
        steps = np.diff(gaps, axis=0)
        up, down = (steps >= -slack).all(axis=0), (steps <= slack).all(axis=0)
        apart = np.abs(gaps[-1] - gaps[0]) > 4 * (rooms[-1] + rooms[0])
    telling = np.isfinite(gaps).all(axis=0) & np.isfinite(rooms).all(axis=0) & (up | down) & apart
    if not telling.any():
        return low, high
    way = np.where(gaps[-1] > gaps[0], 1.0, -1.0)
    lower, upper = _boundaries(of, low, high, (lambda gap, room: way * gap >= -room, lambda gap, room: way * gap > room))
    return float(lower[telling].max()), float(upper[telling].min())


def _between(low: float, high: float) -> Numbers:
    """Points from one to the other, as many in each power of ten below one half, and the same towards one."""
    below = np.geomspace(low, min(high, 0.5), SAMPLES)
    return np.concatenate([below, 1 - np.geomspace(0.4, 1e-6, SAMPLES)] if high < 1 else [below, np.geomspace(1, high, SAMPLES)])


def _boundaries(of: _Elements, low: float, high: float, conditions: Sequence[Callable[[Numbers, Numbers], Any]]) -> list[Numbers]:
    """For each condition and element where it begins to hold, by dividing the numbers of binary64 (ordered like their bits) in parts."""
    shape = len(conditions), len(of.span.case)
    a, b = (np.full(shape, x).view(np.int64) for x in (low, high))
    at_low = of.above(np.full(shape[1], low))
    begins = np.array([holds(*at_low) for holds in conditions])
    part = np.arange(1, PARTS).reshape(-1, 1, 1)
    for _ in range(ROUNDS):
        whole, rest = np.divmod(b - a, PARTS)
        inner = a + whole * part + rest * part // PARTS
        gap, room = of.above(inner.view(np.float64))
        there = np.stack([holds(gap[:, i], room[:, i]) for i, holds in enumerate(conditions)], axis=1)
        first = np.where(there.any(axis=0), there.argmax(axis=0), PARTS - 1)
        edges = np.concatenate([a[None], inner, b[None]])
        a, b = (np.take_along_axis(edges, (first + i)[None], axis=0)[0] for i in (0, 1))
    return list(np.where(begins, low, b.view(np.float64)))
