"""error/bound update by update."""

from __future__ import annotations

from refopt.report.curve import curve
from tests.report import judged


def test_the_curve_is_of_the_case_that_is_shown_and_its_peak_is_the_case_s_ratio() -> None:
    found = curve(judged.variant().found.worst)
    assert found is not None
    line = next(x for x in judged.variant().lines() if x["kind"] == "case" and x["id"] == found.case)
    assert found.case == "adam-open-eps-001"
    assert f"{max(y for _, y in found.reference):.3g}" == line["ratio"]
    assert [t for t, _ in found.reference] == list(range(1, 11))


def test_beside_the_formula_that_explains_it_no_update_fails() -> None:
    found = curve(judged.variant().found.worst)
    assert found is not None
    assert found.name == "adam/eps_in_sqrt"
    assert all(y <= 1 for _, y in found.explained)
    assert all(y > 1 for _, y in found.reference)


def test_what_nothing_explains_has_one_curve_only() -> None:
    found = curve(judged.unexplained().found.worst)
    assert found is not None
    assert found.explained == ()


def test_a_schedule_and_a_broken_program_have_none() -> None:
    assert curve(judged.schedule().found.worst) is None
    assert curve(judged.broken().found.worst) is None
