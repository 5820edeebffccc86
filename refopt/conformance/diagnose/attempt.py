"""The fit of a formula to what was seen."""

from __future__ import annotations

from dataclasses import dataclass

from refopt.conformance.judge.model import Model, ScheduleModel
from refopt.conformance.judge.summary import CaseResult
from refopt.golden.description import Description, Edited, Name
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule


@dataclass(frozen=True)
class Attempt:
    """Fit of a model. `results` by case; only those of a sample where that was enough to rule the model out.

    cause     the cause of reduced precision that was put in
    edit      the one edit that was made; `nearest`, the formula that was edited
    distance  where a quick look ruled it out: how far off it is, in units of that look; there are no results then
    where     the elements or updates that it explains, where all others are right by the reference
    formula   what fits, without what a cause has put into it, so that it can be tried in another format; None for an edit of the run
    """

    model: Model | ScheduleModel
    results: tuple[CaseResult, ...]
    whole: bool
    cause: Description | None = None
    edit: Description | None = None
    nearest: str | None = None
    distance: float | None = None
    formula: Rule | None = None
    where: Description | None = None

    @property
    def name(self) -> Name:
        """Of the formula; of an edited one, what was edited and how."""
        return name_of(self.model.name, self.edit, self.nearest)

    @property
    def written(self) -> Rule | Schedule:
        """The formula as a person writes it: without the numbers that a cause has put into it."""
        return self.formula if self.formula is not None and self.cause is not None else self.model.rule

    @property
    def fits(self) -> bool:
        """True where every claim of every case holds, and there are any."""
        return self.whole and all(r.fits for r in self.results) and any(r.claims for r in self.results)

    @property
    def ratio(self) -> float:
        """The worst error/bound that was met; 0 where there was no claim."""
        return max((r.ratio for r in self.results if r.ratio is not None), default=0.0)


def name_of(model: Name, edit: Description | None, nearest: str | None) -> Name:
    """Name of a formula; an edited one is called after its edit."""
    return model if edit is None else Edited(nearest or "", edit)
