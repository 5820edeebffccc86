"""Updates that are absorbed: theta is rounded back to where it was in every element of a case, though the exact update is not zero.

That is no fault of a formula, and no pass either: such a case is judged by its bound like any other, and the elements are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from refopt.conformance.protocol.implementation import Ran
from refopt.conformance.protocol.observe import Observation
from refopt.golden.model import Case, Result


@dataclass(frozen=True)
class Still:
    """Number of elements that stood still, and the cases in which no other did."""

    elements: int
    cases: tuple[str, ...]


def stood_still(observations: Sequence[Observation]) -> Still | None:
    """The cases in which theta moves nowhere where its exact value does; None where there is none."""
    found = [(o.case.id, n) for o in observations if o.case.result == Result.MUST and (n := _still(o))]
    return Still(sum(n for _, n in found), tuple(case for case, _ in found)) if found else None


def _still(o: Observation) -> int:
    """Number of elements that stand still where all do; 0 where one moves, or nothing is known of the exact values."""
    if not isinstance(o.answer, Ran) or not o.case.expect:
        return 0
    count = 0
    for p, should_move in enumerate(_moving(o.case)):
        before, after = (s.theta[p].astype(np.float64).ravel() for s in (o.answer.before, o.answer.after[-1]))
        if not before.size or not should_move:
            continue
        here = np.resize(np.array(should_move), before.size)
        if (before != after)[here].any():
            return 0
        count += int(here.sum())
    return count


def _moving(case: Case) -> list[list[bool]]:
    """By parameter and distinct element, whether the exact theta after the last kept update is another one than at the start."""
    last = case.expect[-1].params
    infinite = ("nan", "inf", "-inf")
    return [
        [x not in infinite and y not in infinite and Fraction(x) != Fraction(y) for x, y in zip(p.theta0, q.theta, strict=True)]
        for p, q in zip(case.params, last, strict=True)
    ]  # fmt: skip
