"""The further inputs of a case, those that its updates are given beside the gradient: drawn by the part that an input plays, whatever its letter is."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from refopt.golden.inputs import Draw, texts
from refopt.golden.model import Case, CaseKind, Row
from refopt.language.input import InputRole
from refopt.language.rule import Rule

CURVATURES = (-12, -6, -3, 0, 2, 5, 8)
"""Sizes of a Hessian's diagonal, by element: from where an epsilon holds the divisor to where the step is far below its limit."""
ZERO_AT = 3
"""Element, of so many in turn, whose input is zero at every other update."""


def _hessian(draw: Draw, n: int, step: int) -> list[Fraction]:
    """Of both signs, an estimate of a positive diagonal being negative at times, each element of a size of its own; some are zero at times."""
    return [Fraction(0) if i % len(CURVATURES) == ZERO_AT and step % 2 else draw.number(CURVATURES[i % len(CURVATURES)]) for i in range(n)]


def _noise(draw: Draw, n: int, step: int) -> list[Fraction]:
    """Of both signs and of the size of 1; some are zero at times."""
    return [Fraction(0) if i % len(CURVATURES) == ZERO_AT and step % 2 else draw.number(-(i % 2)) for i in range(n)]


DRAWN: Mapping[InputRole, Callable[[Draw, int, int], Sequence[Fraction]]] = {InputRole.HESSIAN_DIAGONAL: _hessian, InputRole.NOISE: _noise}
"""By the part that an input plays: the values of one update, from the numbers of the case, how many, and the update."""


def with_inputs(case: Case, rule: Rule, seed: str = "") -> Case:
    """The case with a value of each further input of its rule wherever it has a gradient; one that has them stays as it is. `seed`: else its name."""
    if not rule.inputs or case.inputs or case.kind is CaseKind.CLOSED_LOOP:
        return case
    found = {}
    for one in rule.inputs:
        draw = Draw(random.Random(f"refopt {seed or case.id} {one.role.value}"))
        rows: list[tuple[Row | None, ...]] = []
        for step, row in enumerate(case.grads if case.period is None else case.grads[: case.period]):
            rows.append(tuple(None if g is None else texts(DRAWN[one.role](draw, len(g), step)) for g in row))
        found[one.name] = tuple(rows if case.period is None else [rows[i % case.period] for i in range(len(case.grads))])
    return replace(case, inputs=found)
