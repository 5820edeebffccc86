"""Slips of a tree: what each is made from, and what it is not made from."""

from __future__ import annotations

from refopt.golden.compound_edits import addends, complemented, divisors, slips
from refopt.language.expression import Expression, g, scalar, sqrt, tensor, theta
from refopt.language.text import infix

a, b = scalar("a"), scalar("b")
v = tensor("v")


def _made(node: Expression, *factors: Expression) -> set[str]:
    return {infix(tree) for _, _, tree in slips(node, factors)}


def test_b_and_one_minus_b_change_places_wherever_they_stand() -> None:
    assert infix(complemented(b * v + (1 - b) * g, b)) == "(1 - b)*v + b*g"
    assert complemented(a * v, b) == a * v


def test_parentheses_are_dropped_and_set_too_wide() -> None:
    assert "a*v + g" in _made(a * (v + g))
    assert "a*(v + g)" in _made(a * v + g)
    assert "(1 - b)^a" in _made(1 - b**a)


def test_a_factor_is_put_to_a_whole_product_once_and_not_to_each_of_its_operands() -> None:
    made = [infix(tree) for _, _, tree in slips(b * v * g, [a])]
    assert made.count("b*v*g*a") == 1
    assert not any(text.startswith("b*a") for text in made)


def test_an_addend_is_one_that_the_tree_has() -> None:
    node = theta - g / (sqrt(v) + b)
    assert addends(node) == [b]
    assert "theta - g / (sqrt(v + b) + b)" in _made(node)
    assert divisors(node) == [sqrt(v) + b]
