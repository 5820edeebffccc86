"""The bound: the largest error that rounding alone can cause in one update, for any correct implementation.

All equivalent forms of the formula are covered at once (forms.py), every rounding of every operation is counted
(enclosure.py), scalars may be formed in binary64 (scalars.py). Nothing is multiplied onto the result but 1 + 2^-29,
which covers the roundings of this computation itself.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from refopt.errors import RefoptError
from refopt.language.reductions import Reduced, has_reductions
from refopt.language.rule import Rule
from refopt.language.spread import counts
from refopt.rounding.compiled import Compiled, Root, compiled
from refopt.rounding.enclosure import Constants, Value, leaf
from refopt.rounding.error_bounds import ErrorBounds
from refopt.rounding.extended_range import ExtendedRange, absolute, as_extended, as_long_as_needed, from_exact, maximum, plain, where
from refopt.rounding.formats import Format
from refopt.rounding.forms import Class, Node
from refopt.rounding.levels import errors_of_roots
from refopt.rounding.mpfr_array import binary53
from refopt.rounding.normal_form import Atom
from refopt.rounding.reduced_bound import reduced_radii
from refopt.rounding.scalar_state import with_scalar_state
from refopt.rounding.scalar_table import Table, scalar_table
from refopt.rounding.ways import MODERATE, RAISED, Chooses, error_of, of_ways

CHUNK = 4096
"""Elements computed at a time: their arrays stay in the processor's cache."""
FEW = 512
"""Elements up to which the products of a level are computed together: what a call of NumPy costs counts most there, above it the memory that
is read twice. The bounds are the same."""
ORDINARY = 200
"""Binary exponents up to this size are computed in plain binary64; squares of squares of them stay in its range."""


@dataclass(frozen=True)
class Block:
    """One update of one tensor.

    before  the exact values of theta and every state before the update, one an element (mpf, Fraction, float)
    g       the gradient
    radii   how far an implementation's theta and states may already be off; None: not at all (stepwise)
    slack   how far a hyperparameter may be off before it is rounded to the format (a replayed cause); exact where not named
    formats of variables that are not kept in `format` (mixed precision): theta, g or a state. A variable is computed in its own
            format at worst, what goes into it from a wider one rounded to that first
    reduced what the rule's reductions give in this update, by their symbols
    repeats how many elements of the tensor each entry stands for; None: itself alone
    update  the same for the tensors that are updated together: a reduction over all of them goes over these
    inputs  what is given beside the gradient, one value an element by name
    """

    format: Format
    hyper: Mapping[str, Fraction]
    t: int
    before: Mapping[str, Sequence[Any]]
    g: Sequence[Any]
    radii: Mapping[str, ErrorBounds] | None = None
    slack: Mapping[str, Fraction] = field(default_factory=dict)
    formats: Mapping[str, Format] = field(default_factory=dict)
    reduced: Mapping[str, Reduced] = field(default_factory=dict)
    update: Hashable = None
    repeats: tuple[int, ...] | None = None
    inputs: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    def format_of(self, name: str) -> Format:
        """The format that a variable is kept in."""
        return self.formats.get(name, self.format)


@dataclass(frozen=True)
class Profile:
    """Freedoms of implementations that a bound allows for. The default is profile BINARY64_SCALARS.

    formed_in   the format in which scalars are formed; None: binary64
    flush       subnormal numbers may be replaced by zero
    amplifying  also the forms that amplify rounding errors
    """

    formed_in: str | None = None
    flush: bool = False
    amplifying: bool = False


BINARY64_SCALARS = Profile()


class Watcher(Chooses, Protocol):
    """Observer of the parts of a bound (rounding/worst_form.py)."""

    def begin(self, version: Compiled, members: Sequence[int]) -> None:
        """A version of the rule, and the places of its blocks among those given."""

    def finished(self, values: Mapping[Class, Value], chosen: Any) -> None:
        """Receives the value of every class at those elements, given by their places in the version's blocks laid end to end."""


def radii(rule: Rule, blocks: Sequence[Block], *, profile: Profile = BINARY64_SCALARS, watcher: Watcher | None = None) -> list[dict[str, ErrorBounds]]:
    """The bounds of theta and every state after each block's update, one an element.

    Infinite where no claim can be made: an intermediate may exceed the largest number, or a divisor's computed value
    may be zero. Raises RefoptError when a block lacks a state or its lengths differ.
    """
    if has_reductions(rule):
        return reduced_radii(rule, blocks, profile)
    groups: dict[int, list[int]] = {}
    prepared: dict[int, Compiled] = {}
    results: list[dict[str, ErrorBounds]] = [{} for _ in blocks]
    for block in blocks:
        _check(rule, block)
    blocks = [with_scalar_state(rule, block) for block in blocks]
    for i, block in enumerate(blocks):
        version = compiled(rule, block.hyper, block.t, amplifying=profile.amplifying, slack=block.slack)
        if version is None:  # correct programs may choose otherwise
            results[i] = {n: ErrorBounds.unknown(len(block.g)) for n in ("theta", *rule.state_names)}
            continue
        prepared[id(version)] = version
        groups.setdefault(id(version), []).append(i)
    for key, members in groups.items():
        for i, result in zip(members, _group(prepared[key], [blocks[i] for i in members], profile, watcher, members), strict=True):
            results[i] = result
    return results


def _check(rule: Rule, block: Block) -> None:
    n = len(block.g)
    for name in ("theta", *rule.state_names):
        if name not in block.before:
            raise RefoptError(f"a bound for {rule.name} needs the value of {name} before the update")
        if len(block.before[name]) != n or (block.radii is not None and len(block.radii[name]) != n):
            raise RefoptError(f"{name} has {len(block.before[name])} elements, the gradient has {n}")
    for name in rule.input_names:
        if len(block.inputs.get(name, ())) != n:
            raise RefoptError(f"a bound for {rule.name} needs {n} values of {name}, as of the gradient")


@dataclass
class _Flat:
    """The blocks of one group laid end to end: an array for each variable of elements, and the block that each element is from.

    `ordinary` elements are computed in plain binary64, where the scalars of their block allow it; errors of theirs that its products could
    lose are raised to 2^-400.
    """

    block: NDArray[np.intp]
    values: dict[str, ExtendedRange]
    errors: dict[str, ExtendedRange]
    ordinary: NDArray[np.bool_]

    def __post_init__(self) -> None:
        for x in self.values.values():
            self.ordinary &= _is_ordinary(x)
        for e in self.errors.values():
            self.ordinary &= (e.mantissa == 0) | (e.exponent < ORDINARY)
        for name, e in self.errors.items():
            tiny = self.ordinary & (e.mantissa != 0) & (e.exponent < -2 * ORDINARY)
            self.errors[name] = where(tiny, 2.0 ** (-2 * ORDINARY), e)


def _is_ordinary(x: ExtendedRange) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (x.mantissa == 0) | (np.abs(x.exponent) < ORDINARY)
    return found


def _given_errors(name: str, blocks: Sequence[Block]) -> ExtendedRange:
    return ErrorBounds.join([ErrorBounds.zero(len(b.g)) if b.radii is None else b.radii[name] for b in blocks]).values


def _group(
    version: Compiled, blocks: Sequence[Block], profile: Profile, watcher: Watcher | None, members: Sequence[int]
) -> list[dict[str, ErrorBounds]]:
    names = ["theta", *version.rule.state_names]
    of_one_value = {s.name for s in version.rule.scalar_state}
    of_elements = [n for n in names if n not in of_one_value]
    sizes = [len(b.g) for b in blocks]
    tables = _Tables(version, blocks, profile)
    block = np.repeat(np.arange(len(blocks)), sizes)
    given = {n: from_exact([x for b in blocks for x in b.inputs[n]]) for n in version.rule.input_names}
    flat = _Flat(
        block,
        {**{n: from_exact([x for b in blocks for x in b.before[n]]) for n in of_elements}, "g": from_exact([x for b in blocks for x in b.g]), **given},
        {n: _given_errors(n, blocks) for n in of_elements},
        tables.ordinary[block],
    )
    if watcher is not None:
        watcher.begin(version, members)
    outputs = [r.name for r in version.roots if r.is_output and r.name not in of_one_value]
    gathered = {n: as_extended(np.zeros(len(flat.block))) for n in outputs}
    for is_plain in (True, False):
        positions = np.flatnonzero(flat.ordinary == is_plain)
        for start in range(0, len(positions), CHUNK):
            chosen = positions[start : start + CHUNK]
            with np.errstate(all="ignore"), binary53():
                found = _evaluate(version, {r.name: tables.chunk(r.name, flat, chosen, is_plain) for r in version.roots}, watcher)
            for n in outputs:
                gathered[n].mantissa[chosen] = found[n].mantissa
                gathered[n].exponent[chosen] = found[n].exponent
    gathered |= {r.name: tables.error_of_scalar(r)[block] for r in version.roots if r.name in of_one_value}
    for n in names:
        if n not in gathered:
            gathered[n] = _given_errors(n, blocks)
    for n in counts(version.rule):  # a count is kept exactly
        gathered[n] = as_extended(np.zeros(len(flat.block)))
    edges = np.cumsum([0, *sizes])
    return [{n: ErrorBounds(gathered[n][edges[i] : edges[i + 1]]) for n in names} for i in range(len(blocks))]


class _Tables:
    """Tables that depend on the format of the computed variable: scalars and constants, made once for each format."""

    def __init__(self, version: Compiled, blocks: Sequence[Block], profile: Profile) -> None:
        self.version, self.blocks, self.profile = version, blocks, profile
        self._made: dict[tuple[str, ...], tuple[Table, Constants]] = {}
        self._chunk: dict[tuple[str, ...], _Chunk] = {}
        self._chosen: Any = None

    def chunk(self, name: str, flat: _Flat, chosen: Any, is_plain: bool) -> _Chunk:
        """The chosen elements, ready for computing a variable; variables of one format share it."""
        if chosen is not self._chosen:
            self._chosen, self._chunk = chosen, {}
        key, made = self._of(name)
        if key not in self._chunk:
            units = {n: from_exact([_unit(b.format_of(n)) for b in self.blocks]) for n in flat.values} if any(b.formats for b in self.blocks) else {}
            self._chunk[key] = _Chunk(flat, chosen, *made, is_plain, units)
        return self._chunk[key]

    def _of(self, name: str) -> tuple[tuple[str, ...], tuple[Table, Constants]]:
        """The formats in which a variable is computed, one a block, and the tables for them."""
        formats = [b.format_of(name) for b in self.blocks]
        key = tuple(f.name for f in formats)
        if key not in self._made:
            blocks = [replace(b, format=f) for b, f in zip(self.blocks, formats, strict=True)] if any(b.formats for b in self.blocks) else self.blocks
            self._made[key] = scalar_table(self.version, blocks, self.profile), _constants_table(blocks, self.profile)
        return key, self._made[key]

    @cached_property
    def ordinary(self) -> NDArray[np.bool_]:
        """Mask of the blocks whose scalars are ordinary, those that something of elements is made of."""
        found = np.ones(len(self.blocks), dtype=bool)
        _, (scalars, _) = self._of("theta")
        for c in self.version.scalars_of_elements:
            found &= _is_ordinary(scalars[c][0])
        return found

    def error_of_scalar(self, root: Root) -> ExtendedRange:
        """The bound of a state of one value, one an entry a block: it is a scalar."""
        _, (scalars, _) = self._of(root.name)
        _, e = scalars[root.value]
        bound: ExtendedRange = where(e < 0.0, np.inf, e * RAISED)
        return bound


DOUBLE_ROUNDING = {53: Fraction(1, 2**11), 24: Fraction(1, 2**24)}
"""By precision: how much a wider intermediate's last store adds to u, as a share of it (2^-12 for the short formats)."""


def _unit(f: Format) -> Fraction:
    return f.u * (1 + DOUBLE_ROUNDING.get(f.precision, Fraction(1, 2**12)))


def _constants_table(blocks: Sequence[Block], profile: Profile) -> Constants:
    """The constants of each block's format. u counts the double rounding of a wider intermediate's last store."""

    def column(pick: Any) -> ExtendedRange:
        return from_exact([pick(b.format) for b in blocks])

    return Constants(
        column(_unit),
        column(lambda f: f.smallest_normal if profile.flush else f.smallest_subnormal / 2),
        column(lambda f: f.smallest_normal),
        column(lambda f: f.largest),
        profile.flush,
    )


class _Chunk:
    """Some elements, with everything that is known of them before the update, in plain or wide arrays."""

    def __init__(self, flat: _Flat, chosen: Any, scalars: Table, constants: Constants, is_plain: bool,
                 units: Mapping[str, ExtendedRange]) -> None:  # fmt: skip
        self.is_plain, self.chosen = is_plain, chosen
        self.rows = flat.block[chosen]
        self.scalars = scalars
        self._known: dict[Class, Value] = {}
        u, delta, normal, largest = (self.sort(c[self.rows]) for c in (constants.u, constants.delta, constants.normal, constants.largest))
        if is_plain:
            delta = np.maximum(delta, 5e-324)
        self.constants = Constants(u, delta, normal, largest, constants.flush)
        self.inputs: dict[str, Value] = {}
        self.nonzero: dict[Class, Any] = {}
        for name, x in flat.values.items():
            error = self.sort(flat.errors[name][chosen]) if name in flat.errors else self.sort(x[chosen]) * 0.0
            self.inputs[name] = self.taken(self.sort(x[chosen]), error, self.sort(units[name][self.rows]) if name in units else u)

    def taken(self, x: Any, error: Any, unit: Any) -> Value:
        """A variable as this chunk's computation takes it: one from a wider format may be rounded on the way."""
        if unit is not self.constants.u:
            error = where(unit < self.constants.u, error + (absolute(x) + error) * self.constants.u, error)
        return leaf(x, error, error, error * 0.0)

    def sort(self, x: ExtendedRange) -> Any:
        """The array in this chunk's sort of numbers."""
        return plain(x) if self.is_plain else as_long_as_needed(x)

    @cached_property
    def zero(self) -> Any:
        """Zeros, one an element."""
        return self.inputs["theta"].x * 0.0

    def scalar(self, wanted: Class) -> Value:
        """A scalar class, the same for all elements of a block."""
        if wanted not in self._known:
            x, e = self.scalars[wanted]
            value = self.sort(x[self.rows])
            zero = value * 0.0
            self._known[wanted] = leaf(value, zero, zero, self.sort(e[self.rows]))
        return self._known[wanted]


def _evaluate(version: Compiled, chunks: Mapping[str, _Chunk], watcher: Watcher | None) -> dict[str, ExtendedRange]:
    """The bound of every output: classes in order, the tightest enclosure and the largest rounding error over all forms.

    `chunks` holds the elements by the variable that is computed; one chunk for all but in mixed precision.
    """
    every = {id(c): c for c in chunks.values()}
    if watcher is None and len(every) == 1 and (chunk := next(iter(every.values()))).is_plain and len(chunk.chosen) <= FEW:
        errors = errors_of_roots(version, chunk, chunk.inputs)
        return {name: as_extended(error) for name, error in errors.items()}
    known: dict[int, dict[Class, Value]] = {k: {Atom(name, False): v for name, v in c.inputs.items()} for k, c in every.items()}
    orders = {k: iter(version.forms.nodes.items()) for k in every}
    found: dict[str, ExtendedRange] = {}
    for root in version.roots:
        chunk = chunks[root.name]
        values, order = known[id(chunk)], orders[id(chunk)]
        error = error_of(_value(root.value, version, values, order, chunk, watcher))
        if root.written_out is not None:
            limit = None if version.forms.amplifying else error * MODERATE
            out = _value(root.written_out, version, values, order, chunk, watcher, limit)
            error = maximum(error, where(out.e < 0.0, 0.0, error_of(out)))
        if root.is_output:
            found[root.name] = as_extended(error)
        for k, other in every.items():
            known[k][root.atom] = other.taken(values[root.value].x, error, chunk.constants.u)
    if watcher is not None:
        for k, other in every.items():
            watcher.finished(known[k], other.chosen)
    return found


def _value(wanted: Class, version: Compiled, values: dict[Class, Value], order: Iterator[tuple[Class, tuple[Node, ...]]], chunk: _Chunk,
           watcher: Watcher | None, limit: Any | None = None) -> Value:  # fmt: skip
    """A class, after all that come before it in the order of the graph. `limit` is the largest error that counts in a form of it."""
    while wanted not in values:
        made, ways = next(order)
        if made not in values:
            values[made] = chunk.scalar(made) if made.is_scalar else of_ways(made, ways, values, chunk, watcher, limit if made == wanted else None)
    return values[wanted]
