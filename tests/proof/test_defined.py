"""A formula of the same values that has none somewhere is told from the rule's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from refopt import catalogue
from refopt.language.expression import Expression, g, operation, theta
from refopt.language.rule import Let, Rule
from refopt.lifting.needs import Wanted
from refopt.proof.defined import without_value

RULE = catalogue.rule("sgd")
LR = next(h.symbol for h in RULE.hyper if h.name == "lr")


def _with(step: Expression) -> Rule:
    return replace(RULE, steps=(Let(theta, theta - step),))


@pytest.mark.parametrize(
    ("step", "wanted"),
    [(LR * g * g / g, Wanted.NONZERO), (LR * operation("square", operation("sqrt", g)), Wanted.NONNEGATIVE), (1 / (1 / LR) * g, Wanted.NONZERO)],
)
def test_what_cancels_is_needed(step: Expression, wanted: Wanted) -> None:
    need = without_value(RULE, _with(step))
    assert need is not None and need.wanted is wanted


@pytest.mark.parametrize("step", [LR * g, LR * g * (1 + g * g) / (1 + g * g), LR * operation("sqrt", g * g) * operation("sign", g)])
def test_what_always_has_a_value_needs_nothing(step: Expression) -> None:
    assert without_value(RULE, _with(step)) is None


def test_what_is_computed_beside_the_result_is_needed_too() -> None:
    need = without_value(RULE, _with(LR * g + 0 * (1 / LR)))
    assert need is not None and need.node == LR
