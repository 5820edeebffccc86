"""The bound of a whole run, all updates at once.

Carrying a bound on from update to update takes one derivation an update: minutes for a thousand of them. Here the whole
course of errors is proposed first, to first order, and then shown to be a bound in one derivation over all updates:
what every update makes of the errors proposed before it is no more than what is proposed after it. By induction no
program is off by more. Nothing rests on the first order but how far the course holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from refopt.language.compile import compiled
from refopt.language.dual import DUALS, lifted, variables
from refopt.language.expression import Kind
from refopt.language.rule import Rule
from refopt.language.spread import counts, spread
from refopt.rounding.bound import BINARY64_SCALARS, Block, Profile, radii
from refopt.rounding.error_bounds import ErrorBounds
from refopt.rounding.extended_range import from_exact

ROOM = 1.0625
"""Factor of a proposed bound over the one to first order."""
ROUNDS = 4
"""Number of times that a course is proposed: where one is not shown, what it lacked is put to the next."""

Numbers = NDArray[np.float64]


def run_radii(rule: Rule, blocks: Sequence[Block], *, profile: Profile = BINARY64_SCALARS) -> list[dict[str, ErrorBounds]]:
    """The bounds of theta and every state after each update of one run, for as many updates as they are shown for.

    `blocks` are the updates in order, with the exact values before each and no errors, but for those that the first starts with.
    """
    names = ("theta", *rule.state_names)
    if not blocks:
        return []
    slopes = _slopes(rule, blocks, names)
    local = _errors(radii(rule, blocks, profile=profile), names)
    best: list[dict[str, ErrorBounds]] = []
    for _ in range(ROUNDS):
        course = ROOM * _carried_on(slopes, local)
        finite = np.isfinite(course).all(axis=(1, 2))
        n = len(blocks) if finite.all() else int(np.argmin(finite))
        proposed = [{name: _as_radii(course[i, k]) for k, name in enumerate(names)} for i in range(n)]
        shown = radii(rule, [replace(b, radii=proposed[i - 1] if i else b.radii) for i, b in enumerate(blocks[:n])], profile=profile) if n else []
        holds = next((i for i, (made, allowed) in enumerate(zip(shown, proposed, strict=True)) if not _within(made, allowed, names)), n)
        if holds > len(best):
            best = proposed[:holds]
        if holds == n:
            break
        with np.errstate(all="ignore"):  # what an update adds to the errors before it is more than what it adds to none
            added = _errors(shown, names)
            added[1:] -= np.einsum("tjkn,tkn->tjn", slopes[1:n], course[: n - 1])
            local[:n] = np.fmax(local[:n], added)
    return best


def _errors(found: Sequence[Mapping[str, ErrorBounds]], names: Sequence[str]) -> Numbers:
    """One number an update, variable and element."""
    return np.array([[[np.inf if x is None else float(x) for x in one[name].exact()] for name in names] for one in found])


def _as_radii(row: Numbers) -> ErrorBounds:
    return ErrorBounds(from_exact([float(x) for x in row]))


def _within(made: Mapping[str, ErrorBounds], allowed: Mapping[str, ErrorBounds], names: Sequence[str]) -> bool:
    pairs = (pair for name in names for pair in zip(made[name].exact(), allowed[name].exact(), strict=True))
    return all(x is not None and y is not None and x <= y for x, y in pairs)


def _carried_on(slopes: Numbers, local: Numbers) -> Numbers:
    """The errors after each update: those before it times the sizes of its slopes, and its own."""
    course = np.empty_like(local)
    before = np.zeros(local.shape[1:])
    with np.errstate(all="ignore"):
        for i, (slope, own) in enumerate(zip(slopes, local, strict=True)):
            before = np.einsum("jkn,kn->jn", slope, before) + own
            course[i] = before
    return course


def _slopes(rule: Rule, blocks: Sequence[Block], names: Sequence[str]) -> Numbers:
    """By how much each variable after each update changes with each before it: updates, variables after, before, then elements; their sizes."""
    integers = {h.name for h in rule.hyper if h.symbol.kind is Kind.INTEGER}
    update = compiled([(let.name, let.value) for let in spread(rule).steps], DUALS)
    rows = {let.name: i for i, let in enumerate(rule.steps)}
    n, k = len(blocks[0].g), len(names)
    found = np.zeros((len(blocks), k, k, n))
    for i, block in enumerate(blocks):
        counted = {name: int(block.before[name][0]) for name in counts(rule)}
        scalars = update.prelude({**{x: int(y) if x in integers else lifted(y) for x, y in block.hyper.items()}, "t": block.t, **counted})
        for e in range(n):
            inputs = variables([*(float(Fraction(block.before[name][e])) for name in names), float(block.g[e])])
            given = {name: lifted(float(Fraction(x[e]))) for name, x in block.inputs.items()}
            values = update.body({**given, **dict(zip([*names, "g"], inputs, strict=True))}, scalars)
            for row, name in enumerate(names):
                slopes = (values[rows[name]] if name in rows else inputs[row]).slopes or (0.0,) * len(inputs)
                found[i, row, :, e] = slopes[:k]
    return np.abs(found)
