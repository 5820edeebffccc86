"""An unknown factor of the step, read off from updates made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.looks import COARSE
from refopt.conformance.diagnose.scale_factor import factor_edit, is_rounded
from refopt.conformance.judge.mode import Mode
from refopt.language.expression import g, theta
from refopt.language.rule import Let
from refopt.language.text import infix
from refopt.report.words import told
from tests.conformance.made import ADAM, GRADIENT, HYPER, SGD, THETA, adam_from_nothing, evidence_of, update


def _evidence(factors: Sequence[Fraction | int], g: Sequence[float] = GRADIENT, mode: Mode = Mode.STEPWISE) -> Evidence:
    """Adam's first update, with the step of each element times a number."""
    right = adam_from_nothing(g=g)
    theta = [Fraction(x) + f * (y - Fraction(x)) for x, y, f in zip(THETA, right["theta"], factors, strict=True)]
    return evidence_of(ADAM, [update({"theta": THETA}, {**right, "theta": theta}, g)], mode)


@pytest.mark.parametrize(
    ("factor", "text"),
    [(1 / (1 - HYPER["beta1"]), "10"), (Fraction(1, 2), "0.5"), (Fraction(-1), "-1"), (Fraction(7, 4), "1.75")],
    ids=["1/(1-beta1)", "half", "uphill", "seven quarters"],
)
def test_the_shortest_number_that_every_step_allows_is_read_off(factor: Fraction, text: str) -> None:
    edit = factor_edit(_evidence([factor] * 4), ADAM)
    assert edit is not None and edit.of == "adam"
    assert told(edit.change) == f"theta: the step is {text} times as long"
    assert edit.rule.steps[:-1] == ADAM.steps[:-1]
    assert infix(edit.rule.steps[-1].value).startswith("theta - ") and text.lstrip("-") in infix(edit.rule.steps[-1].value)


def test_no_number_is_read_off_where_two_elements_need_different_ones() -> None:
    assert factor_edit(_evidence([10, 10, 10, 5]), ADAM) is None
    assert factor_edit(_evidence([10, -10, 10, 10]), ADAM) is None


@pytest.mark.parametrize(("factor", "short"), [(-1, "-1"), (Fraction(7, 4), "1.75")])
def test_a_number_that_is_short_but_for_the_rounding_of_a_rate_is_known_as_that(factor: Fraction | int, short: str) -> None:
    rounded = Fraction(float(np.float32(0.01))) / Fraction(0.01)
    evidence = _evidence([factor * rounded] * 4)
    exact, coarse = factor_edit(evidence, ADAM), factor_edit(evidence, ADAM, COARSE)
    assert exact is not None and coarse is not None and is_rounded(exact, coarse)
    assert told(coarse.change) == f"theta: the step is {short} times as long" and told(exact.change) != told(coarse.change)
    as_meant = factor_edit(_evidence([factor] * 4), ADAM)
    assert as_meant is not None and not is_rounded(as_meant, coarse)


def test_nothing_is_said_of_steps_that_are_right() -> None:
    assert factor_edit(_evidence([1, 1, 1, 1]), ADAM) is None


def test_a_step_of_nothing_says_nothing_about_the_factor() -> None:
    edit = factor_edit(_evidence([3, 1, 3, 3], [0.5, 0.0, -1.0, 2.0]), ADAM)
    assert edit is not None and told(edit.change) == "theta: the step is 3 times as long"
    assert factor_edit(_evidence([3, 3, 3, 3], [0.0] * 4), ADAM) is None


def test_a_parameter_that_never_moves_has_no_factor() -> None:
    """A factor of 0 is another formula: one that is told as it is."""
    assert factor_edit(_evidence([0, 0, 0, 0]), ADAM) is None


def test_it_needs_the_whole_state_and_a_rule_that_ends_in_a_step() -> None:
    assert factor_edit(_evidence([10] * 4, mode=Mode.OPEN_LOOP), ADAM) is None
    climbs = replace(SGD, steps=(Let(theta, theta + SGD.hyper[0].symbol * g),))
    longer = evidence_of(SGD, [update({"theta": [1.0]}, {"theta": [1.5]}, [1.0])])
    assert factor_edit(longer, SGD) is not None
    assert factor_edit(longer, climbs) is None
