"""Points on which formulas part that agree elsewhere: the ends of every domain, gradients and states of zero, and both sides of every branch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from refopt.exact.numbers import mpmath_numbers
from refopt.language.evaluate import Evaluation, rational
from refopt.language.expression import CONDITIONS, Expression, Kind, operation
from refopt.language.hyper import Hyper
from refopt.lifting.ranges import of_hypers

NEAR, FAR = Fraction(1, 2**26), Fraction(2**40)
"""Distance of a point from an open end of a domain, and the substitute for an infinite end."""
GRADIENTS = tuple(tuple(map(Fraction, written.split())) for written in ("0 0 1/2", "1/2 -1/3 0", "-1/2 0 1/3"))
"""Gradients of the runs that are tried at the ends of the domains: zero, negative, and zero after others."""
SIZES = (
    Fraction(0), *(Fraction(n, 10**d) for n, d in ((1, 12), (1, 6), (1, 3), (1, 1), (9, 1), (1, 0), (11, 1), (10, 0), (100, 0), (1000, 0))),
    Fraction(10**6), FAR,
)  # fmt: skip
COUNTS = (*range(1, 130), *(n + d for n in (250, 256, 500, 512, 1000, 1024, 10_000, 65_536, 100_000, 2**20) for d in (-1, 0, 1)))
"""Values tried for the symbols of a branch: SIZES for numbers, COUNTS for t and other whole numbers."""
DIGITS = 30


def ends(hyper: Hyper) -> Iterator[Fraction]:
    """The ends of a hyperparameter's domain: themselves where they are inside, else a point near them, or far away."""
    domain = of_hypers((hyper,))[hyper.symbol]
    whole = hyper.symbol.kind is Kind.INTEGER
    for end, inwards in ((domain.low, 1), (domain.high, -1)):
        value = inwards * -FAR if end.value is None else end.value + (inwards * (1 if whole else NEAR) if end.open else 0)
        if all(rational(c, {hyper.name: value}) for c in hyper.conditions):
            yield value


def at_the_ends(hypers: Sequence[Hyper], base: Mapping[str, Fraction]) -> Iterator[dict[str, Fraction]]:
    """The base; with one hyperparameter at an end of its domain, for every one and end; then all at their low ends, but for one."""
    yield dict(base)
    low: dict[str, Fraction] = {}
    for hyper in hypers:
        for i, value in enumerate(ends(hyper)):
            if i == 0:
                low[hyper.name] = value
            yield {**base, hyper.name: value}
    for name in low:
        yield {**base, **low, name: base[name]}


def branches(trees: Sequence[Expression]) -> tuple[Expression, ...]:
    """Expressions that branches of the trees compare with zero, each once: x - y of a comparison or of the larger of two, x of |x|."""
    found: dict[Expression, None] = {}
    for tree in trees:
        for node in tree.walk():
            if (node.op in CONDITIONS and node.op not in ("and", "or")) or node.op in ("max", "min"):
                found.setdefault(operation("sub", *node.args))
            elif node.op in ("abs", "sign"):
                found.setdefault(node.args[0])
    return tuple(found)


def on_every_side(
    difference: Expression, base: Mapping[str, Any], hypers: Mapping[str, Hyper], signs: Mapping[str, str | None], limit: int = 2
) -> Iterator[dict[str, Any]]:
    """The base with one symbol changed so that the difference is negative, zero or positive where it was not: a few points for each."""
    known = _side(difference, base)
    found: dict[int, int] = {}
    for name, symbol in {str(s.name): s for s in difference.symbols() if str(s.name) in base}.items():
        for value in _candidates(difference, name, symbol, base):
            if not _admissible(name, value, symbol, hypers, signs):
                continue
            changed = {**base, name: value}
            side = _side(difference, changed)
            if side is not None and side != known and found.get(side, 0) < limit:
                found[side] = found.get(side, 0) + 1
                yield changed


def _candidates(difference: Expression, name: str, symbol: Expression, base: Mapping[str, Any]) -> Iterator[Any]:
    if symbol.kind is Kind.INTEGER:
        root = _root(difference, name, base)
        if root is not None:
            yield from (int(root // 1) + d for d in (0, 1, -1, 2))
        yield from COUNTS
        return
    root = _root(difference, name, base)
    if root is not None:
        yield from (root, root * Fraction(9, 8), root * Fraction(7, 8), root + Fraction(1, 8), root - Fraction(1, 8))
    yield from SIZES
    yield from (-x for x in SIZES)


def _root(difference: Expression, name: str, base: Mapping[str, Any]) -> Fraction | None:
    """Zero of the difference as a function of this symbol, if it is linear in it; exact."""
    try:
        a, b, c = (rational(difference, {**base, name: Fraction(x)}) for x in (1, 2, 3))
    except Exception:  # no exact rational value: roots, divisions by zero
        return None
    if b - a != c - b or a == b:
        return None
    return Fraction(1 - a / (b - a))


def _admissible(name: str, value: Any, symbol: Expression, hypers: Mapping[str, Hyper], signs: Mapping[str, str | None]) -> bool:
    if name in hypers:
        return all(rational(c, {name: Fraction(value)}) for c in hypers[name].conditions)
    if symbol.kind is Kind.INTEGER:
        return bool(value >= (1 if symbol.sign == "positive" else 0))
    return signs.get(name) is None or value >= 0


def _side(difference: Expression, point: Mapping[str, Any]) -> int | None:
    """-1, 0 or 1: the sign of the difference at the point; None where it has no value there."""
    numbers = mpmath_numbers()
    whole = {str(s.name) for s in difference.symbols() if s.kind is Kind.INTEGER}
    with numbers.precision(DIGITS):
        given = {n: int(x) if n in whole else numbers.number(Fraction(x)) for n, x in point.items()}
        try:
            value = Evaluation(given, numbers.arithmetic).value(difference)
        except Exception:  # a division by zero, a root of a negative number: no side
            return None
        if isinstance(value, complex) or getattr(value, "imag", 0) != 0:
            return None
        return int(value > 0) - int(value < 0)
