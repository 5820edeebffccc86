"""Mutants and the golden cases that kill them, by format.

A mutant is killed in a format where exact mutant and exact rule differ by more than 4 bounds at a kept step: no
simulated arithmetic, the same on every machine. What is not killed is proved equivalent, or listed with the largest
gap found and the reason why no case sees it. A schedule's rates are judged in binary64, so that is its only format.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from refopt.exact.numbers import Numbers
from refopt.exact.run import rates, updates
from refopt.golden.changing import courses_of, inputs_of
from refopt.golden.closed_loop_inputs import exact_hyper
from refopt.golden.course_kills import mistaken
from refopt.golden.document import hash_of
from refopt.golden.edited_run import BROKEN, as_fraction, exact, in_quick_numbers, sent
from refopt.golden.equivalence import is_equivalent, is_equivalent_schedule
from refopt.golden.gaps import MARGIN, largest_gap
from refopt.golden.misplaced_kills import misplaced, misread_rates
from refopt.golden.model import Case, CaseKind, Result
from refopt.golden.mutants import Mutant, ScheduleMutant, mutants, schedule_mutants
from refopt.golden.notation import notation
from refopt.golden.surviving_mutants import reason
from refopt.language.decimal_text import decimal_exponent, decimal_text
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.rounding.formats import FORMATS

KILLS = "KILLS.json"
FORMAT = "refopt.kills/1"
DIGITS = 60
Gaps = Mapping[str, Fraction | None]
"""By format: the largest difference between mutant and rule in bounds; None where it is beyond all bounds."""


@dataclass(frozen=True)
class Fate:
    """Fate of a mutant: by format the case that kills it; or proved equivalent; or the largest gap in bounds."""

    mutant: Mutant | ScheduleMutant
    killed: dict[str, str]
    is_equivalent: bool
    gap: dict[str, str]


@dataclass(frozen=True)
class Kills:
    """The text of a KILLS.json, and one line about it."""

    text: str
    summary: str


def kills_text(concept: Rule | Schedule, cases: Sequence[Case]) -> Kills:
    """The kills of the cases of a rule or schedule, as the file and as a line."""
    cases = cases if isinstance(concept, Rule) else [c for c in cases if c.result == Result.MUST]
    found = fates(concept, cases)
    elsewhere = [*misplaced(concept, cases), *mistaken(concept, cases)] if isinstance(concept, Rule) else misread_rates(concept, cases)
    document: dict[str, Any] = {
        "format": FORMAT,
        "rule": concept.name,
        "fingerprint": concept.fingerprint,
        "killed": {
            **{f.mutant.id: {"edit": notation(f.mutant.edit), **f.killed} for f in found if f.killed},
            **{m.id: {"kind": m.kind, "edit": m.edit, **m.killed} for m in elsewhere if m.killed},
        },
        "equivalent": {f.mutant.id: notation(f.mutant.edit) for f in found if f.is_equivalent},
        "listed": {
            f.mutant.id: {"edit": (edit := notation(f.mutant.edit)), "gap": f.gap, "reason": reason(concept.name, edit, f.gap)}
            for f in found if f.gap and not f.is_equivalent
        } | {m.id: {"kind": m.kind, "edit": m.edit, "gap": {d: _rounded(x) for d, x in m.gap.items()}, "reason": ""} for m in elsewhere if m.gap},
    }  # fmt: skip
    document["hash"] = hash_of(document)
    lines = [f' "{k}": ' + (_block(v) if isinstance(v, dict) else json.dumps(v)) for k, v in document.items()]
    seen = sum(not f.gap for f in found if not f.is_equivalent) + sum(not m.gap for m in elsewhere)
    return Kills("{\n" + ",\n".join(lines) + "\n}\n", f"sees {seen} of {sum(not f.is_equivalent for f in found) + len(elsewhere)} edits")


def _block(entries: dict[str, Any]) -> str:
    if not entries:
        return "{}"
    return "{\n" + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in entries.items()) + "\n }"


def fates(concept: Rule | Schedule, cases: Sequence[Case]) -> list[Fate]:
    """Fate of every mutant of a rule or schedule, in the order of its mutants."""
    if isinstance(concept, Schedule):
        return [fate_of_schedule(m, concept, cases) for m in schedule_mutants(concept)]
    return [fate(m, concept, cases) for m in mutants(concept)]


def fate(mutant: Mutant, rule: Rule, cases: Sequence[Case]) -> Fate:
    """Fate of a mutant of a rule."""
    judged = sorted((c for c in cases if sees_mutants(c)), key=_first)
    return _fate(mutant, tuple(FORMATS), judged, gaps(mutant, rule), partial(is_equivalent, mutant, rule))


def fate_of_schedule(mutant: ScheduleMutant, schedule: Schedule, cases: Sequence[Case]) -> Fate:
    """Fate of a mutant of a schedule."""
    return _fate(mutant, ("float64",), cases, rate_gaps(mutant, schedule), partial(is_equivalent_schedule, mutant, schedule))


def sees_mutants(case: Case) -> bool:
    """True where a rule's case is one that mutants are looked for in: a single tensor, fed with gradients."""
    return case.kind in (CaseKind.OPEN_LOOP, CaseKind.RESUME) and case.result == Result.MUST and len(case.params) == 1 and case.params[0].shape == (67,)


def _first(case: Case) -> tuple[bool, int, str]:
    """Cases that see most come first, so that most mutants need few runs; those in which hyperparameters change are the last."""
    order = ("low", "rate", "eps", "ramp", "zeros", "decay", "resume")
    return bool(case.courses), next((i for i, word in enumerate(order) if word in case.id), len(order)), case.id


def _fate(
    mutant: Mutant | ScheduleMutant,
    dtypes: Sequence[str],
    cases: Sequence[Case],
    gaps_in: Callable[[Case, Sequence[str]], Gaps],
    proved: Callable[[], bool],
) -> Fate:
    killed: dict[str, str] = {}
    largest: dict[str, Fraction] = dict.fromkeys(dtypes, Fraction(0))
    for case in cases:
        open_formats = [d for d in case.dtypes if d not in killed]
        if not open_formats:
            continue
        for d, gap in gaps_in(case, open_formats).items():
            if gap is None or gap > MARGIN:
                killed[d] = case.id
            else:
                largest[d] = max(largest[d], gap)
    if not killed and proved():
        return Fate(mutant, {}, True, {})
    gap_texts = {d: _rounded(largest[d]) for d in dtypes if d not in killed}
    return Fate(mutant, {d: killed[d] for d in dtypes if d in killed}, False, gap_texts)


def _rounded(x: Fraction) -> str:
    """Three digits, rounded down."""
    if x == 0:
        return "0"
    x = as_fraction(x)
    e = decimal_exponent(x)
    return decimal_text(int(x / Fraction(10) ** (e - 2)), e - 2)


def rate_gaps(mutant: ScheduleMutant, schedule: Schedule) -> Callable[[Case, Sequence[str]], Gaps]:
    """Distance of a schedule's mutant from a case's rates. A mutant without a rate at some step is beyond all bounds."""

    def found(case: Case, dtypes: Sequence[str]) -> Gaps:
        hyper = exact_hyper(case, schedule)
        try:
            theirs = in_quick_numbers(lambda numbers: exact(rates(mutant.schedule, hyper, case.steps, numbers=numbers, digits=DIGITS), numbers))
        except BROKEN:
            return dict.fromkeys(dtypes)
        return dict.fromkeys(dtypes, largest_gap(theirs, case.rates, case.rate_bound))

    return found


def gaps(mutant: Mutant, rule: Rule) -> Callable[[Case, Sequence[str]], Gaps]:
    """Distance of a rule's mutant from a case's values, up to where it is killed: None in a format from there on.

    A mutant whose values are not finite is beyond all bounds.
    """

    def found(case: Case, dtypes: Sequence[str]) -> Gaps:
        try:
            return in_quick_numbers(partial(_gaps, mutant, rule, case, dtypes))
        except BROKEN:
            return dict.fromkeys(dtypes)

    return found


def _gaps(mutant: Mutant, rule: Rule, case: Case, dtypes: Sequence[str], numbers: Numbers) -> Gaps:
    parameter = case.params[0]
    steps = max(case.keep) - case.t0 + 1
    kept = {e.t: e.params[0] for e in case.expect}
    largest: dict[str, Fraction | None] = dict.fromkeys(dtypes, Fraction(0))
    run = updates(
        mutant.rule, hyper=exact_hyper(case, rule), theta0=sent(parameter.theta0), gradients=[sent(row[0] or ()) for row in case.grads[:steps]],
        lr=None if case.lr is None else sent(case.lr[:steps]), courses=courses_of(case, rule, range(steps)),
        state0=None if parameter.state0 is None else {n: sent(x) for n, x in parameter.state0.items()},
        t0=case.t0, repeats=parameter.repeats, inputs=inputs_of(case, rule, range(steps)), numbers=numbers, digits=DIGITS,
    )  # fmt: skip
    for step in run:
        if step.t not in kept:
            continue
        golden = kept[step.t]
        for name in ("theta", *rule.state_names):
            theirs = exact(step.theta if name == "theta" else step.state[name], numbers)
            printed = golden.theta if name == "theta" else golden.state[name]
            for d in (d for d, so_far in largest.items() if so_far is not None):
                gap, so_far = largest_gap(theirs, printed, golden.bound[d][name]), largest[d]
                largest[d] = None if gap is None or so_far is None or gap > MARGIN else max(so_far, gap)
        if all(gap is None for gap in largest.values()):
            break
    return largest
