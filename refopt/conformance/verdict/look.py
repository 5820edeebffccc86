"""Looking at an optimizer in one format: every case is run, and what can be seen of it decides how it is judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from refopt.catalogue import variants
from refopt.conformance.diagnose.budget import Budget
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.not_taken import WithFixed
from refopt.conformance.judge.closed_loop import observe_closed
from refopt.conformance.judge.counting import with_countings
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.visibility import Visibility, measure
from refopt.conformance.protocol.implementation import Implementation, NoAnswer, Ran, Skipped
from refopt.conformance.protocol.observe import Observation, observe
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.verdict.approach import Approach
from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.format_verdict import Finding
from refopt.golden.description import Name
from refopt.golden.model import Case, CaseKind, Result
from refopt.language.rule import Rule
from refopt.rounding.formats import Format


@dataclass(frozen=True)
class Look:
    """All that was seen of an optimizer in one format, before any of it is explained.

    cases       the cases that were run
    visibility  of its state; None in closed loop, which does not ask for it
    """

    implementation: Implementation
    rule: Rule
    cases: Sequence[Case]
    format: Format
    mode: Mode
    observations: Sequence[Observation]
    visibility: Visibility | None = None

    @cached_property
    def evidence(self) -> Evidence:
        """Evidence of the cases that were answered, with no time for a search yet."""
        answered = [o for o in self.observations if isinstance(o.answer, Ran) and o.case.result != Result.REJECT]
        return Evidence(self.rule, self.implementation.views, self.implementation.settings, answered, self.format, self.mode, budget=Budget(0.0))

    def set_otherwise(self, implementation: WithFixed) -> Look:
        """The look at the same implementation with other values in force where none is sent: it runs as it did."""
        told, known = replace(self, implementation=implementation), self.evidence
        told.evidence.cut = known.cut
        told.evidence.take_over(known, range(len(known.observations)))
        return told


def look(
    implementation: Implementation, rule: Rule, cases: Sequence[Case], f: Format, mode: Mode | None, tell: Callable[[Name], None]
) -> Look | Finding:
    """All that is seen; a finding where nothing can be said in this format, or in this mode."""
    listed = [c for c in cases if f.name in c.dtypes and (c.kind == CaseKind.CLOSED_LOOP) == (mode == Mode.CLOSED_LOOP)]
    if not listed:
        return Finding(f.name, Conformance.SKIPPED, Approach(mode or Mode.STEPWISE), reason=Reason(Why.NO_CASE_LISTS, (f.name,)))
    observations = []
    for case in listed:
        tell(f"{f.name} {case.id}")
        observations.append((observe_closed if mode == Mode.CLOSED_LOOP else observe)(implementation, rule, case, f))
    if mode == Mode.CLOSED_LOOP:
        return Look(implementation, rule, listed, f, mode, observations)
    observations = with_countings(implementation, observations)
    visibility = measure(implementation, rule, observations, variants(rule.family))
    looked = mode or (Mode.STEPWISE if visibility.complete else Mode.OPEN_LOOP)
    if looked == Mode.STEPWISE and not visibility.complete:
        return Finding(f.name, Conformance.SKIPPED, Approach(looked, visibility.hidden), reason=Reason(Why.NOT_STEPWISE, of=visibility.reason))
    return Look(implementation, rule, listed, f, looked, [left_out(o, looked, visibility) for o in observations], visibility)


def left_out(o: Observation, mode: Mode, visibility: Visibility) -> Observation:
    """Cases that start from a given state need an implementation that takes it, and, in open loop, all of whose state it is."""
    resumed = o.case.t0 > 1 or any(p.state0 is not None for p in o.case.params)
    if not resumed or isinstance(o.answer, Skipped) or (isinstance(o.answer, NoAnswer) and o.answer.broken):
        return o
    if visibility.extras:
        return replace(o, answer=Skipped(Reason(Why.OWN_STATE_BESIDES, tuple(map(str, visibility.extras)))))
    if mode == Mode.OPEN_LOOP and not visibility.complete:
        return replace(o, answer=Skipped(Reason(Why.STARTS_AND, of=visibility.reason)))
    return o
