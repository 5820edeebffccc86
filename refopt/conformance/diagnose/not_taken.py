"""Fixed values of hyperparameters that an optimizer does not take: found by measurement; all cases are then judged with them.

The value is looked for once, in the most precise format, and must explain every claim of more than one case. Values that people
use come first; else it is read off from every second case, so that the others are cases that did not fit it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import Any

from refopt.catalogue import variants
from refopt.conformance.diagnose import fit
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.held import Held, held
from refopt.conformance.diagnose.read_off import read_off
from refopt.conformance.diagnose.roles import values
from refopt.conformance.judge.counting import comes_and_goes
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.model import Model
from refopt.conformance.judge.summary import enough_claims
from refopt.conformance.judge.visibility import measure
from refopt.conformance.protocol.implementation import Answer, Implementation, Ran, Request, View, taken
from refopt.conformance.protocol.observe import observe
from refopt.golden.description import Name
from refopt.golden.model import Case, CaseKind, Result
from refopt.language.hyper import Hyper
from refopt.language.lists import base
from refopt.language.role import Role
from refopt.language.rule import Rule
from refopt.rounding.formats import Format

MOST = 2
"""Number of hyperparameters not taken that are tried in every combination of usual values; of more, each at its default or 0."""

ENOUGH, SHORT, SMALL = 16, 20, 1000
"""Cases, updates of each and elements of a tensor from which a value is found; the verdict is made of all cases."""


@dataclass(frozen=True)
class WithFixed:
    """An implementation with the values of what it does not take among its settings."""

    implementation: Implementation
    fixed: Mapping[str, float]

    @property
    def name(self) -> str:
        """As a person spells it."""
        return self.implementation.name

    @property
    def version(self) -> str:
        """Of the package it is from."""
        return self.implementation.version

    @property
    def rule(self) -> str | None:
        """The rule it is judged by."""
        return self.implementation.rule

    @property
    def resumes(self) -> bool:
        """True where it can start from a given state."""
        return self.implementation.resumes

    @property
    def settings(self) -> Mapping[str, float]:
        """Its own, and the fixed values."""
        return {**self.implementation.settings, **self.fixed}

    def views(self, rule: Rule) -> Mapping[str, View]:
        """Views of the state variables of `rule`."""
        return self.implementation.views(rule)

    def run(self, request: Request) -> Answer:
        """Carry out a run."""
        return self.implementation.run(request)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.implementation, name)


def not_taken(implementation: Implementation, rule: Rule) -> tuple[str, ...]:
    """The hyperparameters of a rule that an implementation does not take; none where it does not say what it takes."""
    takes = taken(implementation)
    return () if takes is None else tuple(n for n in rule.hyper_names if n not in takes)


def without(cases: Sequence[Case], names: Sequence[str], defaults: Mapping[str, str]) -> list[Case]:
    """Cases in which these hyperparameters are not sent, with nothing expected that was computed with their values.

    A case that is about such a hyperparameter (a value that must be refused, an edge) stays as it is: it cannot be asked.
    """
    return [
        c if c.result != Result.MUST and any(n in c.hyper and float(c.hyper[n]) != float(defaults[n]) for n in names) else _without(c, names) for c in cases
    ]


def _without(case: Case, names: Sequence[str]) -> Case:
    expected = case.hyper_expected
    return replace(
        case,
        hyper={n: x for n, x in case.hyper.items() if base(n) not in names},
        courses={n: x for n, x in case.courses.items() if n not in names},
        hyper_expected=None if expected is None else {n: x for n, x in expected.items() if n not in names},
        expect=(),
    )


def fixed_values(
    implementation: Implementation, rule: Rule, cases: Sequence[Case], formats: Sequence[Format], names: Sequence[str], tell: Callable[[Name], None]
) -> tuple[Held, ...]:
    """The fixed values of what is not taken. Where none explains the cases they are the rule's defaults: what differs is then looked for.

    Where an implementation says what stands in its code (`constants`), it is that. Of a person's own object of which many are not taken, the rule
    alone is tried, in the most precise format: its constants may be anything, and where they are not found there is no verdict.
    """
    few = bool(getattr(implementation, "constants_are_chosen", False)) and len(names) > MOST
    chosen = [h for h in rule.hyper if h.name in names]
    said: Mapping[str, str] = getattr(implementation, "constants", {})
    if set(names) <= set(said):  # the verdict is made with them, so that they are measured
        return tuple(held(h, said[h.name]) for h in chosen)
    for f in sorted(formats, key=lambda f: f.u):
        evidence = _seen(implementation, rule, cases, f, tell)
        if evidence is None:
            continue
        others = () if few else tuple(v for v in variants(rule.family) if v.name != rule.name and set(names) <= set(v.hyper_names))
        for proposed in (_usual, _read_off):
            for concept in (rule, *others):
                for found in proposed(evidence, concept, names):
                    if _explains(evidence, concept, found):
                        return tuple(held(h, found[h.name]) for h in chosen)
            # what a variant without it explains is no rule with an odd value of it
            if any(_explains(evidence, v, {}) for v in variants(rule.family) if v.name != rule.name and not set(names) & set(v.hyper_names)):
                return _as_the_rule_has_them(rule, chosen)
        if few:
            break
    return _as_the_rule_has_them(rule, chosen)


def _as_the_rule_has_them(rule: Rule, chosen: Sequence[Hyper]) -> tuple[Held, ...]:
    """Defaults, which were not found; of what only a state starts from, that is what one has who does not take it."""
    inside = {n for let in rule.steps for n in let.value.symbol_names}
    return tuple(replace(held(h, h.default), found=h.name not in inside) for h in chosen)


def _seen(implementation: Implementation, rule: Rule, cases: Sequence[Case], f: Format, tell: Callable[[Name], None]) -> Evidence | None:
    """Evidence in one format, of the cases that must come out one way and in which hyperparameters are sent."""
    must = [c for c in cases if f.name in c.dtypes and c.kind == CaseKind.OPEN_LOOP and c.result == Result.MUST and not c.courses]
    listed = [c for c in must if is_small(c) and not comes_and_goes(c)][:ENOUGH]  # how it counts absent gradients is not known yet
    observations = []
    for case in listed:
        tell(f"{f.name} {case.id}")
        observations.append(observe(implementation, rule, case, f))
    answered = [o for o in observations if isinstance(o.answer, Ran)]
    if len(answered) < 2:
        return None
    visibility = measure(implementation, rule, observations, variants(rule.family))
    if not visibility.complete:
        answered = [o for o in answered if o.case.t0 == 1 and all(p.state0 is None for p in o.case.params)]
    return Evidence(rule, implementation.views, implementation.settings, answered, f, Mode.STEPWISE if visibility.complete else Mode.OPEN_LOOP)


def _usual(evidence: Evidence, rule: Rule, names: Sequence[str]) -> Iterator[dict[str, str]]:
    """Values that people use."""
    hypers = [h for h in rule.hyper if h.name in names]
    usual = [values(h) if len(names) <= MOST else tuple(dict.fromkeys((h.default, "0"))) for h in hypers]
    for row in product(*usual):
        yield {h.name: x for h, x in zip(hypers, row, strict=True)}


def _read_off(evidence: Evidence, rule: Rule, names: Sequence[str]) -> Iterator[dict[str, str]]:
    """One that is read off beside usual ones."""
    hypers = [h for h in rule.hyper if h.name in names]
    every_second = range(0, len(evidence.observations), 2)
    for i, h in enumerate(hypers):
        # to read one off takes seconds: beside many others, those alone are tried without their term that people leave out
        others = [tuple(dict.fromkeys((x.default, "0"))) if j != i and _is_left_out(x, hypers) else (x.default,) for j, x in enumerate(hypers)]
        for row in product(*others):
            put = {x.name: value for x, value in zip(hypers, row, strict=True)}
            if (value := read_off(evidence.with_settings(put), rule, h, every_second)) is not None:
                yield {**put, h.name: value}


def _is_left_out(h: Hyper, among: Sequence[Hyper]) -> bool:
    """True where 0 is worth a trial while another is read off."""
    return len(among) <= MOST or h.role is Role.WEIGHT_DECAY


def is_small(case: Case) -> bool:
    """True where a case is short, of few elements, and starts from nothing."""
    return case.t0 == 1 and len(case.grads) <= SHORT and all(prod(p.shape) <= SMALL for p in case.params)


def _explains(evidence: Evidence, rule: Rule, values: Mapping[str, str]) -> bool:
    """True where a rule explains every claim with these values, in more than one case."""
    with_them, model = evidence.with_settings(values), Model(rule.name, rule)
    if with_them.looks.misfit(model) > 1:
        return False
    attempt = fit.attempt(with_them, model)
    return attempt.fits and enough_claims(attempt.results) and sum(r.theta_claims > 0 for r in attempt.results) > 1
