"""Cases at the ends of what may be sent: every hyperparameter that may be 0 at 0, large rates, large parameters, the least and largest gradients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from refopt.exact.digits import shortest
from refopt.golden.inputs import ALL, LOW, WIDE, case_of, chooses_by_elements, numbers_for, settings, short, texts, usual
from refopt.golden.model import Case, Expected, Row
from refopt.language.evaluate import binary64
from refopt.language.expression import Kind
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Rule
from refopt.rounding.formats import FORMATS

RATE = "4"
DECIDES = 16
"""A case of large parameters lists the formats whose updates are at least so many bounds long, in half of its elements or more."""


def may_be_zero(h: Hyper) -> bool:
    """True where a hyperparameter's domain includes 0."""
    return h.symbol.kind is Kind.REAL and h.allows(0)


def limits(rule: Rule) -> dict[str, str]:
    """The defaults of limits that are not 0: what is sent stays between them."""
    return {h.name: shortest(float(h.default)) for h in rule.of_role(Role.THRESHOLD) if float(h.default)}


def zeros(rule: Rule) -> Iterator[Case]:
    """For each hyperparameter that may be 0, a case where it is."""
    for number, h in enumerate((h for h in rule.hyper if may_be_zero(h)), start=1):
        d = numbers_for(rule, f"zero {number}")
        tiny = h.role is Role.EPSILON  # gradients as small as the usual epsilon, or it would not be felt
        exponents = (-27, -26, -25) if tiny else (-1, 0, 1)
        hyper = {**(usual(rule) if tiny else {**settings(rule, LOW), **rule.at_rate("1")}), h.name: "0"}
        theta0 = [Fraction(0)] * 3
        if h.role is Role.WEIGHT_DECAY:
            theta0 = [8 * x for x in d.row((0, -1, 1))]
        elif h.role is Role.RATE:
            hyper |= limits(rule)
        elif h.role is Role.THRESHOLD and h.name in limits(rule):  # a default that steps are below
            tiny, hyper = True, hyper | rule.at_rate(texts([short(Fraction(h.default)) / 2])[0])
        elif h.role is not Role.EPSILON:
            theta0 = d.row((-3, -2, -1))
        made = case_of(rule, "open-zero", number, f"{h.name} = 0", ("Zero",), WIDE if tiny else ALL, hyper, theta0, [d.row(exponents) for _ in range(3)],
                       (1, 3))  # fmt: skip
        yield replace(made, params=(replace(made.params[0], shape=(3,)),))


def where_it_decides(case: Case) -> Case:
    """A case of large parameters in the formats alone whose first updates are long enough, half of them at least."""
    if "FarParameters" not in case.probes:
        return case
    return replace(case, dtypes=tuple(d for d in case.dtypes if 2 * sum(length >= DECIDES for length in lengths(case, d)) >= case.params[0].tile))


def first_moved(case: Case) -> Expected:
    """The first values of a case that are not those it starts from: the first update of some rules moves nothing."""
    start = [p.theta0 for p in case.params]
    return next((e for e in case.expect if [p.theta for p in e.params] != start), case.expect[0])


def lengths(case: Case, dtype: str) -> list[Fraction]:
    """The distance of each distinct element, at the first values that have moved, from where it started, in bounds."""
    first = first_moved(case).params[0]
    rows = zip(case.params[0].theta0, first.theta, first.bound[dtype]["theta"], strict=True)
    return [abs(Fraction(after) - Fraction(before)) / Fraction(bound) if Fraction(bound) else Fraction(2**64) for before, after, bound in rows]


def _moving(rule: Rule, row: Sequence[Fraction]) -> list[Fraction]:
    """The gradients of one update; of one sign where a rule may wait for the next one of the same sign."""
    return [abs(x) for x in row] if chooses_by_elements(rule) else list(row)


def far(rule: Rule) -> Iterator[Case]:
    """Large parameters at large rates, in the formats that can tell the update from rounding."""
    d = numbers_for(rule, "far")
    theta0 = [x * Fraction(2) ** e for x, e in zip(d.row(), (13, 12, 10, 7, 4, 3, 0), strict=True)]
    theta0[0] = Fraction(9984 if theta0[0] > 0 else -9984)
    grads = [d.row((0, 1, 0, 1, 0, 1, 2)) for _ in range(3)]
    grads = [_moving(rule, row) for row in grads]
    rated = rule.learning_rate is not None
    rate, rates = (f" and a rate of {RATE}", f" and rates from {RATE} down") if rated else ("", "")
    yield case_of(rule, "open-far", 1, f"parameters up to 10,000 in size{rate}", ("FarParameters",), ("float64", "float32"),
                  {**usual(rule), **rule.at_rate(RATE)}, theta0, grads)  # fmt: skip
    d = numbers_for(rule, "far, short formats")
    hyper = {**settings(rule, LOW), **limits(rule), **rule.at_rate(RATE)}
    made = case_of(rule, "open-far", 2, f"parameters up to 8 in size{rates}", ("FarParameters",), ALL, hyper,
                   d.row((2, 1, 0)), [d.row((1, 1, 0)) for _ in range(3)])  # fmt: skip
    yield replace(made, lr=texts([Fraction(4), Fraction(2), Fraction(3)]) if rated else None, params=(replace(made.params[0], shape=(3,)),))


SIZES: tuple[tuple[Row, tuple[int, ...]], ...] = ((WIDE, (-106, -80, -54, -45, -38, 60)), (("float64",), (-150, 150, 300, 500)))
"""Powers of two that gradients have the size of, by format: none whose square, or whose update in any order, is a subnormal number, for some hardware
takes those for zero (the square of 2^-80 is nothing in float32); the largest are those whose square is finite."""


def ends(rule: Rule) -> Iterator[Case]:
    """Gradients of the least and the largest sizes that each format tells apart, one tensor a size: from zero every update shows in all its digits."""
    for number, (dtypes, exponents) in enumerate(SIZES, start=1):
        d = numbers_for(rule, f"ends {number}")
        hyper = {**usual(rule), **{h.name: "0" for h in rule.of_role(Role.THRESHOLD) if may_be_zero(h)}}  # or what is small would be cut off
        made = case_of(rule, "ends", number, f"gradients of sizes from 2^{exponents[0]} to 2^{exponents[-1]}, parameters at zero", ("Ends", "ThetaAtZero"),
                       dtypes, hyper, [Fraction(0)] * 3, [[]] * 2)  # fmt: skip
        rows = [[_moving(rule, d.row((e, e + 1, e + 2))) for e in exponents] for _ in made.grads]
        kept = [i for i, e in enumerate(exponents) if Fraction(2) ** (e + 2) >= least_gradient(rule, hyper, dtypes)]
        yield replace(
            made, comment=f"gradients of sizes from 2^{exponents[kept[0]]} to 2^{exponents[-1]}, parameters at zero",
            params=(replace(made.params[0], shape=(3,)),) * len(kept), grads=tuple(tuple(texts(row[i]) for i in kept) for row in rows),
        )  # fmt: skip


def least_gradient(rule: Rule, hyper: Mapping[str, str], dtypes: Row) -> Fraction:
    """The size of a gradient that is a normal number also times what a state starts from, where that is below 1: a program may multiply the two; else 0."""
    starts = [binary64(hyper[str(s.initial.name)]) for s in rule.state if s.initial.op == "symbol" and str(s.initial.name) in hyper]
    return max((FORMATS[d].smallest_normal / x for x in starts for d in dtypes if 0 < x < 1), default=Fraction(0))
