"""Expressions refuse what is not exact, keep the order in which they were written, and know what they are."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from refopt.errors import InexactLiteral, RefoptError
from refopt.language import expression
from refopt.language.expression import (
    OPERATIONS,
    Expression,
    Kind,
    both,
    cast,
    either,
    equal,
    floor,
    g,
    ilog,
    k,
    literal,
    maximum,
    minimum,
    operation,
    pi,
    scalar,
    sqrt,
    t,
    tensor,
    theta,
    where,
)
from refopt.language.extent import ELEMENT, GLOBAL
from refopt.language.lists import count, whole_numbers
from refopt.language.reductions import largest, total

x, y = scalar("x"), scalar("y")
PLACES: dict[str, Callable[[Any], object]] = {
    "x + f": lambda f: x + f, "f + x": lambda f: f + x, "x - f": lambda f: x - f, "f - x": lambda f: f - x, "x * f": lambda f: x * f,
    "f * x": lambda f: f * x, "x / f": lambda f: x / f, "f / x": lambda f: f / x, "x ** f": lambda f: x**f, "f ** x": lambda f: f**x, "x < f": lambda f: x < f,
    "x <= f": lambda f: x <= f, "x > f": lambda f: x > f, "x >= f": lambda f: x >= f, "f < x": lambda f: f < x,
    "maximum": lambda f: maximum(x, f), "minimum": lambda f: minimum(f, x), "where": lambda f: where(x < 1, f, x), "equal": lambda f: equal(x, f),
    "sqrt": lambda f: sqrt(f), "literal": lambda f: literal(f),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("value", [0.1, 1.0, 2.0, float("nan"), float("inf")])
def test_a_binary_float_is_refused_wherever_it_stands(place: str, value: float) -> None:
    with pytest.raises(TypeError) as caught:
        PLACES[place](value)
    assert isinstance(caught.value, InexactLiteral)
    assert "\n" not in caught.value.message


def test_the_refusal_of_a_float_says_its_digits_the_way_out_and_the_place() -> None:
    with pytest.raises(InexactLiteral) as caught:
        _ = x * 0.1  # type: ignore[operator]
    line = caught.traceback[0].lineno + 1
    assert caught.value.message == "python float 0.1 in a rule is not exact (0.10000000000000000555...)"
    assert caught.value.help is not None
    assert caught.value.help.startswith('write "0.1" or a Fraction')
    assert caught.value.help.endswith(f"test_expression.py line {line}")


@pytest.mark.parametrize("value", [True, None, 1j, [1], "one", "", "1.", ".5", "1/0", "0x1", "nan", "inf", " 1", "1_000", "٣"])
def test_what_is_no_number_is_refused_in_one_line(value: Any) -> None:
    with pytest.raises(RefoptError) as caught:
        _ = x + value
    assert "\n" not in caught.value.message
    assert caught.value.help


@pytest.mark.parametrize("written", ["0.001", "1e-8", "-2", "1/3", "+0.5", "1E3"])
def test_a_decimal_string_is_its_exact_number(written: str) -> None:
    assert literal(written).value == Fraction(written)


def test_a_condition_is_neither_true_nor_false() -> None:
    with pytest.raises(RefoptError, match="is a formula, not yet true or false") as caught:
        _ = 0 <= x < 1
    assert caught.value.help is not None and "(0 <= x, x < 1)" in caught.value.help


def test_operands_stay_in_the_order_in_which_they_were_written() -> None:
    product = y * x * 2
    assert [str(n) for n in product.walk()] == ["y*x*2", "y*x", "y", "x", "2"]
    assert x + y != y + x
    assert (x + y) + 1 != x + (y + 1)
    assert [s.name for s in (y * x + x).symbols()] == ["y", "x", "x"]


def test_renaming_a_symbol_changes_nothing_but_the_name() -> None:
    def formula(first: Expression, second: Expression) -> Expression:
        return first * second / (first + 2) - second**2

    assert str(formula(x, y)).replace("x", "z") == str(formula(scalar("z"), y))


def test_trees_written_alike_are_equal_and_hash_alike() -> None:
    assert x * 2 + y == x * 2 + y
    assert len({x * 2, x * 2, x * 3}) == 2
    assert literal("0.5") == literal(Fraction(1, 2))


def test_the_second_power_is_a_square_however_the_two_is_written() -> None:
    assert x**2 == x ** literal(2) == x**"2"
    assert (x**2).op == "square"
    assert (x**3).op == "pow" and (x**t).op == "pow"


def test_the_twin_is_the_same_mathematics() -> None:
    import sympy as sp

    a, b = x.sym, y.sym
    assert ((x + y) * (x - y)).sym.expand() == a**2 - b**2
    assert (x * "0.1").sym == a / 10
    assert cast(x, "float32").sym == a
    assert where(x < 1, y, 0).sym.subs(a, 0) == b
    assert (floor(t / 3) * pi).sym == sp.floor(t.sym / 3) * sp.pi


def test_integers_stay_integers_and_conditions_are_booleans() -> None:
    assert [n.kind for n in (t - 1, t * k, -t, floor(x), literal(3), maximum(t, 1))] == [Kind.INTEGER] * 6
    assert [n.kind for n in (t / 2, t**2, x * t, literal("0.5"), pi)] == [Kind.REAL] * 5
    assert [n.kind for n in (x < y, equal(x, 1), both(x < 1, y < 1))] == [Kind.BOOLEAN] * 3


def test_the_extent_is_the_innermost_one() -> None:
    assert (x * t).extent == GLOBAL and (x * t).is_scalar
    assert (x * g).extent == ELEMENT and not (theta - x).is_scalar
    assert sorted([ELEMENT, GLOBAL]) == [GLOBAL, ELEMENT]


def test_every_operation_can_be_written_and_a_wrong_number_of_operands_is_refused() -> None:
    written = {
        cast(g, "float32"), where(x < y, g, n := tensor("n")),
        both(x <= y, x >= y), either(x < y, x > y), x <= y, x >= y, equal(x, y),
        x > y, -g, g**t, g**2, abs_(g), sign_(g), maximum(g, n), minimum(g, n), floor(x), g + n, g - n,
        g * n, g / n, sqrt(g), *(operation(op, g) for op in ("exp", "log", "cos", "sin", "tanh", "cbrt")), x < y,
        count(t >= whole_numbers("n")), ilog(t, 2), total(g), largest(g),
    }  # fmt: skip
    assert {e.op for e in written} == set(OPERATIONS)
    with pytest.raises(RefoptError, match="no operation 'sqrt' with 2 operands"):
        operation("sqrt", x, y)
    with pytest.raises(RefoptError, match="no operation 'cube'"):
        operation("cube", x)


abs_, sign_ = expression.absolute, expression.sign


def test_writing_and_printing_formulas_loads_neither_sympy_nor_numpy() -> None:
    code = (
        "import sys; from refopt import catalogue as c; [r.text() + r.latex() + r.fingerprint for r in c.rules(variants=True)];"
        "[s.text() + s.latex() for s in c.schedules(variants=True)]; print({'sympy', 'numpy', 'mpmath'} & set(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


ROOT = Path(__file__).parents[2]


def test_equal_trees_have_equal_hashes_and_a_tree_is_the_same_key_in_another_process() -> None:
    def tree() -> Expression:
        return scalar("a") * (tensor("x", sign="positive") - "0.1") / 3

    assert hash(tree()) == hash(tree())
    assert len({tree(), tree(), scalar("a")}) == 2
    table = pickle.dumps(({tree(): "found"}, tree()))
    program = f"import pickle; table, key = pickle.loads({table!r}); print(table[key], sorted(key.symbol_names))"
    for seed in ("1", "2"):
        done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True)
        assert done.stdout == "found ['a', 'x']\n"


def test_the_names_of_a_tree_are_those_of_its_symbols() -> None:
    assert (scalar("a") + tensor("x") * scalar("a")).symbol_names == {"a", "x"}
    assert literal(2).symbol_names == pi.symbol_names == frozenset()
