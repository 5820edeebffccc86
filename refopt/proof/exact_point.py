"""A few updates at an exact rational point, in SymPy's exact numbers: roots stay roots, nothing is rounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from refopt.language.evaluate import Arithmetic, evaluate
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule

SYMPY = Arithmetic(
    "exact SymPy",
    lambda x: sp.Rational(x.numerator, x.denominator),
    lambda: sp.pi,
    {
        "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": lambda x, y: x / y,
        "neg": lambda x: -x, "pow": lambda x, y: x**y, "square": lambda x: x**2, "sqrt": sp.sqrt, "abs": sp.Abs, "sign": sp.sign,
        "max": sp.Max, "min": sp.Min, "floor": sp.floor, "exp": sp.exp, "log": sp.log, "cos": sp.cos, "sin": sp.sin, "tanh": sp.tanh,
        "lt": lambda x, y: bool(x < y), "le": lambda x, y: bool(x <= y), "gt": lambda x, y: bool(x > y), "ge": lambda x, y: bool(x >= y),
        "eq": lambda x, y: bool(sp.Eq(x, y)), "and": lambda x, y: x and y, "cast": lambda x: x,
    },
)  # fmt: skip
"""Exact numbers: rationals, and roots and cosines of them as they are."""


@dataclass(frozen=True)
class Run:
    """A run of one element from the start: hyperparameters, theta_0, and a gradient and a rate for each update."""

    hyper: Mapping[str, Fraction]
    theta0: Fraction
    gradients: tuple[Fraction, ...]
    rates: tuple[Fraction, ...]


def exact(x: Fraction) -> Any:
    """The fraction as a SymPy number."""
    return sp.Rational(x.numerator, x.denominator)


def exact_thetas(rule: Rule, run: Run) -> list[Any]:
    """theta after each update, exactly."""
    numbers: dict[str, Any] = {name: exact(run.hyper[name]) for name in rule.hyper_names}
    numbers["theta"] = exact(run.theta0)
    for state in rule.state:
        numbers[state.name] = evaluate(state.initial, numbers, SYMPY)
    thetas = []
    for t, (gradient, rate) in enumerate(zip(run.gradients, run.rates, strict=True), start=1):
        numbers |= {"g": exact(gradient), "t": t}
        if "lr" in rule.hyper_names:
            numbers["lr"] = exact(rate)
        for let in rule.steps:
            numbers[let.name] = evaluate(let.value, numbers, SYMPY)
        thetas.append(numbers["theta"])
    return thetas


def exact_rates(first: Schedule, second: Schedule, hyper: Mapping[str, Fraction], k: int) -> tuple[Any, Any]:
    """The rates of two schedules at step k, exactly."""
    numbers: dict[str, Any] = {
        h.name: int(hyper[h.name]) if h.symbol.kind.value == "integer" else exact(hyper[h.name]) for h in (*first.hyper, *second.hyper)
    }
    numbers["k"] = k
    return evaluate(first.rate, numbers, SYMPY), evaluate(second.rate, numbers, SYMPY)
