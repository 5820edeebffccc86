"""A finding, judged once more with the tensors in the opposite order where some lack a gradient in some updates: what is kept of a tensor is its own.

An optimizer that keeps states by place among the tensors that have a gradient mixes them as soon as an earlier tensor lacks one; in the
order of the golden cases it is the last one that does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from refopt.conformance.diagnose import fit
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.run_change import RunChange
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.model import Model
from refopt.conformance.protocol.implementation import Implementation, Ran, Request, Snapshot
from refopt.conformance.protocol.observe import Observation, comes_and_goes
from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.diagnosis import Diagnosis
from refopt.conformance.verdict.format_verdict import Finding
from refopt.golden.model import Result

T = TypeVar("T")


def in_other_order(finding: Finding, implementation: Implementation, evidence: Evidence) -> Finding:
    """The finding; one that conforms, or is a variant, deviates where what fits does not fit in the opposite order."""
    explanation = finding.diagnosis.explanation
    if finding.verdict not in (Conformance.CONFORMS, Conformance.VARIANT) or explanation is None or evidence.mode == Mode.CLOSED_LOOP:
        return finding
    fitting = explanation.found[0]
    turned = [x for o in evidence.observations if (x := _turned(implementation, o)) is not None]
    if not turned or not isinstance(fitting.model, Model):
        return finding
    again = evidence.with_observations(turned)
    failed = {r.case: r for r in fit.summary(again, again.judge(fitting.model)) if not r.fits}
    if not failed:
        return finding
    reference = replace(explanation.reference, results=tuple(failed.get(r.case, r) for r in explanation.reference.results))
    found = tuple(replace(a, edit=RunChange.BY_PLACE, nearest=a.model.rule.name) for a in explanation.found)
    explanation = replace(explanation, reference=reference, found=found, also_fits=())
    diagnosis = Diagnosis(explanation, edit=RunChange.BY_PLACE, nearest=found[0].nearest, cause=finding.diagnosis.cause)
    return replace(finding, verdict=Conformance.DEVIATES, diagnosis=diagnosis)


def _turned(implementation: Implementation, o: Observation) -> Observation | None:
    """The observation with the tensors in the opposite order, put back into their own; None where that tells nothing, or no run is made of it."""
    request = o.request
    if request is None or request.load is not None or len(request.theta0) < 2 or o.case.result != Result.MUST or not comes_and_goes(request):
        return None
    answer = implementation.run(_opposite(request))
    if not isinstance(answer, Ran):
        return None
    return replace(o, answer=replace(answer, before=_back(answer.before), after=tuple(_back(s) for s in answer.after)))


def _opposite(request: Request) -> Request:
    state0 = None if request.state0 is None else _reversed(request.state0)
    return replace(request.each_row(_reversed), theta0=_reversed(request.theta0), state0=state0, save=None)


def _back(seen: Snapshot) -> Snapshot:
    return Snapshot(_reversed(seen.theta), _reversed(seen.state), _reversed(seen.counters))


def _reversed(values: Sequence[T]) -> tuple[T, ...]:
    return tuple(values)[::-1]
