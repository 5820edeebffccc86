"""Conditions under which a tree has a value: divisors that are not zero, roots of what is not negative; and the proof that they hold.

SymPy cancels as it builds: g*g*g/g is g*g to it, sqrt(g)^2 is g. So the source's own ordered trees are looked at, never their twins.
A program may need what the rule itself needs: where the rule has no value, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from refopt.language.evaluate import is_integral
from refopt.language.expression import Expression, literal, operation
from refopt.language.text import infix
from refopt.lifting.identity import Answer, identical
from refopt.lifting.ranges import NONNEGATIVE, POSITIVE, Range, Ranges, narrowed
from refopt.lifting.zeros import follows, zeros

Guards = tuple[tuple[Expression, bool], ...]


class Wanted(Enum):
    """The condition on a sub-tree, as a person says it."""

    NONZERO = "not zero"
    NONNEGATIVE = "not negative"
    POSITIVE = "positive"


@dataclass(frozen=True)
class Need:
    """That a sub-tree is not zero, not negative, or positive, wherever the guards hold or do not hold as they say."""

    wanted: Wanted
    node: Expression
    guards: Guards = ()

    def __str__(self) -> str:
        return f"{infix(self.node)} is {self.wanted.value}"


def needs_of(trees: Iterable[Expression]) -> tuple[Need, ...]:
    """Everything that the trees need, each once."""
    found: dict[Need, None] = {}
    seen: set[tuple[Expression, Guards]] = set()
    for tree in trees:
        for need in _needs(tree, (), seen):
            found.setdefault(need)
    return tuple(found)


def _needs(node: Expression, guards: Guards, seen: set[tuple[Expression, Guards]]) -> Iterator[Need]:
    if not node.args or (node, guards) in seen:
        return
    seen.add((node, guards))
    if node.op == "where":
        condition, then, otherwise = node.args
        yield from _needs(condition, guards, seen)
        yield from _needs(then, (*guards, (condition, True)), seen)
        yield from _needs(otherwise, (*guards, (condition, False)), seen)
        return
    for arg in node.args:
        yield from _needs(arg, guards, seen)
    if node.op == "div":
        yield Need(Wanted.NONZERO, node.args[1], guards)
    elif node.op == "sqrt":
        yield Need(Wanted.NONNEGATIVE, node.args[0], guards)
    elif node.op == "log":
        yield Need(Wanted.POSITIVE, node.args[0], guards)
    elif node.op == "pow":
        yield from _of_power(node.args[0], node.args[1], guards)


def _of_power(base: Expression, exponent: Expression, guards: Guards) -> Iterator[Need]:
    whole = is_integral(exponent) and (exponent.value is None or exponent.value.denominator == 1)
    if not whole:
        yield Need(Wanted.NONNEGATIVE, base, guards)
    if not Ranges({}).of(exponent).is_nonnegative:
        yield Need(Wanted.NONZERO, base, guards)


def unproved(trees: Mapping[str, Expression], reference: Mapping[str, Expression], known: Mapping[Expression, Range]) -> Need | None:
    """The first need of the trees that follows neither from what is known of their symbols nor from what the reference needs."""
    granted = needs_of(reference.values())
    return next((need for need in needs_of(trees.values()) if not is_met(need, granted, known)), None)


def is_met(need: Need, granted: Sequence[Need], known: Mapping[Expression, Range]) -> bool:
    """True where a need is proved to be met wherever all granted ones are."""
    for condition, holds in need.guards:
        known = narrowed(known, condition, holds)
    given = [n for n in granted if all(any(_is_same_guard(g, own) for own in need.guards) for g in n.guards)]
    ranges = Ranges(_with(known, given))
    if need.wanted is Wanted.NONZERO:
        return _is_nonzero(need.node, given, ranges)
    if need.wanted is Wanted.POSITIVE:
        return ranges.of(need.node).is_positive or _same_as_one(need, given)
    return _is_nonnegative(need.node, given, ranges)


def _is_same_guard(one: tuple[Expression, bool], other: tuple[Expression, bool]) -> bool:
    """True where two guards are the same, or compare differences that are proved the same: a condition may be written in other words."""
    if one == other:
        return True
    (a, holds), (b, other_holds) = one, other
    if holds is not other_holds or a.op != b.op or len(a.args) != 2 or a.op not in ("lt", "le", "gt", "ge", "eq"):
        return False
    return identical(a.args[0].sym - a.args[1].sym, b.args[0].sym - b.args[1].sym) is Answer.PROVED


def _with(known: Mapping[Expression, Range], given: Sequence[Need]) -> Mapping[Expression, Range]:
    """The known ranges, and those that granted needs give to their trees."""
    found = dict(known)
    for need in given:
        found[need.node] = Ranges(known).of(need.node).meet(_RANGES[need.wanted]).meet(found.get(need.node, Range()))
    return found


def _is_nonzero(node: Expression, given: Sequence[Need], ranges: Ranges) -> bool:
    if ranges.of(node).has_no_zero:
        return True
    if node.op in ("mul", "div"):
        return all(_is_nonzero(a, given, ranges) for a in node.args)
    if node.op in ("neg", "sqrt", "square", "abs"):
        return _is_nonzero(node.args[0], given, ranges)
    if node.op == "max" and any(ranges.of(a).is_positive for a in node.args):
        return True
    plain = Ranges({n: r for n, r in ranges.known.items() if not n.args})
    where_zero = zeros(node, plain, wide=True)
    for other in given:
        if other.wanted is not Wanted.NONNEGATIVE and follows(where_zero, zeros(other.node, plain, wide=False)):
            return True
    return any(other.wanted is not Wanted.NONNEGATIVE and _same_but_for_sign(node, other.node) for other in given)


def _is_nonnegative(node: Expression, given: Sequence[Need], ranges: Ranges) -> bool:
    if ranges.of(node).is_nonnegative:
        return True
    if node.op in ("add", "max", "mul", "div"):
        return all(_is_nonnegative(a, given, ranges) for a in node.args) or _same_as_one(Need(Wanted.NONNEGATIVE, node), given)
    return _same_as_one(Need(Wanted.NONNEGATIVE, node), given)


def _same_as_one(need: Need, given: Sequence[Need]) -> bool:
    """True where what is needed is granted, written in other words."""
    return any(
        other.wanted in (need.wanted, Wanted.POSITIVE) and identical(need.node.sym, other.node.sym) is Answer.PROVED for other in given
    )


def _same_but_for_sign(one: Expression, other: Expression) -> bool:
    return any(identical(one.sym, x.sym) is Answer.PROVED for x in (other, operation("mul", literal(-1), other)))


_RANGES = {Wanted.NONZERO: Range(nonzero=True), Wanted.NONNEGATIVE: NONNEGATIVE, Wanted.POSITIVE: POSITIVE}
