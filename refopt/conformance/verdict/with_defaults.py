"""The explanation of an implementation with its own defaults: the formula is judged with the values in force, whatever they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from refopt.conformance.diagnose import fit
from refopt.conformance.diagnose.attempt import Attempt
from refopt.conformance.diagnose.budget import Budget, SearchIsOver
from refopt.conformance.diagnose.defaults import Beside, Defaults, compared, measured, none_given, one_more
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.search import Explanation
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.model import Model
from refopt.conformance.protocol.implementation import Implementation
from refopt.conformance.protocol.observe import Observation
from refopt.golden.description import Name
from refopt.golden.model import Case, CaseKind

Explain = Callable[[Evidence], Explanation]


def with_defaults(
    implementation: Implementation,
    observations: Sequence[Observation],
    cases: Sequence[Case],
    evidence: Evidence,
    explain: Explain,
    tell: Callable[[Name], None],
) -> tuple[Explanation, Evidence, Defaults | None]:
    """The explanation, the evidence with the defaults in force, and how these compare with the rule's; None where nothing says.

    `explain` explains evidence. Where the defaults are not the declared ones, what is sent is explained first, and the cases in which
    nothing is sent are then measured by the formula that was found.
    """
    if evidence.mode == Mode.CLOSED_LOOP:
        return explain(evidence), evidence, None
    asked = [o for o in evidence.observations if o.case.kind == CaseKind.DEFAULTS]
    if not asked:
        return explain(evidence), evidence, Defaults(Beside.NONE, {}, {}) if none_given(observations) else None
    expected = asked[0].case.hyper_expected or {}
    own = compared(evidence.reference, expected, {n: float(x) for n, x in evidence.settings.items()})
    rest = [o for o in evidence.observations if o.case.kind != CaseKind.DEFAULTS]
    if not rest or _reference_fits(evidence, asked):
        explanation = explain(evidence)
        return explanation, evidence, own if explanation.found else None
    explanation = explain(evidence.with_observations(rest))
    formulas = [a for a in explanation.found if a.formula is not None or a.edit is None]
    if not explanation.found:
        return replace(explanation, reference=_extended(explanation.reference, evidence.with_observations(rest), evidence)), evidence, None
    of_asked = replace(evidence.with_observations([*asked, *one_more(implementation, cases, evidence)]), budget=Budget())
    for attempt in formulas:
        assert isinstance(attempt.model, Model)
        try:
            with of_asked.budget.running():
                values = measured(of_asked, attempt.model, tell)
        except SearchIsOver:
            values = None
        if values is None:
            continue
        told = evidence.with_observations(list(evidence.observations)).with_settings({n: repr(x) for n, x in values.items()})
        found = [_extended(a, evidence.with_observations(rest), told) for a in formulas]
        if fitting := tuple(a for a in found if a.fits):
            reference = _extended(explanation.reference, evidence.with_observations(rest), told)
            made = replace(explanation, reference=reference, found=fitting)
            return made, told, compared(evidence.reference, expected, values)
    return explain(evidence), evidence, None


def _reference_fits(evidence: Evidence, asked: Sequence[Observation]) -> bool:
    """True where the reference explains what was seen where nothing was sent.

    Updates that are judged one by one are judged with all others, so that this need not be done again.
    """
    model = Model(evidence.reference.name, evidence.reference)
    if not evidence.sees(model.rule):
        return fit.attempt(evidence.with_observations(asked), model).fits
    cases = {i for i, o in enumerate(evidence.observations) if o.case.kind == CaseKind.DEFAULTS}
    results = fit.summary(evidence, [j for j in evidence.by_reference if j.update.case in cases])
    return Attempt(model, results, True).fits


def _extended(attempt: Attempt, before: Evidence, now: Evidence) -> Attempt:
    """An attempt at the cases before, at all cases now: those with the same hyperparameters in force are not judged again."""
    model = attempt.model
    assert isinstance(model, Model)
    known = {r.case: r for r in attempt.results}
    in_force = {id(o): h for o, h in zip(before.observations, before.hypers(model.rule), strict=True)}
    same = {o.case.id for o, h in zip(now.observations, now.hypers(model.rule), strict=True) if o.case.id in known and in_force.get(id(o)) == h}
    rest = now.with_observations([o for o in now.observations if o.case.id not in same])
    results = {**{n: known[n] for n in same}, **{r.case: r for r in fit.attempt(rest, model).results}}
    return replace(attempt, results=tuple(results[o.case.id] for o in now.observations if o.case.id in results))
