"""All that was seen of an implementation in one format, and how well a formula fits it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from refopt.conformance.diagnose.budget import Budget
from refopt.conformance.diagnose.looks import Looks
from refopt.conformance.judge import second_process
from refopt.conformance.judge.closed_loop import judge_closed
from refopt.conformance.judge.judged_once import judged_once
from refopt.conformance.judge.long_run import is_long, rest_of_long_runs
from refopt.conformance.judge.low_precision_state import stepwise_stored
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.model import Hyper, Model, in_force
from refopt.conformance.judge.open_loop import open_loop, without_state
from refopt.conformance.judge.stepwise import Judged, stepwise
from refopt.conformance.judge.updates import Update, updates
from refopt.conformance.protocol.implementation import Ran, View
from refopt.conformance.protocol.observe import Observation
from refopt.golden.model import CaseKind, Counting, Result, followed
from refopt.language.rule import Rule
from refopt.rounding.formats import FORMATS, Format


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
        vars(told).update(buffers=self.buffers, looks=self.looks.of(told))
        return told

    def with_observations(self, observations: Sequence[Observation]) -> Evidence:
        """Evidence of other observations of the same implementation, looked at in the same way.

        Where they are some of these, and each update was compared with the reference by itself, that is not done again.
        """
        told = replace(self, observations=observations)
        places = {id(o): i for i, o in enumerate(self.observations)}
        if all(id(o) in places for o in observations):
            told.take_over(self, [places[id(o)] for o in observations])
        return told

    def take_over(self, known: Evidence, places: Sequence[int]) -> None:
        """Take over what was compared with the reference, of runs that stand at these places there; with other values in force it is compared now.

        Only where that was done, and the updates of both are judged one by one.
        """
        if "by_reference" not in vars(known) or not known.sees(known.reference) or not self.sees(self.reference):
            return
        mine, theirs = self.hypers(self.reference), known.hypers(self.reference)
        judged = {(j.update.case, j.update.step, j.update.parameter): j for j in known.by_reference}
        same = [mine[u.case] == theirs[places[u.case]] for u in self.updates]
        rest = [i for i, s in enumerate(same) if not s]
        anew = dict(zip(rest, self.judge(Model(self.reference.name, self.reference), rest), strict=True)) if rest else {}
        self.by_reference = [
            replace(judged[places[u.case], u.step, u.parameter], update=u) if same[i] else anew[i] for i, u in enumerate(self.updates)
        ]  # fmt: skip

    @cached_property
    def looks(self) -> Looks:
        """Quick looks at it."""
        return Looks(self)

    def sees(self, rule: Rule) -> bool:
        """True where the whole state of a rule can be seen, so that it can be judged stepwise."""
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
        model = Model(self.reference.name, self.reference)
        if not self.sees(self.reference):
            return self.judge(model)
        return judged_once(model, self.updates, self.hypers(self.reference), self.views(self.reference), self.format)

    def begin(self) -> bool:
        """Have that done in a second process from now on; False where there is none that is free, or not enough to do."""
        model = Model(self.reference.name, self.reference)
        return self.sees(model.rule) and second_process.begun(model, self.updates, self.hypers(model.rule), self.views(model.rule), self.format)

    def reached(self, model: object) -> Mapping[str, int]:
        """By long case: the last update that a model was compared with, where updates are not judged one by one."""
        ends = {o.case.id: o.case.t0 + followed(o.case) - 1 for o in self.observations if is_long(o)} if self.mode == Mode.OPEN_LOOP else {}
        return {**ends, **next((found for one, found in reversed(self._reached) if one == model), {})}

    @cached_property
    def formats_seen(self) -> frozenset[Format]:
        """The formats of the arrays that were seen: parameters and state."""
        after = [s for o in self.observations if isinstance(o.answer, Ran) for s in o.answer.after]
        dtypes = {x.dtype for s in after for x in (*s.theta, *(y for buffers in s.state for y in buffers.values()))}
        return frozenset(f for f in FORMATS.values() if f.dtype in dtypes)

    @cached_property
    def has_broken_values(self) -> bool:
        """True where a value is not finite in a case that must come out finite."""
        cases = {i for i, _ in self.certain}
        return any(not np.isfinite(x).all() for u in self.updates if u.case in cases for x in u.after.values())

    @cached_property
    def certain(self) -> list[tuple[int, Observation]]:
        """The cases that must come out one way; all where there are none."""
        numbered = list(enumerate(self.observations))
        return [(i, o) for i, o in numbered if o.case.result == Result.MUST] or numbered
