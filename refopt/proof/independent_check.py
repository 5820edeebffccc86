"""A second opinion on an identity that shares nothing with SymPy's simplifier, and needs no Coq.

A rational identity is evaluated in exact fractions at random points. Two different rational functions whose difference has a
numerator of total degree at most d agree at a point drawn from a set S of numbers for each symbol with a probability of at
most d/|S| (Schwartz 1980; Zippel 1979): so often can one point be wrong, and all of them that many times less. beta^t counts
as a symbol of its own, which makes the claim stronger. Anything else (roots, maxima, cosines) is computed in Arb's balls at
admissible points: there the two values must lie in one small ball. That refutes for certain, and confirms as a sample does.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple

from refopt.errors import RefoptError
from refopt.exact.numbers import Undecided, arb_numbers, has_arb
from refopt.language.evaluate import evaluate
from refopt.language.expression import Expression, Kind
from refopt.language.hyper import Hyper
from refopt.language.text import canonical
from refopt.lifting.ranges import ANY, of_hypers

EXACT_POINTS = 4
SIZE = 2**127 - 1
"""Numbers that each symbol of a rational identity is drawn from: 1 to this."""
BALL_POINTS = 12
DIGITS, TOLD = 80, 60
"""Digits that balls carry, and digits to which two values must agree."""
ATTEMPTS = 40
"""Points that may be drawn in vain, because something is divided by zero or a root is of a negative number."""


class Stop(Enum):
    """Ends of a check before all pairs are compared."""

    NO_BALLS = auto()
    DIFFERS = auto()
    NO_VALUE = auto()


class Variable(NamedTuple):
    """A variable whose two trees are compared, after the first update or after a later one."""

    name: str
    first: bool = False


@dataclass(frozen=True)
class Checked:
    """Result for some pairs.

    same         True, False or None (nothing could be said)
    exactly      variables that were compared in exact fractions, `in_balls` those in Arb's balls
    probability  below it these fractions agree although the trees differ
    stop         what ended the check, of the variable `at`
    """

    same: bool | None
    exactly: tuple[str, ...] = ()
    in_balls: tuple[str, ...] = ()
    probability: float = 0.0
    stop: Stop | None = None
    at: Variable | None = None


def checked(pairs: Mapping[Variable, tuple[Expression, Expression]], hyper: Sequence[Hyper], seed: int = 19790801) -> Checked:
    """Are both trees of every pair the same, for all values of their symbols?"""
    draw = random.Random(seed)
    exactly, by_balls, probability = [], [], 0.0
    for variable, (a, b) in pairs.items():
        wrong = _rational(a, b, draw)
        if wrong is not None:
            exactly.append(variable.name)
            probability = max(probability, wrong)
            continue
        if not has_arb():
            return Checked(None, stop=Stop.NO_BALLS, at=variable)
        same = _in_balls(a, b, hyper, draw)
        if not same:
            return Checked(same, stop=Stop.DIFFERS if same is False else Stop.NO_VALUE, at=variable)
        by_balls.append(variable.name)
    return Checked(True, tuple(dict.fromkeys(exactly)), tuple(dict.fromkeys(by_balls)), probability)


# ---- rational identities -------------------------------------------------------------------------------------------


class _NotRational(Exception):
    """The tree is no rational function of its atoms."""


def _rational(a: Expression, b: Expression, draw: random.Random) -> float | None:
    """The largest probability that the two differ although all points agree; None where they are not rational, or a point differs."""
    try:
        (top_a, bottom_a), (top_b, bottom_b) = _degrees(a), _degrees(b)
    except _NotRational:
        return None
    degree = max(top_a + bottom_b, top_b + bottom_a)
    agreed = 0
    for _ in range(ATTEMPTS):
        atoms: dict[str, Fraction] = {}
        try:
            if _value(a, atoms, draw) != _value(b, atoms, draw):
                return None
        except ZeroDivisionError:
            continue
        agreed += 1
        if agreed == EXACT_POINTS:
            return float(Fraction(degree, SIZE)) ** EXACT_POINTS
    return None


def _degrees(node: Expression) -> tuple[int, int]:
    """Bounds of the total degree of numerator and denominator."""
    if node.op in ("literal",):
        return 0, 0
    if node.op == "symbol" or _is_atom(node):
        return 1, 0
    if node.op not in ("add", "sub", "mul", "div", "neg", "square", "pow", "cast"):
        raise _NotRational
    if node.op == "pow":
        exponent = node.args[1].value
        if exponent is None or exponent.denominator != 1 or abs(exponent) > 16:
            raise _NotRational
        (top, bottom), n = _degrees(node.args[0]), int(abs(exponent))
        return (n * top, n * bottom) if exponent >= 0 else (n * bottom, n * top)
    (top, bottom), *rest = (_degrees(x) for x in node.args)
    if node.op == "square":
        return 2 * top, 2 * bottom
    if not rest:
        return top, bottom
    top_2, bottom_2 = rest[0]
    if node.op == "mul":
        return top + top_2, bottom + bottom_2
    if node.op == "div":
        return top + bottom_2, bottom + top_2
    return max(top + bottom_2, top_2 + bottom), bottom + bottom_2


def _is_atom(node: Expression) -> bool:
    """A power whose exponent is the number of the update: a symbol of its own."""
    return node.op == "pow" and node.args[0].op == "symbol" and node.args[1].op == "symbol"


def _value(node: Expression, atoms: dict[str, Fraction], draw: random.Random) -> Fraction:
    if node.op == "literal":
        assert node.value is not None
        return node.value
    if node.op == "symbol" or _is_atom(node):
        return atoms.setdefault(canonical(node), Fraction(draw.randint(1, SIZE)))
    args = [_value(x, atoms, draw) for x in node.args]
    if node.op == "pow":
        return args[0] ** int(args[1])
    return {
        "add": lambda: args[0] + args[1], "sub": lambda: args[0] - args[1], "mul": lambda: args[0] * args[1], "div": lambda: args[0] / args[1],
        "neg": lambda: -args[0], "square": lambda: args[0] * args[0], "cast": lambda: args[0],
    }[node.op]()  # fmt: skip


# ---- the others ----------------------------------------------------------------------------------------------------


def _in_balls(a: Expression, b: Expression, hyper: Sequence[Hyper], draw: random.Random) -> bool | None:
    """True where two trees have one value at admissible points; None where too few points give a value."""
    numbers = arb_numbers()
    symbols = {str(s.name): s for tree in (a, b) for s in tree.symbols()}
    domains = {h.name: h for h in hyper}
    agreed = 0
    with numbers.precision(DIGITS):
        for _ in range(ATTEMPTS):
            point = {n: _drawn(n, s, domains, draw) for n, s in sorted(symbols.items())}
            space: dict[str, Any] = {n: int(x) if symbols[n].kind is Kind.INTEGER else numbers.number(x) for n, x in point.items()}
            try:
                low, high = numbers.interval(evaluate(a, space, numbers.arithmetic) - evaluate(b, space, numbers.arithmetic))
                size = max(abs(x) for x in numbers.interval(evaluate(a, space, numbers.arithmetic)))
            except (Undecided, ZeroDivisionError, RefoptError):
                continue
            if low > 0 or high < 0:
                return False
            if high - low > Fraction(1, 10**TOLD) * (1 + size):
                continue
            agreed += 1
            if agreed == BALL_POINTS:
                return True
    return None


def _drawn(name: str, symbol: Expression, domains: Mapping[str, Hyper], draw: random.Random) -> Fraction:
    """A random admissible value: of a hyperparameter inside its domain, of a state as its sign says, of t at least 2."""
    domain = of_hypers((domains[name],))[domains[name].symbol] if name in domains else ANY
    while True:
        if symbol.kind is Kind.INTEGER:
            value = Fraction(draw.randint(2, 40)) + max(0, ceil(domain.low.value or 0) - 2)
        else:  # a factor above 1 is never found by drawing below it
            value = domain.at(Fraction(draw.randint(1, 2**40), 2**40))
            if name not in domains and symbol.sign is None:
                value = 4 * (value - Fraction(1, 2))
        if name not in domains or domains[name].holds(value):
            return value
