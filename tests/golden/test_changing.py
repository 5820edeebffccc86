"""Values that change from update to update, of a case made by hand."""

from __future__ import annotations

from fractions import Fraction

from refopt.catalogue import rule
from refopt.golden.changing import changes, course, courses_of, in_update
from tests.conformance.made import case_of

MOMENTUM = rule("momentum")
GRADS = [["1", "1"], ["1", "1"], ["1", "1"]]
RATES, SHARES = ("0.5", "0.25", "0.1"), ("0.5", "0.75", "0.9")


def test_a_case_without_rates_and_courses_changes_nothing() -> None:
    still = case_of(MOMENTUM, GRADS)
    assert not changes(still) and in_update(still, MOMENTUM, 1) == {}


def test_the_values_of_an_update_are_those_of_its_place_as_binary64_holds_them() -> None:
    moving = case_of(MOMENTUM, GRADS, lr=RATES, courses={"momentum": SHARES})
    assert changes(moving)
    assert in_update(moving, MOMENTUM, 2) == {"lr": Fraction(0.1), "momentum": Fraction(0.9)}
    assert in_update(moving, MOMENTUM, 0) == {"lr": Fraction(1, 2), "momentum": Fraction(1, 2)}


def test_a_course_of_what_another_rule_has_is_left_out() -> None:
    moving = case_of(MOMENTUM, GRADS, courses={"momentum": SHARES})
    assert in_update(moving, rule("sgd"), 0) == {} and courses_of(moving, rule("sgd"), [0, 1]) == {}


def test_the_course_of_some_updates_has_their_values_in_their_order() -> None:
    moving = case_of(MOMENTUM, GRADS, courses={"momentum": SHARES})
    assert courses_of(moving, MOMENTUM, [0, 2]) == {"momentum": course([Fraction(1, 2), Fraction(0.9)])}
