"""A range holds every value that a tree has, and says what is never zero."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from refopt.language.evaluate import rational
from refopt.language.expression import Expression, g, literal, operation, scalar, where
from refopt.lifting.ranges import End, Range, Ranges, narrowed, range_of, without_zero

SEED = 20240611
OPERATIONS = {"add": 2, "sub": 2, "mul": 2, "div": 2, "max": 2, "min": 2, "neg": 1, "abs": 1, "square": 1, "floor": 1}
a, b = scalar("a", sign="nonnegative"), scalar("b", sign="positive")


def _inside(value: Fraction, x: Range) -> bool:
    low = x.low.value is None or value > x.low.value or (value == x.low.value and not x.low.open)
    high = x.high.value is None or value < x.high.value or (value == x.high.value and not x.high.open)
    return low and high and not (x.nonzero and value == 0)


def _tree(draw: random.Random, deep: int) -> Expression:
    if deep == 0:
        return draw.choice([a, b, g, literal(draw.randint(-3, 3)), literal(Fraction(1, 2))])
    op = draw.choice(sorted(OPERATIONS))
    args = [_tree(draw, deep - 1) for _ in range(OPERATIONS[op])]
    return operation(op, *args)


def test_no_value_lies_outside_its_range() -> None:
    draw = random.Random(SEED)
    known = {a: Range(End(Fraction(0))), b: Range(End(Fraction(0), True), End(Fraction(1), True))}
    looked = 0
    for _ in range(400):
        tree = _tree(draw, 3)
        found = range_of(tree, known)
        for _ in range(6):
            point = {"a": Fraction(draw.choice([0, 1, 2, 7])), "b": Fraction(draw.randint(1, 8), 9), "g": Fraction(draw.randint(-3, 3), 2)}
            try:
                value = rational(tree, point)
            except (ZeroDivisionError, ArithmeticError):
                continue
            looked += 1
            assert _inside(Fraction(value), found), (SEED, str(tree), point, value, found)
    assert looked > 1000


def test_a_product_of_a_factor_with_itself_is_a_square_wherever_it_stands() -> None:
    assert range_of((1 + a) * g * g, {}).is_nonnegative
    assert not range_of((1 + a) * g * g * g, {}).is_nonnegative


@pytest.mark.parametrize(("tree", "answer"), [(1 + a, True), (a, False), (b, True), (a * b, False), (where(operation("gt", g, 0), g, literal(1)), True)])
def test_what_is_never_zero_is_told(tree: Expression, answer: bool) -> None:
    assert range_of(tree, {}).has_no_zero is answer


def test_a_condition_narrows_what_it_names() -> None:
    condition = operation("eq", a, 0)
    assert range_of(a, narrowed({}, condition, False)).is_positive
    assert range_of(a, narrowed({}, condition, True)) == Range(End(Fraction(0)), End(Fraction(0)))
    assert without_zero(Ranges({}).of(a)).is_positive
