"""Decisions that foreign code takes on symbols: what is known decides, else every path is followed and the results are joined.

Python asks a condition for its truth once and goes on; so the whole code is run again for the other answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from refopt.language.compose import substitute
from refopt.language.expression import Expression, k, literal, maximum, minimum, operation, t, where
from refopt.language.text import infix
from refopt.lifting.assumption import Assumed, in_order, of_zero
from refopt.lifting.needs import is_met, needs_of, unproved
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.ranges import End, Range, narrowed, range_of
from refopt.lifting.unreadable import CannotRead, unswallowed

MOST_RUNS = 300
"""Runs of the code, one a path, after which it counts as unreadable."""
LAST_COUNTS = frozenset({2**24, 2**31 - 1, 2**32 - 1, 2**53, 2**63 - 1, 2**64 - 1})
"""The last numbers that counters of the usual formats hold: a comparison with one of them is about the counter's own range."""

Values = Mapping[str, Expression]
"""Values of a run: trees by name."""
_FOLLOWS = {
    "lt": {"lt": True, "le": True, "gt": False, "ge": False, "eq": False},
    "gt": {"gt": True, "ge": True, "lt": False, "le": False, "eq": False},
    "le": {"le": True, "gt": False},
    "ge": {"ge": True, "lt": False},
    "eq": {"eq": True, "le": True, "ge": True, "lt": False, "gt": False},
    "and": {"and": True},
}  # fmt: skip
"""Comparisons that a comparison decides: by its operation, others of the same two operands and their truth."""
_SWAPPED = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le", "eq": "eq"}
_OPPOSITE = {"lt": "ge", "gt": "le", "le": "gt", "ge": "lt"}


@dataclass(frozen=True)
class Facts:
    """Known facts about the symbols: conditions that hold, and the least value of each step counter."""

    conditions: tuple[Expression, ...] = ()
    least: Mapping[str, int] = field(default_factory=dict)

    def truth(self, condition: Expression) -> bool | None:
        """True where the condition holds for all values of the symbols, False where for none, None where for some."""
        for known in self.conditions:
            for op, args in ((condition.op, condition.args), (_SWAPPED.get(condition.op, ""), condition.args[::-1])):
                if known.args == args and op in _FOLLOWS[known.op]:
                    return _FOLLOWS[known.op][op]
        return self._by_signs(condition)

    @cached_property
    def ranges(self) -> dict[Expression, Range]:
        """Ranges of the symbols by the conditions, and by the least values of counters."""
        known: dict[Expression, Range] = {}
        for condition in self.conditions:
            known = narrowed(known, condition, True)
        for name, least in self.least.items():
            for symbol in (t, k, *(s for c in self.conditions for s in c.symbols())):
                if str(symbol.name) == name:
                    known[symbol] = range_of(symbol, known).meet(Range(End(Fraction(least))))
        return known

    def _by_signs(self, condition: Expression) -> bool | None:
        import sympy as sp

        if any(not is_met(need, (), self.ranges) for need in needs_of([condition])):
            return None  # SymPy cancels what has no value somewhere
        replaced = {s.sym: sp.Symbol(f"_{s.name}", integer=True, nonnegative=True) + self.least[str(s.name)]
                    for s in condition.symbols() if s.name in self.least}  # fmt: skip
        found = condition.sym.subs(replaced) if condition.op not in ("and", "or") else condition.sym
        return bool(found) if found in (True, False) else None


@dataclass
class _Run:
    facts: Facts
    script: tuple[bool, ...]
    trail: list[tuple[Expression, bool]] = field(default_factory=list)
    raising: dict[Expression, None] = field(default_factory=dict)
    assumed: set[Assumed] = field(default_factory=set)


_current: ContextVar[_Run | None] = ContextVar("refopt_proof_run", default=None)


def decide(condition: Expression) -> bool:
    """The truth of a condition on the path that is being followed."""
    run = _current.get()
    if run is None:
        raise CannotRead(Obstacle.DECISION_OUTSIDE, infix(condition))
    condition = _normal(condition)
    known = run.facts.truth(condition)
    if known is not None:
        return known
    for asked, answer in run.trail:
        if asked == condition:
            return answer
        if (found := _told_by(asked, answer, condition)) is not None:
            return found
    if len(run.trail) >= 24:
        raise CannotRead(Obstacle.TOO_MANY_DECISIONS, infix(condition))
    answer = run.script[len(run.trail)] if len(run.trail) < len(run.script) else True
    run.trail.append((condition, answer))
    return answer


def _told_by(asked: Expression, answer: bool, condition: Expression) -> bool | None:
    """The truth of a condition that compares the difference of which an answer is known; None where that does not say it."""
    op = asked.op if answer else _OPPOSITE.get(asked.op)
    if op not in _OPPOSITE or condition.op not in _SWAPPED or set(asked.symbols()) != set(condition.symbols()) or needs_of([asked, condition]):
        return None
    one, other = ((x.args[0].sym - x.args[1].sym).expand() for x in (asked, condition))
    if one == other:
        return _FOLLOWS[op].get(condition.op)
    return _FOLLOWS[op].get(_SWAPPED[condition.op]) if one == (-other).expand() else None


def may_raise(tree: Expression) -> None:
    """Note what Python's own numbers would raise an exception for where it has no value, whether or not it is used."""
    run = _current.get()
    if run is not None:
        run.raising[tree] = None


def refuse_infinite(tree: Expression) -> None:
    """Raises CannotRead where code asks whether a number is finite that has no value somewhere: what it does there no formula says."""
    run = _current.get()
    known = run.facts.ranges if run is not None else {}
    for need in needs_of([tree]):
        if not is_met(need, (), known):
            raise CannotRead(Obstacle.ASKS_FOR_FINITE, need)


def _with_what_may_raise(values: Values, run: _Run) -> Values:
    """The values; theta with everything added, times 0, that is computed beside it and not proved to have a value."""
    known = run.facts.ranges
    for condition, answer in run.trail:
        known = narrowed(known, condition, answer)
    seen = {n for tree in values.values() for n in tree.walk()}
    beside = [x for x in run.raising if x not in seen and any(not is_met(need, (), known) for need in needs_of([x]))]
    thetas = [n for n in values if n == "theta" or n.endswith("_theta")] or list(values)[:1]
    if not beside or not thetas:
        return values
    found = dict(values)
    for x in beside:
        own = {s for s in x.symbols() if s != t}
        of = next((n for n in thetas if own <= set(values[n].symbols())), thetas[0])  # the tensor whose it is, where there are several
        found[of] = operation("add", found[of], operation("mul", 0, x))
    return found


def assume(what: Assumed) -> None:
    """Note what the path that is being followed takes for granted."""
    run = _current.get()
    if run is not None:
        run.assumed.add(what)


def _normal(condition: Expression) -> Expression:
    """x > 0 and x <= 0 as questions whether x = 0, where x is a symbol that is never negative."""
    if condition.op in ("gt", "le", "eq") and condition.args[1].value == 0:
        return condition
    if condition.op in ("lt", "ge", "eq") and condition.args[0].value == 0:
        return Expression(_SWAPPED[condition.op], condition.args[::-1], kind=condition.kind, extent=condition.extent)
    return condition


def counter_stops(condition: Expression) -> tuple[bool, int] | None:
    """(answer, limit) where a step counter is compared with the last number that it can hold."""
    if condition.op not in ("lt", "le", "gt", "ge"):
        return None
    x, y = condition.args
    op = condition.op
    if x.value is not None:
        x, y, op = y, x, _SWAPPED[op]
    if y.value is None or y.value not in LAST_COUNTS or {s.name for s in x.symbols()} - {"t", "k"} or not any(True for _ in x.symbols()):
        return None
    return op in ("lt", "le"), int(y.value)


@contextmanager
def following(run: _Run) -> Iterator[None]:
    """The decisions inside are this run's."""
    token = _current.set(run)
    try:
        yield
    finally:
        _current.reset(token)


@dataclass(frozen=True)
class Explored:
    """All paths joined: trees by name, and what was assumed on the way."""

    values: Values
    assumed: tuple[Assumed, ...] = ()


def explore(code: Callable[[], Values], facts: Facts, configured: Mapping[str, bool] | None = None, *, fixed: bool = False) -> Explored:
    """Run the code on every path and join what comes out.

    configured  by hyperparameter, whether it is not zero as the implementation is configured: it decides where the path of a
                zero is not what the other path gives with a zero put in, and keeps another state; that is noted as assumed
    fixed       whether it decides also where both paths keep the same state: of a framework's class that was made with these values
    Raises CannotRead where there are too many paths, or the paths do not give the same names.
    """
    return _Explorer(code, facts, configured or {}, fixed).explored()


class _Explorer:
    def __init__(self, code: Callable[[], Values], facts: Facts, configured: Mapping[str, bool], fixed: bool) -> None:
        self.code, self.facts, self.configured, self.fixed = code, facts, configured, fixed
        self.runs = 0
        self.assumed: set[Assumed] = set()

    def explored(self) -> Explored:
        values = self.after(())
        return Explored(values, in_order(self.assumed))

    def after(self, script: tuple[bool, ...]) -> Values:
        """Values of all paths that begin with these answers, joined."""
        self.runs += 1
        if self.runs > MOST_RUNS:
            raise CannotRead(Obstacle.TOO_MANY_PATHS, MOST_RUNS)
        run = _Run(self.facts, script)
        with following(run), unswallowed():
            values = self.code()
        values = _with_what_may_raise(values, run)
        self.assumed |= run.assumed
        for i in reversed(range(len(script), len(run.trail))):
            condition, _ = run.trail[i]
            other = self.after((*(answer for _, answer in run.trail[:i]), False))
            values = self.joined(condition, values, other)
        return values

    def joined(self, condition: Expression, then: Values, otherwise: Values) -> Values:
        """One tree a name: the choice of the two."""
        zero = _asks_zero(condition)
        if zero is not None:
            at_zero, apart = (then, otherwise) if zero[1] else (otherwise, then)
            if _covers(apart, at_zero, zero[0], self.facts):
                return apart
            if zero[0] in self.configured and (self.fixed or set(then) != set(otherwise)):
                nonzero = self.configured[zero[0]]
                self.assumed.add(of_zero(zero[0], nonzero))
                return apart if nonzero else at_zero
        if set(then) != set(otherwise):
            raise CannotRead(Obstacle.OTHER_NAMES_ON_EITHER_SIDE, infix(condition))
        return {name: _choice(condition, then[name], otherwise[name]) for name in then}


def _asks_zero(condition: Expression) -> tuple[str, bool] | None:
    """(hyperparameter, True where the condition says that it is zero), for a symbol that is never negative."""
    x, y = condition.args
    if x.op != "symbol" or y.value != 0 or x.sign is None or condition.op not in ("eq", "gt", "le"):
        return None
    return str(x.name), condition.op != "gt"


def _covers(general: Values, at_zero: Values, name: str, facts: Facts) -> bool:
    """True where the general trees, with 0 put in for the hyperparameter, are proved to give the same theta as those of the path for 0.

    theta must come out alike, and so every state that it then depends on, directly or through others; what else is kept is idle.
    """
    from refopt.lifting.identity import Answer, identical

    zero = {name: literal(0)}
    pending = [n for n in general if n == "theta" or n.endswith("_theta")] or list(general)  # of every element
    seen = set(pending)
    while pending:
        wanted = pending.pop()
        if wanted not in at_zero or wanted not in general:
            return False
        pair = substitute(general[wanted], zero).sym, substitute(at_zero[wanted], zero).sym
        here, elsewhere = ({wanted: substitute(x[wanted], zero)} for x in (at_zero, general))
        if identical(*pair) is not Answer.PROVED or unproved(here, elsewhere, facts.ranges) is not None:
            return False
        used = {str(s) for tree in pair for s in tree.free_symbols} & (set(general) | set(at_zero))
        pending += sorted(used - seen)
        seen |= used
    return True


def _choice(condition: Expression, then: Expression, otherwise: Expression) -> Expression:
    """where(condition, then, otherwise), or what it is in fewer words."""
    if then == otherwise:
        return then
    if condition.op in ("gt", "ge") and condition.args == (then, otherwise):
        return maximum(then, otherwise)
    if condition.op in ("lt", "le") and condition.args == (then, otherwise):
        return minimum(then, otherwise)
    if condition.op in ("lt", "le") and condition.args == (otherwise, then):
        return maximum(otherwise, then)
    if condition.op in ("gt", "ge") and condition.args == (otherwise, then):
        return minimum(otherwise, then)
    pairs = [(a, b) for a, b in zip(then.args, otherwise.args, strict=False) if a != b]
    alike = then.op == otherwise.op and len(then.args) == len(otherwise.args) and then.attribute == otherwise.attribute
    if alike and pairs and all(p == pairs[0] for p in pairs):  # what they share stands outside the choice
        inner = _choice(condition, *pairs[0])
        return replace(then, args=tuple(inner if a != b else a for a, b in zip(then.args, otherwise.args, strict=True)))
    return where(condition, then, otherwise)
