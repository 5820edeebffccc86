"""The explanation of an implementation with its own defaults: the formula is judged with the values in force, whatever they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from refopt.conformance.budget import Budget, SearchIsOver
from refopt.conformance.defaults import Beside, Defaults, compared, measured, none_given, one_more
from refopt.conformance.evidence import Attempt, Evidence
from refopt.conformance.explain import Explanation
from refopt.conformance.implementation import Implementation
from refopt.conformance.model import Model
from refopt.conformance.observe import Observation
from refopt.golden.model import Case

Explain = Callable[[Evidence], Explanation]


def with_defaults(
    implementation: Implementation,
    observations: Sequence[Observation],
    cases: Sequence[Case],
    evidence: Evidence,
    explain: Explain,
    tell: Callable[[str], None],
) -> tuple[Explanation, Evidence, Defaults | None]:
    """The explanation, the evidence with the defaults in force, and how these compare with the rule's; None where nothing says.

    `explain` explains evidence. Where the defaults are not the declared ones, what is sent is explained first, and the cases in which
    nothing is sent are then measured by the formula that was found.
    """
    if evidence.mode == "closed_loop":
        return explain(evidence), evidence, None
    asked = [o for o in evidence.observations if o.case.kind == "defaults"]
    if not asked:
        return explain(evidence), evidence, Defaults(Beside.NONE, {}, {}) if none_given(observations) else None
    expected = asked[0].case.hyper_expected or {}
    own = compared(evidence.reference, expected, {n: float(x) for n, x in evidence.settings.items()})
    rest = [o for o in evidence.observations if o.case.kind != "defaults"]
    alone = evidence.with_observations(asked)
    if not rest or _reference(alone).fits:
        explanation = explain(evidence)
        return explanation, evidence, own if explanation.found else None
    explanation = explain(evidence.with_observations(rest))
    formulas = [a for a in explanation.found if a.formula is not None or a.edit is None]
    if not explanation.found:
        return replace(explanation, reference=_reference(evidence)), evidence, None
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
        found = [_again(told, a) for a in formulas]
        if fitting := tuple(a for a in found if a.fits):
            made = replace(explanation, reference=_reference(told), found=fitting)
            return made, told, compared(evidence.reference, expected, values)
    return explain(evidence), evidence, None


def _reference(evidence: Evidence) -> Attempt:
    return evidence.attempt(Model(evidence.reference.name, evidence.reference))


def _again(evidence: Evidence, attempt: Attempt) -> Attempt:
    """An attempt over other evidence."""
    assert isinstance(attempt.model, Model)
    return replace(attempt, results=evidence.attempt(attempt.model).results)
