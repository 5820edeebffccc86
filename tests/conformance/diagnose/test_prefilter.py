"""A quick look rules out what is another formula, and nothing that may be right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import refopt
from refopt.catalogue import rule
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.prefilter import distance
from refopt.conformance.diagnose.running_error import Look, Rough, Units
from refopt.conformance.diagnose.search import Explanation, explain
from refopt.conformance.judge.model import Model
from refopt.conformance.verdict import evaluate_format
from refopt.golden.mutants import mutants
from refopt.language.expression import scalar, sqrt, tensor
from refopt.language.rule import Rule
from refopt.rounding.formats import FLOAT32
from tests.implementations.correct import CORRECT, Correct
from tests.implementations.planted import Planted
from tests.quality.bugs import bugs

CASES = ["adam-open-low-001", "adam-open-scales-001", "adam-open-rate-001", "adam-resume-001"]
PROGRAMS = [c for c in CORRECT if c.rule == "adam"]


def seen(make: Callable[[], Any], name: str, dtype: str, monkeypatch: pytest.MonkeyPatch, cases: list[str] | None = None) -> Evidence:
    """What was seen of a program."""
    caught: list[Evidence] = []

    def catch(evidence: Evidence, *rest: Any) -> Explanation:
        caught.append(evidence)
        return explain(evidence, *rest)

    monkeypatch.setattr(evaluate_format, "explain", catch)
    refopt.check(make, name, dtypes=[dtype], cases=cases if cases is not None else CASES)
    return caught[0]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda c: c.name)
def test_no_correct_program_is_ruled_out_in_any_format(program: Correct, monkeypatch: pytest.MonkeyPatch) -> None:
    for dtype in program.dtypes:
        evidence = seen(program.make, "adam", dtype, monkeypatch)
        assert evidence.looks.misfit(Model("adam", rule("adam"))) <= 1, dtype


def test_a_number_that_a_state_starts_from_is_rounded_and_a_tensor_is_not() -> None:
    eps, theta = scalar("eps"), tensor("theta")
    known = {name: Rough(np.array([1e-8]), np.zeros(1)) for name in ("eps", "theta")}
    look = Look(known, Units.of(FLOAT32))
    assert look.started(eps).e[0] >= abs(float(np.float32(1e-8)) - 1e-8) > 0 == look.started(theta).e[0]


def test_nine_of_ten_mutants_are_ruled_out_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = seen(PROGRAMS[0].make, "adam", "float32", monkeypatch)
    every = mutants(rule("adam"))
    out = [m for m in every if evidence.looks.misfit(Model(m.id, m.rule)) > 1]
    assert len(out) >= 0.9 * len(every), [m.edit for m in every if m not in out]


def test_a_formula_without_a_number_is_ruled_out_only_where_theirs_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    bug = next(b for b in bugs() if b.name == "adam:counts_from_zero")
    assert isinstance(bug, Planted) and isinstance(bug.formula, Rule)
    evidence = seen(bug.make, "adam", "float32", monkeypatch)
    at_first = evidence.with_updates([u for u in evidence.updates if u.t == 1])
    right = seen(PROGRAMS[0].make, "adam", "float32", monkeypatch)
    counts_from_zero = Model("t - 1 for t", bug.formula)
    assert at_first.updates and at_first.looks.misfit(counts_from_zero) <= 1
    assert right.with_updates([u for u in right.updates if u.t == 1]).looks.misfit(counts_from_zero) > 1


def test_a_formula_that_has_no_value_is_not_theirs() -> None:
    x = tensor("x")
    look = Look({"x": Rough(np.array([-4.0, 4.0]), np.array([0.0, 0.0]))}, Units.of(FLOAT32))
    with np.errstate(all="ignore"):
        look.value(sqrt(x))
    assert look.impossible.tolist() == [True, False]


def test_a_value_that_is_not_finite_where_it_could_be_is_infinitely_far_unless_excused() -> None:
    ours = Rough(np.array([1.0]), np.array([1e-9]))
    assert distance(np.array([np.nan]), ours) == np.inf
    assert distance(np.array([np.nan]), ours, excuses=True) == 0
    assert distance(np.array([np.nan]), Rough(np.array([1.0]), np.array([np.inf]))) == 0
