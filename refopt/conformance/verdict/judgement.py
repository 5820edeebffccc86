"""Judging an implementation: the question is resolved once, then it is answered format by format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypedDict

from refopt.conformance.diagnose.budget import SECONDS
from refopt.conformance.diagnose.held import Held, as_chosen
from refopt.conformance.diagnose.not_taken import WithFixed, fixed_values, not_taken, without
from refopt.conformance.diagnose.rates_not_taken import WithFixedRates, at_turns, fixed_rates, rates_not_taken
from refopt.conformance.protocol.implementation import Implementation, ScheduleImplementation
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.evaluate_format import Asked, evaluate_format
from refopt.conformance.verdict.evaluate_schedule import evaluate_schedule
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.looks import Looks
from refopt.conformance.verdict.question import Question, question
from refopt.conformance.verdict.resume.verdict import judged_elsewhere
from refopt.conformance.verdict.verdict import Verdict
from refopt.conformance.verdict.with_held import with_held
from refopt.errors import RefoptError
from refopt.golden.description import Name
from refopt.golden.model import Case
from refopt.language.lists import is_written
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule


class Wanted(TypedDict, total=False):
    """Options of a judgement: the arguments of `judge` that are handed on to it."""

    dtypes: Sequence[str]
    mode: str | None
    cases: Sequence[str]
    expected: str | None
    strict: bool
    tell: Callable[[Name], None]
    search: float
    first: Callable[[Verdict], None]


def judge(
    implementation: Implementation | ScheduleImplementation,
    *,
    dtypes: Sequence[str] = (),
    mode: str | None = None,
    cases: Sequence[str] = (),
    expected: str | None = None,
    strict: bool = False,
    tell: Callable[[Name], None] = lambda _: None,
    search: float = SECONDS,
    first: Callable[[Verdict], None] = lambda _: None,
) -> Verdict:
    """The verdict on an implementation that knows its rule.

    dtypes    formats by name; all that the cases list where none is named
    mode      how to look; the strongest way that the implementation allows where it is None
    cases     golden cases by id; all of the rule's where none is named
    expected  the variant that is wished for (`--as`)
    search    seconds that the search for an edit may take in each format; 0 is none
    first     is told, before such a search begins, that the formula is none that has a name

    Raises UnknownName for a rule, format, case, variant or mode that does not exist.
    """
    asked = question(implementation.rule or "", dtypes=dtypes, mode=mode, cases=cases, expected=expected)
    if isinstance(asked.concept, Schedule):
        if not isinstance(implementation, ScheduleImplementation):
            raise RefoptError(f"{implementation.name} is an optimizer, {asked.concept.name} a schedule", help="judge it by a rule: refopt list rules")
        findings = [_of_schedule(implementation, asked.concept, asked, tell, search)]
    else:
        if not isinstance(implementation, Implementation):
            raise RefoptError(f"{implementation.name} is a schedule, {asked.concept.name} a rule", help="judge it by a schedule: refopt list schedules")

        def seen(finding: Finding) -> None:
            first(Verdict(implementation.name, implementation.version, asked.concept.name, (finding,), asked.expected, strict))

        findings = _of_rule(implementation, asked.concept, asked, tell, search, seen)
        findings = findings if dtypes else without_refused(findings)
    told = tuple(getattr(implementation, "told", ()))
    return Verdict(implementation.name, implementation.version, asked.concept.name, tuple(findings), asked.expected, strict, told=told)


def _of_schedule(
    implementation: ScheduleImplementation, schedule: Schedule, asked: Question, tell: Callable[[Name], None], search: float
) -> Finding:  # fmt: skip
    """The finding on a schedule, with what it does not take at its fixed values."""
    cases: Sequence[Case] = asked.cases
    kept: tuple[Held, ...] = ()
    if names := rates_not_taken(implementation, schedule):
        cases = without(cases, names, {h.name: h.default for h in schedule.hyper})
        kept = as_chosen(implementation, fixed_rates(implementation, schedule, cases, names, tell))
        implementation = WithFixedRates(implementation, {x.name: float(x.value) for x in kept if not is_written(x.value)})
        if all(x.found for x in kept):
            cases = at_turns(schedule, cases, kept)
    return with_held(evaluate_schedule(implementation, schedule, cases, expected=asked.expected, tell=tell, seconds=search), kept)


def _nothing(finding: Finding) -> None:
    return None


def _of_rule(
    implementation: Implementation, rule: Rule, asked: Question, tell: Callable[[Name], None], search: float, seen: Callable[[Finding], None]
) -> list[Finding]:
    """A finding a format, in the order asked for; judged from the most precise format on, whose explanation is tried first in the next."""
    cases: Sequence[Case] = asked.cases
    kept: tuple[Held, ...] = ()
    if names := not_taken(implementation, rule):
        cases = without(cases, names, {h.name: h.default for h in rule.hyper})
        kept = as_chosen(implementation, fixed_values(implementation, rule, cases, asked.formats, names, tell))
        implementation = WithFixed(implementation, {x.name: float(x.value) for x in kept})
        if not all(x.found for x in kept):  # what is not known may be why it does not fit: nothing is said before all is tried
            seen = _nothing
    found: dict[str, Finding] = {}
    with judged_elsewhere(implementation) as resumed:
        looks = Looks(rule, cases, sorted(asked.formats, key=lambda f: f.u), asked.mode, tell, resumed.begin)
        for f in looks.formats:
            hint = tuple(x for finding in found.values() if (x := finding.diagnosis.explanation) is not None)
            found[f.name] = evaluate_format(looks.at(f, implementation), Asked(asked.expected, tell, hint, search, seen))
            values = found[f.name].hyperparameters
            if values.defaults is not None and values.defaults_differ:
                implementation = WithFixed(implementation, values.defaults.in_force)
        tell("saving and loading")
        return [with_held(resumed.added(found[f.name]), kept) for f in asked.formats]


def without_refused(findings: Sequence[Finding]) -> list[Finding]:
    """Formats that nobody asked for, and that the implementation cannot take although it takes others, are skipped."""
    if all(f.remarks.refuses is not None or f.verdict == Conformance.SKIPPED for f in findings):
        return list(findings)
    return [f if f.remarks.refuses is None else _refused(f, Reason(Why.NOT_TAKEN, of=f.remarks.refuses)) for f in findings]


def _refused(finding: Finding, reason: Name) -> Finding:
    lines = tuple(replace(line, verdict=Conformance.SKIPPED) if line.verdict == Conformance.NO_ANSWER else line for line in finding.ground.lines)
    return replace(finding, verdict=Conformance.SKIPPED, reason=reason, ground=replace(finding.ground, lines=lines))
