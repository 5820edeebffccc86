"""Plain text and canonical text: what is printed is read back as the tree that was written."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from refopt.catalogue import rules, schedules
from refopt.language.expression import Expression, cast, literal, maximum, operation, scalar, sqrt, where
from refopt.language.text import canonical, infix, number
from tests.language.reading import LETTERS, folded, random_tree, read_text

a, b, k = LETTERS["a"], LETTERS["b"], LETTERS["k"]


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (a - (b - k), "a - (b - k)"),
        ((a - b) - k, "a - b - k"),
        (a - (b + k), "a - (b + k)"),
        (a + (b + k), "a + (b + k)"),
        (a * (b * k), "a*(b*k)"),
        (a * b * k, "a*b*k"),
        (a / (b / k), "a / (b / k)"),
        (a / b / k, "a / b / k"),
        (a / (b * k), "a / (b*k)"),
        (a * (b / k), "a * (b / k)"),
        ((a + b) * k, "(a + b)*k"),
        (-(a * b), "-a*b"),
        ((-a) * b, "(-a)*b"),
        (-(a + b), "-(a + b)"),
        (a - (-b), "a - -b"),
        (operation("neg", -a), "-(-a)"),
        ((-a) ** 2, "(-a)^2"),
        (-(a**2), "-a^2"),
        ((a**2) ** 2, "(a^2)^2"),
        ((a * b) ** 2, "(a*b)^2"),
        (a ** (b**k), "a^(b^k)"),
        ((a**b) ** k, "(a^b)^k"),
        (a ** (k - 1), "a^(k - 1)"),
        (1 - a**k, "1 - a^k"),
        (literal("-1/3") * a, "(-1/3)*a"),
        (a / literal("1/3"), "a / (1/3)"),
        (literal("0.001") * a, "0.001*a"),
        (sqrt(a + b) / 2, "sqrt(a + b) / 2"),
        (where(k < 3, a, b) + 1, "where(k < 3, a, b) + 1"),
        (cast(a, "float32"), "cast(a, float32)"),
        (maximum(a - b, k) * 2, "max(a - b, k)*2"),
    ],
    ids=lambda x: str(x),
)
def test_parentheses_stand_where_the_order_needs_them_and_nowhere_else(tree: Expression, text: str) -> None:
    assert infix(tree) == text
    assert folded(read_text(text)) == folded(tree)


def test_trees_of_any_shape_are_read_back_as_they_were_written() -> None:
    generator = random.Random(1)
    for _ in range(2000):
        tree = random_tree(generator, 4)
        assert folded(read_text(infix(tree))) == folded(tree), infix(tree)


@pytest.mark.parametrize("rule", rules(variants=True), ids=lambda r: r.name)
def test_two_rules_that_print_alike_are_alike(rule: object) -> None:
    texts = [(r.text(), tuple(canonical(let.value) for let in r.steps)) for r in rules(variants=True)]
    assert len({text for text, _ in texts}) == len({trees for _, trees in texts}) == len(texts)


def test_a_schedule_prints_its_closed_form_and_its_recursion() -> None:
    lines = {s.name: s.text().splitlines() for s in schedules(variants=True)}
    assert lines["exponential"] == ["lr_k <- lr*factor^k", "lr_k <- lr_prev*factor   (the same, from the step before)"]
    assert [len(x) for x in lines.values()] == [len(s.lets) + (s.recursion is not None) for s in schedules(variants=True)]


def test_names_can_be_replaced_in_print() -> None:
    assert infix(a * b**2, {"a": "x", "b": "y"}) == "x*y^2"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2", "2"),
        ("-3", "-3"),
        ("0.5", "0.5"),
        ("1/3", "1/3"),
        ("-7/6", "-7/6"),
        ("1e-8", "0.00000001"),
        ("0.10", "0.1"),
        ("1e25", "1" + "0" * 25),
        ("98765432109876543210987654321098765432.0625", "98765432109876543210987654321098765432.0625"),
    ],
)
def test_a_number_is_printed_exactly(value: str, text: str) -> None:
    assert number(Fraction(value)) == text
    assert Fraction(text) == Fraction(value)


def test_a_long_binary_fraction_is_printed_as_a_fraction() -> None:
    assert number(Fraction(0.1)) == "3602879701896397/36028797018963968"


def test_canonical_texts_are_equal_for_equal_trees_only() -> None:
    generator = random.Random(2)
    trees = [random_tree(generator, 3) for _ in range(600)]
    by_text: dict[str, Expression] = {}
    for tree in trees:
        assert by_text.setdefault(canonical(tree), tree) == tree
    assert len(by_text) == len(set(trees))


def test_canonical_text_tells_a_cast_to_one_format_from_a_cast_to_another() -> None:
    x = scalar("x")
    assert canonical(cast(x, "float32")) == "(cast[float32] x)"
    assert canonical(cast(x, "float32")) != canonical(cast(x, "float16"))
