"""Conditions joined and turned round, remainders and ceilings: the same in every sort of numbers and in printed code."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from refopt.errors import RefoptError
from refopt.exact.numbers import arb_numbers, decimal_numbers, mpmath_numbers
from refopt.language.evaluate import evaluate, rational
from refopt.language.expression import Expression, Kind, both, ceiling, either, equal, k, modulo, negated, scalar, unequal, where
from refopt.lowering.generate import expression

n = scalar("n", kind=Kind.INTEGER)
x = scalar("x")
CONDITIONS: tuple[tuple[Expression, str], ...] = (
    (either(k < 3, k > 5), "k < 3 or k > 5"),
    (unequal(k, 4), "k != 4"),
    (negated(equal(k, 4)), "k != 4"),
    (negated(both(k >= 2, k < 6)), "not (2 <= k < 6)"),
    (negated(either(k <= 2, equal(k, 5))), "not (k <= 2 or k == 5)"),
    (both(either(k < 2, k > 4), k <= 6), "(k < 2 or k > 4) and k <= 6"),
    (equal(modulo(k, 3), 1), "k % 3 == 1"),
    (equal(modulo(k, n), 0), "k % n == 0"),
    (equal(ceiling(k / 3), 2), "-(-k // 3) == 2"),
)


@pytest.mark.parametrize(("condition", "python"), CONDITIONS, ids=[p for _, p in CONDITIONS])
def test_a_condition_means_what_python_means_by_it(condition: Expression, python: str) -> None:
    chosen = where(condition, 1, 0)
    for count in range(9):
        values = {"k": count, "n": 4}
        wanted = int(eval(python, {}, values))
        assert rational(chosen, values) == wanted, count
        for numbers in (mpmath_numbers(), arb_numbers(), decimal_numbers()):
            assert numbers.interval(evaluate(chosen, values, numbers.arithmetic)) == (Fraction(wanted),) * 2
        assert eval(expression(chosen, "numpy"), {"math": math}, values) == wanted, expression(chosen, "numpy")
        if "floor" not in str(condition):  # integers are divided by a function of the file's own there
            assert _in_c(expression(chosen, "c"), values) == wanted


def _in_c(text: str, values: dict[str, int]) -> int:
    """The C text as Python reads it."""
    condition, _, rest = text.partition(" ? ")
    then, _, otherwise = rest.partition(" : ")
    return int(then if eval(condition.replace("&&", " and ").replace("||", " or "), {}, values) else otherwise)


def test_what_is_no_condition_cannot_be_turned_round() -> None:
    with pytest.raises(RefoptError, match="is no condition"):
        negated(x + 1)


@pytest.mark.parametrize(("backend", "wanted"), [("rust", "k < 3 || k > 5"), ("javascript", "k < 3 || k > 5"), ("jax", "jnp.logical_or(k < 3, k > 5)"),
                                                 ("fpcore", "(or (< k 3) (> k 5))"), ("json", '["or", ["lt", k')])  # fmt: skip
def test_either_is_written_in_every_language(backend: str, wanted: str) -> None:
    assert wanted in expression(either(k < 3, k > 5), backend)


def test_a_remainder_has_the_sign_of_its_divisor() -> None:
    assert [rational(modulo(k, n), {"k": a, "n": b}) for a, b in ((7, 3), (-7, 3), (7, -3))] == [7 % 3, -7 % 3, 7 % -3]
    assert rational(modulo(x, "0.25"), {"x": Fraction(3, 5)}) == Fraction(1, 10)
