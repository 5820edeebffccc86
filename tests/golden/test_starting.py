"""Values before the first update of a case."""

from __future__ import annotations

from fractions import Fraction

from refopt.catalogue import rule
from refopt.golden.model import Parameter
from refopt.golden.starting import starting

ADAGRAD = rule("adagrad")


def test_a_state_that_the_case_does_not_give_starts_where_the_rule_says() -> None:
    hyper = {h.name: Fraction(h.default) for h in ADAGRAD.hyper} | {"s0": Fraction(1, 4)}
    assert starting(ADAGRAD, hyper, Parameter((2,), 2, ("1", "-0.5"), None)) == {"theta": [1, Fraction(-1, 2)], "s": [Fraction(1, 4)] * 2}


def test_a_state_that_the_case_gives_is_that() -> None:
    hyper = {h.name: Fraction(h.default) for h in ADAGRAD.hyper} | {"s0": Fraction(1, 4)}
    assert starting(ADAGRAD, hyper, Parameter((1,), 1, ("1",), {"s": ("3",)}))["s"] == [3]
