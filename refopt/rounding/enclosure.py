"""Enclosure of one class at many elements, and the effect of each operation on it.

Each value carries (x, lo, hi, e): the exact function over the box of input errors lies in [x - lo, x + hi], and what a
program computes at inputs within the box is within e of the function at those inputs. lo and hi are kept as
differences, never as end points, so that nothing is lost to cancellation. `scale` is the largest size that met in
forming x: where x is much smaller, its centre, computed in 53 bits, may not serve as a divisor.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from refopt.errors import NotImplementedYet
from refopt.rounding import cube_root
from refopt.rounding.extended_range import absolute, as_plain, cbrt, isnan, like, log_of_size, maximum, minimum, sqrt, where

SLACK = 2.0**-20
"""Largest relative error allowed in the centre of a divisor or of a root's argument."""
CENTRE = 2.0**-48
"""Relative error of a centre computed in 53 bits, in units of its scale: at most 2^5 operations deep."""


@dataclass(frozen=True)
class Value:
    """A class at many elements. Arrays of one shape, all plain or all wide."""

    x: Any
    lo: Any
    hi: Any
    e: Any
    scale: Any

    @cached_property
    def largest(self) -> Any:
        """The largest size of the exact function over the box."""
        return maximum(absolute(self.x - self.lo), absolute(self.x + self.hi))

    @cached_property
    def smallest(self) -> Any:
        """The smallest size of the exact function over the box."""
        low, high = self.x - self.lo, self.x + self.hi
        return where((low <= 0.0) & (high >= 0.0), low * 0.0, minimum(absolute(low), absolute(high)))

    @cached_property
    def is_doubtful(self) -> Any:
        """Mask of the elements where cancellation has spoilt the centre."""
        return self.scale * CENTRE > absolute(self.x) * SLACK

    @cached_property
    def as_divisor(self) -> tuple[Any, Any]:
        """Mask of the elements where it may be zero, and the least that its computed value may be; 1 where it may be zero."""
        bad = (self.smallest <= self.e) | self.is_doubtful
        return bad, where(bad, 1.0, self.smallest - self.e)

    @cached_property
    def counts(self) -> Any | None:
        """Mask of the elements where some form of it counts; None: everywhere."""
        counts = self.e >= 0.0
        return None if np.all(counts) else counts

    @cached_property
    def nonzero(self) -> Any | None:
        """Mask of the elements where it is not zero; None: everywhere."""
        some = absolute(self.x) > 0.0
        return None if np.all(some) else some


@dataclass(frozen=True)
class Constants:
    """The constants of the format at each element: unit roundoff (with the last store's double rounding), the error
    below the smallest normal number, the smallest normal and the largest number; whether subnormals are flushed."""

    u: Any
    delta: Any
    normal: Any
    largest: Any
    flush: bool = False


def leaf(x: Any, lo: Any, hi: Any, e: Any) -> Value:
    """A value that no operation made."""
    return Value(x, lo, hi, e, absolute(x))


def rounded(value: Value, c: Constants, *, underflows: bool) -> Value:
    """The value after one rounding: e(1+u) + u|z|, and delta where the result may fall below the normal numbers."""
    return Value(value.x, value.lo, value.hi, error_after_rounding(value, value.e, c, underflows=underflows), value.scale)


def error_after_rounding(value: Value, before: Any, c: Constants, *, underflows: bool) -> Any:
    """The error after one rounding of a value that was `before` off until then."""
    size = value.largest
    e = before * (c.u + 1.0) + c.u * size
    if underflows or c.flush:
        tiny = (size + before > 0.0) & ~(value.smallest - e > c.normal)
        e = where(tiny, e + c.delta, e)
    return where(size + e > c.largest, np.inf, e)


def apply(op: str, args: tuple[Value, ...], signs: tuple[int, ...], c: Constants, *, may_be_negative: bool) -> Value:
    """The value of one operation. `may_be_negative` says that a root's argument subtracts."""
    if op == "same":
        return args[0]
    if op == "neg":
        return _negated(args[0])
    if op == "add":
        return rounded(_sum(args[0], args[1], signs), c, underflows=False)
    if op == "mul":
        return rounded(_product(args[0], args[1]), c, underflows=True)
    if op == "div":
        return rounded(_quotient(args[0], args[1]), c, underflows=True)
    if op == "reciprocal":
        zero = args[0].x * 0.0
        return rounded(_quotient(leaf(zero + 1.0, zero, zero, zero), args[0]), c, underflows=True)
    if op == "sqrt":
        return rounded(_root(args[0], may_be_negative), c, underflows=False)
    if op in ("max", "min"):
        return _larger(args[0], args[1]) if op == "max" else _negated(_larger(_negated(args[0]), _negated(args[1])))
    if op == "abs":
        a = args[0]
        both = maximum(a.lo, a.hi)
        return Value(absolute(a.x), both, both, a.e, a.scale)
    if op == "sign":
        return _sign(args[0])
    if op in ("lt", "le", "gt", "ge", "eq"):
        return _condition(op, args[0], args[1])
    if op in ("and", "or"):
        return _both(args[0], args[1]) if op == "and" else _not(_both(_not(args[0]), _not(args[1])))
    if op == "where":
        return _chosen(args[0], args[1], args[2])
    if op == "cbrt":
        return rounded(_cube_root(args[0], c), c, underflows=True)
    if op in SLOPES:
        return rounded(_smooth(op, args[0], c), c, underflows=True)
    raise NotImplementedYet(f"no bound is derived yet for the operation {op} on elements")


class Operand(Protocol):
    """A factor of a product, as the error of the product takes it: arrays, one an element, or one a way and an element."""

    @property
    def largest(self) -> Any:
        """The largest size of the exact function over the box."""

    @property
    def e(self) -> Any:
        """The error."""

    @property
    def as_divisor(self) -> tuple[Any, Any]:
        """Elements where it may be zero, and the least that its computed value may be."""


def error_before_rounding(op: str, a: Operand, b: Operand, largest: Any) -> Any:
    """Error of one more product or quotient that makes a value, before its last rounding; `largest`: the largest size of the exact function."""
    if op == "mul":
        return a.largest * b.e + b.largest * a.e + a.e * b.e
    bad, divisor = b.as_divisor
    return where(bad, np.inf, (largest * b.e + a.e) / divisor)


def _negated(a: Value) -> Value:
    return Value(-a.x, a.hi, a.lo, a.e, a.scale)


def _sum(a: Value, b: Value, signs: tuple[int, ...]) -> Value:
    a = a if signs[0] > 0 else _negated(a)
    b = b if signs[1] > 0 else _negated(b)
    x = a.x + b.x
    return Value(x, a.lo + b.lo, a.hi + b.hi, a.e + b.e, maximum(maximum(a.scale, b.scale), absolute(x)))


def _corners(changes: list[Any]) -> tuple[Any, Any]:
    """(lo, hi) that hold the changes at all corners of a box, and no change at all."""
    low = high = changes[0] * 0.0
    for change in changes:
        low, high = maximum(low, -change), maximum(high, change)
    return low, high


def _product(a: Value, b: Value) -> Value:
    ends = [(p, b.x * p) for p in (-a.lo, a.hi)], [(q, a.x * q) for q in (-b.lo, b.hi)]
    lo, hi = _corners([xq + xp + p * q for p, xp in ends[0] for q, xq in ends[1]])
    e = a.largest * b.e + b.largest * a.e + a.e * b.e
    return Value(a.x * b.x, lo, hi, e, a.scale * b.scale)


def _quotient(a: Value, b: Value) -> Value:
    """a/b: infinite where the divisor's interval holds zero, or its computed value may."""
    ends = [p * b.x for p in (-a.lo, a.hi)], [(a.x * q, b.x * (b.x + q)) for q in (-b.lo, b.hi)]
    lo, hi = _corners([(xp - xq) / size for xp in ends[0] for xq, size in ends[1]])
    bad, divisor = b.as_divisor
    x = a.x / b.x
    enclosed = Value(x, where(bad, np.inf, lo), where(bad, np.inf, hi), a.e * 0.0, a.scale / absolute(b.x))
    e = where(bad, np.inf, (enclosed.largest * b.e + a.e) / divisor)
    return Value(x, enclosed.lo, enclosed.hi, e, enclosed.scale)


def _root(a: Value, may_be_negative: bool) -> Value:
    positive = maximum(a.x, a.x * 0.0)
    r = sqrt(positive)
    low = maximum(a.x - a.lo, a.x * 0.0)
    high = maximum(a.x + a.hi, a.x * 0.0)
    lo = where(a.lo < a.x, a.lo / _nonzero(r + sqrt(low)), r)
    hi = where(a.hi > 0.0, a.hi / _nonzero(r + sqrt(high)), a.hi * 0.0)
    above = where(a.e < low, low - a.e, low * 0.0)
    e = where(a.e < low, a.e / _nonzero(sqrt(low) + sqrt(above)), sqrt(a.e))
    if may_be_negative:
        e = where((a.x - a.lo - a.e < 0.0) | a.is_doubtful, np.inf, e)
    return Value(r, lo, hi, e, r)


def _nonzero(x: Any) -> Any:
    return where(x > 0.0, x, 1.0)


def _larger(a: Value, b: Value) -> Value:
    """max is 1-Lipschitz: the larger error of its operands, always a claim; that of the larger one alone where no rounding makes the other larger."""
    x = maximum(a.x, b.x)
    first = a.x - a.lo - a.e > b.x + b.hi + b.e
    second = b.x - b.lo - b.e > a.x + a.hi + a.e
    e = where(first, a.e, where(second, b.e, maximum(a.e, b.e)))
    lo = minimum(x - a.x + a.lo, x - b.x + b.lo)
    hi = maximum(maximum(a.hi - (x - a.x), b.hi - (x - b.x)), x * 0.0)
    apart = absolute(a.x - b.x) > (a.scale + b.scale) * CENTRE * 2.0  # then the larger centre is the larger number, and errs as it did by itself
    return Value(x, lo, hi, e, where(apart, where(a.x > b.x, a.scale, b.scale), maximum(a.scale, b.scale)))


def _sign(a: Value) -> Value:
    x = where(a.x > 0.0, 1.0, where(a.x < 0.0, -1.0, a.x * 0.0))
    decided = (a.x - a.lo - a.e > 0.0) | (a.x + a.hi + a.e < 0.0) | (maximum(maximum(a.lo, a.hi), a.e) <= 0.0)
    both = where(decided, x * 0.0, absolute(x) + 1.0)
    return Value(x, both, both, both, absolute(x))


def _condition(op: str, a: Value, b: Value) -> Value:
    """1 where the condition holds, 0 where not; an error of 1 where rounding or the box may decide otherwise."""
    difference = _sum(a, b, (1, -1)) if op in ("gt", "ge") else _sum(b, a, (1, -1))
    holds = absolute(difference.x) <= 0.0 if op == "eq" else difference.x >= 0.0 if op in ("ge", "le") else difference.x > 0.0
    x = where(holds, 1.0, difference.x * 0.0)
    exact = maximum(maximum(difference.lo, difference.hi), difference.e) <= 0.0
    decided = (difference.x - difference.lo - difference.e > 0.0) | (difference.x + difference.hi + difference.e < 0.0) | exact
    doubt = where(decided, x * 0.0, 1.0)
    return Value(x, doubt, doubt, doubt, absolute(x))


def _both(a: Value, b: Value) -> Value:
    """1 where both conditions hold; decided where both are, and where one is that does not hold."""
    x = minimum(a.x, b.x)
    decided = ((a.e <= 0.0) & (b.e <= 0.0)) | ((a.e <= 0.0) & (a.x < 0.5)) | ((b.e <= 0.0) & (b.x < 0.5))
    doubt = where(decided, x * 0.0, 1.0)
    return Value(x, doubt, doubt, doubt, absolute(x))


def _not(a: Value) -> Value:
    x = 1.0 - a.x
    return Value(x, a.lo, a.hi, a.e, absolute(x))


def _chosen(condition: Value, then: Value, otherwise: Value) -> Value:
    """One branch where the condition is decided; the hull of both where it is not."""
    holds, decided = condition.x > 0.5, condition.e <= 0.0
    x = where(holds, then.x, otherwise.x)
    low = minimum(then.x - then.lo, otherwise.x - otherwise.lo)
    high = maximum(then.x + then.hi, otherwise.x + otherwise.hi)
    lo = where(decided, where(holds, then.lo, otherwise.lo), x - low)
    hi = where(decided, where(holds, then.hi, otherwise.hi), high - x)
    e = where(decided, where(holds, then.e, otherwise.e), maximum(then.e, otherwise.e) + (high - low))
    return Value(x, lo, hi, e, maximum(then.scale, otherwise.scale))


SLOPES: dict[str, tuple[Any, Any]] = {
    "exp": (np.exp, lambda low, high: np.exp(high)),
    "log": (np.log, lambda low, high: np.where(low > 0, 1 / low, np.inf)),
    "cos": (np.cos, lambda low, high: np.ones_like(low)),
    "sin": (np.sin, lambda low, high: np.ones_like(low)),
    "tanh": (np.tanh, lambda low, high: np.ones_like(low)),
}
"""Smooth functions: the function, and its largest slope between two points."""


def _smooth(op: str, a: Value, c: Constants) -> Value:
    """|f'| over the ball times its radius, plus 4 u |f|: mathematical libraries are within a few units in the last place."""
    function, slope = SLOPES[op]
    steepest = like(slope(as_plain(a.x - a.lo - a.e), as_plain(a.x + a.hi + a.e)), a.x)
    x = like(function(as_plain(a.x)), a.x)
    reach = maximum(a.lo, a.hi)
    both = where(reach > 0.0, steepest * reach, reach)  # a slope may be infinite where nothing moves
    e = where(a.e > 0.0, steepest * a.e, a.e) + (absolute(x) + both) * c.u * 3.0
    return Value(x, both, both, e, absolute(x))


def _cube_root(a: Value, c: Constants) -> Value:
    """The cube root, formed by its own function, as a power or through a logarithm: `rounding.cube_root`."""
    x, size, nearest = cbrt(a.x), absolute(a.x), a.smallest - a.e
    known = nearest > 0.0
    root = cbrt(where(known, nearest, 1.0))
    slope = where(known, 1.0 / (root * root * 3.0), np.inf)

    def apart(difference: Any) -> Any:
        some = difference > 0.0
        return where(some, minimum(slope * where(some, difference, 1.0), cbrt(difference) * cube_root.APART), difference)

    both, e = apart(maximum(a.lo, a.hi)), apart(a.e)
    share = cube_root.share(log_of_size(maximum(nearest, nearest * 0.0)), log_of_size(a.largest + a.e), as_plain(c.u))
    largest = absolute(x) + both + e
    scale = where(size > 0.0, absolute(x) * (a.scale / _nonzero(size)), cbrt(a.scale))
    return Value(x, both, both, e + largest * (like(share, a.x) - c.u), scale)


def intersected(a: Value, b: Value) -> Value:
    """Two ways to make one class: both enclosures are sound, so the tighter one holds; the larger rounding error counts.

    A way that does not count has an error of minus infinity.
    """
    e = maximum(a.e, b.e)
    unknown = isnan(a.x)
    x, scale = where(unknown, b.x, a.x), where(unknown, b.scale, a.scale)
    return Value(x, minimum(a.lo, b.lo), minimum(a.hi, b.hi), e, scale)


def unenclosed(a: Value) -> Any:
    """Mask of the elements where the enclosure says nothing."""
    return isnan(a.x) | isnan(a.lo) | isnan(a.hi) | (maximum(a.lo, a.hi) >= np.inf)


def enclosed(a: Value, b: Value) -> Value:
    """The enclosure of one class where it has one, that of another way to make it where not."""
    none = unenclosed(a)
    return Value(where(none, b.x, a.x), where(none, b.lo, a.lo), where(none, b.hi, a.hi), a.e, where(none, b.scale, a.scale))


def is_enclosed(a: Value) -> bool:
    """True where the enclosure says something at every element."""
    return bool(np.all(a.lo < np.inf) and np.all(a.hi < np.inf) and not np.any(isnan(a.x)))


def known(a: Value) -> Value:
    """The value with infinity in place of NaN."""
    return Value(a.x, _known(a.lo), _known(a.hi), where(isnan(a.e), np.inf, a.e), a.scale)


def _known(x: Any) -> Any:
    return where(isnan(x), np.inf, x)
