"""The finding of one format: the verdict, the formula that explains it, its ground, and what is said besides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.judge.resume.loss import Loss, Resumption
from refopt.conformance.protocol.implementation import NoAnswer, Ran, Skipped
from refopt.conformance.protocol.observe import Observation
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.verdict.approach import Approach
from refopt.conformance.verdict.conformance import Conformance, Precision
from refopt.conformance.verdict.curve import Curve
from refopt.conformance.verdict.diagnosis import Diagnosis
from refopt.conformance.verdict.entered import Entered
from refopt.conformance.verdict.ground import CaseLine, Ground
from refopt.conformance.verdict.hyperparameters import Hyperparameters
from refopt.conformance.verdict.remarks import Remarks
from refopt.golden.description import Name
from refopt.golden.model import Result


@dataclass(frozen=True)
class Finding:
    """The verdict on one format.

    verdict          conforms, variant, deviates, no_answer or skipped; `reason`: why there is no verdict
    approach         how closely it was looked at
    diagnosis        the formula that explains it
    ground           the cases, and what they hold
    hyperparameters  defaults, and values that it does not take
    remarks          what is worth knowing besides
    resumption       what saving and loading came to; None where nobody looked
    doors            what was found behind each door of a schedule
    evidence         the observations, while more may be asked of them; `curve` is what a report draws, where they were let go
    """

    dtype: str
    verdict: Conformance
    approach: Approach
    diagnosis: Diagnosis = field(default_factory=Diagnosis)
    ground: Ground = field(default_factory=Ground)
    hyperparameters: Hyperparameters = field(default_factory=Hyperparameters)
    remarks: Remarks = field(default_factory=Remarks)
    resumption: Resumption | None = None
    doors: tuple[Entered, ...] = ()
    reason: Name | None = None
    evidence: Evidence | None = field(default=None, repr=False)
    curve: Curve | None = field(default=None, repr=False)

    @property
    def precision(self) -> Precision:
        """Reduced where the formula is a named one, and values are less precise for a cause that explains them."""
        named = self.verdict in (Conformance.CONFORMS, Conformance.VARIANT)
        return Precision.REDUCED if named and self.diagnosis.cause is not None else Precision.FULL

    @property
    def losses(self) -> tuple[Loss, ...]:
        """Losses when a saved state is loaded."""
        return self.resumption.losses if self.resumption is not None else ()

    @property
    def wrong_doors(self) -> tuple[Entered, ...]:
        """The doors that lead to other rates, where the formula is a known one."""
        return tuple(x for x in self.doors if not x.fits)

    @property
    def only_loses(self) -> bool:
        """True where its formula is a known one, and it deviates for what it loses when a saved state is loaded."""
        return self.verdict == Conformance.DEVIATES and bool(self.losses) and self.diagnosis.nearest is not None and self.diagnosis.edit is None


def case_lines(observations: Sequence[Observation], finding: Finding) -> list[CaseLine]:
    """A line on each case: its own verdict beside the reference, or why it has none."""
    reference, explaining = finding.diagnosis.reference, finding.diagnosis.best
    results = {r.case: r for r in reference.results} if reference is not None else {}
    best = {r.case: r for r in explaining.results} if explaining is not None else {}
    lines = []
    for o in observations:
        result = results.get(o.case.id)
        if isinstance(o.answer, Ran) and o.case.result == Result.REJECT:
            lines.append(CaseLine(o.case, Conformance.SKIPPED, o.elapsed, None, Reason(Why.ACCEPTS)))
        elif isinstance(o.answer, Ran) and result is not None:
            verdict = Conformance.CONFORMS if result.fits else finding.verdict if best.get(o.case.id, result).fits else Conformance.DEVIATES
            lines.append(CaseLine(o.case, verdict if verdict != Conformance.NO_ANSWER else Conformance.DEVIATES, o.elapsed, result))
        elif isinstance(o.answer, NoAnswer):
            refused = o.case.result in (Result.MAY, Result.REJECT) and not o.answer.broken
            lines.append(CaseLine(o.case, Conformance.CONFORMS if refused else Conformance.NO_ANSWER, o.elapsed, None, _reason(o.answer), o.answer.message))
        else:
            reason = o.answer.reason if isinstance(o.answer, Skipped) else Reason(Why.NOT_IN_THIS_MODE)
            lines.append(CaseLine(o.case, Conformance.SKIPPED, o.elapsed, None, reason))
    return lines


def _reason(answer: NoAnswer) -> Name:
    return answer.message if answer.t is None else Reason(Why.AT_UPDATE, (str(answer.t),), answer.message)
