"""The finding on an optimizer in one format: its verdict, with the formula or the cause that explains it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import isfinite

from refopt.conformance.diagnose import fit
from refopt.conformance.diagnose.attempt import Attempt
from refopt.conformance.diagnose.budget import Budget
from refopt.conformance.diagnose.cause import Underflows
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.run_change import StaysFinite
from refopt.conformance.diagnose.search import Explanation, explain
from refopt.conformance.judge.counters import known_bugs
from refopt.conformance.judge.counting import comes_and_goes
from refopt.conformance.judge.deciding import Deciding
from refopt.conformance.judge.edge_case_policy import other_outcome
from refopt.conformance.judge.looked_at import looked_at
from refopt.conformance.judge.still import stood_still
from refopt.conformance.judge.summary import enough_claims
from refopt.conformance.protocol.implementation import NoAnswer, Ran, Skipped
from refopt.conformance.protocol.observe import Observation
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.verdict.approach import Approach
from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.diagnosis import Diagnosis
from refopt.conformance.verdict.format_verdict import Finding, case_lines
from refopt.conformance.verdict.ground import Ground
from refopt.conformance.verdict.hyperparameters import Hyperparameters
from refopt.conformance.verdict.look import Look
from refopt.conformance.verdict.other_order import in_other_order
from refopt.conformance.verdict.remarks import Remarks
from refopt.conformance.verdict.with_defaults import with_defaults
from refopt.errors import RefoptError
from refopt.golden.description import Description, Name
from refopt.golden.model import Case, Counting, Result
from refopt.language.hyper import Hyper
from refopt.language.rule import Rule

COUNTED = {Counting.RUN: Why.COUNTS_FOR_ALL, Counting.OWN: Why.COUNTS_ITS_OWN}


@dataclass(frozen=True)
class Asked:
    """Options of the search for an explanation.

    hint     what explained a more precise format: it is tried first, and of several formulas that fit, it is the one
    seconds  the time that the search for an edit may take
    first    is told what is known before that search begins
    """

    expected: str | None
    tell: Callable[[Name], None]
    hint: tuple[Explanation, ...]
    seconds: float
    first: Callable[[Finding], None]


def evaluate_format(seen: Look | Finding, asked: Asked) -> Finding:
    """The finding on what was seen of an optimizer in a format."""
    if isinstance(seen, Finding):
        return seen
    finding = _explained(seen, asked)
    if seen.visibility is None:
        return finding
    approach = Approach(seen.mode, seen.visibility.hidden, seen.visibility.reason)
    return replace(finding, approach=approach, remarks=replace(finding.remarks, known_bugs=known_bugs(seen.implementation, seen.observations)))


def _explained(seen: Look, asked: Asked) -> Finding:
    implementation, rule, observations, f, mode = seen.implementation, seen.rule, seen.observations, seen.format, seen.mode
    evidence = seen.evidence
    answered = evidence.observations
    broken = [o for o in observations if isinstance(o.answer, NoAnswer) and (o.case.result == Result.MUST or o.answer.broken)]
    evidence.budget = Budget(asked.seconds)

    def first(known: Explanation) -> None:
        found = Finding(f.name, Conformance.DEVIATES, Approach(mode), Diagnosis(known))
        asked.first(replace(found, ground=Ground(tuple(case_lines(observations, found)))))

    def of(evidence: Evidence) -> Explanation:
        return explain(evidence, asked.expected, asked.tell, asked.hint, first)

    explanation, defaults = None, None
    if answered:
        explanation, evidence, defaults = with_defaults(implementation, observations, seen.cases, evidence, of, asked.tell)
    remarks = Remarks(notes=tuple(notes(observations, rule)), accepts=accepted(observations, rule))
    finding = Finding(
        f.name, Conformance.NO_ANSWER, Approach(mode), Diagnosis(explanation), hyperparameters=Hyperparameters(defaults), remarks=remarks, evidence=evidence
    )
    if explanation is not None:
        finding = in_other_order(_with_outcomes(_with_verdict(finding, explanation, rule), evidence), implementation, evidence)
    elif not broken:
        finding = replace(finding, verdict=Conformance.SKIPPED, reason=_common_reason(observations))
    if broken and finding.verdict not in (Conformance.DEVIATES, Conformance.VARIANT):  # what is known of the cases that were answered stays the verdict
        finding = replace(
            finding, verdict=Conformance.NO_ANSWER, diagnosis=replace(finding.diagnosis, cause=None), reason=None,
            remarks=replace(remarks, refuses=None if answered else refusal(broken)),
        )  # fmt: skip
    best = Diagnosis(explanation).best
    ends = evidence.reached(best.model if best else None)
    return replace(finding, ground=Ground(tuple(case_lines(observations, finding)), looked_at(observations, rule, ends), stood_still(answered)))


def refusal(broken: Sequence[Observation]) -> str | None:
    """The most frequent error message, where every case raised an exception; None where something else came."""
    raised = [o.answer.message for o in broken if isinstance(o.answer, NoAnswer) and o.answer.raised]
    return max(raised, key=raised.count) if raised and len(raised) == len(broken) else None


def _with_verdict(finding: Finding, explanation: Explanation, rule: Rule) -> Finding:
    found = explanation.found
    if not found:
        return replace(finding, verdict=Conformance.DEVIATES)
    if not enough_claims(found[0].results):
        return replace(finding, verdict=Conformance.SKIPPED, reason=Reason(Why.NO_CLAIM))
    if found[0].edit is None and found[0].model.name == rule.name and not explanation.deciding.enough:
        return replace(finding, verdict=Conformance.SKIPPED, reason=undecided(explanation.deciding))
    if (edited := Diagnosis.edited(explanation)) is not None:
        return replace(finding, verdict=Conformance.DEVIATES, diagnosis=edited)
    names = tuple(a.model.rule.name for a in found)
    cause = None if found[0].cause is None else seen(found[0].cause, explanation.reference)
    diagnosis = Diagnosis(explanation, names, cause=cause, also_fits=explanation.also_fits)
    return replace(finding, verdict=Conformance.CONFORMS if names == (rule.name,) else Conformance.VARIANT, diagnosis=diagnosis)


def _with_outcomes(finding: Finding, evidence: Evidence) -> Finding:
    """A finding that conforms, judged once more with the outcomes that cases list where there is no exact value: a hidden NaN is an edit of the run."""
    explanation = finding.diagnosis.explanation
    if finding.verdict != Conformance.CONFORMS or explanation is None:
        return finding
    reference = fit.with_outcomes(evidence, explanation.reference)
    if reference is explanation.reference:
        return finding
    hiding = tuple(o.case.comment for o in evidence.observations if hides(o))
    edit = StaysFinite(hiding) if hiding else None
    found = tuple(replace(a, edit=edit, nearest=a.model.rule.name) for a in explanation.found) if hiding else ()
    explanation = replace(explanation, reference=reference, found=found, also_fits=())
    nearest = found[0].nearest if found else None
    return replace(finding, verdict=Conformance.DEVIATES, diagnosis=Diagnosis(explanation, edit=edit, nearest=nearest, cause=finding.diagnosis.cause))


def undecided(counts: Deciding) -> Reason:
    """Reason why nothing is said although every claim holds."""
    return Reason(Why.FEW_DECIDE, (str(counts.decided), str(counts.cases))) if counts.cases else Reason(Why.DOES_NOT_MOVE)


def seen(cause: Description, reference: Attempt) -> Description:
    """The cause, with what a person would see of it."""
    firsts = [r.first for r in reference.results if r.first is not None]
    if isinstance(cause, Underflows) and any(d.g == 0 and not _is_number(d.theirs) for d in firsts):
        return replace(cause, gives_nan=True)
    return cause


def _is_number(x: object) -> bool:
    return isinstance(x, Fraction) or x == x


def _common_reason(observations: Sequence[Observation]) -> Name:
    reasons = [o.answer.reason for o in observations if isinstance(o.answer, Skipped)]
    return max(reasons, key=reasons.count) if reasons else Reason(Why.NO_CASE_ANSWERED)


def notes(observations: Sequence[Observation], rule: Rule) -> list[Name]:
    """Remarks on the values that are no ground of a verdict."""
    found = [Reason(Why.HIDES, (o.case.comment, o.case.id)) for o in observations if hides(o) and "NotFinite" in o.case.probes]
    return [*found, *counting_remarks(observations, rule)]


def accepted(observations: Sequence[Observation], rule: Rule) -> tuple[str, ...]:
    """The values outside the domains of hyperparameters that are taken where an error is expected."""
    found = []
    for o in observations:
        if o.case.result == Result.REJECT and isinstance(o.answer, Ran):
            outside = ", ".join(f"{h.name} = {o.case.hyper[h.name]}" for h in rule.hyper if h.name in o.case.hyper and not _inside(h, o.case))
            found.append(outside or o.case.id)
    return tuple(found)


def counting_remarks(observations: Sequence[Observation], rule: Rule) -> list[Name]:
    """Remarks on the count of updates of a tensor without a gradient, where that makes a difference."""
    countings = {o.counting for o in observations if isinstance(o.answer, Ran) and comes_and_goes(o.case)} if rule.uses_step else set()
    return [Reason(COUNTED[c]) for c in countings]


def hides(o: Observation) -> bool:
    """True where theta stays finite somewhere where the outcome of the case is not."""
    return isinstance(o.answer, Ran) and any(isfinite(float(o.answer.after[-1].theta[0].ravel()[i])) for i in other_outcome(o))


def _inside(hyper: Hyper, case: Case) -> bool:
    try:
        hyper.value(case.hyper[hyper.name])
    except RefoptError:
        return False
    return True
