"""LaTeX is read back as the tree that was written, and stands in the paper's letters."""

from __future__ import annotations

import random

import pytest

from refopt.catalogue import rule
from refopt.language.expression import Expression, absolute, equal, floor, literal, sqrt, where
from refopt.language.latex import latex
from tests.language.reading import LETTERS, folded, random_tree, read_latex

a, b, k, eta, v_max = (LETTERS[name] for name in ("a", "b", "k", "lr", "v_max"))


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (a - (b - k), r"a - \left(\hat b - k\right)"),
        (a * (b * k), r"a\,\left(\hat b\,k\right)"),
        ((a + b) * k, r"\left(a + \hat b\right)\,k"),
        (-(a + b), r"-\left(a + \hat b\right)"),
        (eta * a / (sqrt(b) + k), r"\frac{\eta\,a}{\sqrt{\hat b} + k}"),
        ((a / b) ** 2, r"\left(\frac{a}{\hat b}\right)^{2}"),
        ((a**2) ** 2, r"\left(a^{2}\right)^{2}"),
        ((-a) ** 2, r"\left(-a\right)^{2}"),
        (-(a**2), r"-a^{2}"),
        (literal("1/2") ** k, r"\left(\tfrac{1}{2}\right)^{k}"),
        (literal("-1/2") * a, r"\left(\tfrac{-1}{2}\right)\,a"),
        (v_max**2, r"{v^{\max}}^{2}"),
        (sqrt(a) ** 2, r"\sqrt{a}^{2}"),
        (absolute(a) ** 2, r"\left\lvert a \right\rvert^{2}"),
        (a ** floor(k / 2), r"a^{\left\lfloor \frac{k}{2} \right\rfloor}"),
        (
            where(equal(k, 1), a, b) + a,
            r"\left(\begin{cases} a & k = 1 \\ \hat b & \text{otherwise} \end{cases}\right) + a",
        ),
    ],
    ids=lambda x: str(x),
)
def test_parentheses_stand_where_the_order_needs_them(tree: Expression, text: str) -> None:
    assert latex(tree) == text
    assert folded(read_latex(text)) == folded(tree)


def test_trees_of_any_shape_are_read_back_as_they_were_written() -> None:
    generator = random.Random(3)
    for _ in range(2000):
        tree = random_tree(generator, 4, without=frozenset({"cast"}))
        assert _signed(read_latex(latex(tree))) == _signed(tree), latex(tree)


def _signed(node: Expression) -> Expression:
    """-2 as one number; a fraction bar of two numbers stays a division, for a small fraction is a number."""
    from refopt.language.expression import operation

    args = tuple(_signed(x) for x in node.args)
    if node.op == "neg" and args[0].op == "literal":
        assert args[0].value is not None
        return literal(-args[0].value)
    return operation(node.op, *args) if args else node


def test_a_rule_prints_previous_values_with_the_index_of_the_step_before() -> None:
    assert rule("adam").latex().splitlines()[1:] == [
        r"m_t &\leftarrow \beta_1\,m_{t-1} + \left(1 - \beta_1\right)\,g_t \\",
        r"v_t &\leftarrow \beta_2\,v_{t-1} + \left(1 - \beta_2\right)\,g_t^{2} \\",
        r"\hat m_t &\leftarrow \frac{m_t}{1 - \beta_1^{t}} \\",
        r"\hat v_t &\leftarrow \frac{v_t}{1 - \beta_2^{t}} \\",
        r"\theta_t &\leftarrow \theta_{t-1} - \frac{\eta\,\hat m_t}{\sqrt{\hat v_t} + \epsilon}",
        r"\end{aligned}",
    ]


def test_a_letter_with_a_superscript_is_kept_together_before_an_index() -> None:
    assert r"{v^{\max}}_t &\leftarrow \max\left({v^{\max}}_{t-1}, v_t\right)" in rule("amsgrad").latex()
