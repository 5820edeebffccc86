"""A class from all its ways of being made: the tightest enclosure, the largest rounding error.

A form that divides by a scalar that is zero (beta1 = 0), or forms a scalar too large for the format (1/(lr*decay) in
float16), fails whatever the data: it is no program, and does not count. One that may overflow on these data does: no
claim is made then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from refopt.rounding.enclosure import (
    Constants,
    Value,
    apply,
    enclosed,
    error_after_rounding,
    error_before_rounding,
    intersected,
    is_enclosed,
    known,
    leaf,
    unenclosed,
)
from refopt.rounding.extended_range import isnan, maximum, where
from refopt.rounding.forms import Class, Node, Product
from refopt.rounding.normal_form import Atom, Call, Sum, nonnegative

MODERATE = 4.0
"""Largest error, in units of that of the written form, of a form that counts; beyond, it amplifies (a cause of reduced precision)."""

RAISED = 1.0 + 2.0**-29
"""Factor on an error, for the roundings of its own computation."""


class Chooses(Protocol):
    """Observer that learns which way has the largest rounding error."""

    def took(self, wanted: Class, largest: Any) -> None:
        """Receives the node of a class with the largest rounding error at each of some elements; -1: none counts there."""


class Elements(Protocol):
    """The elements at which a class is computed."""

    @property
    def constants(self) -> Constants:
        """The constants of the format."""

    @property
    def zero(self) -> Any:
        """Zeros, one an element."""

    @property
    def nonzero(self) -> dict[Class, Any]:
        """By divisor: where no scalar that it is a multiple of is zero, as that is found out."""

    def scalar(self, wanted: Class) -> Value:
        """A scalar class."""


def error_of(value: Value) -> Any:
    """Total error that a program may have; infinite where no form counts."""
    return where(value.e < 0.0, np.inf, (maximum(value.lo, value.hi) + value.e) * RAISED)


def of_ways(
    wanted: Class, ways: Sequence[Node], values: Mapping[Class, Value], at: Elements, watcher: Chooses | None = None, limit: Any | None = None
) -> Value:
    """Enclosure of a class. `limit`: the largest error, enclosure and rounding together, of a form that counts."""
    if isinstance(wanted, Product) and len(ways) > 1 and watcher is None and limit is None:
        return of_product(wanted, ways, values, at)
    result: Value | None = None
    largest = np.full(len(at.zero), -1)
    for i, node in enumerate(ways):
        value = made_by(node, values, at)
        counts = counts_of(node, values, at)
        if node.optional:
            finite = value.e < np.inf
            counts = finite if counts is None else counts & finite
        if node.below_half is not None:
            half = at.scalar(node.below_half).x <= 0.5
            counts = half if counts is None else counts & half
        if node.moderate and result is not None:
            moderate = value.e <= result.e * MODERATE
            counts = moderate if counts is None else counts & moderate
        if limit is not None:
            within = maximum(value.lo, value.hi) + value.e <= limit
            counts = within if counts is None else counts & within
        if counts is not None and not np.all(counts):
            value = _only(value, counts)
        if watcher is not None:
            largest[value.e > (-np.inf if result is None else result.e)] = i
        result = value if result is None else intersected(result, value)
    if watcher is not None:
        watcher.took(wanted, largest)
    return leaf(at.zero, at.zero, at.zero, at.zero) if result is None else result


def of_product(wanted: Product, ways: Sequence[Node], values: Mapping[Class, Value], at: Elements) -> Value:
    """A product: its enclosure is that of the first way that has one, for whichever factors are multiplied first, it is the same.

    The error after a rounding grows with the error before it, so that one rounding of the largest is the largest.
    """
    first = made_by(ways[0], values, at)
    e, tried = uncounted(first.e, counts_of(ways[0], values, at)), 1
    lost = None if is_enclosed(first) else hopeless(wanted, values, at)
    while lost is not None and tried < len(ways) and not np.all(lost | ~unenclosed(first)):  # a way that divides by a scalar 0 says nothing
        node = ways[tried]
        made = made_by(node, values, at)
        first, tried = enclosed(first, made), tried + 1
        e = maximum(e, error_where_it_counts(node, made, values, at))
    room = room_of(first, at.constants)
    before = at.zero - np.inf
    known_ways, others = _apart(ways[tried:])
    for node in others:
        made = made_by(node, values, at)
        e = maximum(e, error_where_it_counts(node, made, values, at))
    for nodes in known_ways:
        before = maximum(before, _largest_before(nodes, values, at, first, room))
    return with_largest(first, e, before, at.constants)


def error_where_it_counts(node: Node, made: Value, values: Mapping[Class, Value], at: Elements) -> Any:
    """The error of what a way makes; minus infinity where it does not count, and where an optional one is infinite."""
    return uncounted(where(made.e < np.inf, made.e, -np.inf) if node.optional else made.e, counts_of(node, values, at))


def room_of(value: Value, c: Constants) -> Any:
    """The largest error before the last rounding with which a value stays in the format's range; minus infinity: none."""
    room = c.largest - value.largest * (c.u + 1.0) - c.delta
    return where(room > 0.0, room / (c.u + 1.0), -np.inf)


def with_largest(first: Value, e: Any, before: Any, c: Constants) -> Value:
    """A product with the largest error of its ways: `e`, those that are rounded already, `before`, the largest before a last rounding."""
    before = where(isnan(before), np.inf, before)  # what one way says nothing of, the largest of all says nothing of
    rounded = error_after_rounding(first, before, c, underflows=True)
    return Value(first.x, first.lo, first.hi, maximum(e, where(before < 0.0, -np.inf, rounded)), first.scale)


def hopeless(wanted: Product, values: Mapping[Class, Value], at: Elements) -> Any:
    """Mask of the elements where no way has an enclosure: a factor has none, or one that is divided by may be zero."""
    found = np.zeros(len(at.zero), dtype=bool)
    for base, power in wanted.factors:
        if base in values:
            found |= unenclosed(values[base])
            if power < 0:
                found |= values[base].as_divisor[0]
    return found


def _apart(ways: Sequence[Node]) -> tuple[list[list[Node]], list[Node]]:
    """The multiplications and the divisions of a class, each kind together, and the ways of another kind."""
    kinds: dict[str, list[Node]] = {"mul": [], "div": []}
    others = [node for node in ways if node.op not in kinds]
    for node in ways:
        if node.op in kinds:
            kinds[node.op].append(node)
    return [nodes for nodes in kinds.values() if nodes], others


def _largest_before(nodes: Sequence[Node], values: Mapping[Class, Value], at: Elements, first: Value, room: Any) -> Any:
    """The largest error before the last rounding, over ways of one kind; minus infinity where none of them counts."""
    counts = [counts_of(node, values, at) for node in nodes]
    pairs = [(values[node.args[0]], values[node.args[1]]) for node in nodes]
    if isinstance(at.zero, np.ndarray) and at.zero.dtype == np.float64:
        a, b = (_Rows([pair[i] for pair in pairs]) for i in (0, 1))
        raw: Any = error_before_rounding(nodes[0].op, a, b, first.largest)
        for i, (node, mask) in enumerate(zip(nodes, counts, strict=True)):
            if node.optional:
                raw[i, ~(raw[i] <= room)] = -np.inf
            if mask is not None:
                raw[i, ~mask] = -np.inf
        return raw.max(axis=0)
    before = at.zero - np.inf
    for node, pair, mask in zip(nodes, pairs, counts, strict=True):
        raw = error_before_rounding(node.op, *pair, first.largest)
        before = maximum(before, uncounted(where(raw <= room, raw, -np.inf) if node.optional else raw, mask))
    return before


class _Rows:
    """Operands of several ways, one a row."""

    def __init__(self, values: Sequence[Value]) -> None:
        self._values = values

    def _stacked(self, rows: list[Any]) -> Any:
        return np.concatenate(rows).reshape(len(rows), -1)

    @cached_property
    def largest(self) -> Any:
        """The largest size of each."""
        return self._stacked([v.largest for v in self._values])

    @cached_property
    def e(self) -> Any:
        """The error of each."""
        return self._stacked([v.e for v in self._values])

    @cached_property
    def as_divisor(self) -> tuple[Any, Any]:
        """Of each: where it may be zero, and the least that its computed value may be."""
        return self._stacked([v.as_divisor[0] for v in self._values]), self._stacked([v.as_divisor[1] for v in self._values])


def made_by(node: Node, values: Mapping[Class, Value], at: Elements) -> Value:
    """The value that one way makes."""
    subtracts = node.op == "sqrt" and (node.subtracts or not _is_nonnegative(node.args[0]))
    return known(apply(node.op, tuple(values[a] for a in node.args), node.signs, at.constants, may_be_negative=subtracts))


def counts_of(node: Node, values: Mapping[Class, Value], at: Elements) -> Any | None:
    """Mask of the elements where a way counts, as far as its operands tell; None: everywhere."""
    counts: Any | None = None
    for arg in node.args:
        mask = values[arg].counts
        if mask is not None:
            counts = mask if counts is None else counts & mask
    if node.op in ("div", "reciprocal"):
        some = nonzero(node.args[-1], at)
        if some is not None:
            counts = some if counts is None else counts & some
    return counts


def nonzero(divisor: Class, at: Elements) -> Any | None:
    """Mask of the elements where no scalar that a divisor is a multiple of is zero; None: everywhere."""
    if divisor not in at.nonzero:
        counts: Any | None = None
        for scalar in scalars_of(divisor):
            if (some := at.scalar(scalar).nonzero) is not None:
                counts = some if counts is None else counts & some
        at.nonzero[divisor] = counts
    return at.nonzero[divisor]


def scalars_of(divisor: Class) -> Iterator[Class]:
    """The scalars that a divisor is a multiple of: where one is zero, so is the divisor, whatever the data."""
    if divisor.is_scalar:
        yield divisor
    elif isinstance(divisor, Product):
        yield from (base for base, power in divisor.factors if base.is_scalar and power > 0)


def uncounted(e: Any, counts: Any | None) -> Any:
    """The error where a form counts; minus infinity where it does not."""
    return e if counts is None else where(counts, e, -np.inf)


def _only(value: Value, counts: Any) -> Value:
    """A value that says nothing where the form does not count."""
    return Value(value.x, where(counts, value.lo, np.inf), where(counts, value.hi, np.inf), where(counts, value.e, -np.inf), value.scale)


def _is_nonnegative(c: Class) -> bool:
    if isinstance(c, Atom | Call):
        return c.nonnegative
    if isinstance(c, Sum):
        return nonnegative(c.terms)
    return all(b.nonnegative or e % 2 == 0 for b, e in c.factors)
