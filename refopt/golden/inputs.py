"""The inputs of golden cases: families of data that see one sort of error each, chosen by what a rule has.

All data are bfloat16 numbers (8 significant bits), so that every format sees the same; a case whose data or squares are
no float16 numbers does not list float16. Tensors hold 67 elements tiled from 7 distinct ones: 7 is coprime to every
vector width, so that each distinct element visits every lane and a remainder is left over. Tensors of other shapes and
counts of updates, and numbers at the ends of domains, are those of `places`, `counts` and `extremes`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from refopt.exact.digits import shortest
from refopt.golden.model import Case, CaseKind, Parameter, Result, Row
from refopt.language.expression import CONDITIONS, Kind
from refopt.language.reductions import has_reductions
from refopt.language.role import Role
from refopt.language.rule import Rule

DISTINCT = 7
MANY = 11
"""Number of distinct elements of a case that others are like: enough for tiles of 7 that start at different ones, and for tiles of 11."""
SHAPE = (67,)
ALL = ("float64", "float32", "bfloat16", "float16")
WIDE = ("float64", "float32", "bfloat16")

DYADIC = "dyadic"
"""The samples that are exact in every format: an error of the formula stands alone."""
LOW = "low"
"""The samples with fast decays and a large epsilon: every constant is felt within ten steps."""

Data = Sequence[Sequence[Fraction]]


def settings(rule: Rule, samples: str) -> dict[str, str]:
    """Values for a rule's hyperparameters, one sort of sample each; the default where a hyperparameter has none of the sort."""
    return {h.name: getattr(h.samples, samples) or h.default if h.symbol.kind is Kind.REAL else h.default for h in rule.hyper}


def usual(rule: Rule) -> dict[str, str]:
    """The defaults; a default that switches a hyperparameter off gives way to a value that can be seen."""
    return {h.name: shortest(float(h.default)) if float(h.default) else "0.1" for h in rule.hyper}


def short(x: Fraction) -> Fraction:
    """The nearest number with 8 significant bits."""
    if x == 0:
        return x
    shift = x.numerator.bit_length() - x.denominator.bit_length() - 7
    step = Fraction(2) ** shift
    return round(x / step) * step


def _text(x: Fraction) -> str:
    return shortest(float(x))


def texts(values: Sequence[Fraction]) -> Row:
    """Numbers as they stand in a golden file."""
    return tuple(_text(x) for x in values)


@dataclass(frozen=True)
class Draw:
    """Seeded numbers with 8 significant bits."""

    rng: random.Random

    def number(self, exponent: int = 0) -> Fraction:
        """Between 1 and 2 in size, times 2^exponent, of either sign."""
        return Fraction(self.rng.choice((-1, 1)) * self.rng.randint(128, 255), 128) * Fraction(2) ** exponent

    def row(self, exponents: Sequence[int] = (0,) * DISTINCT) -> list[Fraction]:
        """One number an element."""
        return [self.number(e) for e in exponents]


def numbers_for(rule: Rule, family: str) -> Draw:
    """The numbers of a family of cases."""
    return Draw(random.Random(f"refopt {rule.name} {family}"))


def case_of(rule: Rule, family: str, number: int, comment: str, probes: Row, dtypes: Row, hyper: Mapping[str, str], theta0: Sequence[Fraction],
          grads: Data, keep: Row | tuple[int, ...] = (), kind: CaseKind = CaseKind.OPEN_LOOP) -> Case:  # fmt: skip
    """A case of one tensor; the first two updates and the last are kept where nothing else is said."""
    steps = len(grads)
    return Case(
        id=f"{rule.name.replace('/', '.')}-{family}-{number:03d}",
        comment=comment,
        kind=kind,
        result=Result.MUST,
        probes=probes,
        dtypes=dtypes,
        hyper=hyper,
        params=(Parameter(SHAPE, len(theta0), texts(theta0)),),
        grads=tuple((texts(row),) for row in grads),
        keep=tuple(sorted({t for t in (1, 2, steps) if t <= steps})) if not keep else tuple(int(t) for t in keep),
    )


ZERO = [Fraction(0)] * DISTINCT


def chooses_by_elements(rule: Rule) -> bool:
    """True where a hyperparameter is seen only in the elements for which a condition holds, or fails."""
    names = set(rule.hyper_names)
    chosen = (n for let in rule.steps for n in let.value.walk() if n.op == "where" and not n.args[0].is_scalar)
    return any(names & branch.symbol_names for n in chosen for branch in n.args[1:])


def open_loop(rule: Rule) -> Iterator[Case]:
    """Trajectories of a rule fed with given gradients."""

    def make(family: str, comment: str, probes: Row, dtypes: Row, hyper: Mapping[str, str], theta0: Sequence[Fraction], grads: Data) -> Case:
        return case_of(rule, f"open-{family}", 1, comment, probes, dtypes, hyper, theta0, grads)

    d = numbers_for(rule, "basic")
    yield make("basic", "ordinary numbers, usual hyperparameters", ("Basic",), ALL, usual(rule), d.row(), [d.row() for _ in range(10)])
    d = numbers_for(rule, "dyadic")
    yield make("dyadic", "hyperparameters exact in every format, parameters at zero", ("Basic", "ThetaAtZero"), ALL, settings(rule, DYADIC),
               ZERO, [d.row((-2, -1, 0, 0, 1, 2, 3)) for _ in range(10)])  # fmt: skip
    d = numbers_for(rule, "scales")
    yield make("scales", "one scale an element, from 2^-30 to 2^30", ("Scales", "ThetaAtZero"), WIDE, usual(rule), ZERO,
               [d.row((-30, -20, -10, 0, 10, 20, 30)) for _ in range(10)])  # fmt: skip
    if rule.of_role(Role.EPSILON):
        d = numbers_for(rule, "eps")
        yield make("eps", "gradients as small as eps and as its root, parameters at zero", ("EpsPlacement", "ThetaAtZero"), WIDE, usual(rule),
                   ZERO, [d.row((-28, -27, -26, -15, -14, -13, -24)) for _ in range(10)])  # fmt: skip
    d = numbers_for(rule, "low")
    more = numbers_for(rule, "low, more elements")
    yield make("low", "fast decays and a large eps, parameters at zero", ("LowBetas", "ThetaAtZero"), ALL, settings(rule, LOW), [Fraction(0)] * MANY,
               [d.row((-5, -4, -3, -2, -1, 0, 1)) + more.row((-4, -2, 0, 1)) for _ in range(10)])  # fmt: skip
    d = numbers_for(rule, "zeros")
    patterns: list[Callable[[int], bool]] = [
        lambda i: False, lambda i: i % 2 == 0, lambda i: i % 2 == 1, lambda i: i == 0, lambda i: i == 4, lambda i: i > 2, lambda i: True,
    ]  # fmt: skip
    yield make("zeros", "gradients that are zero at some steps or always, all of them at one", ("ZeroGradients",), ALL, usual(rule), d.row(),
               [[x if seen(i) and i != 6 else Fraction(0) for x, seen in zip(d.row(), patterns, strict=True)] for i in range(10)])  # fmt: skip
    if any(n.op in CONDITIONS and not n.is_scalar for let in rule.steps for n in let.value.walk()):
        yield make("ties", "what is compared with 0 is 0: no gradient has been seen, parameters at zero", ("ZeroGradients", "ThetaAtZero"), ALL,
                   settings(rule, LOW), ZERO, [ZERO] * 3)  # fmt: skip
    if chooses_by_elements(rule):
        d = numbers_for(rule, "stops")
        yield make("stops", "a gradient at the first update alone, parameters at zero", ("ZeroGradients", "ThetaAtZero"), ALL, settings(rule, LOW), ZERO,
                   [d.row(), ZERO, ZERO])  # fmt: skip
    if has_reductions(rule):
        d = numbers_for(rule, "still")
        off = {h.name: "0" for h in rule.of_role(Role.WEIGHT_DECAY)}
        yield make("still", "no gradient has been seen, parameters that are not zero, no decay", ("ZeroGradients",), ALL, settings(rule, LOW) | off, d.row(),
                   [ZERO] * 3)  # fmt: skip
    d = numbers_for(rule, "ramp")
    first = d.row((-8, -8, -7, -7, -6, -6, -6))
    yield make("ramp", "gradients that grow fourfold at each step", ("Ramp", "ThetaAtZero"), ALL, settings(rule, LOW), ZERO,
               [[x * 4**i for x in first] for i in range(10)])  # fmt: skip
    if rule.state:
        d = numbers_for(rule, "decreasing")
        first = d.row((2, 2, 3, 3, 1, 1, 0))
        yield make("decreasing", "gradients that halve at each step, with changing signs", ("Decreasing", "ThetaAtZero"), ALL,
                   settings(rule, DYADIC), ZERO, [[x / 2**i * (-1) ** (i * j) for j, x in enumerate(first)] for i in range(10)])  # fmt: skip
        d = numbers_for(rule, "mean")
        centre = [abs(x) for x in d.row()]
        yield make("mean", "gradients with a mean larger than their spread", ("Mean", "ThetaAtZero"), ALL, settings(rule, LOW), ZERO,
                   [[short(c + d.number(-3)) for c in centre] for _ in range(10)])  # fmt: skip
    if rule.of_role(Role.WEIGHT_DECAY):
        d = numbers_for(rule, "decay")
        yield make("decay", "parameters of size 8 and a decay of 1/2", ("WeightDecay",), ALL, settings(rule, LOW), [8 * x for x in d.row()],
                   [d.row((-4, -3, -2, -1, 0, 1, 2)) for _ in range(10)])  # fmt: skip
    d = numbers_for(rule, "rate")
    stops = rule.learning_rate is not None and rule.learning_rate.allows(0)
    changed = make("rate", f"the learning rate changes in mid-run and ends {'at 0' if stops else 'low'}, parameters at zero",
                   ("RateChange", "ThetaAtZero"), ALL, settings(rule, DYADIC), ZERO, [d.row() for _ in range(10)])  # fmt: skip
    if rule.learning_rate is not None:
        rate = Fraction(changed.hyper[rule.learning_rate.name])
        yield replace(changed, lr=texts([rate] * 4 + [rate / 4] * 3 + [rate * 2] * 2 + [rate * 0 if stops else rate / 8]), keep=(4, 5, 10))
    d = numbers_for(rule, "many")
    many = case_of(rule, "open-many", 1, "70,001 elements", ("ManyElements",), ALL, usual(rule), d.row(), [d.row() for _ in range(2)], ("2",))
    yield replace(many, params=(replace(many.params[0], shape=(70001,)),))


def defaults(rule: Rule) -> Iterator[Case]:
    """Nothing is sent: the documented defaults must be in force."""
    expected = {h.name: shortest(float(h.default)) for h in rule.hyper}
    d = numbers_for(rule, "defaults")
    case = case_of(rule, "defaults", 1, "no hyperparameter is given", ("Defaults",), ALL, {}, d.row(), [d.row() for _ in range(3)], (), CaseKind.DEFAULTS)
    yield replace(case, hyper_expected=expected)
    if rule.of_role(Role.EPSILON):
        d = numbers_for(rule, "defaults eps")
        small = [d.row((-28, -27, -26, -25, -24, -15, -14)) for _ in range(3)]
        case = case_of(rule, "defaults", 2, "no hyperparameter is given; gradients as small as eps and as its root, parameters at zero",
                       ("Defaults", "EpsPlacement", "ThetaAtZero"), WIDE, {}, ZERO, small, (), CaseKind.DEFAULTS)  # fmt: skip
        yield replace(case, hyper_expected=expected)


def rejected(rule: Rule) -> Iterator[Case]:
    """One hyperparameter outside its domain: an error is expected."""
    sent = ((h.name, h.samples.outside) for h in rule.hyper)
    for number, (name, outside) in enumerate(((n, x) for n, x in sent if x is not None), start=1):
        hyper = {**usual(rule), name: outside}
        case = case_of(rule, "reject", number, f"{name} = {outside}", ("OutsideDomain",), ALL, hyper, ZERO, [[Fraction(1)] * DISTINCT], (), CaseKind.REJECT)
        yield replace(case, result=Result.REJECT, keep=())


def edges(rule: Rule) -> Iterator[Case]:
    """Inputs that have no single right answer, or none at all: the class of the outcome is listed, a refusal is accepted."""
    d = numbers_for(rule, "edge")
    others = "what is reduced over the tensor passes it on" if has_reductions(rule) else "other elements are untouched by it"

    def make(number: int, comment: str, probe: str, dtypes: Row, hyper: Mapping[str, str], grads: Sequence[Row], reason: str) -> Case:
        case = case_of(rule, "edge", number, comment, (probe,), dtypes, hyper, d.row(), [ZERO] * len(grads), (), CaseKind.OPEN_LOOP)
        return replace(case, result=Result.MAY, grads=tuple((row,) for row in grads), keep=(), reason=reason)

    for number, dtypes, exponent in ((1, ("float32", "bfloat16"), -131), (2, ("float16",), -20), (3, ("float64",), -1060)):
        rows = [texts([x * Fraction(2) ** exponent for x in _coarse(d)]) for _ in range(2)]
        yield make(number, f"gradients of size 2^{exponent}, below the smallest normal number", "Subnormal", dtypes, usual(rule), rows,
                   "finite; subnormal numbers may be flushed to zero")  # fmt: skip
    rows = [texts(d.row((120,) * DISTINCT))]
    yield make(4, "gradients of size 2^120, whose square overflows", "Overflow", ("float32", "bfloat16"), usual(rule), rows,
               "what binary arithmetic of the format gives for the written formula")  # fmt: skip
    yield make(5, "infinite gradients", "NotFinite", ALL, usual(rule), [("inf", "-inf", "1", "-1", "0.5", "inf", "2")],
               f"an infinite gradient moves theta to infinity, or gives infinity/infinity; {others}")  # fmt: skip
    yield make(6, "NaN gradients", "NotFinite", ALL, usual(rule), [("nan", "1", "-1", "0.5", "nan", "2", "-0.5")],
               f"NaN stays NaN; {others}")  # fmt: skip
    for epsilon in rule.of_role(Role.EPSILON)[:1]:
        yield make(7, f"{epsilon.name} = 0 and a zero gradient", "EpsZero", ALL, {**usual(rule), epsilon.name: "0"}, [("0", "1", "-1", "0", "0.5", "2", "-2")],
                   "0/0 is NaN; where the gradient is not zero the formula holds")  # fmt: skip


def _coarse(d: Draw) -> list[Fraction]:
    """Sizes of one or two significant bits, so that they are numbers of the format even far below its normal range."""
    return [Fraction(d.rng.choice((-1, 1)) * d.rng.choice((1, 2, 3))) for _ in range(DISTINCT)]
