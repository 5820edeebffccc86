"""What explains a program that is not the reference: the first level at which something fits, told as a person would."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import refopt
from refopt.catalogue.symbols import beta1, lr, m
from refopt.conformance.diagnose.search import flips_the_step
from refopt.golden.change import part
from refopt.language.expression import g, theta
from tests.implementations.planted import adam, defaults

CASES = ["adam-open-basic-001", "adam-open-low-001", "adam-open-scales-001", "adam-open-eps-001", "adam-open-rate-001", "adam-open-many-001",
         "adam-open-shapes-001", "adam-resume-001"]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "edit"),
    [
        (adam.beta1_corrects_v, "v_hat: 1 - beta2^t -> 1 - beta1^t"),
        (adam.ascends, "theta: theta - lr * m_hat / (sqrt(v_hat) + eps) -> theta + lr * m_hat / (sqrt(v_hat) + eps)"),
        (adam.counts_from_two, "everywhere: t -> t + 1"),
        (adam.rate_slightly_large, "theta: the step is 1.0001 times as long"),
        (adam.first_rate_for_ever, "run: the first rate holds for ever"),
        (adam.blocks_untouched, "in full blocks of 16 elements: theta is never updated"),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_the_one_edit_is_named(make: Callable[[], Any], edit: str) -> None:
    report = refopt.check(make, "adam", dtypes=["float64"], cases=CASES)
    footer = report.footer
    assert (footer["verdict"], footer["edit"], footer["nearest"], footer["ambiguous"]) == ("deviates", edit, "adam", False)
    assert report.exit == 1


def test_where_only_the_defaults_differ_the_formula_is_right_and_they_are_told() -> None:
    report = refopt.check(defaults.rmsprop_rho_only_in_the_body, "rmsprop", dtypes=["float32"])
    assert (report.footer["verdict"], report.footer["cause"], report.exit) == ("conforms", None, 0)
    assert report.footer["defaults"] == "differ (rho 0.99, the rule's 0.9)"


def test_the_screen_shows_both_formulas_and_a_caret_under_what_differs() -> None:
    page = str(refopt.check(adam.beta1_corrects_v, "adam", dtypes=["float64"], cases=CASES)).splitlines()
    assert "    - v_hat <- v / (1 - beta2^t)" in page
    assert "    + v_hat <- v / (1 - beta1^t)" in page
    assert page[page.index("    + v_hat <- v / (1 - beta1^t)") + 1].strip() == "^^^^^"
    assert len(page) <= 24
    assert page[-1] == "exit 1: not the reference formula, nor any known variant"


def test_what_no_edit_explains_is_said_so_with_the_number_that_was_tried() -> None:
    report = refopt.check(adam.v_of_the_neighbour, "adam", dtypes=["float64"], cases=CASES, search=4)
    assert report.footer["verdict"] == "deviates"
    assert report.footer["edit"] is None
    assert "formulas and causes were tried" in " ".join(str(report).split())


def test_the_sign_of_the_step_is_told_as_such() -> None:
    assert flips_the_step(part("theta", theta - lr * g, theta + lr * g))
    assert not flips_the_step(part("m", beta1 * m + g, beta1 * m - g))
    assert not flips_the_step(part("theta", lr, beta1))


def test_a_cause_found_in_one_format_does_not_stand_in_the_way_of_the_next() -> None:
    pytest.importorskip("optax")
    report = refopt.check("optax.adam", dtypes=["float32", "bfloat16"], cases=CASES)
    assert report.footer["verdict"] == "conforms", report.footer
    assert report.footer["dtypes"]["float32"]["cause"] is not None
