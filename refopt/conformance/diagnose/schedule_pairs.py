"""Two edits of a schedule at once: tried when no single one explains its rates.

Every two edits that can stand beside each other are put together, one for one or the second inside what the first has
kept. There are thousands, so each is looked at in binary64 at all steps first; what that rules out is never made a rule.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from refopt.conformance.diagnose.budget import Budget
from refopt.conformance.diagnose.compound_edits import schedule_slips
from refopt.conformance.diagnose.curve_edits import curve_edits
from refopt.conformance.judge.model import Hyper
from refopt.errors import RefoptError
from refopt.golden.change import Change
from refopt.golden.description import Description, Several
from refopt.golden.mutants import formula, schedule_mutants
from refopt.identify import arrays
from refopt.language.evaluate import rational
from refopt.language.expression import Expression, operation
from refopt.language.extent import LIST
from refopt.language.schedule import Schedule

Numbers = npt.NDArray[np.float64]
LOOKED_BETWEEN = 256
"""Number of pairs that are compared between two looks at the clock."""
OPERATORS = {"add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide, "neg": np.negative}
OPERATIONS: Mapping[str, Any] = {**arrays.OPERATIONS, **OPERATORS}


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
            before = len(columns.get("k", ()))
            for name, x in hyper.items():  # a list that is longer than in other cases has entries that they have not
                column = columns.setdefault(name, [])
                column.extend([np.nan] * (before - len(column)) + [float(x)] * len(steps))
            columns.setdefault("k", []).extend(map(float, steps))
            rooms += [share * max(finite, default=0.0)] * len(steps)
        rows = len(columns.get("k", ()))
        known = {n: np.array(x + [np.nan] * (rows - len(x))) for n, x in columns.items()}
        return cls(known, np.array([x for _, _, rates in cases for x in rates]), np.array(rooms))


    def counted(self, node: Expression) -> Numbers:
        """The number of entries of a list that a count finds at each point, decided in whole numbers."""
        rows = ({n: int(x[i]) for n, x in self.known.items() if x[i] == np.floor(x[i])} for i in range(len(self.seen)))
        return np.array([float(rational(node, row)) for row in rows])


Draft: TypeAlias = "Expression | tuple[Expression, tuple[Draft, ...]]"
"""A tree that is not made yet: one that is known, or a node like one that is known, on other operands."""


class Look:
    """The values of trees at all points."""

    def __init__(self, points: Points) -> None:
        self.points = points
        self.kept: dict[int, Numbers] = {}

    def keep(self, node: Expression) -> Numbers:
        """The values of a tree; they are kept, and so are those of its parts, which the caller holds on to."""
        known = self.kept.get(id(node))
        if known is None:
            if node.op == "symbol" and node.extent is not LIST:
                known = self.points.known[str(node.name)]
            elif node.op in ("literal", "constant"):
                known = np.full(self.points.seen.shape, float(node.value) if node.value is not None else np.pi)
            elif node.op == "count":
                known = self.points.counted(node)
            elif node.extent is LIST:  # it has no one value at a point, and nothing but a count asks for it
                known = np.full(self.points.seen.shape, np.nan)
            else:
                known = OPERATIONS[node.op](*(self.keep(a) for a in node.args))
            self.kept[id(node)] = known
        return known

    def rules_out(self, tree: Draft) -> bool:
        """True where a tree cannot be what was seen; those that it is made of have been kept."""
        return not bool((np.abs(self._value(tree) - self.points.seen) <= self.points.room).all())

    def _value(self, tree: Draft) -> Numbers:
        if isinstance(tree, Expression):
            return self.kept[id(tree)]
        like, parts = tree
        if like.op == "count":
            return self.points.counted(_written(tree))
        found: Numbers = OPERATIONS[like.op](*[self._value(p) for p in parts])
        return found


def _written(tree: Draft) -> Expression:
    if isinstance(tree, Expression):
        return tree
    like, parts = tree
    return operation(like.op, *(_written(p) for p in parts), attribute=like.attribute)


@dataclass(frozen=True)
class Pair:
    """A schedule with two edits; `of` is the schedule that was edited."""

    change: Description
    schedule: Schedule
    of: str


@dataclass
class Pairs:
    """State of a search for two edits: the pairs that the prefilter leaves, and the number that it ruled out."""

    left: list[Pair] = field(default_factory=list)
    ruled_out: int = 0


def search_pairs(s: Schedule, points: Points, found: Pairs, budget: Budget) -> None:
    """Put to `found` two edits of a schedule that a quick look does not rule out: of those that are likely all, else of the others all.

    Raises SearchIsOver where time is up.
    """
    merging = Merging()
    base = merging.shared(s.rate)
    single = [(change, merging.shared(edited.rate)) for change, edited in _single(s)]
    look = Look(points)
    with np.errstate(all="ignore"):
        values = [look.keep(tree) for tree in (base, *(tree for _, tree in single))]
        parts = _likely_first(values[0], np.array(values[1:]), points)
    texts = {formula(replace(s, recursion=None, rate=tree)) for _, tree in single}
    for part in parts:
        for first in range(0, len(part), LOOKED_BETWEEN):
            budget.check()
            with np.errstate(all="ignore"):
                left = [(i, j, tree) for i, j in part[first : first + LOOKED_BETWEEN] for tree in merging.merged(base, single[i][1], single[j][1])]
                kept = [x for x in left if not look.rules_out(x[2])]
            found.ruled_out += len(left) - len(kept)
            for i, j, tree in kept:
                with contextlib.suppress(RefoptError):  # two edits may make no schedule at all
                    edited = replace(s, recursion=None, rate=_written(tree))
                    if formula(edited) not in texts:
                        texts.add(formula(edited))
                        found.left.append(Pair(Several((single[i][0], single[j][0])), edited, s.name))
        if found.left:
            return


def _single(s: Schedule) -> Iterator[tuple[Change, Schedule]]:
    yield from ((m.edit, m.schedule) for m in schedule_mutants(s))
    yield from schedule_slips(s)
    yield from curve_edits(s)


FEW = 8
"""A pair is likely where what one of its edits does alone speaks against it at no step, and then at most at one step of so many."""


def _likely_first(base: Numbers, edited: Numbers, points: Points) -> list[list[tuple[int, int]]]:
    """All pairs, in parts: by at how many steps that only one of them changes that one does not give what was seen.

    Where neither changes anything the schedule itself must; where both do, nothing can be said. An edit that holds what the other
    changes (a floor) may hide it: so what speaks against a pair rules nothing out.
    """
    changes = ~(np.abs(edited - base) <= points.room)
    wrong = ~(np.abs(edited - points.seen) <= points.room)
    unseen = ~(np.abs(base - points.seen) <= points.room)
    alone, unchanged = (changes & wrong).astype(np.float32), (~changes).astype(np.float32)
    against = alone @ unchanged.T
    against = against + against.T + (unchanged * unseen) @ unchanged.T
    upper = np.triu(np.ones_like(against, dtype=bool), k=1)
    few = len(base) / FEW
    parts = (upper & (against == 0), upper & (against > 0) & (against <= few), upper & (against > few))
    return [[(int(i), int(j)) for i, j in np.argwhere(part)] for part in parts]


class Merging:
    """Puts the edits of two trees together. Equal parts of trees are one object here, so that they are compared at once."""

    def __init__(self) -> None:
        self.known: dict[Expression, Expression] = {}
        self._contexts: dict[tuple[int, int], list[tuple[Expression, Expression]]] = {}
        self._counts: dict[int, Counter[int]] = {}

    def shared(self, node: Expression) -> Expression:
        """The same tree, made of shared parts."""
        known = self.known.get(node)
        if known is None:
            known = node if not node.args else operation(node.op, *(self.shared(a) for a in node.args), attribute=node.attribute)
            self.known[known] = known
        return known

    def merged(self, base: Expression, a: Expression, b: Expression) -> Iterator[Draft]:
        """The trees with what is edited in `a` and in `b`: one where the edits do not meet, else one inside the other, where it has one place."""
        if a is base or b is base or a is b:
            yield b if a is base else a
            return
        if _alike(base, a) and _alike(base, b):
            parts: list[Draft] = []
            for old, x, y in zip(base.args, a.args, b.args, strict=True):
                made = x if y is old or x is y else y if x is old else next(self.merged(old, x, y), None)
                if made is None:
                    return
                parts.append(made)
            yield base, tuple(parts)
            return
        for changed, other in ((a, b), (b, a)):
            counted, originally = self._count(changed), self._count(base)
            for old, new in self._around(base, other):
                if counted[id(old)] == 1 and originally[id(old)] == 1:
                    made = _put(changed, old, new)
                    assert made is not None
                    yield made
                    break

    def _around(self, base: Expression, edited: Expression) -> list[tuple[Expression, Expression]]:
        """The part that was edited, and the parts around it, the smallest first: as it was, and as it is."""
        key = id(base), id(edited)
        if key not in self._contexts:
            found = [(base, edited)]
            while _alike(base, edited):
                differing = [i for i, (x, y) in enumerate(zip(base.args, edited.args, strict=True)) if x is not y]
                if len(differing) != 1:
                    break
                base, edited = base.args[differing[0]], edited.args[differing[0]]
                found.append((base, edited))
            self._contexts[key] = found[::-1]
        return self._contexts[key]

    def _count(self, node: Expression) -> Counter[int]:
        """Number of occurrences of each part in a tree."""
        if id(node) not in self._counts:
            self._counts[id(node)] = Counter([id(node)])
            for a in node.args:
                self._counts[id(node)].update(self._count(a))
        return self._counts[id(node)]


def _alike(a: Expression, b: Expression) -> bool:
    return a.op == b.op and a.attribute == b.attribute and len(a.args) == len(b.args) > 0


def _put(node: Expression, old: Expression, new: Expression) -> Draft | None:
    """The tree with the only place of a part replaced; None where it is not in it."""
    if node is old:
        return new
    for i, a in enumerate(node.args):
        if (made := _put(a, old, new)) is not None:
            return node, (*node.args[:i], made, *node.args[i + 1 :])
    return None
