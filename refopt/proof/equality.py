"""Are two rules the same? Proved by induction over the updates, or refuted by a run from an exact rational point."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from refopt.exact.mpmath_numbers import to_fraction
from refopt.exact.numbers import mpmath_numbers
from refopt.exact.run import rates
from refopt.language.compose import substitute
from refopt.language.evaluate import evaluate, rational
from refopt.language.expression import Expression, Kind, literal
from refopt.language.hyper import Hyper
from refopt.language.lists import gathered
from refopt.language.role import Role
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.language.text import infix
from refopt.lifting.identity import Answer, identical, is_nonzero
from refopt.proof.cases import same_rate
from refopt.proof.defined import without_value
from refopt.proof.exact_point import Nothing, Run, TooLarge, at_point, exact, exact_rates, exact_thetas
from refopt.proof.one_update import OneUpdate, kept_for_output
from refopt.proof.related import Agreement, Multiple, Same
from refopt.proof.replacement import in_the_limit, replacement, scaled

POINTS = 4
"""Random points that are tried."""
UPDATES = 4
"""Updates of each run."""
SPECIAL = tuple(tuple(map(Fraction, written.split())) for written in ("0 1/2 0 -1/3", "-1/5 -2/3 0 -4", "1000 -1/1000 0 1000"))
"""Gradients of runs that are tried last: zeros, signs and sizes on which a formula may branch."""
RATES = 60
WAITED = 6
"""Sets of values at which schedules that wait for a metric are compared."""
TOO_FAR = Fraction(1, 10**30)
"""A share of a rate that cannot be its rounding."""
"""Steps of a schedule that are compared."""


@dataclass(frozen=True)
class Witness:
    """An exact point at which two formulas differ, with both values to 20 digits; `has_second` says that the second has one."""

    point: Mapping[str, str]
    first: str
    second: str
    has_second: bool = True


@dataclass(frozen=True)
class Equality:
    """Known relations between two formulas.

    same          `everywhere`, `at_constant_rate` (both proved), `undecided` (neither proof nor witness) or `no`
    multiple      where one state is a multiple of the other: `v` by `lr` means that first's v is lr times second's; with `replaced`
                  beside it, once that is replaced
    witness       a point where they differ; at a changing rate where they are the same at a constant one
    replaced      hyperparameters of the first, and what they are replaced by to give the second (proved)
    agree_when    values of hyperparameters for which they are the same (proved)
    in_the_limit  whether their updates become the same as t grows (proved)
    """

    same: Same
    multiple: Multiple | None = None
    witness: Witness | None = None
    replaced: Mapping[str, Expression] | None = None
    agree_when: tuple[Agreement, ...] = ()
    in_the_limit: bool = False

    @property
    def same_everywhere(self) -> bool:
        """True where it is proved that no run can tell them apart."""
        return self.same is Same.EVERYWHERE


def compare_rules(first: Rule, second: Rule) -> Equality:
    """Prove two rules the same, or find where they differ and how they are related."""
    pair = OneUpdate(first, second)
    same, multiple = pair.same()
    defined = not same or (without_value(first, second) is None and without_value(second, first) is None)
    if same is Same.EVERYWHERE and defined:
        return Equality(same, multiple)
    witness = run_witness(first, second, constant_rate=multiple is None)
    if same and defined:
        everywhere = tuple(x for x in pair.agree_when() if not x.at_constant_rate)
        return Equality(same, multiple, witness, agree_when=everywhere)
    replaced, factor = replacement(pair), None
    if replaced is None and (found := scaled(pair)) is not None:
        replaced, (state, tree) = found
        factor = Multiple(state, infix(tree), any(s.name in first.at_rate(None) for s in tree.symbols()))
    return Equality(Same.UNDECIDED if witness is None else Same.NO, factor, witness, replaced, pair.agree_when(), in_the_limit(pair))


def compare_schedules(first: Schedule, second: Schedule) -> Equality:
    """Prove two schedules the same, or find a step at which they differ."""
    if first.waits or second.waits:
        return _compare_after_metrics(first, second)
    if identical(first.rate.sym, second.rate.sym) is Answer.PROVED:
        return Equality(Same.EVERYWHERE)
    for _, hyper in zip(range(POINTS), points(first.hyper, second.hyper), strict=False):
        for k in range(RATES):
            a, b = exact_rates(first, second, hyper, k)
            if differ(a, b):
                return Equality(Same.NO, witness=written_witness({**hyper, "k": k}, a, b))
    proved = same_rate(first.rate, second.rate, [c for h in {h.name: h for h in (*first.hyper, *second.hyper)}.values() for c in h.conditions])
    return Equality(Same.EVERYWHERE if proved else Same.UNDECIDED)


def _compare_after_metrics(first: Schedule, second: Schedule) -> Equality:
    """Schedules that wait for a metric: the same where they are written alike, else a step at which they differ, sought at the values of golden cases."""
    if not (first.waits and second.waits):
        return Equality(Same.UNDECIDED)
    if first.steps_sym() == second.steps_sym():
        return Equality(Same.EVERYWHERE)
    for n in range(WAITED):
        written = {h.name: h.samples.schedules[n % len(h.samples.schedules)] for h in (*second.hyper, *first.hyper) if h.samples.schedules}
        values = {**second.values(second.own(written)), **first.values(first.own(written))}
        known = first.last_known(values) or 0
        pairs = zip(*(rates(s, s.own(values), range(known + 1)) for s in (first, second)), strict=True)
        for k, (a, b) in enumerate((to_fraction(x), to_fraction(y)) for x, y in pairs):
            if abs(a - b) > TOO_FAR * max(a, b):
                return Equality(Same.NO, witness=written_witness({**gathered(values), "k": k}, exact(a), exact(b)))
    return Equality(Same.UNDECIDED)


def agreements(first: Schedule, second: Schedule) -> Iterator[Agreement]:
    """Values of one hyperparameter (0, 1, or that of another one) for which the two rates are proved the same."""
    if first.waits or second.waits:
        return
    hyper = {h.name: h for h in (*first.hyper, *second.hyper)}
    for name, h in hyper.items():
        others = [o.symbol for o in hyper.values() if o.name != name and o.symbol.kind is h.symbol.kind]
        for value in (literal(0), literal(1), *others) if h.role is not Role.RATE else ():
            if value.op == "literal" and not all(rational(c, {name: value.value}) for c in h.conditions):
                continue
            one, other = (substitute(s.rate, {name: value}) for s in (first, second))
            if _alike_at_points(one, other, hyper) and same_rate(one, other):
                yield Agreement(name, value)


def _alike_at_points(one: Expression, other: Expression, hyper: Mapping[str, Hyper]) -> bool:
    numbers = mpmath_numbers()
    with numbers.precision(30):
        for _, point in zip(range(2), points(tuple(hyper.values())), strict=False):
            given: dict[str, Any] = {}
            for n, x in point.items():
                given |= at_point(hyper[n], int(x) if hyper[n].symbol.kind is Kind.INTEGER else numbers.number(x))
            for k in range(0, 3 * max([4, *(x for x in given.values() if isinstance(x, int))])):
                pair = [evaluate(x, {**given, "k": k}, numbers.arithmetic) for x in (one, other)]
                if abs(pair[0] - pair[1]) > numbers.number(Fraction(1, 10**20)):
                    return False
    return True


def points(*hyper: tuple[Hyper, ...]) -> Iterator[dict[str, Fraction]]:
    """Random exact hyperparameters, each inside its domain and not 0; always the same sequence."""
    draw = random.Random(19640101)
    names = {h.name: h for group in hyper for h in group}
    while True:
        yield {name: _inside(h, draw) for name, h in names.items()}


def _inside(hyper: Hyper, draw: random.Random) -> Fraction:
    while True:
        value = Fraction(draw.randint(2, 9)) if hyper.symbol.kind is Kind.INTEGER else Fraction(draw.randint(1, 12), draw.randint(9, 13))
        if all(rational(c, {hyper.name: value}) for c in hyper.conditions):
            return value


def run_witness(first: Rule, second: Rule, *, constant_rate: bool) -> Witness | None:
    """The shortest run from an exact point in which theta differs."""
    draw = random.Random(20141222)
    for i, hyper in zip(range(POINTS + len(SPECIAL)), points(first.hyper, second.hyper), strict=False):
        gradients = tuple(Fraction(-1 if i == 1 else 1) * Fraction(draw.randint(1, 9), draw.randint(2, 9)) for i in range(UPDATES))
        gradients = gradients if i < POINTS else SPECIAL[i - POINTS]
        changing = tuple(Fraction(1, draw.randint(3, 9)) for _ in range(UPDATES))
        rates = (first.rate_in(hyper, second.rate_in(hyper, Fraction(1))),) * UPDATES if constant_rate else changing
        start = Fraction(1, draw.randint(2, 9))
        found = run_apart(first, second, Run(hyper, start, gradients, rates, _beside(first, second, gradients)), constant_rate=constant_rate)
        if found is not None:
            return found
    return None


def _beside(first: Rule, second: Rule, gradients: Sequence[Fraction]) -> dict[str, tuple[Fraction, ...]]:
    """The further inputs of either rule: numbers of both signs, others than the gradients."""
    names = dict.fromkeys((*first.input_names, *second.input_names))
    return {name: tuple(Fraction((-1) ** t * (2 + i), 3) + g / 7 for t, g in enumerate(gradients)) for i, name in enumerate(names)}


def run_apart(first: Rule, second: Rule, run: Run, *, constant_rate: bool) -> Witness | None:
    """The first update of a run in which theta differs, or what both keep for the output; None of one that is too long to be computed exactly."""
    for name in ("theta", *kept_for_output(first, second)):
        try:
            values = zip(exact_thetas(first, run, name), exact_thetas(second, run, name), strict=True)
        except TooLarge:
            return None
        for t, (a, b) in enumerate(values, start=1):
            if isinstance(a, Nothing):
                break  # where the first has no value, nothing is claimed
            if differ(a, b):
                shown: dict[str, Any] = dict(run.hyper) if constant_rate else {**run.hyper, **second.at_rate(run.rates[:t]), **first.at_rate(run.rates[:t])}
                compared = {} if name == "theta" else {"compared": name}
                given = {"g": run.gradients[:t], **{n: row[:t] for n, row in run.inputs.items()}}
                return written_witness({**shown, "theta": run.theta0, **given, **compared}, a, b)
    return None


def differ(first: Any, second: Any) -> bool:
    """True where two values are certainly different: numbers, or a number and nothing. Nothing is asked where the first is nothing."""
    if isinstance(first, Nothing):
        return False
    return isinstance(second, Nothing) or is_nonzero(first - second)


def written_witness(point: Mapping[str, Any], first: Any, second: Any) -> Witness:
    """The point and both values as text."""
    texts = {n: ", ".join(map(str, x)) if isinstance(x, tuple) else str(x) for n, x in point.items()}
    return Witness(texts, _digits(first), _digits(second), not isinstance(second, Nothing))


def _digits(x: Any) -> str:
    return f"none: {x.why}" if isinstance(x, Nothing) else str(sp.sstr(sp.N(x, 20), full_prec=True))
