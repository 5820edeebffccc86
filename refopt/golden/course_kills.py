"""Cases that see a mistake with a hyperparameter that changes from update to update."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial

from refopt.exact.numbers import Numbers
from refopt.exact.run import open_loop
from refopt.golden.changing import course, inputs_of
from refopt.golden.closed_loop_inputs import exact_hyper
from refopt.golden.course_edits import CourseEdit, Taking, course_edits, powers_for_products
from refopt.golden.edited_run import BROKEN, exact, in_quick_numbers, sent
from refopt.golden.gaps import Gaps, largest_gap
from refopt.golden.misplaced_kills import DIGITS, Misplaced, fate
from refopt.golden.model import Case, Row
from refopt.language.rule import Rule

_TEXT = {Taking.FIRST: "the value of the first update, throughout", Taking.BEFORE: "the value of the update before"}

Run = tuple[Case, Rule, Mapping[str, Row]]
"""A case with the rule and the courses that a program with a mistake runs it by."""


def mistaken(rule: Rule, cases: Sequence[Case]) -> list[Misplaced]:
    """The fates of the mistakes with the hyperparameters that change in a rule's cases."""
    chosen = [c for c in cases if c.courses]
    dtypes = tuple(dict.fromkeys(d for c in chosen for d in c.dtypes))
    names = tuple(dict.fromkeys(n for c in chosen for n in c.courses))
    found: list[tuple[str, list[Run]]] = [(_text(edit), [(c, rule, edit.of(c.courses)) for c in chosen]) for edit in course_edits(names)]
    found += [(f"{name}: a power of its last factor", [(c, edited, c.courses) for c in chosen]) for name, edited in powers_for_products(rule) if names]
    of = rule.name.replace("/", ".")
    return [fate(f"{of}-c{i:03d}", "course", text, dtypes, _seen(rule, runs)) for i, (text, runs) in enumerate(found, start=1)]


def _text(edit: CourseEdit) -> str:
    return f"{', '.join(edit.names)}: {_TEXT[edit.taking]}"


def _seen(rule: Rule, runs: Sequence[Run]) -> Iterator[tuple[str, Gaps]]:
    for case, edited, courses in runs:
        try:
            yield case.id, in_quick_numbers(partial(_gaps, case, rule, edited, courses))
        except BROKEN:
            yield case.id, dict.fromkeys(case.dtypes)


def _gaps(case: Case, rule: Rule, edited: Rule, courses: Mapping[str, Row], numbers: Numbers) -> Gaps:
    """The largest difference that a mistake makes at the kept updates, in bounds of each format."""
    (parameter,) = case.params
    run = open_loop(
        edited, hyper=exact_hyper(case, rule), theta0=sent(parameter.theta0), gradients=[sent(row[0] or ()) for row in case.grads],
        courses={name: course(sent(row)) for name, row in courses.items()}, repeats=parameter.repeats, inputs=inputs_of(case, rule, range(len(case.grads))),
        numbers=numbers, digits=DIGITS,
    )  # fmt: skip
    found: Gaps = dict.fromkeys(case.dtypes, Fraction(0))
    for e in case.expect:
        golden, step = e.params[0], run[e.t - case.t0]
        for name in ("theta", *rule.state_names):
            theirs = exact(step.theta if name == "theta" else step.state[name], numbers)
            for d in case.dtypes:
                gap = largest_gap(theirs, golden.theta if name == "theta" else golden.state[name], golden.bound[d][name])
                before = found[d]
                found[d] = None if gap is None or before is None else max(before, gap)
    return found
