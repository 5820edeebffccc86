"""The formula that explains one format: named, or edited in one place, with the cause of reduced precision."""

from __future__ import annotations

from dataclasses import dataclass

from refopt.conformance.diagnose.attempt import Attempt
from refopt.conformance.diagnose.search import Explanation
from refopt.golden.description import Description, Name


@dataclass(frozen=True)
class Diagnosis:
    """The explanation of a format, and how it was found.

    explanation  the search; None where nothing was answered
    matches      the named formulas that explain every case; several only where the cases cannot tell them apart
    edit         the one edit that explains every case; `nearest` is the formula that it edits, and
                 `equal_edits` are all that fit, where the cases cannot tell several apart
    cause        the cause of reduced precision
    also_fits    named formulas that the cases cannot tell from the reference, where the reference fits
    """

    explanation: Explanation | None = None
    matches: tuple[str, ...] = ()
    edit: Description | None = None
    nearest: Name | None = None
    equal_edits: tuple[Name, ...] = ()
    cause: Description | None = None
    also_fits: tuple[str, ...] = ()

    @classmethod
    def edited(cls, explanation: Explanation) -> Diagnosis | None:
        """The diagnosis where the first that fits is an edit; None where it is none."""
        first = next(iter(explanation.found), None)
        if first is None or first.edit is None:
            return None
        several = tuple(a.name for a in explanation.found) if len(explanation.found) > 1 else ()
        return cls(explanation, edit=first.edit, nearest=first.nearest, equal_edits=several, cause=first.cause)

    @property
    def found(self) -> tuple[Attempt, ...]:
        """The attempts that fit; none where nothing was answered or nothing fits."""
        return () if self.explanation is None else self.explanation.found

    @property
    def reference(self) -> Attempt | None:
        """The attempt at the reference; None where nothing was answered."""
        return None if self.explanation is None else self.explanation.reference

    @property
    def best(self) -> Attempt | None:
        """The attempt that explains the format; the reference where nothing does."""
        return self.found[0] if self.found else self.reference

    @property
    def ambiguous(self) -> bool:
        """True where several formulas fit that the cases cannot tell apart."""
        return len(self.matches) > 1 or len(self.equal_edits) > 1

    @property
    def edits(self) -> int:
        """Number of edits that `edit` joins: one in each of several assignments, or one."""
        return 0 if self.edit is None else self.edit.count

    @property
    def claims(self) -> int:
        """Number of values about which a claim was made."""
        return sum(r.claims for r in self.best.results) if self.best else 0

    @property
    def no_claims(self) -> int:
        """Number of values about which none could be made."""
        return sum(r.no_claims for r in self.best.results) if self.best else 0

    @property
    def ratio(self) -> float | None:
        """The worst error/bound under the formula that explains the format."""
        ratios = [r.ratio for r in self.best.results if r.ratio is not None] if self.best else []
        return max(ratios, default=None)

    @property
    def is_too_close(self) -> bool:
        """True where nothing is named because the reference is off by so little that many a formula would fit."""
        return self.explanation is not None and self.explanation.is_too_close
