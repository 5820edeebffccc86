"""A finding made by hand: what its parts say together, without any framework or run."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from refopt.catalogue.optimizers.sgd import SGD
from refopt.conformance.diagnose.attempt import Attempt
from refopt.conformance.diagnose.search import Explanation
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.model import Model
from refopt.conformance.judge.resume.loss import Loss, Reset, Resumption
from refopt.conformance.judge.summary import CaseResult
from refopt.conformance.protocol.implementation import NoAnswer, Ran, Skipped, Snapshot
from refopt.conformance.protocol.observe import Observation
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.verdict.approach import Approach
from refopt.conformance.verdict.conformance import Conformance, Fault, Precision
from refopt.conformance.verdict.diagnosis import Diagnosis
from refopt.conformance.verdict.format_verdict import Finding, case_lines
from refopt.conformance.verdict.ground import CaseLine, Ground
from refopt.conformance.verdict.verdict import Verdict
from refopt.golden import store
from refopt.golden.description import Several
from refopt.golden.model import Result

CASES = [c for c in store.packed_cases("sgd") if c.result == Result.MUST][:2]
EDIT = Several((Reason(Why.HIDES), Reason(Why.EMPTY)))


def finding(verdict: Conformance = Conformance.CONFORMS, **parts: object) -> Finding:
    return Finding("float32", verdict, Approach(Mode.STEPWISE), **parts)  # type: ignore[arg-type]


def explanation(*results: CaseResult, fits: bool = True) -> Explanation:
    attempt = Attempt(Model(SGD.name, SGD), results, True)
    return Explanation(attempt, (attempt,) if fits else ())


def whole(*findings: Finding, expected: str | None = None, strict: bool = False) -> Verdict:
    return Verdict("mine", "", "sgd", findings, expected, strict)


def test_a_finding_has_few_parts_and_each_says_one_thing() -> None:
    assert len(fields(Finding)) <= 12 and all(len(fields(part)) <= 7 for part in (Diagnosis, Ground, Approach, CaseLine))


@pytest.mark.parametrize("verdict", list(Conformance))
def test_precision_is_reduced_by_a_cause_under_a_named_formula_only(verdict: Conformance) -> None:
    assert finding(verdict).precision is Precision.FULL
    reduced = finding(verdict, diagnosis=Diagnosis(cause=Reason(Why.EMPTY))).precision
    assert (reduced is Precision.REDUCED) == (verdict in (Conformance.CONFORMS, Conformance.VARIANT))


def test_what_explains_is_the_first_that_fits_else_the_reference() -> None:
    results = (CaseResult("a", claims=3, no_claims=1, ratio=0.5), CaseResult("b", claims=2, failures=1, ratio=4.0))
    fitting, not_fitting = Diagnosis(explanation(*results)), Diagnosis(explanation(*results, fits=False))
    assert fitting.best is fitting.found[0] and not_fitting.best is not_fitting.reference and not not_fitting.found
    assert (fitting.claims, fitting.no_claims, fitting.ratio) == (5, 1, 4.0)
    assert (Diagnosis().best, Diagnosis().claims, Diagnosis().ratio) == (None, 0, None)


def test_several_formulas_are_ambiguous_and_edits_are_counted() -> None:
    assert Diagnosis(matches=("a", "b")).ambiguous and Diagnosis(edit=EDIT, equal_edits=("a", "b")).ambiguous
    assert not Diagnosis(matches=("a",)).ambiguous
    assert (Diagnosis().edits, Diagnosis(edit=EDIT).edits, Diagnosis(edit=Reason(Why.EMPTY)).edits) == (0, 2, 1)


def test_a_known_formula_that_loses_its_state_only_loses() -> None:
    lost = Resumption(1, losses=(Loss(Reset(("v",)), "a", 1),))
    loses = finding(Conformance.DEVIATES, diagnosis=Diagnosis(nearest="sgd"), resumption=lost)
    assert loses.only_loses and whole(loses).fault(loses) is Fault.LOSES_STATE
    for other in (replace(loses, diagnosis=Diagnosis(edit=EDIT, nearest="sgd")), replace(loses, verdict=Conformance.CONFORMS), replace(loses, resumption=None)):
        assert not other.only_loses


def test_the_worst_format_speaks_for_the_whole_and_a_lost_case_is_a_fault_of_a_format_that_conforms() -> None:
    line = CaseLine(CASES[0], Conformance.NO_ANSWER, 0.0)
    lost = finding(ground=Ground((line,)))
    reduced = replace(finding(diagnosis=Diagnosis(cause=Reason(Why.EMPTY))), dtype="bfloat16")
    both = whole(lost, reduced)
    assert both.worst is reduced and [fault for _, fault in both.faults] == [Fault.LOST] and both.exit == 1
    assert [fault for _, fault in whole(reduced, strict=True).faults] == [Fault.PRECISION]
    assert whole(replace(reduced, verdict=Conformance.SKIPPED)).exit == 2


def test_each_case_has_a_line_with_its_verdict_or_the_reason_why_it_has_none() -> None:
    ran = Ran(Snapshot((), ()), ())
    seen = [
        Observation(CASES[0], None, ran, 0.0),
        Observation(CASES[1], None, NoAnswer("raised ValueError: odd", t=3, raised=True), 0.0),
        Observation(replace(CASES[1], id="x"), None, Skipped(Reason(Why.NO_RATE)), 0.0),
        Observation(replace(CASES[1], id="y", result=Result.REJECT), None, ran, 0.0),
        Observation(replace(CASES[1], id="z", result=Result.REJECT), None, NoAnswer("no", refuses=True), 0.0),
    ]
    failing = finding(Conformance.DEVIATES, diagnosis=Diagnosis(explanation(CaseResult(CASES[0].id, claims=1, failures=1, ratio=9.0), fits=False)))
    lines = case_lines(seen, failing)
    assert [line.verdict for line in lines] == [
        Conformance.DEVIATES, Conformance.NO_ANSWER, Conformance.SKIPPED, Conformance.SKIPPED, Conformance.CONFORMS
    ]  # fmt: skip
    assert lines[1].reason == Reason(Why.AT_UPDATE, ("3",), "raised ValueError: odd") and lines[1].message == "raised ValueError: odd"
    assert [line.reason for line in lines[2:4]] == [Reason(Why.NO_RATE), Reason(Why.ACCEPTS)]
