"""The ground of a verdict on one format: its cases, and what they hold."""

from __future__ import annotations

from dataclasses import dataclass

from refopt.conformance.judge.looked_at import LookedAt
from refopt.conformance.judge.still import Still
from refopt.conformance.judge.summary import CaseResult
from refopt.conformance.verdict.conformance import Conformance
from refopt.golden.description import Name
from refopt.golden.model import Case


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
    reason: Name | None = None
    message: str | None = None


@dataclass(frozen=True)
class Ground:
    """The cases that were run.

    lines      every case that lists the format
    looked_at  sizes, shapes, updates and hyperparameters of the answered cases; None where there is none
    still      elements whose updates are absorbed in every element of a case
    """

    lines: tuple[CaseLine, ...] = ()
    looked_at: LookedAt | None = None
    still: Still | None = None

    @property
    def undecided(self) -> int:
        """Number of elements whose course rounding decides, update by update."""
        return sum(line.result.undecided for line in self.lines if line.result is not None)

    @property
    def lost(self) -> int:
        """Number of cases that gave no answer."""
        return sum(line.verdict == Conformance.NO_ANSWER for line in self.lines)
