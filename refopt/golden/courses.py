"""Cases in which hyperparameters other than the rate change from update to update: momentum goes down and up again, weight decay falls.

The text of a rule has one letter for a hyperparameter. With a course, the letter is its value in the update at hand, wherever it
stands. Where the text does not decide that, the hyperparameter keeps its value: in a scalar that the number of the update, or a count that is kept, stands in
as well (`1 - beta^t` may be meant as a product of values, or as a power of the last one), in what a state starts from, and in what is used after
the last update where that follows from theta (schedule-free's x: kept, it is made with the value of its own update; found from theta and z, with that
of the update after). A product that the rule keeps as a state is decided by its text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from refopt.golden.inputs import ALL, LOW, MANY, ZERO, case_of, chooses_by_elements, numbers_for, settings, short, texts
from refopt.golden.model import Case
from refopt.language.expression import Expression, Kind, t
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Rule

KEPT = (2, 3, 10)
RATE = "1"
"""Steps as long as the parameters, so that bfloat16 tells them apart too."""
FALLING: tuple[Fraction, ...] = (Fraction(1), *[Fraction(1, 4)] * 3, *[Fraction(1, 16)] * 3, *[Fraction(1, 64)] * 3)
"""Shares of the first value, as a schedule's rates fall."""
CYCLE: tuple[Fraction, ...] = (Fraction(1), *[Fraction(1, 2)] * 3, *[Fraction(3, 4)] * 3, *[Fraction(1)] * 3)
"""The same down and up again, as momentum goes while the rate goes up and down."""
GROWTH = (0, 1, -1, 1, 0, 2, -1, 0, 1, -1)
"""Exponents of the gradients, update by update: of one sign in an element, so that no average comes near 0 and loses digits."""
PHASES = 4
"""Phases of a rule that chooses by elements: the sign of its gradients turns at every update in one element, after 4 in another."""
_SHARES = (Role.DECAY, Role.MOMENTUM, Role.SHARE)
"""Roles of what is cycled; everything else falls."""


def open_to_reading(rule: Rule) -> frozenset[str]:
    """The hyperparameters for whose changing values the text does not decide: see the module's docstring."""
    of_scalars: dict[str, frozenset[str]] = {}

    def names(tree: Expression) -> frozenset[str]:
        """The names that a tree is made of; a scalar that was assigned stands for what it was made of."""
        return frozenset(x for n in tree.symbol_names for x in of_scalars.get(n, {n}))

    counts = {t.name, *(s.name for s in rule.scalar_state if s.kind is Kind.INTEGER)}
    found = {n for tree in (*(s.initial for s in rule.state), *(() if rule.output is None else (rule.output,))) for n in tree.symbol_names}
    for let in rule.steps:
        for tree in _scalars(let.value):
            if counts & (inside := names(tree)):
                found |= inside
        if let.symbol.is_scalar and let.name not in rule.state_names:
            of_scalars[let.name] = names(let.value)
    return frozenset(found & set(rule.hyper_names))


def _scalars(tree: Expression) -> Iterator[Expression]:
    """The largest parts of a tree that are one value for the whole tensor."""
    if tree.is_scalar:
        yield tree
    else:
        yield from (part for arg in tree.args for part in _scalars(arg))


def course_of(h: Hyper, first: str) -> tuple[Fraction, ...]:
    """Values of a hyperparameter, one an update, exact in every format; one that its domain refuses stays at the value before it."""
    values = [short(Fraction(first))]
    for share in (CYCLE if h.role in _SHARES else FALLING)[1:]:
        value = values[0] * share
        values.append(value if h.holds(value) else values[-1])
    return tuple(values)


def moved(rule: Rule) -> Mapping[str, tuple[Fraction, ...]]:
    """By name: the course of each hyperparameter that has one. The rate has a case of its own, and a count of steps is no number to change."""
    left = open_to_reading(rule)
    start = settings(rule, LOW)
    able = [h for h in rule.hyper if h.role is not Role.RATE and h.symbol.kind is Kind.REAL and not h.is_list and h.name not in left]
    found = {h.name: course_of(h, start[h.name]) for h in able if h.holds(short(Fraction(start[h.name])))}
    return {name: values for name, values in found.items() if len(set(values)) > 1}


def courses(rule: Rule) -> Iterator[Case]:
    """One case in which all of them change; none of a rule without any."""
    of = moved(rule)
    if not of:
        return
    d, more = numbers_for(rule, "courses"), numbers_for(rule, "courses, more elements")
    far = 8 if rule.of_role(Role.WEIGHT_DECAY) else 0
    theta0 = [far * x * (i % 2) for i, x in enumerate((*d.row(), *more.row((0,) * (MANY - len(ZERO)))))]  # every other one at 0: there the step is seen
    sizes = [[abs(x) * Fraction(2) ** growth for x in (*d.row((-5, -4, -3, -2, -1, 0, 1)), *more.row((-4, -2, 0, 1)))] for growth in GROWTH]
    turned = chooses_by_elements(rule)  # or one branch alone would be seen
    grads = [[x * (-1) ** (i + (turned and k // (1 + i % PHASES))) for i, x in enumerate(row)] for k, row in enumerate(sizes)]
    first = {name: texts(values)[0] for name, values in of.items()}
    case = case_of(rule, "courses", 1, f"{', '.join(of)} {'changes' if len(of) == 1 else 'change'} from update to update", ("Courses",), ALL,
                   {**settings(rule, LOW), **rule.at_rate(RATE), **first}, theta0, grads, KEPT)  # fmt: skip
    yield replace(case, courses={name: texts(values) for name, values in of.items()})
