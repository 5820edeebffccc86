"""error/bound update by update, in the case that shows a difference most clearly."""

from __future__ import annotations

import numpy as np

from refopt.conformance.diagnose.attempt import Attempt
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.judge.model import Model
from refopt.conformance.verdict.curve import Curve, Points
from refopt.conformance.verdict.format_verdict import Finding
from refopt.report.context_lines import explaining
from refopt.report.lines import first_difference


def curve(finding: Finding) -> Curve | None:
    """The curve of a finding; None where there is nothing to draw (no case was answered, or it is a schedule)."""
    if finding.curve is not None:
        return finding.curve
    evidence, explanation = finding.evidence, finding.diagnosis.explanation
    if evidence is None or explanation is None:
        return None
    case = _case(finding)
    number = next((i for i, o in enumerate(evidence.observations) if o.case.id == case), None)
    if case is None or number is None:
        return None
    reference = _points(evidence, explanation.reference, number)
    best = finding.diagnosis.best
    if best is None or best is explanation.reference or (best.edit is not None and explaining(finding) is None):
        return Curve(case, reference)  # an edit of the run is no formula that a curve could be drawn beside
    return Curve(case, reference, _points(evidence, best, number), "this edit" if best.edit is not None else best.model.rule.name)


def _case(finding: Finding) -> str | None:
    d = first_difference(finding)
    if d is not None:
        return d.case
    judged = [(r.ratio, r.case) for r in (finding.diagnosis.explanation.reference.results if finding.diagnosis.explanation else ()) if r.ratio is not None]
    return max(judged)[1] if judged else None


def _points(evidence: Evidence, attempt: Attempt, number: int) -> Points:
    if not isinstance(attempt.model, Model):
        return ()
    only = [i for i, u in enumerate(evidence.updates) if u.case == number]
    worst: dict[int, float] = {}
    for judged in evidence.judge(attempt.model, only):
        if judged.update.case != number:
            continue
        for ratio in judged.ratio.values():
            if not np.isnan(ratio).all():
                worst[judged.update.t] = max(worst.get(judged.update.t, 0.0), float(np.nanmax(ratio)))
    return tuple(sorted(worst.items()))
