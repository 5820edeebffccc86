"""Between which numbers the value of a tree lies, for all values of its symbols: enough to see signs, and what is never zero.

A range is never too narrow: every rule here holds for real numbers, and what nothing is known of is any number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from typing import TypeAlias

from refopt.language.expression import Expression, Kind
from refopt.language.hyper import Hyper

Known: TypeAlias = Mapping[Expression, "Range"]
"""Known ranges of some trees, symbols above all."""
LONGEST_POWER = 8


@dataclass(frozen=True)
class End:
    """An end of a range: its value, None for infinity, and whether the value itself is outside."""

    value: Fraction | None
    open: bool = False


@dataclass(frozen=True)
class Range:
    """All numbers from `low` to `high`; without zero where `nonzero` says so."""

    low: End = End(None)
    high: End = End(None)
    nonzero: bool = False

    @property
    def is_nonnegative(self) -> bool:
        """True where no value is below zero."""
        return self.low.value is not None and self.low.value >= 0

    @property
    def is_positive(self) -> bool:
        """True where every value is above zero."""
        return self.low.value is not None and (self.low.value > 0 or (self.low.value == 0 and (self.low.open or self.nonzero)))

    @property
    def is_nonpositive(self) -> bool:
        """True where no value is above zero."""
        return (-self).is_nonnegative

    @property
    def has_no_zero(self) -> bool:
        """True where zero is no value."""
        return self.nonzero or self.is_positive or (-self).is_positive

    def __neg__(self) -> Range:
        def turned(end: End) -> End:
            return end if end.value is None else End(-end.value, end.open)

        return Range(turned(self.high), turned(self.low), self.nonzero)

    def at(self, share: Fraction) -> Fraction:
        """The number at this share of the way from the low end to the high one; of a range with one end, so far from it."""
        low, high = self.low.value, self.high.value
        if low is None:
            return share if high is None else high - share
        return low + share if high is None else low + share * (high - low)

    def meet(self, other: Range) -> Range:
        """Range of the numbers in both."""
        low = max((e for e in (self.low, other.low) if e.value is not None), key=lambda e: (e.value, e.open), default=End(None))
        high = min((e for e in (self.high, other.high) if e.value is not None), key=lambda e: (e.value, not e.open), default=End(None))
        return Range(low, high, self.nonzero or other.nonzero)

    def join(self, other: Range) -> Range:
        """Smallest range that holds both."""
        lows, highs = (self.low, other.low), (self.high, other.high)
        low = End(None) if any(e.value is None for e in lows) else min(lows, key=lambda e: (e.value, e.open))
        high = End(None) if any(e.value is None for e in highs) else max(highs, key=lambda e: (e.value, not e.open))
        return Range(low, high, self.has_no_zero and other.has_no_zero)


ANY = Range()
ONE, ZERO = Fraction(1), Fraction(0)
NONNEGATIVE, POSITIVE = Range(End(ZERO)), Range(End(ZERO, True))


def exactly(value: Fraction) -> Range:
    """The range of one number."""
    return Range(End(value), End(value))


def of_hypers(hypers: tuple[Hyper, ...]) -> dict[Expression, Range]:
    """Ranges of hyperparameters by their domains."""
    known: dict[Expression, Range] = {}
    for hyper in hypers:
        known[hyper.symbol] = _of_symbol(hyper.symbol)
        for condition in hyper.conditions:
            known = narrowed(known, condition, True)
    return known


def narrowed(known: Known, condition: Expression, holds: bool) -> dict[Expression, Range]:
    """Ranges that are known where the condition holds, or where it does not."""
    found = dict(known)
    if condition.op == "and":
        if holds:
            return narrowed(narrowed(found, condition.args[0], True), condition.args[1], True)
        return found
    if condition.op == "or":
        if not holds:
            return narrowed(narrowed(found, condition.args[0], False), condition.args[1], False)
        return found
    x, y = condition.args
    for node, other, op in ((x, y, condition.op), (y, x, _SWAPPED[condition.op])):
        if other.value is not None:
            found[node] = range_of(node, known).meet(_side(op, other.value, holds))
    return found


_SWAPPED = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le", "eq": "eq"}
_OPPOSITE = {"lt": "ge", "ge": "lt", "gt": "le", "le": "gt"}


def _side(op: str, value: Fraction, holds: bool) -> Range:
    if op == "eq":
        return exactly(value) if holds else Range(nonzero=value == 0)
    op = op if holds else _OPPOSITE[op]
    end = End(value, op in ("lt", "gt"))
    return Range(high=end) if op in ("lt", "le") else Range(low=end)


def range_of(node: Expression, known: Known) -> Range:
    """Between which numbers the tree lies."""
    return Ranges(known).of(node)


class Ranges:
    """Ranges of many trees under the same knowledge; a sub-tree is looked at once."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self._found: dict[Expression, Range] = {}

    def of(self, node: Expression) -> Range:
        """Between which numbers the tree lies."""
        if node not in self._found:
            own = self._computed(node)
            self._found[node] = own.meet(self.known[node]) if node in self.known else own
        return self._found[node]

    def _computed(self, node: Expression) -> Range:
        if node.op == "literal":
            assert node.value is not None
            return exactly(node.value)
        if node.op == "constant":
            return Range(End(Fraction(3)), End(Fraction(4)))
        if node.op == "symbol":
            return _of_symbol(node)
        if node.op == "where":
            sides = [range_of(a, narrowed(self.known, node.args[0], holds)) for a, holds in zip(node.args[1:], (True, False), strict=True)]
            return sides[0].join(sides[1])
        if node.op in ("mul", "sub") and node.args[0] == node.args[1]:
            return square(self.of(node.args[0])) if node.op == "mul" else exactly(ZERO)
        if node.op == "mul" and len(factors := _factors(node)) > len(set(factors)):
            counts = Counter(factors)
            squares = [reduce(mul, [square(self.of(x))] * (n // 2)) for x, n in counts.items() if n > 1]
            return reduce(mul, [*squares, *(self.of(x) for x, n in counts.items() if n % 2)])
        if node.op == "pow":
            return _power(self.of(node.args[0]), self.of(node.args[1]), node.args[1].value)
        rule = _RULES.get(node.op)
        return rule(*(self.of(a) for a in node.args)) if rule is not None else ANY


def _factors(node: Expression) -> list[Expression]:
    """Factors of a product, products in it taken apart."""
    return [x for a in node.args for x in _factors(a)] if node.op == "mul" else [node]


def _of_symbol(symbol: Expression) -> Range:
    if symbol.sign is None:
        return ANY
    if symbol.sign == "positive":
        return Range(End(ONE)) if symbol.kind is Kind.INTEGER else POSITIVE
    return NONNEGATIVE


def _plus(x: End, y: End) -> End:
    return End(None) if x.value is None or y.value is None else End(x.value + y.value, x.open or y.open)


def add(x: Range, y: Range) -> Range:
    """The range of a sum."""
    return Range(_plus(x.low, y.low), _plus(x.high, y.high))


def mul(x: Range, y: Range) -> Range:
    """The range of a product."""
    if x.is_nonpositive and not x.is_nonnegative:
        return -mul(-x, y)
    if y.is_nonpositive and not y.is_nonnegative:
        return -mul(x, -y)
    nonzero = x.has_no_zero and y.has_no_zero
    if x.is_nonnegative and y.is_nonnegative:
        return Range(_times(x.low, y.low), _times(x.high, y.high), nonzero)
    if x.is_nonnegative or y.is_nonnegative:
        one, other = (x, y) if x.is_nonnegative else (y, x)
        below = _times(one.high, End(None if other.low.value is None else -other.low.value, other.low.open))
        return Range(End(None) if below.value is None else End(-below.value, below.open), _times(one.high, other.high), nonzero)
    return Range(nonzero=nonzero)


def _times(x: End, y: End) -> End:
    """The product of two ends that are not negative; infinity times zero is zero, as no value is infinite."""
    zeros = [e for e in (x, y) if e.value == 0]
    if zeros:
        return End(ZERO, all(e.open for e in zeros))
    if x.value is None or y.value is None:
        return End(None)
    return End(x.value * y.value, x.open or y.open)


def inverse(x: Range) -> Range:
    """The range of 1/x; any number where x may change its sign."""
    if x.is_positive:
        return Range(_over(x.high) if x.high.value is not None else End(ZERO, True), _over(x.low) if x.low.value else End(None), True)
    if (-x).is_positive:
        return -inverse(-x)
    if x.is_nonnegative:
        return POSITIVE  # where it has a value
    if x.is_nonpositive:
        return -POSITIVE
    return Range(nonzero=True)


def _over(end: End) -> End:
    assert end.value is not None
    return End(1 / end.value, end.open)


def square(x: Range) -> Range:
    """The range of x*x."""
    if x.is_nonnegative:
        return mul(x, x)
    if x.is_nonpositive:
        return mul(-x, -x)
    return Range(End(ZERO, x.nonzero), nonzero=x.nonzero)


def _absolute(x: Range) -> Range:
    if x.is_nonnegative:
        return x
    return -x if x.is_nonpositive else Range(End(ZERO, x.nonzero), nonzero=x.nonzero)


def _root(x: Range) -> Range:
    """Between x and 1: the root of a number below 1 is above it, of one above 1 below it."""
    low = x.low if x.low.value is not None and x.low.value >= 0 else End(ZERO)
    low = End(ONE, False) if low.value is not None and low.value > 1 else low
    high = End(ONE) if x.high.value is not None and x.high.value < 1 else x.high
    return Range(low, high, x.has_no_zero)


def _sign(x: Range) -> Range:
    low = -ONE if not x.is_nonnegative else ONE if x.is_positive else ZERO
    high = ONE if not x.is_nonpositive else -ONE if (-x).is_positive else ZERO
    return Range(End(low), End(high), x.has_no_zero)


def _floor(x: Range) -> Range:
    def down(end: End) -> End:
        return End(None) if end.value is None else End(Fraction(end.value // 1))

    return Range(down(x.low), down(x.high))


def _larger(x: Range, y: Range) -> Range:
    lows = [e for e in (x.low, y.low) if e.value is not None]
    low = max(lows, key=lambda e: (e.value, e.open)) if lows else End(None)
    high = End(None) if x.high.value is None or y.high.value is None else max(x.high, y.high, key=lambda e: (e.value, not e.open))
    return Range(low, high, x.has_no_zero and y.has_no_zero)


def _exponential(x: Range) -> Range:
    return Range(End(ONE, x.low.open) if x.is_nonnegative else End(ZERO, True), End(ONE, x.high.open) if x.is_nonpositive else End(None))


def _logarithm(x: Range) -> Range:
    above = x.low.value is not None and x.low.value >= 1
    below = x.high.value is not None and x.high.value <= 1
    return Range(End(ZERO, x.low.open and x.low.value == 1) if above else End(None), End(ZERO, x.high.open and x.high.value == 1) if below else End(None))


def _tangent(x: Range) -> Range:
    low = End(ZERO, x.is_positive) if x.is_nonnegative else End(-ONE, True)
    high = End(ZERO, (-x).is_positive) if x.is_nonpositive else End(ONE, True)
    return Range(low, high, x.has_no_zero)


def _power(base: Range, exponent: Range, value: Fraction | None) -> Range:
    if value is not None and value.denominator == 1 and abs(value) <= LONGEST_POWER:
        whole = _whole_power(base, int(abs(value)))
        return inverse(whole) if value < 0 else whole
    if not base.is_nonnegative:
        return ANY
    low, high = End(ZERO, base.is_positive), End(None)
    if base.low.value is not None and base.low.value >= 1 and exponent.is_nonnegative:
        low = End(ONE)
    if base.high.value is not None and base.high.value <= 1 and exponent.is_nonnegative:
        under = (base.high.value < 1 or base.high.open) and exponent.is_positive
        high = base.high if exponent.low.value is not None and exponent.low.value >= 1 else End(ONE, under)
    return Range(low, high, base.is_positive)


def _whole_power(base: Range, n: int) -> Range:
    if n == 0:
        return exactly(ONE)
    squared = reduce(mul, [square(base)] * (n // 2)) if n > 1 else exactly(ONE)
    return mul(squared, base) if n % 2 else squared


_RULES: dict[str, Callable[..., Range]] = {
    "add": add, "sub": lambda x, y: add(x, -y), "mul": mul, "div": lambda x, y: mul(x, inverse(y)), "neg": lambda x: -x, "square": square,
    "abs": _absolute, "sqrt": _root, "sign": _sign, "floor": _floor, "max": _larger, "min": lambda x, y: -_larger(-x, -y),
    "exp": _exponential, "log": _logarithm, "tanh": _tangent, "cast": lambda x: x,
    "cos": lambda x: Range(End(-ONE), End(ONE)), "sin": lambda x: Range(End(-ONE), End(ONE)),
}  # fmt: skip


def without_zero(x: Range) -> Range:
    """The same numbers but zero."""
    return replace(x, nonzero=True)
