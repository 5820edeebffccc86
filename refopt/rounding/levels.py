"""The classes of a graph of forms in levels: the products of one level are computed together, a row each.

A class is one level above the highest class that it is made of. That one product has thousands of ways (RAdam's step has 8,520) and that
there are few elements (a long case has 8) costs little then: the arrays hold all ways of all products of a level. Element by
element the computation is that of `ways.of_ways`, operation by operation, so that the bounds are the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from refopt.rounding.compiled import Compiled, Root
from refopt.rounding.enclosure import Value, apply, error_before_rounding, known, leaf, unenclosed
from refopt.rounding.extended_range import maximum, where
from refopt.rounding.forms import Class, Node, Product
from refopt.rounding.normal_form import Atom
from refopt.rounding.ways import (
    MODERATE,
    Elements,
    error_of,
    error_where_it_counts,
    hopeless,
    made_by,
    nonzero,
    of_product,
    of_ways,
    room_of,
    scalars_of,
    with_largest,
)  # fmt: skip

Rows = NDArray[np.intp]
BATCHED = ("mul", "div")
"""Operations whose ways are computed together."""
ENCLOSING = ("mul", "div", "reciprocal")
"""Operations of a first way that are computed together."""
DIVIDING = ("div", "reciprocal")


@dataclass(frozen=True)
class Ways:
    """Ways of one operation, in the order of the products that they make: the rows of their operands, and the product of each.

    The one operand of a reciprocal stands on both sides.
    """

    op: str
    left: Rows
    right: Rows
    owner: Rows
    optional: Rows

    @staticmethod
    def of(op: str, nodes: Sequence[tuple[int, Node]], rows: Mapping[Class, int]) -> Ways:
        """The ways of that operation among the nodes, each with the place of the product that it makes."""
        chosen = [(k, node) for k, node in nodes if node.op == op]

        def column(values: Iterator[int]) -> Rows:
            return np.fromiter(values, dtype=np.intp, count=len(chosen))

        left, right = column(rows[node.args[0]] for _, node in chosen), column(rows[node.args[-1]] for _, node in chosen)
        optional = np.flatnonzero([node.optional for _, node in chosen])
        return Ways(op, left, right, column(k for k, _ in chosen), optional)

    @cached_property
    def starts(self) -> Rows:
        """The place of the first way of each product that has one."""
        return np.flatnonzero(np.r_[True, self.owner[1:] != self.owner[:-1]])

    @cached_property
    def owners(self) -> Rows:
        """The products that have one."""
        return self.owner[self.starts]


@dataclass(frozen=True)
class Batch:
    """Products of one level whose first way, the one that encloses them, is of one operation; `others`, their ways of other kinds."""

    classes: tuple[Product, ...]
    ways: tuple[tuple[Node, ...], ...]
    rows: Rows
    first: Ways
    more: tuple[Ways, ...]
    others: tuple[tuple[int, Node], ...]


@dataclass(frozen=True)
class Level:
    """Classes of one level: those computed one by one, and those computed together."""

    single: tuple[tuple[Class, tuple[Node, ...]], ...]
    batches: tuple[Batch, ...]


@dataclass(frozen=True)
class Plan:
    """The levels that are computed for each root, before its value and before its value written out; and what is written out itself."""

    rows: Mapping[Class, int]
    divides: NDArray[np.bool_]
    scalars: tuple[Class, ...]
    before_value: tuple[tuple[Level, ...], ...]
    before_written_out: tuple[tuple[Level, ...], ...]
    last: tuple[tuple[Class, tuple[Node, ...]] | None, ...]


def plan_of(version: Compiled) -> Plan:
    """The plan of a version of a rule; made once."""
    if id(version) not in _PLANS:
        _PLANS[id(version)] = (version, _planned(version))
    return _PLANS[id(version)][1]


_PLANS: dict[int, tuple[Compiled, Plan]] = {}
"""By identity, beside the version itself: compiled rules stay."""


def _planned(version: Compiled) -> Plan:
    nodes = version.forms.nodes
    inputs = [Atom(name, False) for name in ("theta", *(s.name for s in version.rule.tensor_state), "g", *version.rule.input_names)]
    every: list[Class] = list(dict.fromkeys([*inputs, *nodes, *(r.atom for r in version.roots)]))
    rows = {c: i for i, c in enumerate(every)}
    divides = np.zeros(len(rows), dtype=bool)
    scalars: dict[Class, None] = {}
    for ways in nodes.values():
        for node in ways:
            if node.op in DIVIDING:
                divides[rows[node.args[-1]]] = True
                scalars |= dict.fromkeys(scalars_of(node.args[-1]))
    seen: set[Class] = set(inputs)
    order = iter(nodes.items())

    def pulled(wanted: Class) -> list[tuple[Class, tuple[Node, ...]]]:
        found = []
        while wanted not in seen:
            made, ways = next(order)
            if made not in seen:
                found.append((made, ways))
                seen.add(made)
        return found

    values, written, last = [], [], []
    for root in version.roots:
        values.append(_levels(pulled(root.value), rows))
        rest = [] if root.written_out is None else pulled(root.written_out)
        last.append(rest.pop() if rest else None)  # what is written out has a limit, and is computed by itself
        written.append(_levels(rest, rows))
        seen.add(root.atom)
    return Plan(rows, divides, tuple(scalars), tuple(values), tuple(written), tuple(last))


def _levels(classes: Sequence[tuple[Class, tuple[Node, ...]]], rows: Mapping[Class, int]) -> tuple[Level, ...]:
    height: dict[Class, int] = {}
    by_level: list[list[tuple[Class, tuple[Node, ...]]]] = []
    for c, ways in classes:
        height[c] = max((height[a] + 1 for node in ways for a in node.args if a in height), default=0)
        while len(by_level) <= height[c]:
            by_level.append([])
        by_level[height[c]].append((c, ways))
    return tuple(_level(some, rows) for some in by_level)


def _level(classes: Sequence[tuple[Class, tuple[Node, ...]]], rows: Mapping[Class, int]) -> Level:
    batches = []
    for op in ENCLOSING:
        some = [(c, ways) for c, ways in classes if isinstance(c, Product) and _is_batched(c, ways) and ways[0].op == op]
        if not some:
            continue
        later = [(k, node) for k, (_, ways) in enumerate(some) for node in ways[1:]]
        more = tuple(w for w in (Ways.of(kind, later, rows) for kind in BATCHED) if len(w.owner))
        first = Ways.of(op, [(k, ways[0]) for k, (_, ways) in enumerate(some)], rows)
        own = np.array([rows[c] for c, _ in some], dtype=np.intp)
        others = tuple((k, node) for k, node in later if node.op not in BATCHED)
        batches.append(Batch(tuple(c for c, _ in some if isinstance(c, Product)), tuple(ways for _, ways in some), own, first, more, others))
    return Level(tuple((c, ways) for c, ways in classes if not _is_batched(c, ways)), tuple(batches))


def _is_batched(c: Class, ways: tuple[Node, ...]) -> bool:
    return isinstance(c, Product) and not c.is_scalar and len(ways) > 1 and ways[0].op in ENCLOSING


class Table:
    """The values of all classes at some elements, in binary64: a row each, and as `Value` by class."""

    def __init__(self, plan: Plan, at: Elements, inputs: Mapping[str, Value]) -> None:
        self.plan, self.at = plan, at
        shape = (len(plan.rows), len(at.zero))
        self.x, self.lo, self.hi, self.e, self.scale, self.largest, self.divisor = (np.empty(shape) for _ in range(7))
        self.bad = np.zeros(shape, dtype=bool)
        self.counts_everywhere = np.ones(len(plan.rows), dtype=bool)
        self.values: dict[Class, Value] = {}
        for name, value in inputs.items():
            if (atom := Atom(name, False)) in plan.rows:
                self.put(atom, value)

    @cached_property
    def has_zero_scalar(self) -> bool:
        """True where a scalar that a divisor is a multiple of is zero somewhere."""
        return any(self.at.scalar(s).nonzero is not None for s in self.plan.scalars)

    def put(self, c: Class, value: Value) -> None:
        """Keep the value of a class."""
        i = self.plan.rows[c]
        self.values[c] = value
        self.x[i], self.lo[i], self.hi[i], self.e[i], self.scale[i], self.largest[i] = value.x, value.lo, value.hi, value.e, value.scale, value.largest
        self.counts_everywhere[i] = value.counts is None
        if self.plan.divides[i]:
            self.bad[i], self.divisor[i] = value.as_divisor

    def at_rows(self, rows: Rows) -> Value:
        """The values of some classes, a row each."""
        value = Value(self.x[rows], self.lo[rows], self.hi[rows], self.e[rows], self.scale[rows])
        value.__dict__["largest"] = self.largest[rows]
        if self.plan.divides[rows].all():
            value.__dict__["as_divisor"] = self.bad[rows], self.divisor[rows]
        return value

    def run(self, levels: Sequence[Level]) -> None:
        """Compute the classes of some levels, one after the other."""
        for level in levels:
            for c, ways in level.single:
                self.put(c, self.at.scalar(c) if c.is_scalar else of_ways(c, ways, self.values, self.at))
            for batch in level.batches:
                self._run(batch)

    def _run(self, batch: Batch) -> None:
        """Products together; the same steps as `of_product`."""
        c = self.at.constants
        divisor_or_factor = self.at_rows(batch.first.right)
        args = (divisor_or_factor,) if batch.first.op == "reciprocal" else (self.at_rows(batch.first.left), divisor_or_factor)
        first = known(apply(batch.first.op, args, (), c, may_be_negative=False))
        e = self._only_counting(first.e, batch.first)
        room = room_of(first, c)
        before = np.full(first.x.shape, -np.inf)
        for ways in batch.more:
            raw = self._before_rounding(ways, first)
            some = ways.optional
            if len(some):
                raw[some] = where(raw[some] <= room[ways.owner[some]], raw[some], -np.inf)
            largest = np.maximum.reduceat(self._only_counting(raw, ways), ways.starts, axis=0)
            before[ways.owners] = maximum(before[ways.owners], largest)
        for k, node in batch.others:
            made = made_by(node, self.values, self.at)
            e[k] = maximum(e[k], error_where_it_counts(node, made, self.values, self.at))
        self._put_rows(batch, with_largest(first, e, before, c), first.largest)

    def _before_rounding(self, ways: Ways, first: Value) -> Any:
        return error_before_rounding(ways.op, self.at_rows(ways.left), self.at_rows(ways.right), first.largest[ways.owner])

    def _only_counting(self, e: Any, ways: Ways) -> Any:
        """The errors; minus infinity where a form does not count, as its operands tell."""
        if not (self.counts_everywhere[ways.left].all() and self.counts_everywhere[ways.right].all()):
            e = where((self.e[ways.left] >= 0.0) & (self.e[ways.right] >= 0.0), e, -np.inf)
        if ways.op in DIVIDING and self.has_zero_scalar:
            for i, row in enumerate(ways.right):
                if (some := nonzero(self._classes[row], self.at)) is not None:
                    e[i] = where(some, e[i], -np.inf)
        return e

    @cached_property
    def _classes(self) -> tuple[Class, ...]:
        return tuple(self.plan.rows)

    def _put_rows(self, batch: Batch, made: Value, largest: Any) -> None:
        rows = batch.rows
        self.x[rows], self.lo[rows], self.hi[rows], self.e[rows], self.scale[rows], self.largest[rows] = made.x, made.lo, made.hi, made.e, made.scale, largest
        self.counts_everywhere[rows] = (made.e >= 0.0).all(axis=1)
        some = np.flatnonzero(self.plan.divides[rows])
        if len(some):
            divisors = Value(made.x[some], made.lo[some], made.hi[some], made.e[some], made.scale[some])
            self.bad[rows[some]], self.divisor[rows[some]] = divisors.as_divisor
        is_enclosed = ((made.lo < np.inf) & (made.hi < np.inf) & ~np.isnan(made.x)).all(axis=1)
        for k, (c, i) in enumerate(zip(batch.classes, rows, strict=True)):
            value = Value(made.x[k], made.lo[k], made.hi[k], made.e[k], made.scale[k])
            if not is_enclosed[k] and not np.all(hopeless(c, self.values, self.at) | ~unenclosed(value)):  # another way may have an enclosure
                self.put(c, of_product(c, batch.ways[k], self.values, self.at))
                continue
            value.__dict__["largest"] = largest[k]
            if self.counts_everywhere[i]:
                value.__dict__["counts"] = None
            self.values[c] = value


def errors_of_roots(version: Compiled, at: Elements, inputs: Mapping[str, Value]) -> dict[str, Any]:
    """The bound of every output."""
    plan = plan_of(version)
    table = Table(plan, at, inputs)
    found: dict[str, Any] = {}
    for number, root in enumerate(version.roots):
        table.run(plan.before_value[number])
        error = error_of(table.values[root.value])
        if root.written_out is not None:
            error = maximum(error, _written_out(version, plan, table, number, root, error))
        if root.is_output:
            found[root.name] = error
        table.put(root.atom, leaf(table.values[root.value].x, error, error, error * 0.0))
    return found


def _written_out(version: Compiled, plan: Plan, table: Table, number: int, root: Root, error: Any) -> Any:
    """The error of a value with the assignments and squares in it multiplied out."""
    assert root.written_out is not None
    table.run(plan.before_written_out[number])
    last = plan.last[number]
    if last is not None:
        limit = None if version.forms.amplifying else error * MODERATE
        table.put(root.written_out, of_ways(root.written_out, last[1], table.values, table.at, None, limit))
    out = table.values[root.written_out]
    return where(out.e < 0.0, 0.0, error_of(out))
