"""What a hyperparameter that is not taken makes of a verdict, on findings made by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from refopt.catalogue import rule
from refopt.conformance.diagnose.attempt import Attempt
from refopt.conformance.diagnose.held import Effect, Held
from refopt.conformance.diagnose.run_change import FixedAt
from refopt.conformance.diagnose.search import Explanation
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.model import Model
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.verdict.approach import Approach
from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.diagnosis import Diagnosis
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.with_held import with_held

ADAMW = rule("adamw")
NO_DECAY = Held("weight_decay", "0", "0.01", "decay", Effect.SMALLER)
OWN_EPS = Held("eps", "0.125", "1e-8", "epsilon", Effect.OTHER)


def conforming() -> Finding:
    attempt = Attempt(Model("adamw", ADAMW), (), True)
    return Finding("float32", Conformance.CONFORMS, Approach(Mode.STEPWISE), Diagnosis(Explanation(attempt, (attempt,)), ("adamw",), also_fits=("adamw/x",)))


def test_where_everything_is_taken_the_finding_is_what_it_was() -> None:
    finding = conforming()
    assert with_held(finding, ()) is finding


def test_a_part_left_out_at_0_makes_the_smaller_rule_of_it() -> None:
    found = with_held(conforming(), (NO_DECAY,))
    assert (found.verdict, found.diagnosis.matches, found.diagnosis.also_fits) == (Conformance.VARIANT, ("adam",), ())
    assert found.hyperparameters.held == (NO_DECAY,) and found.diagnosis.found[0].model.rule == rule("adam")


@pytest.mark.parametrize("held", [(OWN_EPS,), (NO_DECAY, OWN_EPS)])
def test_a_value_of_its_own_is_a_constant_of_the_formula(held: tuple[Held, ...]) -> None:
    found = with_held(conforming(), held)
    assert (found.verdict, found.diagnosis.matches, found.diagnosis.nearest) == (Conformance.DEVIATES, (), "adamw")
    assert isinstance(found.diagnosis.edit, FixedAt) and set(found.diagnosis.edit.values) == set(held)


def test_values_that_were_not_found_leave_a_deviation_undecided() -> None:
    wrong = replace(conforming(), verdict=Conformance.DEVIATES, diagnosis=Diagnosis())
    unknown = tuple(replace(x, found=False) for x in (NO_DECAY, OWN_EPS))
    found = with_held(wrong, unknown)
    assert (found.verdict, found.reason) == (Conformance.SKIPPED, Reason(Why.VALUES_NOT_FOUND, ("weight_decay", "eps")))
    named = with_held(replace(wrong, diagnosis=Diagnosis(edit=FixedAt((OWN_EPS,)))), unknown)
    assert named.verdict == Conformance.SKIPPED, "with fewer than two judged cases, one unknown value is enough"
