"""The finding of one format: the verdict, and everything that is said with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from refopt.conformance.diagnose.attempt import Attempt
from refopt.conformance.diagnose.defaults import Beside, Defaults
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.held import Held
from refopt.conformance.diagnose.search import Explanation
from refopt.conformance.judge.looked_at import LookedAt
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.resume.loss import Loss, Resumption
from refopt.conformance.judge.still import Still
from refopt.conformance.judge.summary import CaseResult
from refopt.conformance.protocol.implementation import NoAnswer, Ran, Skipped
from refopt.conformance.protocol.observe import Observation
from refopt.conformance.verdict.conformance import Conformance, Precision
from refopt.golden.description import Description, Name
from refopt.golden.model import Case, Result


@dataclass(frozen=True)
class CaseLine:
    """A case in the report.

    reason   why there is no verdict on it, or what is worth knowing besides
    message  where it gave no answer: what it raised, without the update in which it did
    """

    case: Case
    verdict: Conformance
    elapsed: float
    result: CaseResult | None = None
    reason: str | None = None
    message: str | None = None


@dataclass(frozen=True)
class Finding:
    """The verdict on one format.

    verdict     conforms, variant, deviates, no_answer or skipped
    matches     the formulas that explain it; several only where `ambiguous`
    precision   full, or reduced with its `cause`
    edit        where it deviates: the one edit that explains it; `nearest` is the formula that was edited, and
                `equal_edits` lists all where several fit that the cases cannot tell apart
    mode        how it was looked at; `why` says why not stepwise
    looked_at   the ground of the verdict: what the answered cases hold
    still       elements whose updates are absorbed in every element of a case
    lines       every case
    accepts     values outside the domains of its hyperparameters that it takes
    defaults    how its defaults compare with the rule's; None where nothing says
    held        what the implementation does not take, each at its one fixed value
    resumption  what saving and loading came to; None where nobody looked
    refuses     what it raised in every case of this format, where it answered none
    drawn       the curve that a report draws of the evidence, where it was made before the evidence was let go
    """

    dtype: str
    verdict: Conformance
    mode: Mode
    matches: tuple[str, ...] = ()
    precision: Precision = Precision.FULL
    cause: Description | None = None
    edit: Description | None = None
    nearest: Name | None = None
    equal_edits: tuple[Name, ...] = ()
    also_fits: tuple[str, ...] = ()
    hidden: bool = False
    why: str = ""
    known_bugs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    accepts: tuple[str, ...] = ()
    looked_at: LookedAt | None = None
    still: Still | None = None
    lines: tuple[CaseLine, ...] = ()
    explanation: Explanation | None = None
    defaults: Defaults | None = None
    held: tuple[Held, ...] = ()
    evidence: Evidence | None = field(default=None, repr=False)
    drawn: object = field(default=None, repr=False)
    reason: str | None = None
    resumption: Resumption | None = None
    refuses: str | None = None

    @property
    def losses(self) -> tuple[Loss, ...]:
        """Losses when a saved state is loaded."""
        return self.resumption.losses if self.resumption is not None else ()

    @property
    def only_loses(self) -> bool:
        """Whether its formula is a known one, and it deviates for what it loses when a saved state is loaded."""
        return self.verdict == Conformance.DEVIATES and bool(self.losses) and self.nearest is not None and self.edit is None

    @property
    def lost(self) -> int:
        """Number of cases that gave no answer."""
        return sum(line.verdict == Conformance.NO_ANSWER for line in self.lines)

    @property
    def ambiguous(self) -> bool:
        """Whether several formulas fit that the cases cannot tell apart."""
        return len(self.matches) > 1 or len(self.equal_edits) > 1

    @property
    def defaults_differ(self) -> bool:
        """Whether its defaults are known not to be those of the rule."""
        return self.defaults is not None and self.defaults.beside is Beside.DIFFER

    @property
    def edits(self) -> int:
        """Number of edits that `edit` joins: one in each of several assignments, or one."""
        return 0 if self.edit is None else self.edit.count

    @property
    def best(self) -> Attempt | None:
        """The attempt that explains it; the reference where nothing does."""
        if self.explanation is None:
            return None
        return self.explanation.found[0] if self.explanation.found else self.explanation.reference

    @property
    def claims(self) -> int:
        """Values about which a claim was made."""
        return sum(r.claims for r in self.best.results) if self.best else 0

    @property
    def no_claims(self) -> int:
        """Values about which none could be made."""
        return sum(r.no_claims for r in self.best.results) if self.best else 0

    @property
    def ratio(self) -> float | None:
        """The worst error/bound under the formula that explains it."""
        ratios = [r.ratio for r in self.best.results if r.ratio is not None] if self.best else []
        return max(ratios, default=None)


def case_lines(observations: Sequence[Observation], finding: Finding) -> list[CaseLine]:
    """A line on each case: its own verdict beside the reference, or why it has none."""
    reference = finding.explanation.reference.results if finding.explanation else ()
    results = {r.case: r for r in reference}
    best = {r.case: r for r in finding.best.results} if finding.best is not None else {}
    lines = []
    for o in observations:
        result = results.get(o.case.id)
        if isinstance(o.answer, Ran) and o.case.result == Result.REJECT:
            lines.append(CaseLine(o.case, Conformance.SKIPPED, o.elapsed, None, "accepts what its formula cannot take"))
        elif isinstance(o.answer, Ran) and result is not None:
            verdict = Conformance.CONFORMS if result.fits else finding.verdict if best.get(o.case.id, result).fits else Conformance.DEVIATES
            lines.append(CaseLine(o.case, verdict if verdict != Conformance.NO_ANSWER else Conformance.DEVIATES, o.elapsed, result))
        elif isinstance(o.answer, NoAnswer):
            refused = o.case.result in (Result.MAY, Result.REJECT) and not o.answer.broken
            lines.append(CaseLine(o.case, Conformance.CONFORMS if refused else Conformance.NO_ANSWER, o.elapsed, None, _told(o.answer), o.answer.message))
        else:
            reason = o.answer.reason if isinstance(o.answer, Skipped) else "not judged in this mode"
            lines.append(CaseLine(o.case, Conformance.SKIPPED, o.elapsed, None, reason))
    return lines


def _told(answer: NoAnswer) -> str:
    return answer.message if answer.t is None else f"update {answer.t}: {answer.message}"
