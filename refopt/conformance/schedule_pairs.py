"""Two edits of a schedule at once: tried when no single one explains its rates.

Every two edits that can stand beside each other are put together, one for one or the second inside what the first has
kept. There are thousands, so each is looked at in binary64 at all steps first; what that rules out is never made a rule.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from refopt.conformance.budget import Budget
from refopt.conformance.curve_edits import curve_edits
from refopt.conformance.edits import BETWEEN
from refopt.conformance.model import Hyper
from refopt.conformance.slips import schedule_slips
from refopt.errors import RefoptError
from refopt.golden.edits import rebuilt
from refopt.golden.mutants import formula, schedule_mutants
from refopt.language.expression import Expression, operation
from refopt.language.schedule import Schedule

Numbers = npt.NDArray[np.float64]
LOOKED_BETWEEN = 256
"""So many pairs are looked at between two looks at the clock."""
OPERATIONS: Mapping[str, Any] = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide, "neg": np.negative, "pow": np.power, "square": np.square, "sqrt": np.sqrt,
    "abs": np.abs, "sign": np.sign, "max": np.maximum, "min": np.minimum, "floor": np.floor, "exp": np.exp, "log": np.log, "cos": np.cos, "sin": np.sin,
    "tanh": np.tanh, "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal, "eq": np.equal, "and": np.logical_and, "where": np.where,
}  # fmt: skip


@dataclass(frozen=True)
class Points:
    """Steps of all cases beside each other: the hyperparameters and k of each, the rates that were seen, and how far a quick look may be off."""

    known: Mapping[str, Numbers]
    seen: Numbers
    room: Numbers

    @classmethod
    def of(cls, cases: Sequence[tuple[Hyper, Sequence[int], Sequence[float]]], share: float) -> Points:
        """The points of cases: the hyperparameters in force, the steps, and the rates; `share` of a case's largest rate is its room."""
        columns: dict[str, list[float]] = {}
        rooms: list[float] = []
        for hyper, steps, rates in cases:
            finite = [abs(x) for x in rates if np.isfinite(x)]
            for name, x in hyper.items():
                columns.setdefault(name, []).extend([float(x)] * len(steps))
            columns.setdefault("k", []).extend(map(float, steps))
            rooms += [share * max(finite, default=0.0)] * len(steps)
        return cls({n: np.array(x) for n, x in columns.items()}, np.array([x for _, _, rates in cases for x in rates]), np.array(rooms))


class Look:
    """The value of trees at all points. `kept` are those of trees that many others share."""

    def __init__(self, points: Points) -> None:
        self.points = points
        self.kept: dict[int, Numbers] = {}

    def keep(self, node: Expression) -> None:
        """Keep the values of a tree and of its parts, which the caller holds on to."""
        self._value(node, self.kept)

    def rules_out(self, node: Expression) -> bool:
        """Whether the tree cannot be what was seen."""
        with np.errstate(all="ignore"):
            return not bool((np.abs(self._value(node, {}) - self.points.seen) <= self.points.room).all())

    def _value(self, node: Expression, new: dict[int, Numbers]) -> Numbers:
        known = self.kept.get(id(node))
        if known is None:
            known = new.get(id(node))
        if known is None:
            if node.op == "symbol":
                known = self.points.known[str(node.name)]
            elif node.op in ("literal", "constant"):
                known = np.array(float(node.value) if node.value is not None else np.pi)
            else:
                with np.errstate(all="ignore"):
                    known = OPERATIONS[node.op](*(self._value(a, new) for a in node.args))
            new[id(node)] = known
        return known


@dataclass(frozen=True)
class Pair:
    """A schedule with two edits, told in one line; `of` is the schedule that was edited."""

    text: str
    schedule: Schedule
    of: str


@dataclass
class Pairs:
    """What a search for two edits has found so far: what a quick look leaves, and how many pairs it ruled out."""

    left: list[Pair] = field(default_factory=list)
    ruled_out: int = 0


def search_pairs(s: Schedule, points: Points, found: Pairs, budget: Budget) -> None:
    """Put to `found` every two edits of a schedule that a quick look does not rule out. Raises SearchIsOver where time is up."""
    shared = _Shared()
    base = shared.tree(s.rate)
    single = [(text, shared.tree(edited.rate)) for text, edited in _single(s)]
    look = Look(points)
    with np.errstate(all="ignore"):
        for _, tree in single:
            look.keep(tree)
    texts = {formula(replace(s, recursion=None, rate=tree)) for _, tree in single}
    for number, ((first, a), (second, b)) in enumerate(combinations(single, 2)):
        if number % LOOKED_BETWEEN == 0:
            budget.check()
        for merged in _merged(base, a, b):
            if look.rules_out(merged):
                found.ruled_out += 1
                continue
            with contextlib.suppress(RefoptError):  # two edits may make no schedule at all
                edited = replace(s, recursion=None, rate=merged)
                if formula(edited) not in texts:
                    texts.add(formula(edited))
                    found.left.append(Pair(f"{first}{BETWEEN}{second}", edited, s.name))


def _single(s: Schedule) -> Iterator[tuple[str, Schedule]]:
    yield from ((m.edit, m.schedule) for m in schedule_mutants(s))
    yield from schedule_slips(s)
    yield from curve_edits(s)


class _Shared:
    """Trees of which equal parts are one object, so that they are compared at once."""

    def __init__(self) -> None:
        self.known: dict[Expression, Expression] = {}

    def tree(self, node: Expression) -> Expression:
        """The same tree, made of shared parts."""
        known = self.known.get(node)
        if known is None:
            known = node if not node.args else operation(node.op, *(self.tree(a) for a in node.args), attribute=node.attribute)
            self.known[known] = known
        return known


def _merged(base: Expression, a: Expression, b: Expression) -> Iterator[Expression]:
    """The trees with what is edited in `a` and in `b`: one where the edits do not meet, else one inside the other, where that has one place."""
    if a is base or b is base or a is b:
        if a is not b:
            yield b if a is base else a
        elif a is not base:
            yield a
        return
    if _alike(base, a) and _alike(base, b):
        parts: list[Expression] = []
        for old, x, y in zip(base.args, a.args, b.args, strict=True):
            made = x if y is old else y if x is old or x is y else next(_merged(old, x, y), None)
            if made is None:
                return
            parts.append(made)
        yield operation(base.op, *parts, attribute=base.attribute)
        return
    for changed, other in ((a, b), (b, a)):
        for old, new in _contexts(base, other):
            places = _count(changed, old)
            if places == 1 and _count(base, old) == 1:
                yield _put(changed, old, new)
                break


def _alike(a: Expression, b: Expression) -> bool:
    return a.op == b.op and a.attribute == b.attribute and len(a.args) == len(b.args) > 0


def _contexts(base: Expression, edited: Expression) -> list[tuple[Expression, Expression]]:
    """The part that was edited, and the parts around it, the smallest first: as it was, and as it is."""
    found = [(base, edited)]
    while _alike(base, edited):
        differing = [i for i, (x, y) in enumerate(zip(base.args, edited.args, strict=True)) if x is not y]
        if len(differing) != 1:
            break
        base, edited = base.args[differing[0]], edited.args[differing[0]]
        found.append((base, edited))
    return found[::-1]


def _count(node: Expression, part: Expression) -> int:
    return 1 if node is part else sum(_count(a, part) for a in node.args)


def _put(node: Expression, old: Expression, new: Expression) -> Expression:
    """The tree with the only place of a part replaced."""
    if node is old:
        return new
    for i, a in enumerate(node.args):
        if _count(a, old):
            return rebuilt(node, i, _put(a, old, new))
    return node
