"""Quick looks at what was seen: the prefilter over all updates and runs of one format, with what it keeps from formula to formula."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from refopt.conformance.diagnose import batches
from refopt.conformance.diagnose.prefilter import Span
from refopt.conformance.diagnose.running_error import U64, Rough, Units
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.model import Model, as_they_are
from refopt.conformance.judge.updates import Numbers
from refopt.conformance.protocol.implementation import View
from refopt.conformance.protocol.observe import Observation
from refopt.language.rule import Rule
from refopt.rounding.formats import Format

if TYPE_CHECKING:
    from refopt.conformance.diagnose.evidence import Evidence

COARSE = 2.0**-24
"""Scalars formed in float32: what frameworks do."""
SHORT = 50
"""Runs of so many updates are enough for a quick look; long ones cost as much for every formula that is tried."""


@dataclass
class Looks:
    """The prefilter over one evidence. A formula that it rules out is another one; what it leaves is judged with its bound."""

    evidence: Evidence
    _columns: dict[tuple[int, int], list[dict[str, Rough]]] = field(default_factory=dict, init=False)
    _coarse: dict[int, tuple[Rule, float]] = field(default_factory=dict, init=False)
    _memos: dict[object, dict[Any, Any]] = field(default_factory=dict, init=False)

    def of(self, evidence: Evidence) -> Looks:
        """Looks at other evidence of the same updates and runs: the batches are shared."""
        found = Looks(evidence)
        for name in ("single", "_singles", "_fresh", "_runs"):
            vars(found)[name] = getattr(self, name)
        return found

    def misfit(self, model: Model, scalar: float = U64, element: float = 0.0) -> float:
        """Largest misfit of a formula by the prefilter; above 1 it is ruled out. Scalars, or everything, may be less precise."""
        self.evidence.budget.check()
        if self.evidence.mode == Mode.CLOSED_LOOP:
            return 0.0
        narrow = model.bound_in or model.stored_in
        if model.stored_in is not None and not self.evidence.sees(model.rule):  # nobody can say in what it is kept
            return math.inf
        views = {n: v for n, v in self.evidence.views(model.rule).items() if n in model.stored or not model.stored}
        if narrow is not None and not self._all_in(narrow, theta=model.bound_in is not None, views=views):
            return math.inf
        units = Units.of(self.evidence.format, max(scalar, float(model.scalars_in.u)), element)
        if narrow is not None:
            units = replace(units, normal=float(narrow.smallest_normal), largest=float(narrow.largest))
        if self.evidence.sees(model.rule):
            return self._worst(self._singles, model, units, self.evidence.views(model.rule))
        worst = self._worst(self._fresh, model, units, {})
        return self._worst(self._runs, model, units, {}) if worst <= 1 and model.rule.state_names == self.evidence.reference.state_names else worst

    def misfits(self, model: Model, only: str | None = None) -> dict[str, float]:
        """Misfit of each assignment of a formula by itself, where the whole state is seen; only that of `only`, if it is given."""
        self.evidence.budget.check()
        worst: dict[str, float] = {}
        for span in self._singles:
            scalars = self._scalars(span, model)[0]
            for name, off in span.apart(model.rule, scalars, self.evidence.views(model.rule), Units.of(self.evidence.format), only).items():
                worst[name] = max(worst.get(name, 0.0), off)
            if only is not None and worst.get(only, 0.0) > 1:
                break
        return worst

    def coarse(self, model: Model) -> float:
        """A look that leaves room for scalars formed in float32: what it rules out, no cause can save."""
        if id(model.rule) not in self._coarse:
            self._coarse[id(model.rule)] = model.rule, self.misfit(model, scalar=COARSE)
        return self._coarse[id(model.rule)][1]

    def other_classes(self, model: Model) -> int:
        """Number of elements where theta is a number and by the formula is not, or the other way; 0 where the state is not seen."""
        if not self.evidence.sees(model.rule) or not self.single.g:
            return 0
        scalars = self._scalars(self.single, model)[0]
        return self.single.other_classes(model.rule, scalars, self.evidence.views(model.rule), Units.of(self.evidence.format))

    def _worst(self, spans: tuple[Span, ...], model: Model, units: Units, views: Mapping[str, View]) -> float:
        """Over some elements first: what they rule out need not be looked at in all."""
        worst = 0.0
        for span in spans:
            scalars = self._scalars(span, model)
            worst = span.worst(model.rule, scalars, views, units, self._memo(span, model, scalars, views, units), excuses=model.excuses)
            if worst > 1:
                break
        return worst

    def _memo(self, span: Span, model: Model, scalars: list[dict[str, Rough]], views: Mapping[str, View], units: Units) -> dict[Any, Any]:
        """Cache of the prefilter, shared by rules whose state starts alike; a new one for scalars that a cause has made."""
        if model.scalars is not as_they_are:
            return {}
        start = tuple((s.name, s.initial, views.get(s.name)) for s in model.rule.state)
        return self._memos.setdefault((id(span), id(scalars), start, units, model.excuses), {})

    def _scalars(self, span: Span, model: Model) -> list[dict[str, Rough]]:
        hypers = self.evidence.hypers(model.rule)
        if model.scalars is not as_they_are:
            return span.scalars(model, hypers, self.evidence.format)
        key = id(span), id(hypers)
        if key not in self._columns:
            self._columns[key] = span.scalars(model, hypers, self.evidence.format)
        return self._columns[key]

    def _all_in(self, narrow: Format, *, theta: bool, views: Mapping[str, View]) -> bool:
        """True where every state, and theta, is a number of a narrower format after every update."""
        names = {v.buffer for v in views.values()} | ({"theta"} if theta else set())
        with np.errstate(over="ignore"):
            return all(_same(x, x.astype(narrow.dtype).astype(np.float64)) for u in self.evidence.updates for n, x in u.after.items() if n in names)

    @cached_property
    def single(self) -> Span:
        """Every single update of the cases that must come out one way."""
        cases = {i for i, _ in self.evidence.certain}
        return batches.of_updates(u for u in self.evidence.updates if u.case in cases)

    @cached_property
    def _singles(self) -> tuple[Span, ...]:
        return batches.some_then_all(self.single)

    @cached_property
    def _fresh(self) -> tuple[Span, ...]:
        return batches.some_then_all(batches.of_runs(_short(batches.fresh(self.evidence.certain))))

    @cached_property
    def _runs(self) -> tuple[Span, ...]:
        return batches.some_then_all(batches.of_runs(_short(self.evidence.certain)))


def _short(runs: list[tuple[int, Observation]]) -> list[tuple[int, Observation]]:
    """The short runs, where there are any."""
    return [(i, o) for i, o in runs if len(o.case.grads) <= SHORT] or runs


def _same(x: Numbers, y: Numbers) -> bool:
    return bool(np.array_equal(x[np.isfinite(x)], y[np.isfinite(x)]))
