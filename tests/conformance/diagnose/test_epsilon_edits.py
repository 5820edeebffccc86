"""Edits of the small number against a division by zero."""

from __future__ import annotations

from refopt.catalogue import rule
from refopt.conformance.diagnose.epsilon_edits import epsilons_elsewhere

FOUND = [str(r.steps[-1].value) for _, r in epsilons_elsewhere(rule("rmsprop"))]


def test_it_may_bound_the_root_from_below_in_place_of_being_added() -> None:
    assert "theta - lr * g / max(sqrt(v), eps)" in FOUND


def test_it_may_stand_inside_the_root_as_a_bound() -> None:
    assert "theta - lr * g / sqrt(max(v, eps))" in FOUND


def test_it_may_replace_a_root_that_is_zero_only() -> None:
    assert "theta - lr * g / where(sqrt(v) = 0, eps, sqrt(v))" in FOUND


def test_the_state_of_squares_may_be_kept_above_it() -> None:
    kept = [str(r.steps[0].value) for _, r in epsilons_elsewhere(rule("rmsprop"))]
    assert any(text.startswith("max(") and text.endswith(", eps)") for text in kept)


def test_a_rule_without_a_small_number_has_no_such_edit() -> None:
    assert list(epsilons_elsewhere(rule("momentum"))) == []
