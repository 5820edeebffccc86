"""Stepwise judging: every update is compared with one exact update from the implementation's own values before it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from refopt.conformance.judge.branches import Branch, branches, decides, picked
from refopt.conformance.judge.exact_update import exact_update, fraction, is_finite, with_reduced
from refopt.conformance.judge.model import Hyper, Model, Scalars
from refopt.conformance.judge.second_process import shared
from refopt.conformance.judge.updates import Numbers, Update
from refopt.conformance.protocol.implementation import View
from refopt.language.reductions import has_reductions
from refopt.language.rule import Rule
from refopt.language.start import initial_value
from refopt.rounding.bound import Block, radii
from refopt.rounding.error_bounds import ErrorBounds, ratios
from refopt.rounding.formats import Format
from refopt.rounding.start_errors import start_errors

BOUNDLESS = 2**16
"""A largest exponent out of reach: a format with it does not overflow."""


@dataclass(frozen=True)
class Judged:
    """An update beside the exact one. By variable, one entry a distinct element:

    theirs  what the implementation has
    exact   the exact value; None where there is none (0/0, or a value before that is not finite)
    allowed the bound
    ratio   error/bound; above 1 is a failure, NaN no claim. Of an element whose course rounding decides: that of the nearest branch

    undecided is the number of the tensor's elements that are such.
    """

    update: Update
    hyper: Mapping[str, Fraction]
    theirs: Mapping[str, Sequence[Any]]
    exact: Mapping[str, Sequence[Any]]
    allowed: Mapping[str, ErrorBounds]
    ratio: Mapping[str, Numbers]
    undecided: int = 0


def stepwise(model: Model, found: Sequence[Update], hypers: Sequence[Hyper], views: Mapping[str, View], f: Format) -> list[Judged]:
    """Judge updates; a second process, where there is one, takes its share. `hypers` holds the hyperparameters in force by the number of the case."""
    return shared(judged_here, model, found, hypers, views, f)


def judged_here(model: Model, found: Sequence[Update], hypers: Sequence[Hyper], views: Mapping[str, View], f: Format) -> list[Judged]:
    """Judge updates in this process, all bounds in one call."""
    prepared = [Prepared.of(model, u, hypers[u.case], views, f) for u in found if u.g is not None]
    bounds = radii(model.rule, [p.block for p in prepared], profile=model.profile)
    judged = {id(p.update): p.judged(b, model) for p, b in zip(prepared, bounds, strict=True)}
    if decides(model.rule):
        ways = branches(model, [p.block for p in prepared])
        judged |= {id(p.update): p.within_one(found, judged[id(p.update)]) for p, found in zip(prepared, ways, strict=True)}
    for p, suspects in _suspects(prepared, judged, model):
        p.mark(judged[id(p.update)], suspects)
    return [judged[id(u)] if u.g is not None else untouched(u, views) for u in found]


def values_before(
    rule: Rule, update: Update, views: Mapping[str, View], hyper: Mapping[str, Fraction], at_start: Mapping[str, Fraction]
) -> dict[str, list[Any]]:
    """theta and every state variable before an update, exactly. A buffer that does not exist yet is at the rule's start, by `at_start`."""
    lr = update.lr_before if update.lr_before is not None else rule.rate_in(hyper, Fraction(0))
    before: dict[str, list[Any]] = {"theta": update.before["theta"].tolist()}
    for state in rule.state:
        view = views.get(state.name)
        if view is not None and view.buffer in update.before:
            before[state.name] = view.read(update.before[view.buffer], lr)
        else:
            before[state.name] = initial_values(rule, state.name, at_start, before["theta"])
    return before


def initial_values(rule: Rule, name: str, hyper: Mapping[str, Fraction], theta0: Sequence[Any]) -> list[Any]:
    """The values that a state variable starts from, one an element."""
    tree = next(s.initial for s in rule.state if s.name == name)
    if "theta" not in tree.symbol_names:
        return [initial_value(tree, hyper)] * len(theta0)
    return [initial_value(tree, {**hyper, "theta": Fraction(x)}) if math.isfinite(x) else math.nan for x in theta0]


def values_after(rule: Rule, update: Update, views: Mapping[str, View], hyper: Mapping[str, Fraction]) -> dict[str, list[Any]]:
    """theta and every visible state variable after an update, exactly."""
    lr = update.lr if update.lr is not None else rule.rate_in(hyper, Fraction(0))
    after: dict[str, list[Any]] = {"theta": update.after["theta"].tolist()}
    for name in rule.state_names:
        view = views.get(name)
        if view is not None and view.buffer in update.after:
            after[name] = view.read(update.after[view.buffer], lr)
    return after


def in_update(rule: Rule, update: Update, hyper: Hyper) -> Hyper:
    """The hyperparameters in force in an update: those of its case, and what changes from update to update."""
    rate = {} if update.lr is None else rule.at_rate(update.lr)
    return {**hyper, **rule.own(update.moved), **rate} if rate or update.moved else hyper


@dataclass(frozen=True)
class Prepared:
    """An update ready for its bound: only the elements whose values before it are finite."""

    update: Update
    hyper: Hyper
    scalars: Scalars
    chosen: npt.NDArray[np.intp]
    after: Mapping[str, Sequence[Any]]
    block: Block

    @classmethod
    def of(cls, model: Model, update: Update, hyper: Hyper, views: Mapping[str, View], f: Format) -> Prepared:
        assert update.g is not None
        hyper = in_update(model.rule, update, hyper)
        scalars = model.scalars(hyper, update.t, f)
        before = values_before(model.rule, update, views, hyper, scalars.hyper)
        after = values_after(model.rule, update, views, hyper)
        finite = np.isfinite(update.g)
        for given in update.inputs.values():
            finite &= np.isfinite(given)
        for values in before.values():
            finite &= np.array([math.isfinite(x) for x in values], dtype=bool)
        chosen = np.flatnonzero(finite if finite.all() or not has_reductions(model.rule) else finite & False)  # a sum with what is not finite has no value
        picked = {n: [v[i] for i in chosen] for n, v in before.items()}
        kept_in, seen = model.bound_in or f, [n for n in model.rule.state_names if n in views and views[n].buffer in update.before]
        at_start = start_errors(model.rule, scalars.hyper, picked["theta"], kept_in, given=seen, slack=scalars.slack, formats=dict(model.formats))
        block = Block(
            kept_in, scalars.hyper, update.t, picked, update.g[chosen].tolist(), at_start, scalars.slack, dict(model.formats),
            repeats=tuple(update.counts[chosen].tolist()), inputs={n: x[chosen].tolist() for n, x in update.inputs.items()},
        )  # fmt: skip
        block = with_reduced(model.rule, block)
        return cls(update, hyper, scalars, chosen, after, block)

    def judged(self, bound: Mapping[str, ErrorBounds], model: Model) -> Judged:
        """Compare what was seen with the exact update."""
        n = len(self.update.before["theta"])
        exact = exact_update(model.rule, self.block)
        ratio: dict[str, Numbers] = {}
        for name, theirs in self.after.items():
            picked = [theirs[i] for i in self.chosen]
            ratio[name] = np.full(n, np.nan)
            ratio[name][self.chosen] = with_exact(picked, exact[name], bound[name], certain=True)
            if model.bound_in is not None:
                ratio[name][~numbers_of(model.bound_in, theirs)] = np.inf
        everywhere = {name: self._spread(exact[name], n) for name in self.after}
        allowed = {name: bound[name] for name in self.after}
        return Judged(self.update, self.hyper, self.after, everywhere, {k: _spread_radii(r, self.chosen, n) for k, r in allowed.items()}, ratio)

    def _spread(self, values: Sequence[Any], n: int) -> list[Any]:
        out: list[Any] = [None] * n
        for i, x in zip(self.chosen, values, strict=True):
            out[i] = x
        return out

    def picked(self, places: Sequence[int]) -> Block:
        """The block of some of the chosen elements only; of all of them where they depend on one another."""
        return picked(self.block, places)

    def within_one(self, found: Sequence[Branch], judged: Judged) -> Judged:
        """The same where a value of an element whose course rounding decides lies within the bound of one branch; without a claim where one has none."""
        open_ones = sorted({place for b in found for place in b.places})
        if not open_ones:
            return judged
        for name, theirs in self.after.items():
            nearest = dict.fromkeys(open_ones, np.inf)
            for b in found:
                own = with_exact([theirs[int(self.chosen[i])] for i in b.places], b.exact[name], b.bound[name], certain=True)
                for place, ratio in zip(b.places, own.tolist(), strict=True):
                    nearest[place] = ratio if math.isnan(ratio) or ratio < nearest[place] else nearest[place]
            for place, ratio in nearest.items():
                i = int(self.chosen[place])
                if not math.isnan(judged.ratio[name][i]) and judged.ratio[name][i] < np.inf:
                    judged.ratio[name][i] = ratio
        return replace(judged, undecided=int(self.update.counts[self.chosen[open_ones]].sum()))

    def unfinished(self, judged: Judged) -> list[int]:
        """The chosen elements that have a value that is not finite, about which no claim was made, and whose exact value is in range."""
        f, places = self.block.format, []
        for place, i in enumerate(self.chosen.tolist()):
            for name, theirs in judged.theirs.items():
                exact = judged.exact[name][i]
                if np.isnan(judged.ratio[name][i]) and not is_finite(theirs[i]) and exact is not None and abs(fraction(exact)) <= f.largest:
                    places.append(place)
                    break
        return places

    def underflows(self, place: int, rule: Rule) -> bool:
        """True where a hyperparameter or a state of an element is so small that the format may have zero for it."""
        f = self.block.format
        small = any(0 < x < f.smallest_normal for x in self.hyper.values())
        after = [values[place if self.block.reduced else 0] for values in exact_update(rule, self.picked([place])).values()]
        return small or any(x is not None and 0 < abs(fraction(x)) < f.smallest_normal for x in after)

    def mark(self, judged: Judged, suspects: Sequence[int]) -> None:
        """Make failures of values that should have been finite."""
        for place in suspects:
            i = int(self.chosen[place])
            for name, theirs in judged.theirs.items():
                if not is_finite(theirs[i]) and np.isnan(judged.ratio[name][i]) and judged.exact[name][i] is not None:
                    judged.ratio[name][i] = np.inf


def _suspects(prepared: Sequence[Prepared], judged: Mapping[int, Judged], model: Model) -> list[tuple[Prepared, list[int]]]:
    """Elements whose values should be finite although no claim is made on their size.

    The bound of a format without overflow tells the two reasons for an infinite bound apart: where it is finite, an
    intermediate may have overflowed; where it is infinite too, a divisor may come out as zero.
    """
    unfinished = [(p, places) for p in prepared if (places := p.unfinished(judged[id(p.update)]))]
    if not unfinished:
        return []
    blocks = [replace(p.picked(places), format=replace(p.block.format, emax=BOUNDLESS)) for p, places in unfinished]
    found = []
    for (p, places), bound in zip(unfinished, radii(model.rule, blocks, profile=model.profile), strict=True):
        in_range = np.all([r.claims() for r in bound.values()], axis=0)
        at = places if p.block.reduced else range(len(places))
        if p.block.reduced and _has_overflowed(p, places, at, bound, judged[id(p.update)]):  # what was summed up with it is not finite either
            continue
        may_be_zero = model.excuses or model.edited
        found.append((p, [i for k, i in zip(at, places, strict=True) if not in_range[k] and not (may_be_zero and p.underflows(i, model.rule))]))
    return found


def _has_overflowed(p: Prepared, places: Sequence[int], at: Sequence[int], bound: Mapping[str, ErrorBounds], judged: Judged) -> bool:
    """True where some value that is not finite would have a bound in a format without overflow."""
    claims = {name: r.claims() for name, r in bound.items()}
    return any(claims[name][k] and not is_finite(theirs[int(p.chosen[i])]) for name, theirs in judged.theirs.items() for k, i in zip(at, places, strict=True))


def with_exact(theirs: Sequence[Any], exact: Sequence[Any], allowed: ErrorBounds, *, certain: bool = False) -> Numbers:
    """error/bound; NaN also where there is no exact value.

    certain  the values before are finite: where the formula has no value (0/0), one that is not finite agrees, and a finite
             one does not
    """
    known = [i for i, x in enumerate(exact) if x is not None]
    result = np.array([np.inf if is_finite(x) else 0.0 for x in theirs]) if certain else np.full(len(theirs), np.nan)
    if known:
        some = len(known) < len(exact)
        result[known] = ratios([theirs[i] for i in known], [exact[i] for i in known], allowed[known]) if some else ratios(theirs, exact, allowed)
    return result


def numbers_of(f: Format, values: Sequence[Any]) -> npt.NDArray[np.bool_]:
    """Mask of the values that are numbers of a format; those that are not finite count as such."""
    return np.array([not is_finite(x) or f.represents(fraction(x)) for x in values], dtype=bool)


def _spread_radii(r: ErrorBounds, chosen: npt.NDArray[np.intp], n: int) -> ErrorBounds:
    from refopt.rounding.extended_range import as_extended

    if len(chosen) == n:
        return r
    everywhere = ErrorBounds(as_extended(np.full(n, np.inf)))
    everywhere.values.mantissa[chosen] = r.values.mantissa
    everywhere.values.exponent[chosen] = r.values.exponent
    return everywhere


def untouched(update: Update, views: Mapping[str, View]) -> Judged:
    """A parameter without a gradient: it and its state must stay as they were, bit for bit."""
    names = {"theta": "theta", **{s: v.buffer for s, v in views.items() if v.buffer in update.before and v.buffer in update.after}}
    before = {s: update.before[b] for s, b in names.items()}
    after = {s: update.after[b] for s, b in names.items()}
    ratio = {s: np.where((before[s] == after[s]) | (np.isnan(before[s]) & np.isnan(after[s])), 0.0, np.inf) for s in names}
    n = len(update.before["theta"])
    return Judged(update, {}, {s: after[s].tolist() for s in names}, {s: before[s].tolist() for s in names}, {s: ErrorBounds.zero(n) for s in names}, ratio)
