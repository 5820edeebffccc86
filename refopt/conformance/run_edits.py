"""Edits of a run: the formula is right, but it is fed with a wrong count of updates or a wrong rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from refopt.conformance.implementation import Request
from refopt.conformance.observe import Observation
from refopt.golden.model import Case

Told = TypeVar("Told", Case, Request)
"""A case and the request made of it: both say which update is the first and which rates hold."""


@dataclass(frozen=True)
class RunEdit:
    """What an implementation makes of a run. `text` is one line."""

    text: str
    counts_anew: bool = False
    keeps_first_rate: bool = False
    lags: bool = False

    def told(self, x: Told) -> Told:
        """The case, or the request, as the implementation takes it."""
        if self.counts_anew:
            return replace(x, t0=1)
        if x.lr is None:
            return x
        return replace(x, lr=tuple(x.lr[0 if self.keeps_first_rate else max(i - 1, 0)] for i in range(len(x.lr))))

    def of(self, observations: Sequence[Observation]) -> list[Observation]:
        """What was seen, as if this had been asked for."""
        return [o if o.request is None else replace(o, case=self.told(o.case), request=self.told(o.request)) for o in observations]


RUN_EDITS = (
    RunEdit("run: counts its updates from 1 after a resume", counts_anew=True),
    RunEdit("run: the first rate holds for ever", keeps_first_rate=True),
    RunEdit("run: a new rate comes one update late", lags=True),
)


def applies(edit: RunEdit, observations: Sequence[Observation]) -> bool:
    """Whether any request would be told otherwise."""
    asked = [o.request for o in observations if o.request is not None]
    return any((told.t0, told.lr) != (r.t0, r.lr) for r in asked for told in (edit.told(r),))
