"""What foreign code computes, as text: in the rule's words where they say it, and never something else."""

from __future__ import annotations

import pytest

from refopt import catalogue
from refopt.catalogue.symbols import beta1, eps, lr, m, v
from refopt.language.expression import Expression, g, literal, sqrt, t, theta, where
from refopt.language.text import infix
from refopt.lifting.lifted import Lifted
from refopt.proof.formula import Line, parted, tidy, written

ADAM = catalogue.rule("adam")
NEW_M = m + (1 - beta1) * (g - m)


def _lifted(theta_after: Expression) -> Lifted:
    later = {"theta": theta_after, "m": NEW_M}
    return Lifted("mine", "", "", ADAM.hyper, (m,), {"m": literal(0)}, later, later)


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (theta + (-lr) * g, "theta - lr*g"),
        (theta + (-lr / (1 - beta1)) * (m / v), "theta - lr / (1 - beta1) * m / v"),
        (theta - (-1 * g) * (1 / v), "theta + g / v"),
        (theta + literal("-0.5") * m, "theta - 0.5*m"),
        ((-m) * (-v), "m*v"),
        (v * v + 1 * m, "v^2 + m"),
    ],
)
def test_signs_and_ones_that_nobody_writes_are_left_out(tree: Expression, text: str) -> None:
    assert infix(tidy(tree)) == text


def test_a_new_state_stands_under_its_name_and_in_the_rules_form() -> None:
    lines = written(_lifted(theta - lr * NEW_M / (sqrt(v) + eps)), ADAM)
    assert Line("m", "beta1*m + (1 - beta1)*g") in lines
    assert lines[-1].name == "theta" or lines[-2].name == "theta"
    assert any(x.name == "theta" and x.value == "theta - lr * m / (sqrt(v) + eps)" for x in lines)


def test_a_choice_is_never_hidden_by_a_value_that_it_mostly_has() -> None:
    lines = written(_lifted(theta - where(t > 10**7, 2 * lr, lr) * NEW_M), ADAM)
    assert any("where(t > 10000000, 2*lr, lr)" in x.value for x in lines)


def test_only_lines_that_part_are_shown() -> None:
    a, b, c = Line("m", "1"), Line("theta", "2"), Line("theta", "3")
    assert parted((a, b), (a, c)) == ((b,), (c,))
    assert parted((a, b), (a, b)) == ((a, b), (a, b))
