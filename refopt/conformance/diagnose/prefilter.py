"""A quick look at a formula: can it be ruled out without deriving its bound?

The formula is computed in binary64 as it is written, all updates at once, with the running error of that one order of
operations. All orders together have at most some ten times the error of one, so what is further off than `ROOM` of them
is another formula. What is not ruled out is judged with its bound; nothing is ever accepted here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from refopt.conformance.judge.model import Hyper, Model, as_they_are
from refopt.conformance.protocol.implementation import View
from refopt.language.evaluate import is_integral
from refopt.language.expression import CONDITIONS, Expression, Kind
from refopt.language.rule import Let, Rule
from refopt.rounding.formats import FLOAT64, FORMATS, Format

Numbers = npt.NDArray[np.float64]
ROOM = 32
U64 = float(FLOAT64.u)
LEAST = {float(f.u): float(f.smallest_normal) for f in FORMATS.values() if f is not FLOAT64}  # by the unit of the format that scalars are formed in


@dataclass(frozen=True)
class Rough:
    """Values in binary64 and how far a program that follows the written order may be from them."""

    x: Numbers
    e: Numbers


@dataclass(frozen=True)
class Units:
    """Error of one operation: relative to its result on elements and on scalars, and below the smallest normal number of each (`least`: scalars)."""

    element: float
    scalar: float
    normal: float
    largest: float
    least: float = 0.0

    @classmethod
    def of(cls, f: Format, scalar: float = U64, element: float = 0.0) -> Units:
        """The units of a format; `scalar` and `element` where scalars, or everything, may be less precise."""
        return cls(max(float(f.u), element), scalar, float(f.smallest_normal), float(f.largest), LEAST.get(scalar, 0.0))


Slope = Callable[[Numbers], Numbers]
FUNCTIONS: dict[str, tuple[Callable[[Numbers], Numbers], Slope]] = {
    "exp": (np.exp, np.exp), "log": (np.log, lambda x: 1 / x), "cos": (np.cos, np.ones_like), "sin": (np.sin, np.ones_like),
    "tanh": (np.tanh, np.ones_like), "cbrt": (np.cbrt, lambda x: 1 / (3 * np.square(np.cbrt(x)))),
}  # fmt: skip
COMPARE: dict[str, Callable[[Numbers, Numbers], Any]] = {
    "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal, "eq": np.equal,
}  # fmt: skip


class Look:
    """One update of many elements. `known` holds every name's values; scalars have one entry an element too."""

    def __init__(self, known: dict[str, Rough], units: Units) -> None:
        self.known, self.units = known, units
        self.impossible: Any = np.zeros(1, dtype=bool)
        """Elements where the formula has no value whatever the rounding: the root of a negative number, a division by zero."""

    def value(self, node: Expression) -> Rough:
        """The value of a tree."""
        if node.op == "symbol":
            r = self.known[str(node.name)]
            coarse = node.is_scalar and node.kind is Kind.REAL and self.units.scalar > U64
            return Rough(r.x, r.e + self.units.scalar * np.abs(r.x)) if coarse else r
        if node.op in ("literal", "constant"):
            x = np.array([float(node.value) if node.value is not None else np.pi])
            return Rough(x, x * 0.0)
        if node.op == "where":
            return self._branches(node)
        args = [self._operand(a, node) for a in node.args]
        return self._apply(node, args)

    def stored(self, let: Let) -> Rough:
        """The value that a variable gets; a real number of one value is rounded to the format when it is stored."""
        r = self.value(let.value)
        return self._rounded(r.x, r.e, False) if let.value.is_scalar and let.symbol.kind is Kind.REAL else r

    def _operand(self, arg: Expression, of: Expression) -> Rough:
        """An operand; a scalar that meets an element is rounded to the format first."""
        r = self.value(arg)
        exact = of.is_scalar or not arg.is_scalar or is_integral(arg)
        return r if exact else Rough(r.x, r.e + max(self.units.element, self.units.scalar) * np.abs(r.x))

    def _apply(self, node: Expression, args: list[Rough]) -> Rough:
        op, a = node.op, args[0]
        b = args[1] if len(args) > 1 else a
        if op in CONDITIONS:
            joined = {"and": np.logical_and, "or": np.logical_or}.get(op)
            holds = joined(a.x != 0, b.x != 0) if joined is not None else COMPARE[op](a.x, b.x)
            doubt = a.e + b.e > 0 if joined is not None else np.abs(a.x - b.x) < a.e + b.e
            return Rough(holds.astype(np.float64), np.where(doubt, 1.0, 0.0))
        if op in ("neg", "abs", "sign", "floor", "cast"):
            x = {"neg": np.negative, "abs": np.abs, "sign": np.sign, "floor": np.floor, "cast": np.positive}[op](a.x)
            return Rough(x, np.where(np.abs(a.x) <= a.e, 1.0, 0.0) * (a.e > 0) if op == "sign" else a.e)
        if op in ("max", "min"):
            return Rough(np.maximum(a.x, b.x) if op == "max" else np.minimum(a.x, b.x), np.maximum(a.e, b.e))
        x, e = self._arithmetic(op, a, b)
        if is_integral(node):
            return Rough(x, e)
        return self._rounded(x, e, node.is_scalar)

    def _arithmetic(self, op: str, a: Rough, b: Rough) -> tuple[Numbers, Numbers]:
        if op == "add":
            return a.x + b.x, a.e + b.e
        if op == "sub":
            return a.x - b.x, a.e + b.e
        if op == "mul":
            return a.x * b.x, np.abs(a.x) * b.e + np.abs(b.x) * a.e + a.e * b.e
        if op == "square":
            return a.x * a.x, 2 * np.abs(a.x) * a.e + a.e * a.e
        if op == "div":
            room = np.abs(b.x) - b.e
            self.impossible = self.impossible | ((b.x == 0) & (b.e <= U64))
            return a.x / b.x, np.where(room > 0, (a.e + np.abs(a.x / b.x) * b.e) / room, np.inf)
        if op == "sqrt":
            positive = np.maximum(a.x, 0.0)
            low = np.sqrt(np.maximum(positive - a.e, 0.0))
            negative = a.x < -a.e
            root = np.where(negative, np.nan, np.sqrt(positive))
            self.impossible = self.impossible | negative
            return root, np.where(low + root > 0, a.e / (low + root), np.sqrt(a.e))
        if op == "pow":
            x = np.power(a.x, b.x)
            base = np.maximum(np.abs(a.x), np.finfo(np.float64).tiny)
            return x, np.abs(x) * (np.abs(b.x) * (a.e / base + self.units.scalar) + np.abs(np.log(base)) * b.e)
        function, slope = FUNCTIONS[op]
        x = function(a.x)
        if op == "cbrt":  # steepest at 0, between the ends: no more than the difference of the ends, which it never falls between
            return x, np.maximum(function(a.x + a.e) - x, x - function(a.x - a.e)) + 3 * self.units.element * np.abs(x)
        return x, np.maximum(np.abs(slope(a.x - a.e)), np.abs(slope(a.x + a.e))) * a.e + 3 * self.units.element * np.abs(x)

    def _rounded(self, x: Numbers, e: Numbers, scalar: bool) -> Rough:
        u = self.units
        size = np.abs(x)
        e = e + (u.scalar if scalar else u.element) * (size + e)
        if scalar:
            return Rough(x, np.where((size - e < u.least) & (size + e > 0), e + u.least, e) if u.least else e)
        e = np.where((size - e < u.normal) & (size + e > 0), e + u.normal, e)
        return Rough(x, np.where(size + e > u.largest, np.inf, e))

    def _branches(self, node: Expression) -> Rough:
        """A choice; where a branch has no value, that is of no account in elements that go the other way."""
        condition, before = self.value(node.args[0]), self.impossible
        values, impossible = [], []
        for branch in node.args[1:]:
            self.impossible = before
            values.append(self.value(branch))
            impossible.append(self.impossible)
        self.impossible = np.where(condition.x != 0, *impossible)
        return self._chosen(condition, *values)

    def _chosen(self, condition: Rough, then: Rough, otherwise: Rough) -> Rough:
        holds = condition.x != 0
        x = np.where(holds, then.x, otherwise.x)
        e = np.where(holds, then.e, otherwise.e)
        return Rough(x, np.where(condition.e > 0, np.maximum(then.e, otherwise.e) + np.abs(then.x - otherwise.x), e))


def updated(rule: Rule, known: Mapping[str, Rough], units: Units) -> tuple[dict[str, Rough], Any]:
    """Every name after one update, and where the formula has no value."""
    look = Look(dict(known), units)
    for let in rule.steps:
        look.known[let.name] = look.value(let.value)
    return look.known, look.impossible


def distance(theirs: Numbers, ours: Rough, *, excuses: bool = False) -> float:
    """The largest distance in units of what a quick look leaves open; above 1 is another formula.

    A value that is not finite where the formula's is, and nothing can overflow, is infinitely far, unless something `excuses` it.
    """
    room = ROOM * ours.e
    gap = np.abs(theirs - ours.x)
    if not excuses and bool((~np.isfinite(theirs) & np.isfinite(ours.x) & np.isfinite(room)).any()):
        return np.inf
    decided = np.isfinite(gap) & np.isfinite(room)
    if not decided.any():
        return 0.0
    gap, room = gap[decided], np.broadcast_to(room, decided.shape)[decided]
    with np.errstate(all="ignore"):
        ratio = np.where(gap <= room, np.where(gap > 0, gap / room, 0.0), np.where(room > 0, gap / room, np.inf))
    return float(ratio.max())


@dataclass(frozen=True)
class Span:
    """Elements side by side, and the run of updates that they go through.

    case      the number of each element's case
    g         gradients, one array an update; NaN where the tensor has none or the run is over
    t         the number of each update
    lr        rates, NaN where the hyperparameter holds; `lr_before` is the one that a buffer before the first update is shown with
    before    theta and every buffer before the first update; NaN where a buffer does not exist yet
    after     theirs after each update
    moved     by name, in each update, the values of other hyperparameters that change in a run; NaN where they hold. Empty: none changes
    """

    case: npt.NDArray[np.intp]
    g: Sequence[Numbers]
    t: Sequence[Numbers]
    lr: Sequence[Numbers]
    lr_before: Numbers
    before: Mapping[str, Numbers]
    after: Sequence[Mapping[str, Numbers]]
    moved: Sequence[Mapping[str, Numbers]] = ()

    def of(self, chosen: npt.NDArray[np.intp]) -> Span:
        """The span of some of its elements."""

        def each(x: Mapping[str, Numbers]) -> dict[str, Numbers]:
            return {name: values[chosen] for name, values in x.items()}

        g, t, lr = ([x[chosen] for x in rows] for rows in (self.g, self.t, self.lr))
        return Span(self.case[chosen], g, t, lr, self.lr_before[chosen], each(self.before), [each(x) for x in self.after], [each(x) for x in self.moved])

    def worst(
        self, rule: Rule, scalars: Sequence[Mapping[str, Rough]], views: Mapping[str, View], units: Units, memo: dict[Any, Any], *, excuses: bool = False
    ) -> float:
        """Largest misfit of the rule, in units of `distance`. `scalars` holds the hyperparameters of each update.

        `memo` is kept from one rule to the next, where all else is the same: the rules that are tried begin alike.
        A rule that gives no number for any element is ruled out, unless no element that was seen has one either.
        """
        worst = 0.0
        with np.errstate(all="ignore"):
            known = self.start(rule, scalars[0], views) if self.g else {}
            for step in range(len(self.g)):
                known |= self.given(step, scalars[step])
                worst = max(worst, self._updated(step, rule, known, views, units, excuses, memo if step == 0 else {}))
                if worst > 1:
                    break
            if worst == 0 and self.g:
                moved = np.any([~np.isnan(g) for g in self.g], axis=0)
                seen = moved & np.isfinite(self.after[-1]["theta"])
                if seen.any() and not bool((moved & np.isfinite(known["theta"].x) & np.isfinite(known["theta"].e)).any()):
                    return np.inf
        return worst

    def _updated(self, step: int, rule: Rule, known: dict[str, Rough], views: Mapping[str, View], units: Units, excuses: bool, memo: dict[Any, Any]) -> float:
        """Misfit of one update, up to the first assignment that is off; `known` moves on. `memo`: what formulas begin with alike."""
        worst = 0.0
        moves, look = ~np.isnan(self.g[step]), Look(dict(known), units)
        last = {let.name: i for i, let in enumerate(rule.steps)}
        shown = ("theta", *rule.state_names)
        for i, let in enumerate(rule.steps):
            key = let.name, let.value, last[let.name] == i
            if key in memo:
                look.known[let.name], look.impossible, off, memo = memo[key]
            else:
                look.known[let.name] = look.stored(let) if last[let.name] == i and let.name in shown else look.value(let.value)
                off = np.inf if bool((look.impossible & moves & np.isfinite(self.after[step]["theta"])).any()) else 0.0
                if off <= 1 and last[let.name] == i and let.name in shown:
                    off = self._compared(rule, step, let.name, look.known, moves, views, excuses)
                following: dict[Any, Any] = {}
                memo[key] = look.known[let.name], look.impossible, off, following
                memo = following
            worst = max(worst, float(off))
            if worst > 1:
                return worst
        for name in shown:
            known[name] = _where(moves, look.known[name], known[name])
        return worst

    def apart(self, rule: Rule, scalars: Mapping[str, Rough], views: Mapping[str, View], units: Units, only: str | None) -> dict[str, float]:
        """Misfit of each state, and of theta, after the first update by its own assignments: the values before those are given as observed.

        `only` that one is compared, if it is given.
        """
        off: dict[str, float] = {}
        with np.errstate(all="ignore"):
            moves, look = ~np.isnan(self.g[0]), Look(self.start(rule, scalars, views) | self.given(0, scalars), units)
            last = {let.name: i for i, let in enumerate(rule.steps)}
            rate = self._rate(rule, look.known)
            for i, let in enumerate(rule.steps):
                view = views.get(let.name)
                seen = view is not None and view.buffer in self.after[0] and last[let.name] == i
                if only not in (None, let.name) and seen:
                    look.known[let.name] = self._seen_after(let.name, view, rate)
                    continue
                look.known[let.name] = look.value(let.value)
                if last[let.name] == i and (seen or let.name == "theta"):
                    impossible = bool((look.impossible & moves & np.isfinite(self.after[0]["theta"])).any())
                    off[let.name] = np.inf if impossible else self._compared(rule, 0, let.name, look.known, moves, views, False)
                    if let.name != "theta":
                        look.known[let.name] = self._seen_after(let.name, view, rate)
        return off

    def _seen_after(self, name: str, view: View | None, rate: Numbers) -> Rough:
        assert view is not None, name
        x = _shown(self.after[0][view.buffer], view, rate)
        return Rough(x, np.abs(x) * 2 * U64 if view.times_lr else x * 0.0)

    def other_classes(self, rule: Rule, scalars: Mapping[str, Rough], views: Mapping[str, View], units: Units) -> int:
        """Number of elements that differ in being NaN after the first update between the observation and the formula as it is written."""
        with np.errstate(all="ignore"):
            known = self.start(rule, scalars, views) | self.given(0, scalars)
            ours = updated(rule, known, units)[0]["theta"].x
        return int(((np.isnan(self.after[0]["theta"]) != np.isnan(ours)) & ~np.isnan(self.g[0])).sum())

    def _given(self, x: Numbers) -> Rough:
        return Rough(x, np.zeros(len(self.case)))

    def given(self, step: int, scalars: Mapping[str, Rough]) -> dict[str, Rough]:
        """Inputs of an update: its scalars, the gradient and its number."""
        return {**scalars, "g": self._given(self.g[step]), "t": self._given(self.t[step])}

    def start(self, rule: Rule, scalars: Mapping[str, Rough], views: Mapping[str, View]) -> dict[str, Rough]:
        """theta and the state before the first update."""
        start = {"theta": self._given(self.before["theta"])}
        for state in rule.state:
            initial = Look({**start, **scalars}, Units(0.0, 0.0, 0.0, np.inf)).value(state.initial)
            x = np.broadcast_to(initial.x, np.broadcast_shapes(initial.x.shape, self.case.shape))
            view = views.get(state.name)
            seen = self.before.get(view.buffer) if view is not None else self.before.get(f"given {state.name}")
            if seen is not None:
                seen = _shown(seen, view, self._rate_before(rule, scalars)) if view is not None else seen
                x = np.where(np.isnan(seen), x, seen)
            start[state.name] = Rough(x, np.abs(x) * 2 * U64 if view is not None and view.times_lr else x * 0.0)
        return start

    def _rate(self, rule: Rule, known: Mapping[str, Rough]) -> Numbers:
        """The learning rate among values by name; 1 in a formula without one."""
        return rule.rate_in(known, self._given(np.ones(len(self.case)))).x

    def _rate_before(self, rule: Rule, scalars: Mapping[str, Rough]) -> Numbers:
        return np.where(np.isnan(self.lr_before), self._rate(rule, scalars), self.lr_before)

    def _compared(self, rule: Rule, step: int, name: str, known: Mapping[str, Rough], moves: Any, views: Mapping[str, View], excuses: bool) -> float:
        """Misfit of theta, or of a state that is shown, after a step."""
        if name == "theta":
            return distance(self.after[step]["theta"][moves], _of(known["theta"], moves), excuses=excuses)
        view = views.get(name)
        if view is None or view.buffer not in self.after[step]:
            return 0.0
        rate = self._rate(rule, known)
        shown = self.after[step][view.buffer]
        moves = moves & ~(np.isnan(shown) & ~np.isnan(self.after[step]["theta"]))  # a buffer that is not there shows nothing
        theirs = _shown(shown, view, rate)[moves]
        ours = _of(known[name], moves)
        ours = Rough(ours.x, ours.e + 2 * U64 * np.abs(ours.x)) if view.times_lr else ours
        return distance(theirs, ours, excuses=excuses)

    def scalars(self, model: Model, hypers: Sequence[Hyper], f: Format) -> list[dict[str, Rough]]:
        """The model's scalars in each update, one entry an element: its hyperparameters, with what a cause makes of them."""
        if model.scalars is as_they_are:
            columns = {n: np.array([float(h[n]) for h in hypers])[self.case] for n in model.rule.hyper_names} if hypers else {}
            return [{n: self._given(self._rated(model.rule, n, x, step)) for n, x in columns.items()} for step in range(len(self.g))]
        return [self._scalars_at(step, model, hypers, f) for step in range(len(self.g))]

    def _rated(self, rule: Rule, name: str, x: Numbers, step: int) -> Numbers:
        return self.holding(name, x, step, is_rate=name in rule.at_rate(None))

    def holding(self, name: str, x: Numbers, step: int, *, is_rate: bool) -> Numbers:
        """The values of a hyperparameter in an update: `x`, but for the elements of runs that change it."""
        if self.moved and name in self.moved[step]:
            x = np.where(np.isnan(self.moved[step][name]), x, self.moved[step][name])
        return np.where(np.isnan(self.lr[step]), x, self.lr[step]) if is_rate else x

    def _scalars_at(self, step: int, model: Model, hypers: Sequence[Hyper], f: Format) -> dict[str, Rough]:
        moved = self.moved[step] if self.moved else {}
        values = list(zip(*(x.tolist() for x in moved.values()), strict=True)) or [()] * len(self.case)
        keys = list(zip(self.case.tolist(), self.t[step].tolist(), self.lr[step].tolist(), values, strict=True))
        made: dict[object, tuple[list[float], list[float]]] = {}
        names = model.rule.hyper_names
        for key in keys:
            if str(key) not in made:
                case, t, lr, others = key
                hyper = hypers[case] if np.isnan(lr) else {**hypers[case], **model.rule.at_rate(Fraction(lr))}
                hyper = {**hyper, **model.rule.own({n: Fraction(x) for n, x in zip(moved, others, strict=True) if not np.isnan(x)})}
                s = model.scalars(hyper, 1 if np.isnan(t) else int(t), f)  # NaN: a run that is over
                made[str(key)] = [float(s.hyper[n]) for n in names], [float(s.slack.get(n, 0)) for n in names]
        rows = [made[str(key)] for key in keys]
        return {n: Rough(np.array([x[i] for x, _ in rows]), np.array([e[i] for _, e in rows])) for i, n in enumerate(names)}


def _shown(buffer: Numbers, view: View, rate: Numbers) -> Numbers:
    return view.sign * buffer * (rate if view.times_lr else 1.0)


def _of(r: Rough, chosen: Any) -> Rough:
    return Rough(np.broadcast_to(r.x, chosen.shape)[chosen], np.broadcast_to(r.e, chosen.shape)[chosen])


def _where(moves: Any, then: Rough, before: Rough) -> Rough:
    return Rough(np.where(moves, then.x, before.x), np.where(moves, then.e, before.e))
