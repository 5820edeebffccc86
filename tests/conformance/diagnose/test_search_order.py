"""The order of the search, on evidence made by hand: what stands in which level, and when there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from refopt.catalogue import rule
from refopt.catalogue.candidates import pairs
from refopt.conformance.diagnose.cause import ComputedIn
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.looks import Looks
from refopt.conformance.diagnose.precision_causes import Cause
from refopt.conformance.diagnose.run_change import OtherDefault
from refopt.conformance.diagnose.search_order import Trial, dropped, edit_levels, named_levels, with_causes
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.model import Model
from refopt.golden.change import Change, Kind
from refopt.golden.description import Edited, Name
from refopt.golden.model import Case, CaseKind
from refopt.language.rule import Rule
from refopt.report.words import told
from refopt.rounding.formats import FLOAT32, FLOAT64
from tests.conformance.made import ADAM, SGD, case_of, evidence_of, first_update, observed

MOMENTUM = rule("momentum")
WRONG = [[0.5, -3.25], [0.25, -2.5]]
"""theta = (1, -2) by g = (1, 2) and (0.5, -1) with a rate of 1/2 comes to (0.5, -3) and (0.25, -2.5)."""


def _case() -> Case:
    return case_of(SGD, [["1", "2"], ["0.5", "-1"]], hyper={"lr": "0.5"})


def _run(case: Case, thetas: Sequence[Sequence[float]] = WRONG, mode: Mode = Mode.STEPWISE, r: Rule = SGD) -> Evidence:
    return Evidence(r, lambda asked: {}, {}, [observed(r, case, thetas)], FLOAT64, mode)


def _named(evidence: Evidence) -> list[list[Trial]]:
    return list(named_levels(evidence, evidence.by_reference))


def _edits(evidence: Evidence) -> list[list[Trial]]:
    return list(edit_levels(evidence, evidence.by_reference))


def test_variants_come_before_two_variants_and_those_before_a_cause_of_the_reference_and_that_before_one_of_a_variant() -> None:
    evidence = evidence_of(ADAM, [first_update(theta=[1.0, 1.0, 1.0, 1.0])])
    own, two, reference, with_cause = _named(evidence)
    assert [t.name for t in own[:4]] == ["adam/eps_hat", "adam/eps_in_sqrt", "adam/uncorrected", "adam/l2"], "its own variants first"
    assert {r.name for r in pairs(ADAM, False)} <= {t.name for t in two} and not {t.name for t in two} & {t.name for t in own}
    assert all(t.cause.of is None for t in (*own, *two)) and all(t.cause.of for t in (*reference, *with_cause))
    assert {t.formula.name for t in reference if t.formula is not None} == {"adam"}
    assert {t.formula.name for t in with_cause if t.formula is not None} == {t.name for t in own}
    assert all(t.edit is None for level in (own, two, reference, with_cause) for t in level)


def test_a_rule_that_needs_a_hyperparameter_whose_value_is_not_known_is_no_variant_of_another_family() -> None:
    names = {t.name for t in _named(_run(_case()))[0]}
    assert "momentum" not in names and "adam" not in names
    known = replace(_run(_case()), settings={"momentum": 0.9})
    assert "momentum" in {t.name for t in _named(known)[0]}


def test_edits_come_from_the_run_to_the_formula_and_to_edits_with_a_cause_last() -> None:
    lr = float(np.float32(0.1))
    case = case_of(SGD, [["1", "2"]], hyper={"lr": "0.1"})
    levels = [level for level in _edits(_run(case, [[1 + lr, -2 + 2 * lr]])) if level]  # uphill, and with a rate that went through float32
    texts = [[told(t.edit) for t in level if t.edit is not None] for level in levels]
    assert all(t.edit is not None and t.nearest == "sgd" for level in levels for t in level)
    uphill = "theta: theta - lr*g -> theta + lr*g"
    assert not any(x.startswith("theta: ") for x in texts[0]) and uphill in texts[1]
    read_off = [t for t in levels[1] if t.cause.of is not None]  # the steps are -1 times as long but for that rounding: no other level need be tried
    assert uphill in {told(t.edit) for t in read_off if t.edit is not None} and not any("0.99" in x or "1.00" in x for x in texts[1])
    assert all(t.cause.of is None for level in levels[:-1] for t in level if t not in read_off)
    assert all(t.cause.of and t.formula is not None for t in levels[-1]) and uphill in texts[-1]


def test_nothing_of_a_level_is_made_before_the_one_above_it_was_tried() -> None:
    evidence = _run(_case())
    judged = evidence.by_reference
    looked: list[Name] = []

    class Watched(Looks):
        def coarse(self, model: Model) -> float:
            looked.append(model.name)
            return super().coarse(model)

    watched = Evidence(SGD, lambda asked: {}, {}, evidence.observations, FLOAT64, Mode.STEPWISE)
    vars(watched)["looks"] = Watched(watched)
    levels = edit_levels(watched, judged)
    next(levels)
    assert looked == [], "the last level alone looks at every edit coarsely"
    list(levels)
    assert "theta: theta - lr*g -> theta + lr*g" in map(told, looked)


def test_an_edit_that_leaves_the_run_as_it_is_is_ruled_out_by_a_look_at_what_fails() -> None:
    first = _edits(_run(_case()))[0]
    assert first and all(t.attempt is not None and not t.attempt.fits and (t.attempt.distance or 0) > 1 for t in first)


def test_where_defaults_alone_fail_other_defaults_are_tried_and_nothing_else() -> None:
    case = replace(_case(), kind=CaseKind.DEFAULTS, hyper={}, hyper_expected={"lr": "0.5"})
    evidence = _run(case)
    assert _named(evidence) == []
    (others,) = _edits(evidence)
    assert others and all(isinstance(t.edit, OtherDefault) and t.edit.name == "lr" and t.edit.default == "0.01" for t in others)
    for t in others:
        assert t.evidence is not None and t.evidence.hypers(SGD)[0]["lr"] != Fraction(1, 2)


def test_in_a_closed_loop_named_formulas_alone_are_tried() -> None:
    evidence = _run(_case(), mode=Mode.CLOSED_LOOP)
    assert len(list(named_levels(evidence, []))) == 2
    assert list(edit_levels(evidence, [])) == []


def test_a_cause_that_a_coarse_look_rules_out_is_known_to_fail_and_one_of_broken_values_needs_broken_values() -> None:
    evidence = _run(_case())
    model = Model("sgd", SGD)
    found = list(with_causes(evidence, model))
    assert found and all(t.cause.of and t.formula is SGD for t in found)
    assert all(t.attempt is not None and not t.attempt.fits for t in found if t.cause.scalar), "an eighth of a step is no matter of float32"
    assert not any(t.cause.excuses for t in found)


def test_a_trial_goes_by_its_edit_and_else_by_its_formula() -> None:
    cause = Cause(ComputedIn(FLOAT32), Model("sgd", SGD))
    assert Trial(cause).name == "sgd"
    edit = Change(Kind.ALWAYS, "lr", value="1")
    assert Trial(cause, edit=edit, nearest="sgd").name == Edited("sgd", edit)


def test_a_dropped_term_is_an_edit_of_the_reference_without_a_cause() -> None:
    found = dropped(evidence_of(ADAM, [first_update()]))
    assert found and all(t.cause.of is None and t.nearest == "adam" and t.edit for t in found)
