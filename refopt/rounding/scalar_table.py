"""The scalars of some blocks, each rounded to its block's format: their exact values, and how far they may be off."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from refopt.rounding.compiled import Compiled
from refopt.rounding.formats import FLOAT64, Format, number_format
from refopt.rounding.forms import Class
from refopt.rounding.many_scalars import at_many
from refopt.rounding.normal_form import Atom, Names
from refopt.rounding.scalars import IMPOSSIBLE, Ball, Scalars, number
from refopt.rounding.wide import Wide, absolute, as_wide, from_exact, where

if TYPE_CHECKING:
    from refopt.rounding.bound import Block, Profile


def scalar_table(version: Compiled, blocks: Sequence[Block], profile: Profile) -> dict[Class, tuple[Wide, Wide]]:
    """For each scalar class: its exact value and its bound in the block's format, one an entry a block."""
    wanted = [c for c in version.forms.nodes if c.is_scalar]
    guards = {node.below_half for ways in version.forms.nodes.values() for node in ways if node.below_half is not None}
    wanted += [g for g in guards if g not in version.forms.nodes]
    settings: dict[tuple[Any, ...], Any] = {}
    places: dict[Any, dict[Any, list[int]]] = {}
    for place, block in enumerate(blocks):
        if (id(block.hyper), *block.slack) not in settings:
            settings[id(block.hyper), *block.slack] = tuple((n, x.numerator, x.denominator) for n, x in sorted(block.hyper.items()) if n not in block.slack)
        key = settings[id(block.hyper), *block.slack], block.format
        step = block.t, tuple((name, block.hyper[name], e) for name, e in sorted(block.slack.items()))
        places.setdefault(key, {}).setdefault(step, []).append(place)
    table = {c: (as_wide(np.zeros(len(blocks))), as_wide(np.zeros(len(blocks)))) for c in wanted}
    for (setting, _), steps in places.items():
        like = blocks[next(iter(steps.values()))[0]]
        kept_in = like.format.name if version.rule.scalar_state else None
        rows = _stored_at(version, wanted, like, list(steps), (id(version), profile.formed_in, setting, kept_in), profile)
        entries = np.array([place for found in steps.values() for place in found], dtype=np.intp)
        sources = np.repeat(np.arange(len(steps)), [len(found) for found in steps.values()])
        for c, filled in table.items():
            for column, values in zip(filled, rows[c], strict=True):
                column.mantissa[entries], column.exponent[entries] = values.mantissa[sources], values.exponent[sources]
    return table


Step = tuple[int, tuple[tuple[str, Fraction, Fraction], ...]]
"""The number of an update, and by name the value and the error of what is formed elsewhere (a replayed cause)."""

MANY = 32
"""From so many steps of one setting on, its scalars are computed for all of them at once."""


def _stored_at(
    version: Compiled, wanted: Sequence[Class], like: Block, steps: Sequence[Step], key: tuple[Any, ...], profile: Profile
) -> dict[Class, tuple[Wide, Wide]]:
    """The scalars of one setting at some steps, rounded to the format of the block `like`, one an entry a step."""
    if len(steps) >= MANY and (found := _at_many(version, wanted, like, steps, key)) is not None:
        return {c: _stored_many(version.names, c, ball, like.format, profile) for c, ball in found.items()}
    kept: dict[Any, tuple[Ball, tuple[Any, Any]]] = {}
    rows: dict[Class, list[tuple[Any, Any]]] = {c: [] for c in wanted}
    for step in steps:
        for c, ball in zip(wanted, _balls(version, wanted, like, step, key), strict=True):
            if (c, id(ball)) not in kept:  # the ball itself is kept with it: those that do not depend on t are the same ones
                kept[c, id(ball)] = ball, _stored(version.names, c, ball, like.format, profile)
            rows[c].append(kept[c, id(ball)][1])
    return {c: (from_exact([x for x, _ in row]), from_exact([e for _, e in row])) for c, row in rows.items()}


_KNOWN: dict[Any, list[Ball]] = {}
_STILL: dict[Any, Scalars] = {}
"""By all but t: the scalars of one step, whose still part is taken over by the others."""
REMEMBERED = 4096
"""Settings whose scalars are remembered: each format of a case, and each implementation that is judged by it, has the same."""


def _balls(version: Compiled, wanted: Sequence[Class], like: Block, step: Step, key: tuple[Any, ...]) -> list[Ball]:
    """The scalars of one update before they are rounded to its format. `key` and the step are all that they depend on; compiled rules stay."""
    t, given = step
    if (*key, step) not in _KNOWN:
        if len(_KNOWN) >= REMEMBERED:
            _KNOWN.clear()
            _STILL.clear()
        still = (*key, *(name for name, _, _ in given))
        at = _STILL[still].at(t) if still in _STILL else Scalars(version.names, like.hyper, t, number_format(key[1]) if key[1] else FLOAT64)
        at.balls = {name: Ball(number(x), number(e)) for name, x, e in given}
        at.exact = {**at.exact, **{name: x for name, x, _ in given}}
        at.kept_in = like.format
        at.moving = frozenset({"t", *at.balls})
        _KNOWN[*key, step] = [at.of(c) for c in wanted]
        _STILL.setdefault(still, at)
    return _KNOWN[*key, step]


_MANY: dict[Any, dict[Class, tuple[Wide, Wide]] | None] = {}
LONG_RUNS = 16
"""Settings of long runs whose scalars are remembered."""


def _at_many(
    version: Compiled, wanted: Sequence[Class], like: Block, steps: Sequence[Step], key: tuple[Any, ...]
) -> dict[Class, tuple[Wide, Wide]] | None:
    """The scalars of one setting at many steps, before they are rounded; None where each step has to be taken by itself."""
    if (*key, *steps) not in _MANY:
        if len(_MANY) >= LONG_RUNS:
            _MANY.clear()
        _balls(version, wanted, like, steps[0], key)
        names = [name for name, _, _ in steps[0][1]]
        columns = {n: Ball(*(from_exact([given[i][which] for _, given in steps]) for which in (1, 2))) for i, n in enumerate(names)}
        _MANY[*key, *steps] = at_many(_STILL[*key, *names], [t for t, _ in steps], wanted, columns)
    return _MANY[*key, *steps]


def _stored_many(names: Names, wanted: Class, ball: tuple[Wide, Wide], f: Format, profile: Profile) -> tuple[Wide, Wide]:
    """As `_stored`, at many steps."""
    x, e = ball
    if _is_exact(names, wanted, f):
        return x, as_wide(np.zeros(len(x)))
    u, subnormal, normal, largest = (from_exact([limit]) for limit in (f.u, f.smallest_subnormal / 2, f.smallest_normal, f.largest))
    size = absolute(x)
    e = e + u * (size + e)
    e = where((size < normal) & (size > 0.0), e + (normal if profile.flush else subnormal), e)
    impossible = (size + e) > largest
    return where(impossible, np.nan, x), where(impossible, -np.inf, e)


def _stored(names: Names, wanted: Class, ball: Ball, f: Format, profile: Profile) -> tuple[Any, Any]:
    """A scalar class's exact value, and how far it may be off once it is rounded to the format."""
    return stored(ball, f, exact=_is_exact(names, wanted, f), flush=profile.flush)


def _is_exact(names: Names, wanted: Class, f: Format) -> bool:
    """Whether a scalar is a literal that is a number of the format."""
    tree = names.scalars[wanted.key] if isinstance(wanted, Atom) else None
    return tree is not None and tree.op == "literal" and tree.value is not None and f.represents(tree.value)


def stored(ball: Ball, f: Format, *, exact: bool, flush: bool = False) -> tuple[Any, Any]:
    """A scalar's exact value, and how far it may be off once it is rounded to the format. `exact`: a literal that is a number of it."""
    if exact:
        return ball.x, number(0)
    size = abs(ball.x)
    u, subnormal, normal, largest = _limits(f)
    e = ball.e + u * (size + ball.e)
    if size < normal and size > 0:
        e += normal if flush else subnormal / 2
    if size + e > largest:
        return IMPOSSIBLE.x, IMPOSSIBLE.e
    return ball.x, e


@cache
def _limits(f: Format) -> tuple[Any, Any, Any, Any]:
    """u, the smallest subnormal and normal number and the largest of a format, in the precision of its scalars."""
    return number(f.u), number(f.smallest_subnormal), number(f.smallest_normal), number(f.largest)
