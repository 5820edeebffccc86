"""A verdict on an implementation that does not take every hyperparameter: what the fixed values make of it."""

from __future__ import annotations

from dataclasses import replace

from refopt.conformance.diagnose.held import Effect, Held, smaller
from refopt.conformance.diagnose.run_change import FixedAt
from refopt.conformance.judge.model import Model
from refopt.conformance.verdict.conformance import Conformance, Precision
from refopt.conformance.verdict.format_verdict import Finding
from refopt.language.rule import Rule


def with_held(finding: Finding, kept: tuple[Held, ...]) -> Finding:
    """The finding with what is not taken. A hyperparameter at 0 leaves a smaller rule; one at a value of its own is a constant of the formula."""
    if not kept:
        return finding
    finding = replace(finding, held=kept)
    unknown = [x.name for x in kept if not x.found]
    too_few = sum(line.result is not None for line in finding.lines) < 2
    if finding.verdict == Conformance.DEVIATES and ((len(unknown) > 1 and finding.edit is None) or (unknown and too_few)):
        return replace(finding, verdict=Conformance.SKIPPED, reason=f"it takes no {', '.join(unknown)}, and their values in it were not found")
    left_out = [x for x in kept if x.effect is Effect.SMALLER]
    own = [x for x in kept if x.effect is Effect.OTHER]
    if finding.verdict not in (Conformance.CONFORMS, Conformance.VARIANT) or not (left_out or own) or finding.explanation is None:
        return finding
    found = finding.explanation.found
    if left_out and not own:
        named = [smaller(a.model.rule, left_out) for a in found if isinstance(a.model.rule, Rule)]
        if named and all(r is not None for r in named):
            smaller_ones = tuple(replace(a, model=Model(r.name, r), formula=r) for a, r in zip(found, named, strict=True) if r is not None)
            explanation = replace(finding.explanation, found=smaller_ones, also_fits=())
            return replace(finding, verdict=Conformance.VARIANT, matches=tuple(a.model.rule.name for a in smaller_ones), also_fits=(), explanation=explanation)
    edit = FixedAt((*left_out, *own))
    edited = tuple(replace(a, edit=edit, nearest=a.model.rule.name) for a in found)
    return replace(
        finding, verdict=Conformance.DEVIATES, matches=(), precision=Precision.FULL, edit=edit, nearest=edited[0].nearest, also_fits=(),
        explanation=replace(finding.explanation, found=edited, also_fits=()),
    )  # fmt: skip
