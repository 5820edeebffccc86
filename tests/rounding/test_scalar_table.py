"""Scalars that are rounded once to the format of the arrays."""

from __future__ import annotations

from fractions import Fraction

import pytest

from refopt.rounding.formats import FORMATS
from refopt.rounding.scalar_table import stored
from refopt.rounding.scalars import IMPOSSIBLE, Ball, number

F = FORMATS["float32"]
U = Fraction(1, 2**24)


def test_a_number_of_the_format_has_no_error() -> None:
    assert stored(Ball(number(Fraction(1, 2)), number(0)), F, exact=True) == (number(Fraction(1, 2)), number(0))


def test_any_other_is_off_by_half_a_unit_at_most_beside_its_own_error() -> None:
    _, e = stored(Ball(number(Fraction(3)), number(Fraction(1, 2**30))), F, exact=False)
    assert e == number(Fraction(1, 2**30)) + number(U) * (3 + number(Fraction(1, 2**30)))


def test_below_the_normal_numbers_half_the_smallest_one_is_added() -> None:
    tiny = number(F.smallest_normal / 4)
    _, e = stored(Ball(tiny, number(0)), F, exact=False)
    _, flushed = stored(Ball(tiny, number(0)), F, exact=False, flush=True)
    assert e == number(U) * tiny + number(F.smallest_subnormal) / 2 and flushed > e


def test_zero_stays_zero() -> None:
    assert stored(Ball(number(0), number(0)), F, exact=False) == (number(0), number(0))


@pytest.mark.parametrize("x", [F.largest, 2 * F.largest])
def test_what_may_exceed_the_largest_number_is_impossible(x: Fraction) -> None:
    _, e = stored(Ball(number(x), number(0)), F, exact=False)
    assert e == IMPOSSIBLE.e
