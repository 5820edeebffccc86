"""What fits is written as a person writes it."""

from __future__ import annotations

from refopt.catalogue import rule
from refopt.conformance.diagnose.attempt import Attempt
from refopt.conformance.diagnose.precision_causes import causes
from refopt.conformance.judge.model import Model, in_force
from refopt.rounding.formats import FLOAT32


def test_the_numbers_that_a_cause_puts_into_a_formula_are_not_written() -> None:
    adam = rule("adam")
    put_in = [c for c in causes(Model("adam", adam), in_force(adam, {}, {}), FLOAT32) if c.model.rule.hyper_names != adam.hyper_names]
    assert put_in, "some causes put numbers of their own into the formula"
    assert all(Attempt(c.model, (), True, c.of, formula=adam).written == adam != c.model.rule for c in put_in)
    assert Attempt(put_in[0].model, (), True).written == put_in[0].model.rule
