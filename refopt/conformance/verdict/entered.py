"""The finding on one door of a schedule."""

from __future__ import annotations

from dataclasses import dataclass

from refopt.conformance.judge.summary import Difference
from refopt.conformance.protocol.door import Door
from refopt.golden.description import Description


@dataclass(frozen=True)
class Entered:
    """The finding behind one door.

    cases   the number of cases that were answered there
    ratio   the worst error/bound of them; None where there is none
    first   the first difference, in the first case that has one
    cause   the cause of less precise rates, where these are the formula's by it alone
    raised  the case in which something was raised, and what; None where nothing was
    """

    door: Door
    cases: int
    ratio: float | None = None
    first: Difference | None = None
    raised: tuple[str, str] | None = None
    cause: Description | None = None

    @property
    def case(self) -> str | None:
        """The case that shows that it leads to other rates; None where it does not."""
        return self.first.case if self.first is not None else self.raised[0] if self.raised is not None else None

    @property
    def fits(self) -> bool:
        """True where every answer is the formula's."""
        return self.first is None and self.raised is None
