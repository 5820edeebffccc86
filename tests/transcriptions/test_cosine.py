"""Cosine and pi: digits known from elsewhere, and identities."""

from __future__ import annotations

from decimal import Decimal, localcontext

import pytest

from . import digits
from .by_hand import WORKING_DIGITS, agree, number, numbers, root
from .cosine import cosine, pi

PI_100 = "3.1415926535897932384626433832795028841971693993751058209749445923078164062862089986280348253421170680"
COSINES = {
    "0.5": "0.877582561890372716116281582603829651991645197109744053",
    "1": "0.540302305868139717400936607442976603732310420617922228",
    "2": "-0.416146836547142386997568229500762189766000771075544891",
    "-2": "-0.416146836547142386997568229500762189766000771075544891",
    "22": "-0.999960826394637126454174739212693774135988467479419293",
    "1000000": "0.936752127533144786938532535074918775708097804212365880",
}


def test_a_hundred_digits_of_pi() -> None:
    with digits(101):
        assert str(pi())[:102] == PI_100


def test_pi_is_rounded_to_the_precision_asked_for() -> None:
    with digits(12):
        assert Decimal("3.14159265359") == pi()


@pytest.mark.parametrize("x", COSINES)
def test_cosine_has_the_digits_of_the_tables(x: str) -> None:
    assert agree(Decimal(COSINES[x]), cosine(Decimal(x)), 50)


@pytest.mark.parametrize("precision", [20, 60, 100])
def test_cosine_has_as_many_digits_as_the_context(precision: int) -> None:
    with digits(precision + 30):
        expected = cosine(Decimal(1))
    with digits(precision):
        assert +expected == cosine(Decimal(1))


def test_cosines_that_are_square_roots() -> None:
    assert agree((root(5) + 1) / 4, cosine(pi() / 5))
    assert agree(number("1/2"), cosine(pi() / 3))
    assert agree(root(3) / 2, cosine(pi() / 6))
    assert agree((root(6) + root(2)) / 4, cosine(pi() / 12))
    assert agree((root(6) - root(2)) / 4, cosine(5 * pi() / 12))


def test_cosine_at_multiples_of_pi() -> None:
    assert Decimal(1) == cosine(Decimal(0))
    assert [Decimal((-1) ** n) for n in range(8)] == [cosine(n * pi()) for n in range(8)]
    assert abs(cosine(pi() / 2)) < Decimal("1e-78")


def test_cosine_of_the_double_angle() -> None:
    for x in numbers("-7/3", "1/100", "3/2", "19/6", 40):
        assert agree(2 * cosine(x) ** 2 - 1, cosine(2 * x))


def test_cosine_of_a_huge_number_loses_no_digits() -> None:
    with digits(160):
        expected = cosine(Decimal(10) ** 30)
    assert agree(expected, cosine(Decimal(10) ** 30), 75)


def test_cosine_leaves_the_precision_of_the_caller_as_it_was() -> None:
    with localcontext() as context:
        cosine(Decimal(1000))
        assert context.prec == WORKING_DIGITS
