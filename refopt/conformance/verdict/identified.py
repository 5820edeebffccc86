"""An implementation whose name says no rule: it is not judged, but the rules whose values it has in a few small cases are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from refopt import catalogue
from refopt.conformance.diagnose.not_taken import WithFixed, is_small
from refopt.conformance.judge.mode import Mode
from refopt.conformance.protocol.implementation import Implementation, ScheduleImplementation, taken
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.verdict.approach import Approach
from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.judgement import judge
from refopt.conformance.verdict.verdict import Verdict
from refopt.errors import RefoptError
from refopt.golden import store
from refopt.golden.model import Case, CaseKind, Result
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule

CASES = 5
"""Cases of each rule that are run."""
FORMAT = "float64"
Anything: TypeAlias = Implementation | ScheduleImplementation


def identified(loaded: Anything, judged_by: Callable[[str], Anything]) -> Verdict:
    """The answer that takes the place of a verdict. `judged_by` gives the implementation again, to be held against a rule of this name."""
    schedules = isinstance(loaded, ScheduleImplementation)
    takes = taken(loaded)
    concepts: Sequence[Rule | Schedule] = catalogue.schedules() if schedules else catalogue.rules()
    names = [c.name for c in concepts if schedules or takes is None or set(c.hyper_names) <= takes]
    exactly: list[str] = []
    nearly: list[str] = []
    for name in names:
        try:
            found = judge(_uninterrupted(judged_by(name)), dtypes=[FORMAT], cases=[c.id for c in _small(name)], search=0).worst
        except RefoptError:  # it lacks what this rule cannot be asked without
            continue
        if found.verdict == Conformance.CONFORMS:
            exactly.append(name)
        elif found.verdict == Conformance.VARIANT:
            nearly += found.diagnosis.matches
    fits = tuple(dict.fromkeys([*exactly, *([] if exactly else nearly)]))
    told = Reason(Why.VALUES_OF, fits) if fits else Reason(Why.VALUES_OF_NONE)
    finding = Finding(FORMAT, Conformance.SKIPPED, Approach(Mode.OPEN_LOOP), reason=told)
    return replace(Verdict(loaded.name, loaded.version, "", (finding,)), identified=fits)


class FromItsStart(WithFixed):
    """An implementation that is run from its own start only: what saving and loading does to it says nothing of its rule."""

    resumes = False


def _uninterrupted(implementation: Anything) -> Anything:
    return FromItsStart(implementation, {}) if isinstance(implementation, Implementation) else implementation


def _small(name: str) -> list[Case]:
    """A few cases that must come out one way, of small tensors that start from nothing, those of most updates."""
    every = [c for c in store.packed_cases(name) if c.result == Result.MUST]
    held = [c for c in every if c.kind == CaseKind.OPEN_LOOP and not c.courses and FORMAT in c.dtypes]
    small = [c for c in held if is_small(c) and all(p.state0 is None for p in c.params)]
    longest = sorted(small, key=lambda c: -len(c.grads))  # formulas part where gradients fall, or after many updates
    return [c for c in every if c.kind == CaseKind.SCHEDULE][:CASES] or longest[:CASES]
