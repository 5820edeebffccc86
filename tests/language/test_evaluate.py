"""One tree in many arithmetics: integers stay exact, equal parts are computed once, only the branch taken is evaluated."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from refopt.errors import NotImplementedYet, UndefinedName
from refopt.language.evaluate import Arithmetic, Evaluation, binary64, evaluate, is_integral, rational
from refopt.language.expression import (
    Kind,
    both,
    equal,
    exp,
    floor,
    k,
    literal,
    maximum,
    minimum,
    pi,
    scalar,
    sqrt,
    t,
    where,
)

x, y = scalar("x"), scalar("y")
every = scalar("every", kind=Kind.INTEGER)


def _counting(calls: Counter[str]) -> Arithmetic:
    """Binary64 with a narrow literal, so that what was computed exactly can be told from what was not."""

    def counted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            calls[name] += 1
            return function(*args)

        return call

    operations: dict[str, Callable[..., Any]] = {
        "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": lambda a, b: a / b, "neg": lambda a: -a,
        "pow": lambda a, b: a**b, "square": lambda a: a * a, "sqrt": math.sqrt, "lt": lambda a, b: a < b, "floor": math.floor,
        "eq": lambda a, b: a == b,
    }  # fmt: skip
    return Arithmetic("counted", float, lambda: math.pi, {n: counted(n, f) for n, f in operations.items()})


def _value(tree: Any, calls: Counter[str] | None = None, **environment: Any) -> Any:
    return evaluate(tree, environment, _counting(Counter() if calls is None else calls))


def test_a_tree_is_evaluated_in_the_order_in_which_it_was_written() -> None:
    assert _value((x + y) + 1, x=1e16, y=1.0) != _value(x + (y + 1), x=1e16, y=1.0)
    assert _value(x - y * 2 + pi, x=1.0, y=0.25) == 1.0 - 0.25 * 2 + math.pi


def test_floor_of_a_multiple_is_exact_where_binary64_is_one_too_low() -> None:
    tree = floor(literal(1) / every * k)
    cases = [(s, n) for s in range(1, 401) for n in (1, 3, 41)]
    assert all(_value(tree, every=s, k=n * s) == n for s, n in cases)
    assert (49, 1) in {(s, n) for s, n in cases if math.floor((1 / s) * (n * s)) != n}


def test_an_integer_exponent_reaches_the_arithmetic_as_a_python_int() -> None:
    seen: list[Any] = []

    def power(a: Any, b: Any) -> Any:
        seen.append(b)
        return a**b

    arithmetic = Arithmetic("seen", float, lambda: math.pi, {"pow": power, "sub": lambda a, b: a - b})
    evaluate(x ** (t - 1), {"x": 0.5, "t": 2**53 + 2}, arithmetic)
    evaluate(x ** floor(k / 3), {"x": 0.5, "k": 7}, arithmetic)
    evaluate(x**y, {"x": 0.5, "y": 2.0}, arithmetic)
    evaluate(x ** (k / 2), {"x": 0.25, "k": 3}, arithmetic)
    assert seen == [2**53 + 1, 2, 2.0, 1.5]
    assert [type(n) for n in seen] == [int, int, float, float]


def test_only_the_branch_taken_is_evaluated() -> None:
    """sqrt(-1) and 1/0 stand in the branch that is not taken."""
    assert _value(where(x < 0, 0, sqrt(x)), x=-1.0) == 0
    assert _value(where(equal(t, 1), 0, 1 / (t - 1)), t=1) == 0
    assert _value(where(both(t < 3, k < 3), x, y), t=1, k=5, x=1.0, y=2.0) == 2.0


def test_equal_parts_are_computed_once() -> None:
    calls: Counter[str] = Counter()
    root = sqrt(x + y)
    evaluation = Evaluation({"x": 4.0, "y": 5.0}, _counting(calls))
    assert evaluation.value(root * root + root) == 12
    assert evaluation.value(root) == 3
    assert calls == {"add": 2, "sqrt": 1, "mul": 1}


def test_a_symbol_without_a_value_is_named() -> None:
    with pytest.raises(UndefinedName, match="y has no value") as caught:
        _value(x + y, x=1.0)
    assert caught.value.help == "known here: x"


def test_an_operation_without_a_meaning_is_named() -> None:
    with pytest.raises(NotImplementedYet, match="the operation exp has no meaning in counted numbers"):
        _value(exp(x), x=1.0)


def test_rational_trees_have_an_exact_value() -> None:
    tree = maximum(t / 3, minimum(k, 2)) ** 2 - literal("0.1")
    assert is_integral(tree)
    assert rational(tree, {"t": 10, "k": 3}) == Fraction(100, 9) - Fraction(1, 10)
    assert rational(both(t < 3, t >= 1), {"t": 2}) is True
    assert not is_integral(tree * x) and not is_integral(pi * t)
    with pytest.raises(NotImplementedYet, match="has no exact rational value"):
        rational(sqrt(t), {"t": 4})


@pytest.mark.parametrize(("written", "exact"), [("0.1", Fraction(0.1)), (1, Fraction(1)), (0.5, Fraction(1, 2)), (Fraction(1, 3), Fraction(1 / 3))])
def test_a_written_hyperparameter_is_the_binary64_number_that_programs_get(written: str | float | Fraction, exact: Fraction) -> None:
    assert binary64(written) == exact


def test_a_power_whose_exponent_moves_is_taken_in_the_numbers_of_the_engine() -> None:
    tree = literal("0.96") ** t
    assert not is_integral(tree)
    arithmetic = Arithmetic("floats", float, lambda: math.pi, {"pow": lambda a, b: a**b})
    assert evaluate(tree, {"t": 2**31}, arithmetic) == 0.0, "as a fraction it would have 10^10 digits"
