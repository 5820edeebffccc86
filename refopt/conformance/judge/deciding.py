"""Claims that decide: those that a program which leaves theta where it is would fail.

A claim is about the size of a difference, |theirs - exact| <= E. Where E is as large as the update itself, a parameter
that never moves passes too. A claim about theta decides where E is below a quarter of the whole update,
4 E < |exact - theta before|: then even a program that is off by half an update is told from a right one. In a closed
loop, whose bound grows along the run, the whole way from the start takes the place of the update.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from refopt.conformance.judge.stepwise import Judged
from refopt.rounding.error_bounds import ratios

MARGIN = 4
"""The update in bounds, from which on a claim decides: the margin by which a mutant is killed."""


@dataclass(frozen=True)
class Deciding:
    """Counts of claims about theta, and of cases.

    claims    values of theta about which a claim is made
    deciding  those of them that decide
    cases     cases that must come out one way and in which theta moves somewhere
    decided   those of them in which every element that moves has a claim that decides, at some update
    """

    claims: int = 0
    deciding: int = 0
    cases: int = 0
    decided: int = 0

    @property
    def enough(self) -> bool:
        """True where at least half of the cases are decided: less would be no ground for a verdict."""
        return self.cases > 0 and 2 * self.decided >= self.cases


def deciding(judged: Sequence[Judged], certain: Mapping[int, bool], starts: Mapping[tuple[int, int], npt.NDArray[np.float64]] | None = None) -> Deciding:
    """Count the claims about theta that decide.

    certain  by number of the case: whether it must come out one way; no other case counts
    starts   in a closed loop, by case and parameter: theta at the start, flat
    """
    claims = deciding_claims = 0
    moves: dict[tuple[int, int], npt.NDArray[np.bool_]] = {}
    settled: dict[tuple[int, int], npt.NDArray[np.bool_]] = {}
    for j in judged:
        u = j.update
        if u.g is None or not certain[u.case]:
            continue
        claimed = ~np.isnan(j.ratio["theta"])
        way = way_in_bounds(j, u.before["theta"] if starts is None else starts[u.case, u.parameter][_first(u.inverse)])
        decides = way > MARGIN
        claims += int(u.counts[claimed].sum())
        deciding_claims += int(u.counts[decides].sum())
        key = u.case, u.parameter
        moves[key] = moves.get(key, np.zeros(len(u.inverse), dtype=bool)) | (way > 0)[u.inverse]
        settled[key] = settled.get(key, np.zeros(len(u.inverse), dtype=bool)) | decides[u.inverse]
    cases = {case for (case, _), m in moves.items() if m.any()}
    undecided = {case for (case, p), m in moves.items() if (m & ~settled[case, p]).any()}
    return Deciding(claims, deciding_claims, len(cases), len(cases - undecided))


def way_in_bounds(j: Judged, start: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The way of theta from `start` to its exact value, in bounds, by distinct element; 0 where no claim is made or nothing is known."""
    way = np.zeros(len(start))
    claimed = np.flatnonzero(~np.isnan(j.ratio["theta"])).tolist()
    known = [i for i in claimed if j.exact["theta"][i] is not None and np.isfinite(start[i])]
    if known:
        way[known] = ratios(start[known].tolist(), [j.exact["theta"][i] for i in known], j.allowed["theta"][known])
    return way


def _first(inverse: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """The position of the first element of each sort."""
    return np.unique(inverse, return_index=True)[1]
