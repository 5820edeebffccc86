"""Judging an implementation by name: which rule, which cases, which formats; then format by format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypedDict

from refopt import catalogue
from refopt.conformance.diagnose.budget import SECONDS
from refopt.conformance.diagnose.formulas import reference_of, rule_or_schedule
from refopt.conformance.diagnose.held import Held, as_chosen
from refopt.conformance.diagnose.not_taken import WithFixed, fixed_values, not_taken, without
from refopt.conformance.diagnose.rates_not_taken import WithFixedRates, fixed_rates, rates_not_taken
from refopt.conformance.judge.mode import Mode
from refopt.conformance.protocol.implementation import Implementation, ScheduleImplementation
from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.evaluate_format import examine
from refopt.conformance.verdict.evaluate_schedule import examine_schedule
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.resume.verdict import judged_elsewhere
from refopt.conformance.verdict.verdict import Verdict
from refopt.conformance.verdict.with_held import with_held
from refopt.errors import RefoptError, unknown_name
from refopt.golden import store
from refopt.golden.description import Name
from refopt.golden.model import Case
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.rounding.formats import FORMATS, number_format

MODES = (Mode.STEPWISE, Mode.OPEN_LOOP, Mode.CLOSED_LOOP)


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
    formats = [number_format(name) for name in dict.fromkeys(dtypes)] or list(FORMATS.values())
    if mode is not None and mode not in MODES:
        raise unknown_name("mode", mode, MODES)
    looked = None if mode is None else Mode(mode)
    concept, meant = judged_by(implementation.rule or "")
    expected = meant if expected is None else rule_or_schedule(_full_name(expected, concept.family)).name
    chosen = _chosen(store.packed_cases(concept.name), cases, concept.name)
    kept: tuple[Held, ...] = ()
    if isinstance(concept, Schedule):
        if not isinstance(implementation, ScheduleImplementation):
            raise RefoptError(f"{implementation.name} is an optimizer, {concept.name} a schedule", help="judge it by a rule: refopt list rules")
        if names := rates_not_taken(implementation, concept):
            chosen = without(chosen, names, {h.name: h.default for h in concept.hyper})
            kept = as_chosen(implementation, fixed_rates(implementation, concept, chosen, names, tell))
            implementation = WithFixedRates(implementation, {x.name: float(x.value) for x in kept})
        findings = [with_held(examine_schedule(implementation, concept, chosen, expected=expected, tell=tell, seconds=search), kept)]
    else:
        if not isinstance(implementation, Implementation):
            raise RefoptError(f"{implementation.name} is a schedule, {concept.name} a rule", help="judge it by a schedule: refopt list schedules")
        if names := not_taken(implementation, concept):
            chosen = without(chosen, names, {h.name: h.default for h in concept.hyper})
            kept = as_chosen(implementation, fixed_values(implementation, concept, chosen, formats, names, tell))
            implementation = WithFixed(implementation, {x.name: float(x.value) for x in kept})
        found: dict[str, Finding] = {}

        def seen(finding: Finding) -> None:
            first(Verdict(implementation.name, implementation.version, concept.name, (finding,), expected, strict))

        with judged_elsewhere(implementation) as resumed:
            for f in sorted(formats, key=lambda f: f.u):
                hint = tuple(x for finding in found.values() if (x := finding.diagnosis.explanation) is not None)
                begin = partial(resumed.begin, f.name)
                found[f.name] = examine(
                    implementation, concept, chosen, f, mode=looked, expected=expected, tell=tell, hint=hint, seconds=search, first=seen, observed=begin
                )
                values = found[f.name].hyperparameters
                if values.defaults is not None and values.defaults_differ:
                    implementation = WithFixed(implementation, values.defaults.in_force)
            tell("saving and loading")
            findings = [with_held(resumed.added(found[f.name]), kept) for f in formats]
        findings = findings if dtypes else without_refused(findings)
    told = tuple(getattr(implementation, "told", ()))
    return Verdict(implementation.name, implementation.version, concept.name, tuple(findings), expected, strict, told=told)


def without_refused(findings: Sequence[Finding]) -> list[Finding]:
    """Formats that nobody asked for, and that the implementation cannot take although it takes others, are skipped."""
    if all(f.refuses is not None or f.verdict == Conformance.SKIPPED for f in findings):
        return list(findings)
    return [f if f.refuses is None else _refused(f, f"not taken: {f.refuses}") for f in findings]


def _refused(finding: Finding, reason: str) -> Finding:
    lines = tuple(replace(line, verdict=Conformance.SKIPPED) if line.verdict == Conformance.NO_ANSWER else line for line in finding.ground.lines)
    return replace(finding, verdict=Conformance.SKIPPED, reason=reason, ground=replace(finding.ground, lines=lines))


def judged_by(name: str) -> tuple[Rule | Schedule, str | None]:
    """The rule or schedule by whose golden cases that of a name is judged, and what is meant where that is another one: a composed rule.

    Raises UnknownName, or RefoptError for a composed rule that no cases show.
    """
    concept = rule_or_schedule(name)
    if isinstance(concept, Rule) and concept.name not in {r.name for r in catalogue.rules(variants=True)}:
        return reference_of(concept), concept.name
    return concept, None


def _full_name(expected: str, family: str) -> str:
    """`eps_hat` is short for `adam/eps_hat` where the family is adam."""
    short = f"{family}/{expected}"
    known = {r.name for r in catalogue.rules(variants=True)} | {s.name for s in catalogue.schedules(variants=True)}
    return short if expected not in known and short in known else expected


def _chosen(every: Sequence[Case], wanted: Sequence[str], name: str) -> list[Case]:
    ids = [case.id for case in every]
    for case in wanted:
        if case not in ids:
            raise unknown_name("case", case, ids, listing=f"refopt list cases {name}")
    return [case for case in every if not wanted or case.id in wanted]
