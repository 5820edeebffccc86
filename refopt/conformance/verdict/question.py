"""The question that a judgement answers: every name in it resolved, before anything is run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from refopt import catalogue
from refopt.conformance.diagnose.formulas import reference_of, rule_or_schedule
from refopt.conformance.judge.mode import Mode
from refopt.errors import unknown_name
from refopt.golden import store
from refopt.golden.closed_loop_inputs import schedule_cases
from refopt.golden.model import Case
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.rounding.formats import FORMATS, Format, number_format

MODES = (Mode.STEPWISE, Mode.OPEN_LOOP, Mode.CLOSED_LOOP)


@dataclass(frozen=True)
class Question:
    """A rule or schedule to be judged by, and the scope of the judgement.

    concept   the rule or schedule whose golden cases are run
    cases     those of its cases that are run
    formats   the number formats, in the order in which they are reported
    mode      how to look; the strongest way that the implementation allows where it is None
    expected  the variant, or composed rule, that is wished for; None for the reference
    """

    concept: Rule | Schedule
    cases: tuple[Case, ...]
    formats: tuple[Format, ...]
    mode: Mode | None
    expected: str | None


def question(rule: str, *, dtypes: Sequence[str], mode: str | None, cases: Sequence[str], expected: str | None) -> Question:
    """The question asked in names. Raises UnknownName for a rule, format, case, variant or mode that does not exist."""
    formats = tuple(number_format(name) for name in dict.fromkeys(dtypes)) or tuple(FORMATS.values())
    if mode is not None and mode not in MODES:
        raise unknown_name("mode", mode, MODES)
    concept, meant = judged_by(rule)
    wished = meant if expected is None else rule_or_schedule(_full_name(expected, concept.family)).name
    return Question(concept, _chosen(_every_case(concept), cases, concept.name), formats, None if mode is None else Mode(mode), wished)


def _every_case(concept: Rule | Schedule) -> Sequence[Case]:
    """The golden cases; those of a schedule that is made of others are made of its own lengths, here and now."""
    if isinstance(concept, Schedule) and concept.made_of:
        return tuple(schedule_cases(concept))
    return store.packed_cases(concept.name)


def judged_by(name: str) -> tuple[Rule | Schedule, str | None]:
    """The rule or schedule by whose golden cases that of a name is judged, and what is meant where that is another one: a composed rule.

    Raises UnknownName, or RefoptError for a composed rule that no cases show.
    """
    if (listed := catalogue.find(name)) is not None:
        return listed, None
    concept = rule_or_schedule(name)
    return (reference_of(concept), concept.name) if isinstance(concept, Rule) else (concept, None)


def _full_name(expected: str, family: str) -> str:
    """`eps_hat` is short for `adam/eps_hat` where the family is adam."""
    short = f"{family}/{expected}"
    return short if catalogue.find(expected) is None and catalogue.find(short) is not None else expected


def _chosen(every: Sequence[Case], wanted: Sequence[str], name: str) -> tuple[Case, ...]:
    ids = [case.id for case in every]
    for case in wanted:
        if case not in ids:
            raise unknown_name("case", case, ids, listing=f"refopt list cases {name}")
    return tuple(case for case in every if not wanted or case.id in wanted)
