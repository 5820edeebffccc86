"""The explanation of an implementation with its own defaults, on runs of a momentum that is made by hand."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue import rule
from refopt.conformance.diagnose import fit
from refopt.conformance.diagnose.defaults import Beside, Defaults
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.search import Explanation
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.model import Model
from refopt.conformance.protocol.implementation import Answer, NoDefaults, Ran, Request
from refopt.conformance.protocol.observe import Observation, observe
from refopt.conformance.verdict.with_defaults import with_defaults
from refopt.golden.model import Case, CaseKind
from refopt.rounding.formats import FLOAT64
from tests.conformance.made import case_of
from tests.conformance.plain_momentum import DEFAULTS, Momentum

MOMENTUM = rule("momentum")
GRADIENTS = [["0.5", "-1"], ["2", "0.25"], ["-0.75", "1"]]
SENT = replace(case_of(MOMENTUM, GRADIENTS, hyper={"lr": "0.25", "momentum": "0.5"}), id="sent")
EXPECTED = {h.name: h.default for h in MOMENTUM.hyper}
NOT_SENT = replace(case_of(MOMENTUM, GRADIENTS), id="not_sent", kind=CaseKind.DEFAULTS, hyper={}, hyper_expected=EXPECTED)


class Explaining:
    """An explanation by the reference alone; `asked` holds the ids of the cases of each evidence that it was asked about."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, evidence: Evidence) -> Explanation:
        self.asked.append([o.case.id for o in evidence.observations])
        attempt = fit.attempt(evidence, Model(MOMENTUM.name, MOMENTUM))
        return Explanation(attempt, (attempt,) if attempt.fits else ())


def explained(
    implementation: Momentum, *cases: Case, mode: Mode = Mode.STEPWISE
) -> tuple[Explanation, Evidence, Defaults | None, list[list[str]], Evidence]:  # fmt: skip
    """What becomes of it, the evidence before, and what was asked."""
    seen = [observe(implementation, MOMENTUM, c, FLOAT64) for c in cases]
    answered = [o for o in seen if isinstance(o.answer, Ran)]
    evidence = Evidence(MOMENTUM, implementation.views, implementation.settings, answered, FLOAT64, mode)
    explain = Explaining()
    found, after, defaults = with_defaults(implementation, seen, cases, evidence, explain, lambda _: None)
    return found, after, defaults, explain.asked, evidence


def test_defaults_that_are_the_rules_are_the_same_and_everything_is_explained_at_once() -> None:
    found, after, defaults, asked, evidence = explained(Momentum(settings=DEFAULTS), SENT, NOT_SENT)
    assert found.found and after is evidence and asked == [["sent", "not_sent"]]
    assert defaults is not None and (defaults.beside, defaults.differing) == (Beside.SAME, {}) and defaults.in_force == DEFAULTS


def test_declared_defaults_that_explain_what_was_seen_are_believed() -> None:
    own = {"lr": 0.125, "momentum": 0.9}
    found, after, defaults, asked, evidence = explained(Momentum(own, own), SENT, NOT_SENT)
    assert found.found and after is evidence and len(asked) == 1
    assert defaults is not None and (defaults.beside, defaults.differing) == (Beside.DIFFER, {"lr": ("0.125", "0.01")})


def test_declared_defaults_that_explain_nothing_are_measured() -> None:
    """It says 0.01 and uses 0.125: the formula is found by what is sent, the rate by two runs with nothing sent."""
    found, after, defaults, asked, evidence = explained(Momentum({"lr": 0.125, "momentum": 0.9}, DEFAULTS), SENT, NOT_SENT)
    assert asked == [["sent"]], "the formula is looked for where everything is sent"
    assert found.found and {r.case for r in found.found[0].results} == {"sent", "not_sent"} == {r.case for r in found.reference.results}
    assert all(r.failures == 0 for r in found.found[0].results)
    assert after is not evidence and float(after.settings["lr"]) == 0.125 and float(evidence.settings["lr"]) == 0.01
    assert defaults is not None and (defaults.beside, defaults.differing) == (Beside.DIFFER, {"lr": ("0.125", "0.01")})


def test_a_formula_that_explains_nothing_that_is_sent_says_nothing_of_defaults() -> None:
    found, after, defaults, asked, evidence = explained(Momentum(sign=-1.0, settings=DEFAULTS), SENT, NOT_SENT)
    assert not found.found and defaults is None and after is evidence and asked == [["sent"]]
    assert {r.case: r.failures > 0 for r in found.reference.results} == {"sent": True, "not_sent": True}, "the reference is judged by all cases"


class OtherWayUnsent(Momentum):
    """It goes the other way where nothing is sent: no values of hyperparameters explain that."""

    def run(self, request: Request) -> Answer:
        """Carry out a run."""
        return Momentum(sign=1.0 if request.hyper else -1.0).run(request)


def test_where_no_values_explain_the_runs_without_any_the_whole_is_explained() -> None:
    found, after, defaults, asked, evidence = explained(OtherWayUnsent(settings=DEFAULTS), SENT, NOT_SENT)
    assert asked == [["sent"], ["sent", "not_sent"]] and not found.found and defaults is None and after is evidence


class OtherWaySent(Momentum):
    """It goes the other way where something is sent."""

    def run(self, request: Request) -> Answer:
        """Carry out a run."""
        return Momentum(sign=-1.0 if request.hyper else 1.0).run(request)


def test_defaults_are_compared_only_of_what_is_explained() -> None:
    found, after, defaults, asked, evidence = explained(OtherWaySent(settings=DEFAULTS), SENT, NOT_SENT)
    assert asked == [["sent", "not_sent"]] and not found.found and defaults is None and after is evidence


def test_where_nothing_was_run_without_values_nothing_is_said_unless_it_cannot_be() -> None:
    found, after, defaults, asked, _ = explained(Momentum(), SENT)
    assert found.found and defaults is None and asked == [["sent"]]
    evidence, explain = after, Explaining()
    refused = Observation(NOT_SENT, None, NoDefaults("it needs lr"), 0.0)
    _, same, none = with_defaults(Momentum(), [*evidence.observations, refused], (SENT, NOT_SENT), evidence, explain, lambda _: None)
    assert same is evidence and none == Defaults(Beside.NONE, {}, {})


def test_a_training_run_says_nothing_of_defaults() -> None:
    seen = [observe(Momentum(settings=DEFAULTS), MOMENTUM, c, FLOAT64) for c in (SENT, NOT_SENT)]
    evidence, asked = Evidence(MOMENTUM, Momentum().views, {}, seen, FLOAT64, Mode.CLOSED_LOOP), []

    def explain(of: Evidence) -> Explanation:
        asked.append(of)
        return Explanation(fit.attempt(replace(of, mode=Mode.STEPWISE), Model(MOMENTUM.name, MOMENTUM)), ())

    _, after, defaults = with_defaults(Momentum(), seen, (SENT, NOT_SENT), evidence, explain, lambda _: None)
    assert defaults is None and after is evidence and len(asked) == 1 and asked[0] is evidence
