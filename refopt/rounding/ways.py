"""A class from all its ways of being made: the tightest enclosure, the largest rounding error.

A form that divides by a scalar that is zero (beta1 = 0), or forms a scalar too large for the format (1/(lr*decay) in
float16), fails whatever the data: it is no program, and does not count. One that may overflow on these data does: no
claim is made then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from refopt.rounding.enclosure import Constants, Value, apply, error_after_rounding, error_before_rounding, intersected, is_enclosed, known, leaf
from refopt.rounding.forms import Class, Node, Product
from refopt.rounding.normal_form import Atom, Call, Sum, nonnegative
from refopt.rounding.wide import isnan, maximum, where

MODERATE = 4.0
"""Largest error, in units of that of the written form, of a form that counts; beyond, it amplifies (a cause of reduced precision)."""


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

    def scalar(self, wanted: Class) -> Value:
        """A scalar class."""


def error_of(value: Value) -> Any:
    """Total error that a program may have; infinite where no form counts."""
    return where(value.e < 0.0, np.inf, (maximum(value.lo, value.hi) + value.e) * (1.0 + 2.0**-29))


def of_ways(
    wanted: Class, ways: Sequence[Node], values: Mapping[Class, Value], at: Elements, watcher: Chooses | None = None, limit: Any | None = None
) -> Value:
    """Enclosure of a class. `limit`: the largest error, enclosure and rounding together, of a form that counts."""
    if isinstance(wanted, Product) and len(ways) > 1 and watcher is None and limit is None:
        first = _made(ways[0], values, at)
        if is_enclosed(first):
            return _of_product(ways, values, at, first)
    result: Value | None = None
    largest = np.full(len(at.zero), -1)
    for i, node in enumerate(ways):
        value = _made(node, values, at)
        counts = _counts(node, values, at)
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


def _of_product(ways: Sequence[Node], values: Mapping[Class, Value], at: Elements, first: Value) -> Value:
    """A product whose enclosure is known from its first way: whichever factors are multiplied first, it is the same.

    The error after a rounding grows with the error before it, so that one rounding of the largest is the largest.
    """
    c = at.constants
    room = c.largest - first.largest * (c.u + 1.0) - c.delta
    room = where(room > 0.0, room / (c.u + 1.0), -np.inf)
    before, e = at.zero - np.inf, _uncounted(first.e, _counts(ways[0], values, at))
    for node in ways[1:]:
        raw = error_before_rounding(node.op, tuple(values[a] for a in node.args), first)
        counts = _counts(node, values, at)
        if raw is None:
            error = _made(node, values, at).e
            e = maximum(e, _uncounted(where(error < np.inf, error, -np.inf) if node.optional else error, counts))
            continue
        if node.optional:
            raw = where(isnan(raw), np.inf, raw)
            raw = where(raw <= room, raw, -np.inf)
        before = maximum(before, _uncounted(raw, counts))
    before = where(isnan(before), np.inf, before)  # what one way says nothing of, the largest of all says nothing of
    rounded = error_after_rounding(first, before, c, underflows=True)
    return Value(first.x, first.lo, first.hi, maximum(e, where(before < 0.0, -np.inf, rounded)), first.scale)


def _made(node: Node, values: Mapping[Class, Value], at: Elements) -> Value:
    subtracts = node.op == "sqrt" and not _is_nonnegative(node.args[0])
    return known(apply(node.op, tuple(values[a] for a in node.args), node.signs, at.constants, may_be_negative=subtracts))


def _counts(node: Node, values: Mapping[Class, Value], at: Elements) -> Any | None:
    """Mask of the elements where a way counts, as far as its operands tell; None: everywhere."""
    counts: Any | None = None
    for arg in node.args:
        mask = values[arg].counts
        if mask is not None:
            counts = mask if counts is None else counts & mask
    if node.op in ("div", "reciprocal"):
        for scalar in _scalars_of(node.args[-1], values, at):
            if (some := scalar.nonzero) is not None:
                counts = some if counts is None else counts & some
    return counts


def _scalars_of(divisor: Class, values: Mapping[Class, Value], at: Elements) -> Iterator[Value]:
    """The scalars that a divisor is a multiple of: where one is zero, so is the divisor, whatever the data."""
    if divisor.is_scalar:
        yield values[divisor]
    elif isinstance(divisor, Product):
        yield from (at.scalar(base) for base, power in divisor.factors if base.is_scalar and power > 0)


def _uncounted(e: Any, counts: Any | None) -> Any:
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
