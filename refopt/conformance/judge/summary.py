"""From judged updates to what is said about a case and about a whole format: worst place, claims, first difference."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from refopt.conformance.judge.exact_update import fraction, is_finite
from refopt.conformance.judge.stepwise import Judged


@dataclass(frozen=True)
class Place:
    """Where a value stands: the number of the update, the parameter, the element and the variable."""

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
    """What is said about one case. `ratio` is the worst error/bound, None where there is no claim at all."""

    case: str
    claims: int = 0
    no_claims: int = 0
    theta_claims: int = 0
    thetas: int = 0
    failures: int = 0
    tolerated: int = 0
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
        """Whether every claim holds."""
        return self.failures == 0


def summarise(case: str, judged: Sequence[Judged], *, first_t: int, lenient: Sequence[Any] | None = None) -> CaseResult:
    """Sum up the judged updates of one case, in order.

    `lenient`, one mask an update, names the distinct elements about which a case that `may` go either way says nothing.
    """
    result = CaseResult(case)
    for i, update in enumerate(judged):
        counts = update.update.counts
        for name, ratio in update.ratio.items():
            if lenient is not None:
                excused = lenient[i] & (ratio > 1)
                result.tolerated += int(counts[excused].sum())
                ratio = np.where(lenient[i] & ~(ratio <= 1), np.nan, ratio)
            possible = np.isfinite(update.update.before["theta"])
            _count(result, name, ratio, counts, possible, at_start=update.update.t == first_t)
            _look(result, update, name, ratio)
    return result


def _count(result: CaseResult, name: str, ratio: Any, counts: Any, possible: Any, *, at_start: bool) -> None:
    claimed = ~np.isnan(ratio)
    claims = int(counts[claimed].sum())
    result.claims += claims
    result.no_claims += int(counts.sum()) - claims
    result.failures += int(counts[ratio > 1].sum())
    if name == "theta":
        result.thetas += int(counts[possible].sum())
        result.theta_claims += claims
    if at_start:
        result.at_start[name] = result.at_start.get(name, False) or claims > 0


def _look(result: CaseResult, judged: Judged, name: str, ratio: Any) -> None:
    result.agrees.setdefault(name, None)
    if np.isnan(ratio).all():
        return
    worst = int(np.nanargmax(ratio))
    if result.ratio is None or ratio[worst] > result.ratio:
        result.ratio = float(ratio[worst])
        result.worst = difference(result.case, judged, name, worst)
    failing = np.flatnonzero(ratio > 1)
    if result.broken is None and (broken := [i for i in failing.tolist() if not is_finite(judged.theirs[name][i]) and judged.exact[name][i] is not None]):
        result.broken = difference(result.case, judged, name, broken[0])
    if len(failing):
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
    """How many leading decimal digits of a value are right: -log10 of its relative error; infinite where it is exact."""
    if d.exact is None or (isinstance(d.theirs, float) and not math.isfinite(d.theirs)):
        return 0.0
    exact, theirs = fraction(d.exact), fraction(d.theirs)
    if exact == 0:
        return math.inf if theirs == 0 else 0.0
    error = abs(theirs - exact) / abs(exact)
    return math.inf if error == 0 else -math.log10(float(error)) if error > Fraction(1, 10**300) else 300.0
