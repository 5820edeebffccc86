"""Values that change from update to update: the rate of a case, the courses of its other hyperparameters and the further inputs, update by update."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from refopt.exact.course import Course
from refopt.golden.model import Case
from refopt.language.evaluate import binary64
from refopt.language.rule import Rule


def changes(case: Case) -> bool:
    """True where some hyperparameter changes from update to update."""
    return case.lr is not None or bool(case.courses)


def in_update(case: Case, rule: Rule, i: int) -> dict[str, Fraction]:
    """The values of the rule's hyperparameters that change, in the update number i of the run, from 0."""
    rate = {} if case.lr is None else rule.at_rate(binary64(case.lr[i]))
    return {**rate, **{name: binary64(row[i]) for name, row in case.courses.items() if name in rule.hyper_names}}


def courses_of(case: Case, rule: Rule, picked: Iterable[int]) -> Mapping[str, Course]:
    """The courses of a case over some of its updates, as an exact run takes them."""
    chosen = list(picked)
    return {name: course([binary64(row[i]) for i in chosen]) for name, row in case.courses.items() if name in rule.hyper_names}


def inputs_of(case: Case, rule: Rule, picked: Iterable[int], p: int = 0) -> dict[str, list[list[Fraction]]]:
    """The further inputs of some of a case's updates of one tensor, as an exact run takes it."""
    chosen = list(picked)
    return {n: [[binary64(x) for x in case.inputs[n][i][p] or ()] for i in chosen] for n in rule.input_names}


def course(values: Sequence[Fraction]) -> Course:
    """The course with these values."""
    return Course(values=tuple(values))
