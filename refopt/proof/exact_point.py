"""A few updates at an exact rational point, in SymPy's exact numbers: roots stay roots, nothing is rounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import sympy as sp

from refopt.errors import RefoptError
from refopt.language.evaluate import Arithmetic, evaluate
from refopt.language.expression import Expression
from refopt.language.hyper import Hyper
from refopt.language.lists import spread
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.lifting.identity import is_nonzero


class NoValue(Exception):
    """A formula that has no value at a point: a division by zero, a root of a negative number."""


@dataclass(frozen=True)
class Nothing:
    """Placeholder where a formula has no value; `why` in a few words."""

    why: str


class TooLarge(RefoptError):
    """A power so high that its digits cannot be written: the point says nothing."""


HIGHEST = 2**16
"""The highest power that is computed exactly of a number that has other powers than 0 and 1."""


def _is_zero(x: Any) -> bool:
    return bool(x == 0) or not (x.is_Rational or is_nonzero(x))


def _divided(x: Any, y: Any) -> Any:
    if _is_zero(y):
        raise NoValue("division by 0")
    return x / y


def _root(x: Any) -> Any:
    if not _is_zero(x) and bool(x < 0):
        raise NoValue("the root of a negative number")
    return sp.sqrt(x)


def _logarithm(x: Any) -> Any:
    if _is_zero(x) or bool(x < 0):
        raise NoValue("the logarithm of a number that is not positive")
    return sp.log(x)


def _power(x: Any, y: Any) -> Any:
    y = sp.sympify(y)
    if not _is_zero(x):
        if not y.is_integer and bool(x < 0):
            raise NoValue("a fractional power of a negative number")
    elif y != 0 and bool(y < 0):
        raise NoValue("a negative power of 0")
    if y.is_number and abs(y) > HIGHEST and not (_is_zero(x) or abs(x) == 1):
        raise TooLarge(f"{x} to the power of {y} is too long to be computed exactly")
    return x**y


SYMPY = Arithmetic(
    "exact SymPy",
    lambda x: sp.Rational(x.numerator, x.denominator),
    lambda: sp.pi,
    {
        "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": _divided,
        "neg": lambda x: -x, "pow": _power, "square": lambda x: x**2, "sqrt": _root, "abs": sp.Abs, "sign": sp.sign,
        "max": sp.Max, "min": sp.Min, "floor": sp.floor, "exp": sp.exp, "log": _logarithm, "cos": sp.cos, "sin": sp.sin, "tanh": sp.tanh,
        "cbrt": lambda x: sp.sign(x) * sp.Abs(x) ** sp.Rational(1, 3),
        "lt": lambda x, y: bool(x < y), "le": lambda x, y: bool(x <= y), "gt": lambda x, y: bool(x > y), "ge": lambda x, y: bool(x >= y),
        "eq": lambda x, y: bool(sp.Eq(x, y)), "and": lambda x, y: x and y, "or": lambda x, y: x or y, "cast": lambda x: x,
    },
)  # fmt: skip
"""Exact numbers: rationals, and roots and cosines of them as they are."""


@dataclass(frozen=True)
class Run:
    """A run of one element from the start: hyperparameters, theta_0, and a gradient, a rate and further inputs by name for each update."""

    hyper: Mapping[str, Fraction]
    theta0: Fraction
    gradients: tuple[Fraction, ...]
    rates: tuple[Fraction, ...]
    inputs: Mapping[str, tuple[Fraction, ...]] = field(default_factory=dict)


def exact(x: Fraction) -> Any:
    """The fraction as a SymPy number."""
    return sp.Rational(x.numerator, x.denominator)


def exact_thetas(rule: Rule, run: Run, name: str = "theta") -> list[Any]:
    """theta, or the state that is named, after each update, exactly; Nothing for the first update that has no value and for all after it."""
    numbers: dict[str, Any] = {name: exact(run.hyper[name]) for name in rule.hyper_names}
    numbers["theta"] = exact(run.theta0)
    for state in rule.state:
        numbers[state.name] = evaluate(state.initial, numbers, SYMPY)
    thetas: list[Any] = []
    for t, (gradient, rate) in enumerate(zip(run.gradients, run.rates, strict=True), start=1):
        numbers |= {"g": exact(gradient), "t": t, **{n: exact(run.inputs[n][t - 1]) for n in rule.input_names}}
        numbers |= rule.at_rate(exact(rate))
        try:
            for let in rule.steps:
                numbers[let.name] = evaluate(let.value, numbers, SYMPY)
        except NoValue as reason:
            return [*thetas, *[Nothing(str(reason))] * (len(run.gradients) - len(thetas))]
        thetas.append(numbers[name])
    return thetas


def exact_value(node: Expression, numbers: Mapping[str, Any]) -> Any:
    """The value of a tree, or Nothing."""
    try:
        return evaluate(node, numbers, SYMPY)
    except NoValue as reason:
        return Nothing(str(reason))


def at_point(h: Hyper, value: Any) -> dict[str, Any]:
    """The value of a hyperparameter by its name; of a list, that it has as its one entry."""
    return spread(h.name, (value,)) if h.is_list else {h.name: value}


def exact_rates(first: Schedule, second: Schedule, hyper: Mapping[str, Fraction], k: int) -> tuple[Any, Any]:
    """The rates of two schedules at step k, exactly."""
    numbers: dict[str, Any] = {"k": k}
    for h in (*first.hyper, *second.hyper):
        whole = h.symbol.kind.value == "integer"
        numbers |= at_point(h, int(hyper[h.name]) if whole else exact(hyper[h.name]))
    return exact_value(first.rate, numbers), exact_value(second.rate, numbers)
