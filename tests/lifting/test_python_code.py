"""Python functions that formulas pass through: copies whose helpers are copied with them, and whose loops are proved."""

from __future__ import annotations

import math
from typing import Any

import pytest

from refopt.language.expression import scalar, t
from refopt.lifting.paths import Facts, explore
from refopt.lifting.python_code import symbolic_call, symbolic_class
from refopt.lifting.scalar import Scalar
from refopt.lifting.unreadable import CannotRead

X = Scalar(scalar("x"))
seen: list[Any] = []


def _power(base: float, exponent: int) -> float:
    result, factor, left = 1.0, float(base), abs(exponent)
    while left:
        if left % 2 == 1:
            result *= factor
        factor *= factor
        left //= 2
    return result if exponent >= 0 else 1 / result


def _one_more(base: Any, exponent: Any) -> Any:
    result, factor, left = base, base, exponent
    while left > 0:
        result = result * factor if left % 2 else result
        factor, left = factor * factor, left // 2
    return result


def _ends_early(base: float, exponent: int) -> float:
    result, factor, left = 1.0, base, exponent
    while left > 1:
        if left % 2 == 1:
            result *= factor
        factor *= factor
        left //= 2
    return result


def _looks_in(base: float, exponent: int) -> float:
    result, factor, left = 1.0, base, exponent
    while left:
        seen.append(left)
        if left % 2 == 1:
            result *= factor
        factor *= factor
        left //= 2
    return result


def _keeps_the_factor(base: float, exponent: int) -> float:
    factor, left = base, exponent
    while left:
        factor *= factor
        left //= 2
    return factor + 1


def _calls(base: Any, exponent: Any) -> Any:
    return _helped(base) + _power(base, exponent)


def _helped(base: Any) -> Any:
    return math.sqrt(float(base)) if isinstance(base, float) else float(base)


def _run(function: Any, exponent: Any) -> str:
    found = explore(lambda: {"theta": symbolic_call(function)(X, exponent).tree}, Facts((), {"t": 2}))
    return str(found.values["theta"])


@pytest.mark.parametrize(
    ("function", "exponent", "formula"),
    [
        (_power, Scalar(t), "x^t"), (_power, 3, "x^3"), (_power, Scalar(t) // 3, "x^floor(t / 3)"), (_power, -Scalar(t), "1 / x^(-(-t))"),
        (_one_more, Scalar(t), "x*x^t"), (_calls, Scalar(t), "sqrt(x) + x^t"),
    ],
)  # fmt: skip
def test_a_loop_that_is_a_power_is_read_as_one(function: Any, exponent: Any, formula: str) -> None:
    assert _run(function, exponent) == formula


@pytest.mark.parametrize("function", [_ends_early, _looks_in, _keeps_the_factor])
def test_a_loop_that_is_not_or_does_more_than_assign_is_not(function: Any) -> None:
    with pytest.raises((CannotRead, TypeError)):
        _run(function, Scalar(t))


def test_a_loop_on_numbers_runs_as_it_stands() -> None:
    assert symbolic_call(_ends_early)(3.0, 5) == _ends_early(3.0, 5)
    assert symbolic_call(_power)(0.3, -7) == _power(0.3, -7)


class Framework:
    """A framework's own class."""

    def rounded(self, x: Any) -> Any:
        """A machine number."""
        return float(x)


class Own(Framework):
    """A class that people write around it."""

    exact = staticmethod(_helped)

    def whole(self, x: Any) -> Any:
        """x as a whole number."""
        return int(x) + 1 if isinstance(x, int | Scalar) else None


def test_methods_and_static_ones_let_formulas_pass_and_stay_methods() -> None:
    made = symbolic_class(Own, "torch")()
    assert isinstance(made, Own) and str(made.whole(Scalar(t)).tree) == "t + 1" and str(made.exact(X).tree) == "sqrt(x)" and made.whole(2) == 3


def test_a_frameworks_own_class_stays_what_it_is() -> None:
    assert symbolic_class(Own, "tests") is Own
    with pytest.raises(CannotRead):
        symbolic_class(Own, "tests")().rounded(X)
