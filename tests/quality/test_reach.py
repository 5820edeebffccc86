"""Which planted bugs the search can reach, with small rules only: the whole list is `python -m tests.quality.reach`."""

from __future__ import annotations

from refopt.catalogue import rule
from refopt.catalogue.symbols import lr, momentum, velocity
from refopt.language.expression import g, theta
from tests.implementations.formula import rewritten
from tests.quality.reach import reached


def test_a_named_formula_an_edit_and_a_formula_out_of_reach() -> None:
    nesterov = rule("nesterov")
    assert reached(nesterov, rewritten(nesterov, theta=theta - velocity)) == "momentum"
    assert reached(nesterov, rewritten(nesterov, theta=theta + (momentum * velocity + lr * g))) is not None
    assert reached(nesterov, rewritten(nesterov, theta=theta - "1.0001" * (momentum * velocity + lr * g))) is None
