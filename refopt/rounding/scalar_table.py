"""The scalars of some blocks, each rounded to its block's format: their exact values, and how far they may be off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from refopt.language.expression import Kind
from refopt.rounding.compiled import Compiled
from refopt.rounding.extended_range import ExtendedRange, absolute, from_exact, where
from refopt.rounding.formats import FLOAT64, Format, number_format
from refopt.rounding.forms import Class
from refopt.rounding.many_scalars import at_many
from refopt.rounding.normal_form import Atom, Names
from refopt.rounding.scalars import IMPOSSIBLE, Ball, Scalars, number

if TYPE_CHECKING:
    from refopt.rounding.bound import Block, Profile

Table = dict[Class, tuple[ExtendedRange, ExtendedRange]]
"""By scalar class: its exact value and its error, one an entry an update."""


def scalar_table(version: Compiled, blocks: Sequence[Block], profile: Profile) -> Table:
    """For each scalar class: its exact value and its bound in the block's format, one an entry a block."""
    wanted = [c for c in version.forms.nodes if c.is_scalar]
    guards = {node.below_half for ways in version.forms.nodes.values() for node in ways if node.below_half is not None}
    wanted += [g for g in guards if g not in version.forms.nodes]
    updates = [_update(version, block, profile) for block in blocks]
    kinds = {kind: i for i, kind in enumerate(dict.fromkeys((u.key, b.format) for u, b in zip(updates, blocks, strict=True)))}
    first = {(u.key, b.format): (u, b) for u, b in zip(updates, blocks, strict=True)}
    different = {u.key: u for u in updates}
    formats = [f for _, f in kinds]
    if len(different) >= MANY:
        places = {key: i for i, key in enumerate(different)}
        at = np.array([places[key] for key, _ in kinds], dtype=np.intp)
        found = _at_many(tuple(different), [u.scalars(like) for u, like in (first[kind] for kind in _one_of_each(kinds))], wanted)
        table = _stored_many(version.names, found, at, formats, profile)
    else:
        table = _stored_each(version.names, wanted, [_balls(*first[kind], wanted) for kind in kinds], formats, profile)
    rows = np.array([kinds[u.key, b.format] for u, b in zip(updates, blocks, strict=True)], dtype=np.intp)
    return {c: (x[rows], e[rows]) for c, (x, e) in table.items()}


Key = tuple[Any, ...]
"""All that the scalars of an update depend on before they are rounded; compiled rules stay."""
MANY = 32
"""From so many different updates on, their scalars are computed for all of them at once."""


@dataclass(frozen=True)
class _Update:
    """An update whose scalars are asked for. `still`: all but t and what is formed elsewhere."""

    version: Compiled
    formed_in: str | None
    still: Key
    t: int
    given: tuple[tuple[str, Fraction, Fraction], ...]
    key: Key

    def scalars(self, like: Block) -> Scalars:
        """The scalars of the update, none of them computed yet."""
        made = Scalars(self.version.names, like.hyper, self.t, number_format(self.formed_in) if self.formed_in else FLOAT64)
        return self.at(made, like)

    def at(self, made: Scalars, like: Block) -> Scalars:
        """Scalars with what is formed elsewhere put in."""
        made.balls = {name: Ball(number(x), number(e)) for name, x, e in self.given}
        made.exact = {**made.exact, **{name: x for name, x, _ in self.given}}
        made.kept_in = like.format
        made.moving = frozenset({"t", *made.balls})
        return made


def _update(version: Compiled, block: Block, profile: Profile) -> _Update:
    setting = tuple((n, x.numerator, x.denominator) for n, x in sorted(block.hyper.items()) if n not in block.slack)
    given = tuple((name, block.hyper[name], e) for name, e in sorted(block.slack.items()))
    kept_in = block.format.name if any(s.kind is not Kind.INTEGER for s in version.rule.scalar_state) else None
    still = (id(version), profile.formed_in, setting, kept_in, *(name for name, _, _ in given))
    return _Update(version, profile.formed_in, still, block.t, given, (still, block.t, given))


def _one_of_each(kinds: Iterable[tuple[Key, Format]]) -> Iterator[tuple[Key, Format]]:
    """The first kind of each update: its scalars are the same in every format."""
    seen: set[Key] = set()
    for key, f in kinds:
        if key not in seen:
            seen.add(key)
            yield key, f


_KNOWN: dict[Key, list[Ball]] = {}
_STILL: dict[Key, Scalars] = {}
"""By all but t: the scalars of one step, whose still part is taken over by the others."""
REMEMBERED = 4096
"""Updates whose scalars are remembered: each format of a case, and each implementation that is judged by it, has the same."""


def _balls(update: _Update, like: Block, wanted: Sequence[Class]) -> list[Ball]:
    """The scalars of one update before they are rounded to its format."""
    if update.key not in _KNOWN:
        if len(_KNOWN) >= REMEMBERED:
            _KNOWN.clear()
            _STILL.clear()
        at = update.at(_STILL[update.still].at(update.t), like) if update.still in _STILL else update.scalars(like)
        _KNOWN[update.key] = [at.of(c) for c in wanted]
        _STILL.setdefault(update.still, at)
    return _KNOWN[update.key]


_MANY: dict[tuple[Key, ...], Table] = {}
LONG_RUNS = 16
"""Groups of many updates whose scalars are remembered."""


def _at_many(keys: tuple[Key, ...], entries: Sequence[Scalars], wanted: Sequence[Class]) -> Table:
    """The scalars of many updates before they are rounded."""
    if keys not in _MANY:
        if len(_MANY) >= LONG_RUNS:
            _MANY.clear()
        _MANY[keys] = at_many(entries, wanted)
    return _MANY[keys]


def _stored_each(names: Names, wanted: Sequence[Class], rows: Sequence[Sequence[Ball]], formats: Sequence[Format], profile: Profile) -> Table:
    """The scalars of some updates, each rounded to its format; a row of balls an update."""
    table: Table = {}
    for i, c in enumerate(wanted):
        exact = {f: _is_exact(names, c, f) for f in dict.fromkeys(formats)}
        kept: dict[tuple[int, Format], tuple[Any, Any]] = {}
        for row, f in zip(rows, formats, strict=True):  # balls that do not depend on t are the same ones
            if (id(row[i]), f) not in kept:
                kept[id(row[i]), f] = stored(row[i], f, exact=exact[f], flush=profile.flush)
        found = [kept[id(row[i]), f] for row, f in zip(rows, formats, strict=True)]
        table[c] = from_exact([x for x, _ in found]), from_exact([e for _, e in found])
    return table


def _stored_many(names: Names, found: Table, at: Any, formats: Sequence[Format], profile: Profile) -> Table:
    """As `_stored_each`, for many updates; `at` is the place of each among those that were computed."""
    u, normal, largest = (from_exact(limits) for limits in ([f.u for f in formats], [f.smallest_normal for f in formats], [f.largest for f in formats]))
    least = normal if profile.flush else from_exact([f.smallest_subnormal / 2 for f in formats])
    table: Table = {}
    for c, (all_x, all_e) in found.items():
        x, e = all_x[at], all_e[at]
        exact = {f: _is_exact(names, c, f) for f in dict.fromkeys(formats)}
        if not all(exact.values()):
            size = absolute(x)
            e = e + u * (size + e)
            e = where((size < normal) & (size > 0.0), e + least, e)
            impossible = (size + e) > largest
            x, e = where(impossible, np.nan, x), where(impossible, -np.inf, e)
        is_exact = np.array([exact[f] for f in formats])
        table[c] = where(is_exact, all_x[at], x), where(is_exact, 0.0, e)
    return table


def _is_exact(names: Names, wanted: Class, f: Format) -> bool:
    """True where a scalar is a literal that is a number of the format."""
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
