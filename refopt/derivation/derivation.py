"""A derivation: letters with their assumptions, and steps that are proved when they are written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp

from refopt.derivation import sampling
from refopt.derivation.refused import Refused
from refopt.derivation.signs import sign
from refopt.derivation.step import Kind, Limit, Step, as_rational, identity_kind
from refopt.derivation.symbol import Letter, complex_letter, letter, parametrized
from refopt.derivation.tactics import TACTICS
from refopt.derivation.update import Rate, Update
from refopt.language.rule import Rule, Source
from refopt.language.schedule import Schedule

WANTED = {">": 2, ">=": 1, "<": -2, "<=": -1}
"""Limit of the sign of left - right, from below or from above, for each comparison to hold."""
FAR = 40
"""A limit is sampled 10^40 away, or 10^-40 beside its point."""


@dataclass(frozen=True)
class Shown:
    """A shipped formula on the page, with the letters that stand for its hyperparameters."""

    concept: Rule | Schedule
    letters: Mapping[str, Any]


Row = str | Shown | Step


@dataclass
class Derivation:
    """Derivation that a file under `derivations/` fills: `say` and `rule` for the reader, everything else is proved or Refused.

    claim  the statement in letters; what stands between backticks is mathematics
    rows   text, formulas and steps in order
    """

    name: str
    title: str
    source: tuple[Source, ...] = ()
    claim: str = ""
    rows: list[Row] = field(default_factory=list)
    letters: dict[Any, Letter] = field(default_factory=dict)
    conditions: list[Any] = field(default_factory=list)

    @property
    def plain_claim(self) -> str:
        """The claim without the marks of mathematics."""
        return self.claim.replace("`", "")

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that were proved, in order."""
        return tuple(r for r in self.rows if isinstance(r, Step))

    def numbered(self) -> Iterator[tuple[int, Row]]:
        """The rows, a step with its number, anything else with that of the step before it."""
        number = 0
        for row in self.rows:
            number += isinstance(row, Step)
            yield number, row

    # ---- letters -------------------------------------------------------------------------------------------------

    def _declare(self, one: Letter) -> Any:
        if any(x.name == one.name for x in self.letters.values()):
            raise Refused(one.name, "the letter is declared twice")
        self.letters[one.symbol] = one
        return one.symbol

    def real(self, name: str, *, nonzero: bool = False) -> Any:
        """Any real number."""
        return self._declare(letter(name, nonzero=nonzero))

    def positive(self, name: str) -> Any:
        """A number above 0."""
        return self._declare(letter(name, 0))

    def nonnegative(self, name: str) -> Any:
        """A number that is 0 or above."""
        return self._declare(letter(name, 0, closed="low"))

    def between(self, name: str, low: Any, high: Any, *, closed: str = "") -> Any:
        """A number between two bounds; `closed` names those that belong to the interval: "low", "high", "both". None is no bound."""
        return self._declare(letter(name, low, high, closed=closed))

    def integer(self, name: str, first: int = 1, *, below: Any = None) -> Any:
        """An integer from `first` on, below `below` where that is given."""
        return self._declare(letter(name, first, below, closed="low", integer=True))

    def complex(self, name: str) -> Any:
        """A complex number other than 0."""
        return self._declare(complex_letter(name))

    def suppose(self, condition: Any) -> None:
        """A relation that holds between letters from here on."""
        self.conditions.append(condition)

    # ---- what is only said ---------------------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """A sentence for the reader; formulas in it between backticks."""
        self.rows.append(" ".join(text.split()))

    def rule(self, rule: Rule, **letters: Any) -> Update:
        """The shipped rule, shown on the page; returned as one update in the given letters."""
        self.rows.append(Shown(rule, letters))
        return Update(rule, letters)

    def schedule(self, schedule: Schedule, **letters: Any) -> Rate:
        """The shipped schedule, shown on the page; returned as the rate of a step in the given letters."""
        self.rows.append(Shown(schedule, letters))
        return Rate(schedule, letters)

    # ---- statements ----------------------------------------------------------------------------------------------

    def equal(self, name: str, left: Any, right: Any, tactic: str = "algebra", *, why: str = "", called: Any = None) -> Any:
        """left = right for all admissible values; the tactic must bring their difference to 0. Returns the right side."""
        left, right = sp.sympify(left), sp.sympify(right)
        letters = self._about(name, left, right)
        seen = self._sample(name, letters, lambda p: _equal_at(left, right, p, name))
        if tactic not in TACTICS:
            raise Refused(name, f"no tactic {tactic!r}; known: {', '.join(TACTICS)}")
        rest = left - right
        rest = rest if rest == 0 else TACTICS[tactic](rest, letters)
        if rest != 0:
            raise Refused(name, f"{tactic} leaves {_short(rest)}")
        self._add(Step(name, identity_kind(left, right), left, "=", right, tactic, letters, tuple(self.conditions), seen, why, called))
        return right

    def compare(
        self, name: str, left: Any, relation: str, right: Any = 0, *, known: Mapping[Any, tuple[Any, Any]] | None = None, why: str = "", called: Any = None
    ) -> None:
        """left < right (or <=, >, >=) for all admissible values, by the coefficients of their difference.

        known  sub-expressions with bounds that hold for them: {cos(omega): (-1, 1)}
        """
        left, right = sp.sympify(left), sp.sympify(right)
        letters = self._about(name, left, right)
        seen = self._sample(name, letters, lambda p: _ordered_at(left, relation, right, p, name, known))
        found, wanted = sign(left - right, letters, known), WANTED[relation]
        if found is None or (found < wanted if wanted > 0 else found > wanted):
            raise Refused(name, f"the sign of {_short(left - right)} does not follow from {_told(letters)}")
        step = Step(name, Kind.SIGN, left, relation, right, "sign", letters, tuple(self.conditions), seen, why, called)
        self._add(replace(step, known=tuple((part, *bounds) for part, bounds in (known or {}).items())))

    def same_sign(self, name: str, left: Any, right: Any, *, why: str = "") -> None:
        """left > 0 exactly where right > 0, and 0 where it is 0: their quotient is positive for all admissible values."""
        left, right = sp.sympify(left), sp.sympify(right)
        letters = self._about(name, left, right)
        quotient = sp.cancel(sp.together(left / right))
        seen = self._sample(name, letters, lambda p: _ordered_at(left / right, ">", sp.Integer(0), p, name, None))
        if sign(quotient, letters) != 2:
            raise Refused(name, f"the sign of {_short(quotient)} does not follow from {_told(letters)}")
        self._add(Step(name, Kind.SIGN, left, "~", right, "sign", letters, tuple(self.conditions), seen, why))

    def limit(self, name: str, expression: Any, variable: Any, to: Any, value: Any, *, why: str = "", called: Any = None) -> Any:
        """The expression tends to the value as the variable goes to `to`, for all admissible values of the other letters."""
        expression, value, to = sp.sympify(expression), sp.sympify(value), sp.sympify(to)
        letters = tuple(x for x in self._about(name, expression, value) if x.symbol != variable)
        near = sp.Float(10, 4 * FAR) ** FAR if to is sp.oo else to + sp.Float(10, 4 * FAR) ** -FAR
        seen = self._sample(name, letters, lambda p: _equal_at(expression.xreplace({variable: near}), value, p, name, "near the limit"))
        free = sp.Dummy("x", positive=True)
        put = {variable: free}
        for one in reversed(letters):
            written = parametrized(one)
            if written is not None:
                put = {k: x.xreplace({one.symbol: written[0]}) for k, x in put.items()} | {one.symbol: written[0]}
        here, there = (_put(x, put, letters) for x in (expression, value))
        found = sp.limit(here, free, to, "+")
        if sp.simplify(found - there) != 0:
            raise Refused(name, f"the limit of {_short(expression)} comes out as {_short(found)}")
        self._add(Step(name, Kind.LIMIT, expression, "->", value, "limit", letters, tuple(self.conditions), seen, why, called, limit=Limit(variable, to)))
        return value

    def induction(
        self, name: str, *, over: Any, first: int, start: Any, advance: Callable[[Any, Any], Any], closed: Callable[[Any], Any],
        tactic: str = "algebra", called: Any = None, why: str = "",
    ) -> Any:  # fmt: skip
        """x_n = closed(n) for every n >= first, where x_first = start and x_{n+1} = advance(x_n, n).

        Two identities are proved, the start and the step; then the first values are computed from the recursion and compared.
        """
        self.equal(f"{name}: the start", closed(sp.Integer(first)), start, "sums")
        self.equal(f"{name}: one step more", advance(closed(over), over), closed(over + 1), tactic)
        letters = self._about(name, closed(over), sp.sympify(start))
        values = {first: sp.sympify(start)}
        for n in range(first, first + 4):
            values[n + 1] = advance(values[n], sp.Integer(n))
        free = tuple(x for x in letters if x.symbol != over)

        def holds(point: Mapping[Any, Any]) -> None:
            for n, x in values.items():
                _equal_at(closed(sp.Integer(n)), x, point, name, f"at {over} = {n}")

        seen = self._sample(name, free, holds)
        left = called if called is not None else sp.Function("x")(over)
        self._add(Step(name, Kind.INDUCTION, left, "=", closed(over), "induction", letters, tuple(self.conditions), seen, why))
        return closed(over)

    def differ(self, name: str, left: Any, right: Any, at: Mapping[Any, Any], *, why: str = "", called: Any = None) -> None:
        """Two formulas that are not the same, shown by their exact values at one admissible point."""
        left, right = sp.sympify(left), sp.sympify(right)
        letters = self._about(name, left, right)
        point = {s: as_rational(x) for s, x in at.items()}
        self._admit(name, letters, point)
        values = sampling.value(left, point, name), sampling.value(right, point, name)
        if values[0] is None or values[1] is None:
            raise Refused(name, "a side has no value at the point")
        if not sampling.apart(*values):
            raise Refused(name, f"both are {sampling.shown(values[0])} at {sampling.Point(point)}")
        self._add(Step(name, Kind.WITNESS, left, "!=", right, "witness", letters, tuple(self.conditions), 1, why, called, at=tuple(point.items())))

    def measured(self, name: str, what: str, value: Any, relation: str, bound: Any, *, digits: int, certified: bool, points: int = 1, why: str = "") -> None:
        """A number that an exact run gave, against a bound. It must clear the bound by more than its last digits."""
        number, limit = as_rational(value), as_rational(bound)
        if not (number.is_Rational and limit.is_Rational):
            raise Refused(name, f"{what} is no exact number")
        if (number - limit) * WANTED[relation] <= sp.Rational(1, 10**30) * max(sp.Abs(limit), sp.Abs(number)):
            raise Refused(name, f"{what} is {sampling.shown(number)}, which is not {relation} {limit}")
        tactic = "balls" if certified else "two precisions"
        step = Step(name, Kind.RUN, number, relation, limit, tactic, points=points, why=why, called=sp.Symbol(what), digits=digits, certified=certified)
        self._add(step)

    # ---- within --------------------------------------------------------------------------------------------------

    def _add(self, step: Step) -> None:
        if any(s.name == step.name for s in self.steps):
            raise Refused(step.name, "another step has the same name")
        self.rows.append(step)

    def _about(self, name: str, *expressions: Any) -> tuple[Letter, ...]:
        """The letters of expressions and conditions, with those in the letters' own bounds, in the order of declaration."""
        wanted = {s for x in (*expressions, *self.conditions) for s in x.free_symbols}
        unknown = sorted(str(s) for s in wanted if s not in self.letters)
        if unknown:
            raise Refused(name, f"nothing is assumed about {', '.join(unknown)}: declare it")
        for one in reversed(self.letters.values()):
            if one.symbol in wanted:
                wanted |= {s for x in (one.low, one.high) if x is not None for s in x.free_symbols}
        return tuple(x for s, x in self.letters.items() if s in wanted)

    def _sample(self, name: str, letters: Sequence[Letter], holds: Callable[[Mapping[Any, Any]], None]) -> int:
        """At how many points the statement held; raises Refused at the first where it does not."""
        count = sampling.POINTS if letters else 1
        for point in sampling.points(f"{self.name} {name}", letters, self.conditions, count):
            holds(point.values)
        return count

    def _admit(self, name: str, letters: Sequence[Letter], point: Mapping[Any, Any]) -> None:
        """Raise Refused where a point breaks an assumption."""
        for one in letters:
            if one.symbol not in point:
                raise Refused(name, f"the point has no value for {one.name}")
            x = point[one.symbol]
            low, high = (None if b is None else b.xreplace(dict(point)) for b in (one.low, one.high))
            below = low is not None and (x < low or (x == low and not one.low_closed))
            above = high is not None and (x > high or (x == high and not one.high_closed))
            if below or above or (one.integer and not x.is_integer) or (one.nonzero and x == 0):
                raise Refused(name, f"the point breaks {one.text}: {x}")
        if not all(bool(c.subs(dict(point))) for c in self.conditions):
            raise Refused(name, "the point breaks a condition")


def _put(expression: Any, put: Mapping[Any, Any], letters: Sequence[Letter]) -> Any:
    """Letters written through the parameters of their intervals; bounds in other letters come after."""
    for one in reversed(letters):
        if one.symbol in put:
            expression = expression.xreplace({one.symbol: put[one.symbol]})
    return expression.xreplace(dict(put))


def _equal_at(left: Any, right: Any, point: Mapping[Any, Any], name: str, where: str = "") -> None:
    x, y = sampling.value(left, point, name), sampling.value(right, point, name)
    here = f"at {sampling.Point(point)}" + (f", {where}" if where else "")
    if x is None or y is None:
        raise Refused(name, f"a side has no value {here}")
    if sampling.apart(x, y):
        raise Refused(name, f"{sampling.shown(x)} is not {sampling.shown(y)} {here}")


def _ordered_at(left: Any, relation: str, right: Any, point: Mapping[Any, Any], name: str, known: Mapping[Any, tuple[Any, Any]] | None) -> None:
    x, y = sampling.value(left, point, name), sampling.value(right, point, name)
    if x is None or y is None:
        raise Refused(name, f"a side has no value at {sampling.Point(point)}")
    strict, wanted = len(relation) == 1, WANTED[relation]
    holds = sampling.apart(x, y) and (x - y) * wanted > 0
    if not holds and (strict or sampling.apart(x, y)):
        raise Refused(name, f"{sampling.shown(x)} is not {relation} {sampling.shown(y)} at {sampling.Point(point)}")
    for part, (low, high) in (known or {}).items():
        there = sampling.value(part, point, name)
        if not low < there < high:
            raise Refused(name, f"{part} = {sampling.shown(there)} is not between {low} and {high} at {sampling.Point(point)}")


def _told(letters: Sequence[Letter]) -> str:
    return ", ".join(x.text for x in letters) or "nothing"


def _short(expression: Any) -> str:
    text = str(expression).replace("**", "^")
    return text if len(text) <= 80 else f"{text[:77]}..."
