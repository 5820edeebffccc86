"""A quick look at a formula: can it be ruled out without deriving its bound?

The formula is computed in binary64 as it is written, all updates at once, with the running error of that one order of
operations. All orders together have at most some ten times the error of one, so what is further off than `ROOM` of them
is another formula. What is not ruled out is judged with its bound; nothing is ever accepted here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from refopt.conformance.diagnose.running_error import U64, Look, Numbers, Rough, Tensors, Units
from refopt.conformance.judge.model import Hyper, Model, as_they_are
from refopt.conformance.protocol.implementation import View
from refopt.language.reductions import has_reductions
from refopt.language.rule import COUNTED, Rule
from refopt.rounding.formats import Format

ROOM = 32


def updated(rule: Rule, known: Mapping[str, Rough], units: Units, tensors: Tensors | None = None) -> tuple[dict[str, Rough], Any]:
    """Every name after one update, and where the formula has no value."""
    look = Look(dict(known), units, tensors)
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
    tensors   the tensors that the elements are those of
    inputs    by name, in each update, what it is given beside the gradient. Empty: nothing is
    """

    case: npt.NDArray[np.intp]
    g: Sequence[Numbers]
    t: Sequence[Numbers]
    lr: Sequence[Numbers]
    lr_before: Numbers
    before: Mapping[str, Numbers]
    after: Sequence[Mapping[str, Numbers]]
    tensors: Tensors
    moved: Sequence[Mapping[str, Numbers]] = ()
    inputs: Sequence[Mapping[str, Numbers]] = ()

    def of(self, chosen: npt.NDArray[np.intp]) -> Span:
        """The span of some of its elements."""

        def each(x: Mapping[str, Numbers]) -> dict[str, Numbers]:
            return {name: values[chosen] for name, values in x.items()}

        g, t, lr = ([x[chosen] for x in rows] for rows in (self.g, self.t, self.lr))
        tensors = Tensors(self.tensors.of[chosen], self.tensors.repeats[chosen], whole=False)
        return Span(self.case[chosen], g, t, lr, self.lr_before[chosen], each(self.before), [each(x) for x in self.after], tensors,
                    [each(x) for x in self.moved], [each(x) for x in self.inputs])  # fmt: skip

    def can_be_looked_at(self, rule: Rule) -> bool:
        """True where all is there that an update of the rule depends on."""
        return self.tensors.whole or not has_reductions(rule)

    def worst(
        self, rule: Rule, scalars: Sequence[Mapping[str, Rough]], views: Mapping[str, View], units: Units, memo: dict[Any, Any], *, excuses: bool = False
    ) -> float:
        """Largest misfit of the rule, in units of `distance`. `scalars` holds the hyperparameters of each update.

        `memo` is kept from one rule to the next, where all else is the same: the rules that are tried begin alike.
        A rule that gives no number for any element is ruled out, unless no element that was seen has one either.
        """
        worst = 0.0
        if not self.can_be_looked_at(rule):
            return worst
        with np.errstate(all="ignore"):
            known = self.start(rule, scalars[0], views, units) if self.g else {}
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
        moves, look = ~np.isnan(self.g[step]), Look(dict(known), units, self.tensors)
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
        if not self.can_be_looked_at(rule):
            return off
        with np.errstate(all="ignore"):
            moves, look = ~np.isnan(self.g[0]), Look(self.start(rule, scalars, views, units) | self.given(0, scalars), units, self.tensors)
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
            known = self.start(rule, scalars, views, units) | self.given(0, scalars)
            ours = updated(rule, known, units, self.tensors)[0]["theta"].x
        return int(((np.isnan(self.after[0]["theta"]) != np.isnan(ours)) & ~np.isnan(self.g[0])).sum())

    def _given(self, x: Numbers) -> Rough:
        return Rough(x, np.zeros(len(self.case)))

    def given(self, step: int, scalars: Mapping[str, Rough]) -> dict[str, Rough]:
        """Inputs of an update: its scalars, the gradient and what is given beside it, and its number."""
        further = {n: self._given(x) for n, x in self.inputs[step].items()} if self.inputs else {}
        counted = dict.fromkeys(COUNTED, self._given(self.tensors.sizes))
        return {**scalars, "g": self._given(self.g[step]), **further, "t": self._given(self.t[step]), **counted}

    def start(self, rule: Rule, scalars: Mapping[str, Rough], views: Mapping[str, View], units: Units) -> dict[str, Rough]:
        """theta and the state before the first update."""
        start = {"theta": self._given(self.before["theta"])}
        for state in rule.state:
            initial = Look({**start, **scalars}, units).started(state.initial)
            x, e = (np.broadcast_to(n, np.broadcast_shapes(n.shape, self.case.shape)) for n in (initial.x, initial.e))
            view = views.get(state.name)
            seen = self.before.get(view.buffer) if view is not None else self.before.get(f"given {state.name}")
            if seen is not None:
                seen = _shown(seen, view, self._rate_before(rule, scalars)) if view is not None else seen
                x, e = np.where(np.isnan(seen), x, seen), np.where(np.isnan(seen), e, 0.0)
            start[state.name] = Rough(x, e + np.abs(x) * 2 * U64 if view is not None and view.times_lr else e)
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
