"""All that was seen of an implementation in one format, and how well a formula fits it."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from refopt.conformance.diagnose import batches
from refopt.conformance.diagnose.budget import Budget
from refopt.conformance.diagnose.prefilter import U64, Rough, Span, Units
from refopt.conformance.judge.closed_loop import judge_closed
from refopt.conformance.judge.deciding import Deciding, deciding
from refopt.conformance.judge.edge_case_policy import by_class, lenient, other_class, other_outcome
from refopt.conformance.judge.long_run import is_long, rest_of_long_runs
from refopt.conformance.judge.low_precision_state import stepwise_stored
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.model import Hyper, Model, ScheduleModel, as_they_are, in_force
from refopt.conformance.judge.open_loop import open_loop, without_state
from refopt.conformance.judge.stepwise import Judged, stepwise
from refopt.conformance.judge.summary import CaseResult, summarise
from refopt.conformance.judge.updates import Numbers, Update, updates
from refopt.conformance.protocol.implementation import Ran, View
from refopt.conformance.protocol.observe import Observation
from refopt.golden.description import Description, Edited, Name
from refopt.golden.model import CaseKind, Counting, Result, followed
from refopt.language.rule import Rule
from refopt.rounding.formats import FORMATS, Format

FEW, SAMPLE = 4, 16
"""Updates that a formula must explain before more, and then all of them, are looked at."""
COARSE = 2.0**-24
"""Scalars formed in float32: what frameworks do."""


@dataclass(frozen=True)
class Attempt:
    """Fit of a model. `results` by case; only those of a sample where that was enough to rule the model out.

    cause     the cause of reduced precision that was put in
    edit      the one edit that was made; `nearest`, the formula that was edited
    distance  where a quick look ruled it out: how far off it is, in units of that look; there are no results then
    where     the elements or updates that it explains, where all others are right by the reference
    formula   what fits, without what a cause has put into it, so that it can be tried in another format; None for an edit of the run
    """

    model: Model | ScheduleModel
    results: tuple[CaseResult, ...]
    whole: bool
    cause: Description | None = None
    edit: Description | None = None
    nearest: str | None = None
    distance: float | None = None
    formula: Rule | None = None
    where: Description | None = None

    @property
    def name(self) -> Name:
        """Of the formula; of an edited one, what was edited and how."""
        return name_of(self.model.name, self.edit, self.nearest)

    @property
    def fits(self) -> bool:
        """Whether every claim of every case holds, and there are any."""
        return self.whole and all(r.fits for r in self.results) and any(r.claims for r in self.results)

    @property
    def ratio(self) -> float:
        """The worst error/bound that was met; 0 where there was no claim."""
        return max((r.ratio for r in self.results if r.ratio is not None), default=0.0)


def name_of(model: Name, edit: Description | None, nearest: str | None) -> Name:
    """Name of a formula; an edited one is called after its edit."""
    return model if edit is None else Edited(nearest or "", edit)


@dataclass
class Evidence:
    """The observations of one format, and how they are judged.

    reference      the rule that the implementation is judged by
    views          how the implementation shows a rule's state
    settings       hyperparameters in force where a case sends none
    observations   the cases that were answered
    mode           `stepwise`, `open_loop` or `closed_loop`
    """

    reference: Rule
    views: Callable[[Rule], Mapping[str, View]]
    settings: Mapping[str, Any]
    observations: Sequence[Observation]
    format: Format
    mode: Mode
    budget: Budget = field(default_factory=Budget, repr=False)
    """The time of the search for an explanation; shared by all evidence that is made of this."""
    cut: dict[tuple[int, int, Counting], tuple[object, list[Update]]] = field(default_factory=dict, repr=False)
    """Single updates by the run that they were cut out of; shared likewise. The run is kept beside them, so that it stays the one of that number."""
    _hypers: dict[int, tuple[object, list[Hyper]]] = field(default_factory=dict, init=False)
    _columns: dict[tuple[int, int], list[dict[str, Rough]]] = field(default_factory=dict, init=False)
    _coarse: dict[int, tuple[Rule, float]] = field(default_factory=dict, init=False)
    _memos: dict[object, dict[Any, Any]] = field(default_factory=dict, init=False)
    _updates: list[Update] | None = field(default=None, init=False)
    _reached: list[tuple[Model, dict[str, int]]] = field(default_factory=list, init=False)

    def hypers(self, rule: Rule) -> list[Hyper]:
        """The hyperparameters of a rule in force in each case."""
        if id(rule.hyper) not in self._hypers:  # the edits of a rule share its hyperparameters
            values = [
                in_force(rule, o.case.hyper_expected or {}, self.settings, True)
                if o.case.kind == CaseKind.DEFAULTS
                else in_force(rule, o.case.hyper, self.settings)
                for o in self.observations
            ]
            self._hypers[id(rule.hyper)] = rule.hyper, values
        return self._hypers[id(rule.hyper)][1]

    @property
    def updates(self) -> list[Update]:
        """Every single update of every case."""
        if self._updates is None:
            self._updates = []
            for i, o in enumerate(self.observations):
                self._updates += (u if u.case == i else replace(u, case=i) for u in self._cut_out(i, o))
        return self._updates

    def _cut_out(self, number: int, o: Observation) -> list[Update]:
        """The single updates of a run, cut out of it once."""
        assert o.request is not None and isinstance(o.answer, Ran)
        key = id(o.request), id(o.answer), o.counting
        if key not in self.cut:
            self.cut[key] = (o.request, o.answer), list(updates(number, o.request, o.answer, o.counting))
        return self.cut[key][1]

    def with_updates(self, updates: list[Update]) -> Evidence:
        """A copy with other single updates."""
        told = replace(self)
        told._updates = updates
        return told

    def with_settings(self, values: Mapping[str, str]) -> Evidence:
        """The same evidence with other values in force where none is sent; what was cut out of the runs is shared."""
        told = replace(self, settings={**self.settings, **{n: float(x) for n, x in values.items()}})
        told._updates = self.updates
        for name in ("buffers", "single", "_singles", "_fresh", "_runs"):
            vars(told)[name] = getattr(self, name)
        return told

    def with_observations(self, observations: Sequence[Observation]) -> Evidence:
        """Evidence of other observations of the same implementation, looked at in the same way."""
        return replace(self, observations=observations)

    def sees(self, rule: Rule) -> bool:
        """Whether the whole state of a rule can be seen, so that it can be judged stepwise."""
        views = self.views(rule)
        return self.mode == Mode.STEPWISE and all(name in views and views[name].buffer in self.buffers for name in rule.state_names)

    @cached_property
    def buffers(self) -> frozenset[str]:
        """The buffers that were seen after some update."""
        return frozenset(name for u in self.updates for name in u.after)

    def judge(self, model: Model, only: Collection[int] | None = None) -> list[Judged]:
        """Compare with a model; `only` names updates by number (stepwise) or cases (open loop)."""
        views, hypers = self.views(model.rule), self.hypers(model.rule)
        if self.sees(model.rule):
            chosen = self.updates if only is None else [self.updates[i] for i in sorted(only)]
            judge = stepwise if model.stored_in is None else stepwise_stored
            return judge(model, chosen, hypers, views, self.format)
        cases = {u.case for i, u in enumerate(self.updates) if i in only} if only is not None else None
        runs = [(i, o) for i, o in enumerate(self.observations) if (cases is None or i in cases)]
        golden = model == Model(self.reference.name, self.reference)
        if self.mode == Mode.CLOSED_LOOP:
            return judge_closed(model, runs, hypers, views, self.format, golden=golden)
        if not golden:
            runs = [(i, o) for i, o in runs if without_state(o) or model.rule.state_names == self.reference.state_names]
        judged = open_loop(model, runs, hypers, views, self.format, golden=golden)
        if any((r > 1).any() for j in judged for r in j.ratio.values()):  # what fails already need not be followed on
            return judged
        rest = rest_of_long_runs(model, runs, hypers, views, self.format)
        if rest:
            self._reached.append((model, {}))
            for j in rest:
                self._reached[-1][1][self.observations[j.update.case].case.id] = j.update.t
        return [*judged, *rest]

    @cached_property
    def by_reference(self) -> list[Judged]:
        """Every update compared with the reference."""
        return self.judge(Model(self.reference.name, self.reference))

    def fails_late_only(self, judged: Sequence[Judged]) -> bool:
        """Whether what fails are updates of long runs alone, after those that every formula is compared with: no other formula need be tried."""
        failing = [j for j in judged if any((r > 1).any() for r in j.ratio.values())]
        late = [j for j in failing if j.update.t >= self.observations[j.update.case].case.t0 + followed(self.observations[j.update.case].case)]
        return self.mode == Mode.OPEN_LOOP and bool(failing) and len(late) == len(failing)

    def reached(self, model: object) -> Mapping[str, int]:
        """By long case: the last update that a model was compared with, where updates are not judged one by one."""
        ends = {o.case.id: o.case.t0 + followed(o.case) - 1 for o in self.observations if is_long(o)} if self.mode == Mode.OPEN_LOOP else {}
        return {**ends, **next((found for one, found in reversed(self._reached) if one == model), {})}

    def look(self, model: Model, scalar: float = U64, element: float = 0.0) -> float:
        """Largest misfit of a formula by the prefilter; above 1 it is ruled out. Scalars, or everything, may be less precise."""
        self.budget.check()
        if self.mode == Mode.CLOSED_LOOP:
            return 0.0
        narrow = model.bound_in or model.stored_in
        if model.stored_in is not None and not self.sees(model.rule):  # nobody can say in what it is kept
            return math.inf
        views = {n: v for n, v in self.views(model.rule).items() if n in model.stored or not model.stored}
        if narrow is not None and not self._all_in(narrow, theta=model.bound_in is not None, views=views):
            return math.inf
        units = Units.of(self.format, scalar, element)
        if narrow is not None:
            units = replace(units, normal=float(narrow.smallest_normal), largest=float(narrow.largest))
        if self.sees(model.rule):
            return self._worst(self._singles, model, units, self.views(model.rule))
        worst = self._worst(self._fresh, model, units, {})
        return self._worst(self._runs, model, units, {}) if worst <= 1 and model.rule.state_names == self.reference.state_names else worst

    def look_apart(self, model: Model, only: str | None = None) -> dict[str, float]:
        """Misfit of each assignment of a formula by itself, where the whole state is seen; only that of `only`, if it is given."""
        self.budget.check()
        worst: dict[str, float] = {}
        for span in self._singles:
            scalars = self._scalars(span, model)[0]
            for name, off in span.apart(model.rule, scalars, self.views(model.rule), Units.of(self.format), only).items():
                worst[name] = max(worst.get(name, 0.0), off)
            if only is not None and worst.get(only, 0.0) > 1:
                break
        return worst

    def coarse_look(self, model: Model) -> float:
        """A look that leaves room for scalars formed in float32: what it rules out, no cause can save."""
        if id(model.rule) not in self._coarse:
            self._coarse[id(model.rule)] = model.rule, self.look(model, scalar=COARSE)
        return self._coarse[id(model.rule)][1]

    def other_classes(self, model: Model) -> int:
        """Number of elements where theta is a number and by the formula is not, or the other way; 0 where the state is not seen."""
        if not self.sees(model.rule) or not self.single.g:
            return 0
        scalars = self._scalars(self.single, model)[0]
        return self.single.other_classes(model.rule, scalars, self.views(model.rule), Units.of(self.format))

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
        hypers = self.hypers(model.rule)
        if model.scalars is not as_they_are:
            return span.scalars(model, hypers, self.format)
        key = id(span), id(hypers)
        if key not in self._columns:
            self._columns[key] = span.scalars(model, hypers, self.format)
        return self._columns[key]

    def _all_in(self, narrow: Format, *, theta: bool, views: Mapping[str, View]) -> bool:
        """Whether every state, and theta, is a number of a narrower format after every update."""
        names = {v.buffer for v in views.values()} | ({"theta"} if theta else set())
        with np.errstate(over="ignore"):
            return all(_same(x, x.astype(narrow.dtype).astype(np.float64)) for u in self.updates for n, x in u.after.items() if n in names)

    @cached_property
    def formats_seen(self) -> frozenset[Format]:
        """The formats of the arrays that were seen: parameters and state."""
        after = [s for o in self.observations if isinstance(o.answer, Ran) for s in o.answer.after]
        dtypes = {x.dtype for s in after for x in (*s.theta, *(y for buffers in s.state for y in buffers.values()))}
        return frozenset(f for f in FORMATS.values() if f.dtype in dtypes)

    @cached_property
    def has_broken_values(self) -> bool:
        """Whether a value is not finite in a case that must come out finite."""
        cases = {i for i, _ in self._certain}
        return any(not np.isfinite(x).all() for u in self.updates if u.case in cases for x in u.after.values())

    @cached_property
    def _certain(self) -> list[tuple[int, Observation]]:
        """The cases that must come out one way; all where there are none."""
        numbered = list(enumerate(self.observations))
        return [(i, o) for i, o in numbered if o.case.result == Result.MUST] or numbered

    @cached_property
    def single(self) -> Span:
        """Every single update of the cases that must come out one way."""
        cases = {i for i, _ in self._certain}
        return batches.of_updates(u for u in self.updates if u.case in cases)

    @cached_property
    def _singles(self) -> tuple[Span, ...]:
        return batches.some_then_all(self.single)

    @cached_property
    def _fresh(self) -> tuple[Span, ...]:
        return batches.some_then_all(batches.of_runs(_short(batches.fresh(self._certain))))

    @cached_property
    def _runs(self) -> tuple[Span, ...]:
        return batches.some_then_all(batches.of_runs(_short(self._certain)))

    def attempt(self, model: Model, sample: Sequence[int] = (), cause: Description | None = None, *, stop: bool = False) -> Attempt:
        """Fit of a model. A sample of updates, those that speak most clearly, may be enough to rule it out; `stop`: judge the sample only."""
        self.budget.check()
        results: tuple[CaseResult, ...] = ()
        for chosen in (sample[:FEW], sample) if len(sample) > FEW else (sample,) if sample else ():
            results = self.summary(self.judge(model, chosen))
            if any(not r.fits for r in results):
                return Attempt(model, results, False, cause)
        if stop:
            return Attempt(model, results, False, cause)
        return Attempt(model, self.summary(self.judge(model)), True, cause)

    def with_outcomes(self, attempt: Attempt) -> Attempt:
        """The attempt with a failure wherever theta's class is not the outcome that a case lists."""
        if not any(o.case.outcome is not None and other_outcome(o) for o in self.observations):
            return attempt
        assert isinstance(attempt.model, Model)
        return replace(attempt, results=self.summary(self.judge(attempt.model), outcomes=True))

    def summary(self, judged: Sequence[Judged], *, outcomes: bool = False) -> tuple[CaseResult, ...]:
        """Result of each case that was judged. `outcomes`: where a case lists a class, theta must be of it."""
        by_case: dict[int, list[Judged]] = {}
        for j in judged:
            by_case.setdefault(j.update.case, []).append(j)
        results = []
        for i, found in sorted(by_case.items()):
            case = self.observations[i].case
            masks = [lenient(j, self.format) for j in found] if case.result == Result.MAY else None
            if outcomes and masks is not None:
                masks = [mask & ~other_class(j, case) for mask, j in zip(masks, found, strict=True)]
                found = [by_class(j, case) for j in found]
            results.append(summarise(case.id, found, first_t=1, lenient=masks))
        return tuple(results)

    def deciding(self, judged: Sequence[Judged]) -> Deciding:
        """Counts of the claims about theta that decide, in the cases that must come out one way."""
        must = {i for i, _ in self._certain}
        certain = {i: i in must for i in range(len(self.observations))}
        if self.mode != Mode.CLOSED_LOOP:
            return deciding(judged, certain)
        asked = [(i, o.request) for i, o in enumerate(self.observations) if o.request is not None]
        return deciding(judged, certain, {(i, p): x.astype(np.float64).ravel() for i, r in asked for p, x in enumerate(r.theta0)})

    def sample(self, judged: Sequence[Judged]) -> list[int]:
        """The updates that speak most clearly against a formula: the worst of each failing case first, then the worst of all.

        Cases that may go either way speak only where no other does.
        """
        worst: list[tuple[float, int, int]] = []
        certain = any(o.case.result == Result.MUST for o in self.observations)
        number = {(u.case, u.step, u.parameter): i for i, u in enumerate(self.updates)}
        for j in judged:
            ratios = [float(np.nanmax(r)) for r in j.ratio.values() if not np.isnan(r).all()]
            if ratios and max(ratios) > 1 and (self.observations[j.update.case].case.result == Result.MUST or not certain):
                worst.append((max(ratios), j.update.case, number[j.update.case, j.update.step, j.update.parameter]))
        worst.sort(key=lambda w: -w[0])
        first: dict[int, int] = {}
        for _, case, i in worst:
            first.setdefault(case, i)
        return [*first.values(), *(i for _, _, i in worst if i not in set(first.values()))][:SAMPLE]


SHORT = 50
"""Runs of so many updates are enough for a quick look; long ones cost as much for every formula that is tried."""


def _short(runs: list[tuple[int, Observation]]) -> list[tuple[int, Observation]]:
    """The short runs, where there are any."""
    return [(i, o) for i, o in runs if len(o.case.grads) <= SHORT] or runs


def _same(x: Numbers, y: Numbers) -> bool:
    return bool(np.array_equal(x[np.isfinite(x)], y[np.isfinite(x)]))
