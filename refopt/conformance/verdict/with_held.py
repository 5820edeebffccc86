"""A verdict on an implementation that does not take every hyperparameter: what the fixed values make of it."""

from __future__ import annotations

from dataclasses import replace

from refopt.conformance.diagnose.held import Effect, Held, smaller
from refopt.conformance.diagnose.run_change import FixedAt
from refopt.conformance.judge.model import Model
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.diagnosis import Diagnosis
from refopt.conformance.verdict.format_verdict import Finding
from refopt.language.rule import Rule


def with_held(finding: Finding, kept: tuple[Held, ...]) -> Finding:
    """The finding with what is not taken. A hyperparameter at 0 leaves a smaller rule; one at a value of its own is a constant of the formula."""
    kept = tuple(x for x in kept if not _is_without(finding, x))
    if not kept:
        return finding
    finding = replace(finding, hyperparameters=replace(finding.hyperparameters, held=kept))
    explanation = finding.diagnosis.explanation
    unknown = [x.name for x in kept if not x.found]
    too_few = sum(line.result is not None for line in finding.ground.lines) < 2
    if finding.verdict == Conformance.DEVIATES and ((len(unknown) > 1 and finding.diagnosis.edit is None) or (unknown and too_few)):
        return replace(finding, verdict=Conformance.SKIPPED, reason=Reason(Why.VALUES_NOT_FOUND, tuple(unknown)))
    left_out = [x for x in kept if x.effect is Effect.SMALLER]
    own = [x for x in kept if x.effect is Effect.OTHER]
    if finding.verdict not in (Conformance.CONFORMS, Conformance.VARIANT) or not (left_out or own) or explanation is None:
        return finding
    found = explanation.found
    if left_out and not own:
        named = [smaller(a.model.rule, left_out) for a in found if isinstance(a.model.rule, Rule)]
        if named and all(r is not None for r in named):
            smaller_ones = tuple(replace(a, model=Model(r.name, r), formula=r) for a, r in zip(found, named, strict=True) if r is not None)
            explanation = replace(explanation, found=smaller_ones, also_fits=())
            matches = tuple(a.model.rule.name for a in smaller_ones)
            return replace(finding, verdict=Conformance.VARIANT, diagnosis=replace(finding.diagnosis, explanation=explanation, matches=matches, also_fits=()))
    odd = tuple(x for x in (*left_out, *own) if not x.is_default)
    if not odd:  # the rule as it stands
        return finding
    edit = FixedAt(odd)
    edited = tuple(replace(a, edit=edit, nearest=a.model.rule.name) for a in found)
    explanation = replace(explanation, found=edited, also_fits=())
    diagnosis = Diagnosis(explanation, edit=edit, nearest=edited[0].nearest, cause=finding.diagnosis.cause)
    return replace(finding, verdict=Conformance.DEVIATES, diagnosis=diagnosis)


def _is_without(finding: Finding, one: Held) -> bool:
    """True where what explains the values is a variant that has no such hyperparameter."""
    explanation = finding.diagnosis.explanation
    if finding.verdict != Conformance.VARIANT or explanation is None or not explanation.found:
        return False
    return all(isinstance(a.model.rule, Rule) and one.name not in a.model.rule.hyper_names for a in explanation.found)
