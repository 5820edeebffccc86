"""The integer logarithm: of whole numbers, decided by whole numbers, the same in every engine and language."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
import sympy as sp

from refopt.errors import RefoptError
from refopt.exact.numbers import arb_numbers, decimal_numbers, mpfr_numbers, mpmath_numbers
from refopt.generated.numpy import _arguments
from refopt.generated.torch import _optimizer
from refopt.identify.arrays import ARRAYS
from refopt.language.dual import DUALS, lifted
from refopt.language.evaluate import evaluate, ilog, rational
from refopt.language.expression import Kind, floor, k, literal, operation, scalar
from refopt.language.expression import ilog as written
from refopt.language.latex import latex
from refopt.language.mathml import mathml

base = scalar("base", "b", sign="positive", kind=Kind.INTEGER)


def _by_powers(x: int, b: int) -> int:
    return max((i for i in range(70) if b**i <= x), default=0)


def test_it_is_the_largest_power_that_is_not_above() -> None:
    for b in range(2, 12):
        for x in (*range(1, 300), *(b**i + d for i in range(1, 12) for d in (-1, 0, 1))):
            assert ilog(x, b) == _by_powers(x, b) == _arguments.ilog(x, b) == _optimizer.ilog(x, b)


def test_it_is_right_where_a_logarithm_in_binary64_is_not() -> None:
    assert int(math.log(243, 3)) == 4 and ilog(243, 3) == 5
    assert ilog(10**30 - 1, 10) == 29 and ilog(10**30, 10) == 30


@pytest.mark.parametrize(("x", "b"), [(0, 2), (-5, 2), (7, 1), (7, 0), (7, -2)])
def test_it_has_a_value_everywhere_and_ends(x: int, b: int) -> None:
    assert ilog(x, b) == _arguments.ilog(x, b) == _optimizer.ilog(x, b) == rational(written(k, base), {"k": x, "base": b}) == 0


@pytest.mark.parametrize("numbers", [mpmath_numbers, arb_numbers, decimal_numbers, mpfr_numbers], ids=lambda f: f.__name__)
def test_every_sort_of_numbers_has_it(numbers: object) -> None:
    arithmetic = numbers().arithmetic  # type: ignore[operator]
    for x, b, wanted in ((242, 3, 4), (243, 3, 5), (1, 2, 0), (1024, 2, 10)):
        assert evaluate(written(k, base), {"k": x, "base": b}, arithmetic) == wanted
        assert arithmetic.operations["ilog"](arithmetic.literal(Fraction(x)), arithmetic.literal(Fraction(b))) == wanted
    assert list(ARRAYS.operations["ilog"]([242.0, 243.0], [3.0, 3.0])) == [4.0, 5.0]
    assert DUALS.operations["ilog"](lifted(243), lifted(3)).value == 5.0


def test_sympy_knows_its_value_and_that_a_floor_changes_nothing() -> None:
    tree = written(1 + floor(k / 3), base)
    assert tree.sym == operation("ilog", 1 + k / 3, base).sym
    for step in range(60):
        assert tree.sym.subs({k.sym: step, base.sym: 2}) == _by_powers(1 + step // 3, 2)
    assert tree.sym == sp.floor(sp.log(1 + k.sym / 3) / sp.log(base.sym))


def test_what_is_no_whole_number_is_refused() -> None:
    with pytest.raises(RefoptError, match="of what is no whole number"):
        written(k / 3, base)
    assert written(k, literal(2)).kind is Kind.INTEGER


def test_it_is_printed_as_the_floor_of_a_logarithm() -> None:
    tree = written(k + 1, base)
    assert str(tree) == "ilog(k + 1, base)"
    assert latex(tree) == r"\left\lfloor \log_{b} \left(k + 1\right) \right\rfloor"
    assert "<mo>⌊</mo><msub><mi>log</mi><mi>b</mi></msub>" in mathml(tree)
