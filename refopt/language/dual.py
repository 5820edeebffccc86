"""Dual numbers: a value with its slopes by several inputs, so that a tree's derivatives come with its value.

Forward mode, in binary64: for sensitivities and first-order bounds, where a few digits are enough.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from refopt.language.evaluate import Arithmetic, ilog

Slopes = tuple[float, ...]


@dataclass(frozen=True)
class Dual:
    """A value and its slope by each input."""

    value: float
    slopes: Slopes

    def __add__(self, other: Any) -> Dual:
        b = lifted(other)
        return Dual(self.value + b.value, _combined(1.0, self, 1.0, b))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Dual:
        b = lifted(other)
        return Dual(self.value - b.value, _combined(1.0, self, -1.0, b))

    def __rsub__(self, other: Any) -> Dual:
        return lifted(other) - self

    def __mul__(self, other: Any) -> Dual:
        b = lifted(other)
        return Dual(self.value * b.value, _combined(b.value, self, self.value, b))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Dual:
        b = lifted(other)
        if b.value == 0:
            return Dual(math.nan, _combined(math.nan, self, math.nan, b))
        q = self.value / b.value
        return Dual(q, _combined(1 / b.value, self, -q / b.value, b))

    def __rtruediv__(self, other: Any) -> Dual:
        return lifted(other) / self

    def __neg__(self) -> Dual:
        return Dual(-self.value, tuple(-s for s in self.slopes))


def lifted(x: Any) -> Dual:
    """A number as a dual number that depends on no input."""
    return x if isinstance(x, Dual) else Dual(float(x), ())


def variables(values: Sequence[float]) -> list[Dual]:
    """One dual number for each input."""
    n = len(values)
    return [Dual(x, tuple(1.0 if i == j else 0.0 for j in range(n))) for i, x in enumerate(values)]


def _combined(p: float, a: Dual, q: float, b: Dual) -> Slopes:
    if not a.slopes:
        return tuple(q * s if s else 0.0 for s in b.slopes)
    if not b.slopes:
        return tuple(p * s if s else 0.0 for s in a.slopes)
    return tuple((p * s if s else 0.0) + (q * r if r else 0.0) for s, r in zip(a.slopes, b.slopes, strict=True))


def _chain(function: Callable[[float], float], slope: Callable[[float], float]) -> Callable[[Any], Dual]:
    def applied(x: Any) -> Dual:
        a = lifted(x)
        factor = slope(a.value)
        return Dual(function(a.value), tuple(factor * s if s else 0.0 for s in a.slopes))

    return applied


def _power(x: Any, y: Any) -> Dual:
    a = lifted(x)
    if isinstance(y, int):
        factor = y * a.value ** (y - 1) if y else 0.0
        return Dual(a.value**y, tuple(factor * s if s else 0.0 for s in a.slopes))
    b = lifted(y)
    value = a.value**b.value
    slope = b.value * a.value ** (b.value - 1) if any(a.slopes) else 0.0  # at 0 there is none, and none is asked for where nothing moves
    return Dual(value, _combined(slope, a, value * math.log(a.value) if a.value > 0 else 0.0, b))


def _zero(_: float) -> float:
    return 0.0


OPERATIONS: dict[str, Callable[..., Any]] = {
    "add": lambda x, y: lifted(x) + y, "sub": lambda x, y: lifted(x) - y,
    "mul": lambda x, y: lifted(x) * y, "div": lambda x, y: lifted(x) / y,
    "neg": lambda x: -lifted(x), "pow": _power, "square": lambda x: lifted(x) * x,
    "sqrt": _chain(math.sqrt, lambda x: 0.5 / math.sqrt(x) if x > 0 else math.inf),
    "abs": _chain(abs, lambda x: math.copysign(1.0, x)), "sign": _chain(lambda x: float((x > 0) - (x < 0)), _zero),
    "max": lambda x, y: max(lifted(x), lifted(y), key=lambda a: a.value),
    "min": lambda x, y: min(lifted(x), lifted(y), key=lambda a: a.value),
    "floor": _chain(math.floor, _zero), "exp": _chain(math.exp, math.exp), "log": _chain(math.log, lambda x: 1 / x),
    "cos": _chain(math.cos, lambda x: -math.sin(x)), "sin": _chain(math.sin, math.cos),
    "cbrt": _chain(math.cbrt, lambda x: 1 / (3 * math.cbrt(x) ** 2) if x else math.inf),
    "tanh": _chain(math.tanh, lambda x: 1 - math.tanh(x) ** 2), "cast": lambda x: x,
    "ilog": lambda x, y: Dual(float(ilog(Fraction(lifted(x).value), Fraction(lifted(y).value))), ()),
    "lt": lambda x, y: lifted(x).value < lifted(y).value, "le": lambda x, y: lifted(x).value <= lifted(y).value,
    "gt": lambda x, y: lifted(x).value > lifted(y).value, "ge": lambda x, y: lifted(x).value >= lifted(y).value,
    "eq": lambda x, y: lifted(x).value == lifted(y).value, "and": lambda x, y: x and y, "or": lambda x, y: x or y,
}  # fmt: skip

DUALS = Arithmetic("dual", lambda x: Dual(float(x), ()), lambda: Dual(math.pi, ()), OPERATIONS)
"""The arithmetic of dual numbers."""
