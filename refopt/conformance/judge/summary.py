"""From judged updates to what is said about a case and about a whole format: worst place, claims, first difference."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from refopt.conformance.judge.exact_update import fraction, is_finite
from refopt.conformance.judge.stepwise import Judged


@dataclass(frozen=True)
class Place:
    """Place of a value: the number of the update, the parameter, the element and the variable."""

    t: int
    parameter: int
    element: int
    variable: str


@dataclass(frozen=True)
class Difference:
    """A value beside the exact one. `before` is theta before the update, `g` the gradient; `allowed` None: no claim on its size."""

    case: str
    place: Place
    theirs: Any
    exact: Any
    allowed: Fraction | None
    ratio: float
    before: float
    g: float | None


@dataclass
class CaseResult:
    """Summary of one case. `ratio` is the worst error/bound, None where there is no claim at all."""

    case: str
    claims: int = 0
    no_claims: int = 0
    theta_claims: int = 0
    thetas: int = 0
    failures: int = 0
    tolerated: int = 0
    undecided: int = 0
    """Elements whose course rounding decides, update by update: each is held to the bound of one branch."""
    ratio: float | None = None
    worst: Difference | None = None
    first: Difference | None = None
    broken: Difference | None = None
    """The first value that is not finite where the exact one is: it decides, whatever small difference came before it."""
    at_start: dict[str, bool] = field(default_factory=dict)
    agrees: dict[str, int | None] = field(default_factory=dict)
    """By variable: the number of the first update in which it fails, None where it agrees throughout."""

    @property
    def fits(self) -> bool:
        """True where every claim holds."""
        return self.failures == 0


def summarise(case: str, judged: Sequence[Judged], *, first_t: int, lenient: Sequence[Any] | None = None) -> CaseResult:
    """Sum up the judged updates of one case, in order.

    `lenient`, one mask an update, names the distinct elements about which a case that `may` go either way says nothing.
    """
    result = CaseResult(case, undecided=sum(j.undecided for j in judged))
    excusing = [np.zeros(len(next(iter(j.ratio.values()))), dtype=bool) for j in judged] if lenient is None else lenient
    names = list(dict.fromkeys(name for j in judged for name in j.ratio))
    columns = [_Column.of(name, judged, excusing) for name in names]
    for column in columns:
        column.count(result, first_t)
    worst = [(-column.ratio[i], int(column.number[i]), place, i) for place, column in enumerate(columns) if (i := column.worst) is not None]
    if worst:  # of equal ones the first met: by update, then by variable
        ratio, _, place, i = min(worst)
        result.ratio = float(-ratio)
        result.worst = difference(case, *columns[place].at(i))
    for number in sorted({int(n) for column in columns for n in column.number[column.ratio > 1]}):
        for column in columns:
            _note_failures(result, judged[number], column.name, column.of_update(number))
    return result


@dataclass(frozen=True)
class _Column:
    """One variable in all updates of a case, laid end to end.

    ratio      error/bound of each distinct element; NaN where no claim is made, or a failure is excused
    counts     how many elements of the tensor each distinct element stands for
    number     of the update that each is from
    edges      where the elements of each update begin, and where the last of them ends
    tolerated  how many elements fail and are excused
    """

    name: str
    judged: Sequence[Judged]
    ratio: npt.NDArray[np.float64]
    counts: npt.NDArray[np.intp]
    number: npt.NDArray[np.intp]
    edges: npt.NDArray[np.intp]
    tolerated: int

    @classmethod
    def of(cls, name: str, judged: Sequence[Judged], excusing: Sequence[npt.NDArray[np.bool_]]) -> _Column:
        nothing = np.zeros(0)
        parts = [j.ratio.get(name, nothing) for j in judged]
        counts = np.concatenate([j.update.counts if name in j.ratio else nothing.astype(np.intp) for j in judged])
        excused = np.concatenate([mask if name in j.ratio else nothing.astype(bool) for j, mask in zip(judged, excusing, strict=True)])
        ratio = np.concatenate(parts)
        tolerated = int(counts[excused & (ratio > 1)].sum())
        sizes = [len(part) for part in parts]
        edges = np.cumsum([0, *sizes])
        return cls(name, judged, np.where(excused & ~(ratio <= 1), np.nan, ratio), counts, np.repeat(np.arange(len(judged)), sizes), edges, tolerated)

    @property
    def worst(self) -> int | None:
        """The place of the largest ratio, the first of them; None where no claim is made."""
        return None if np.isnan(self.ratio).all() else int(np.nanargmax(self.ratio))

    def at(self, i: int) -> tuple[Judged, str, int]:
        """The update that an element is from, the variable, and the place of the element in that update."""
        number = int(self.number[i])
        return self.judged[number], self.name, i - int(self.edges[number])

    def of_update(self, number: int) -> npt.NDArray[np.float64]:
        """The ratios of one update; none where it does not show the variable."""
        return self.ratio[self.edges[number] : self.edges[number + 1]]

    def count(self, result: CaseResult, first_t: int) -> None:
        """Add the claims and the failures of the variable."""
        claimed = ~np.isnan(self.ratio)
        claims = int(self.counts[claimed].sum())
        result.claims += claims
        result.no_claims += int(self.counts.sum()) - claims
        result.failures += int(self.counts[self.ratio > 1].sum())
        result.tolerated += self.tolerated
        result.agrees[self.name] = None
        if self.name == "theta":
            possible = np.concatenate([np.isfinite(j.update.before["theta"]) for j in self.judged])
            result.thetas += int(self.counts[possible].sum())
            result.theta_claims += claims
        starts = np.array([j.update.t == first_t and self.name in j.ratio for j in self.judged])
        if starts.any():
            result.at_start[self.name] = bool((self.counts[claimed & starts[self.number]]).any())


def _note_failures(result: CaseResult, judged: Judged, name: str, ratio: npt.NDArray[np.float64]) -> None:
    """Note what fails of a variable in one update; updates come in order."""
    failing = np.flatnonzero(ratio > 1)
    if not len(failing):
        return
    if result.broken is None and (broken := [i for i in failing.tolist() if not is_finite(judged.theirs[name][i]) and judged.exact[name][i] is not None]):
        result.broken = difference(result.case, judged, name, broken[0])
    if result.agrees[name] is None:
        result.agrees[name] = judged.update.t
    if result.first is None or (result.first.place.t == judged.update.t and name == "theta" and result.first.place.variable != "theta"):
        largest = failing[np.argmax(ratio[failing])]
        result.first = difference(result.case, judged, name, int(largest))


def enough_claims(results: Sequence[CaseResult]) -> bool:
    """At least one claim per variable after the first update, and claims for at least half of all components of theta that
    were finite before their update."""
    started: dict[str, bool] = {}
    for r in results:
        for name, claimed in r.at_start.items():
            started[name] = started.get(name, False) or claimed
    claims, thetas = sum(r.theta_claims for r in results), sum(r.thetas for r in results)
    return all(started.values()) and 2 * claims >= thetas > 0


def difference(case: str, judged: Judged, name: str, distinct: int) -> Difference:
    """The difference at a distinct element, placed at the first element of the tensor that it stands for."""
    update = judged.update
    element = int(np.argmax(update.inverse == distinct))
    place = Place(update.t, update.parameter, element, name)
    return Difference(
        case,
        place,
        judged.theirs[name][distinct],
        judged.exact[name][distinct],
        judged.allowed[name][distinct].exact()[0],
        float(judged.ratio[name][distinct]),
        float(update.before["theta"][distinct]),
        None if update.g is None else float(update.g[distinct]),
    )


def digits_right(d: Difference) -> float:
    """Number of leading decimal digits of a value that are right: -log10 of its relative error; infinite where it is exact."""
    if d.exact is None or (isinstance(d.theirs, float) and not math.isfinite(d.theirs)):
        return 0.0
    exact, theirs = fraction(d.exact), fraction(d.theirs)
    if exact == 0:
        return math.inf if theirs == 0 else 0.0
    error = abs(theirs - exact) / abs(exact)
    return math.inf if error == 0 else -math.log10(float(error)) if error > Fraction(1, 10**300) else 300.0
