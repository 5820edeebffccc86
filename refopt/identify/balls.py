"""Arrays with an error bound on each value: how far a program that computes the same formula in a narrower format, from
the numbers that a log was printed from, can be from the value computed here from the log.

Each operation passes the errors of its operands on and adds its own rounding, as in a bound of a golden case:
R(z, e) = e(1 + u) + u|z|, and the smallest normal number where a result may be flushed. Hyperparameters are exact, since
it is they that are sought: a program that rounds beta and then forms 1 - beta computes the formula with another beta.
A power of one is not exact: programs mix the rounded base with an exact one, t units of b^t, and call `pow`, 4 units, or
form it as a running product, t - 1 units.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from refopt.language.evaluate import Arithmetic
from refopt.rounding import cube_root as root_error
from refopt.rounding.extended_range import log_of_size
from refopt.rounding.formats import Format


@dataclass(frozen=True)
class Rounding:
    """A format's unit roundoff and its smallest normal number."""

    u: float
    smallest: float

    @classmethod
    def of(cls, f: Format) -> Rounding:
        """That of a format."""
        return cls(float(f.u), float(f.smallest_normal))


@dataclass(frozen=True)
class Condition:
    """A condition: where it holds, and where the errors leave no doubt of that."""

    holds: Any
    certain: Any


class Ball:
    """Values, and for each how far the true one may be."""

    __array_ufunc__ = None
    __slots__ = ("error", "rounding", "value")

    def __init__(self, value: Any, error: Any, rounding: Rounding) -> None:
        self.value, self.error, self.rounding = value, error, rounding

    def made(self, value: Any, passed_on: Any, underflow: float = 0.0) -> Ball:
        """The result of one rounded operation on operands whose errors pass on `passed_on`."""
        u = self.rounding.u
        error = passed_on * (1 + u) + u * abs(value)
        return Ball(value, error + underflow if underflow else error, self.rounding)

    def other(self, x: Any) -> Ball:
        """An operand as a ball."""
        return x if isinstance(x, Ball) else Ball(x, 0.0, self.rounding)

    def __add__(self, other: Any) -> Ball:
        b = self.other(other)
        return self.made(self.value + b.value, self.error + b.error)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Ball:
        b = self.other(other)
        return self.made(self.value - b.value, self.error + b.error)

    def __rsub__(self, other: Any) -> Ball:
        return self.other(other) - self

    def __mul__(self, other: Any) -> Ball:
        b = self.other(other)
        passed_on = abs(self.value) * b.error + abs(b.value) * self.error + self.error * b.error
        made = self.made(self.value * b.value, passed_on)
        zero = (made.value == 0) & (passed_on == 0)  # 0 times anything is 0 in every format: a sign and a comparison of it are decided
        return Ball(made.value, made.error + np.where(zero, 0.0, self.rounding.smallest), self.rounding)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Ball:
        b = self.other(other)
        size = abs(b.value)
        known = size > b.error
        passed_on = (abs(self.value) * b.error + size * self.error) / np.where(known, size * (size - b.error), 1.0)
        return self.made(np.divide(self.value, b.value), np.where(known, passed_on, np.inf), self.rounding.smallest)

    def __rtruediv__(self, other: Any) -> Ball:
        return self.other(other) / self

    def __neg__(self) -> Ball:
        return Ball(-self.value, self.error, self.rounding)


def arithmetic(rounding: Rounding, name: str) -> Arithmetic:
    """The arithmetic of balls; each rounds as it says itself, plain numbers as `rounding` says."""

    def ball(x: Any) -> Ball:
        return x if isinstance(x, Ball) else Ball(x, 0.0, rounding)

    def smooth(function: Callable[[Any], Any], slope: Callable[[Any, Any], Any]) -> Callable[[Any], Ball]:
        """A library function: the largest slope over the ball, and 4 units of its value."""

        def applied(x: Any) -> Ball:
            a = ball(x)
            value = function(a.value)
            return Ball(value, slope(a.value, a.error) * a.error + 4 * a.rounding.u * abs(value), a.rounding)

        return applied

    def power(x: Any, y: Any) -> Ball:
        a, b = ball(x), ball(y)
        value = np.power(a.value, b.value)
        units = abs(b.value) + np.maximum(4.0, abs(b.value) - 1)
        return Ball(value, abs(b.value * np.power(a.value, b.value - 1)) * a.error + units * a.rounding.u * abs(value) + a.rounding.smallest, a.rounding)

    def root(x: Any) -> Ball:
        a = ball(x)
        value = np.sqrt(a.value)
        above = np.sqrt(a.value + a.error) - value
        passed_on = np.where(a.value > a.error, a.error / (value + np.sqrt(np.maximum(a.value - a.error, 0.0))), np.maximum(value, above))
        return a.made(value, np.where(a.value >= 0, passed_on, np.inf))

    def cube_root(x: Any) -> Ball:
        a = ball(x)
        value = np.cbrt(a.value)
        reach = np.maximum(np.cbrt(a.value + a.error) - value, value - np.cbrt(a.value - a.error))
        passed_on = np.where(a.error > 0, reach * (1 + 2.0**-30) + 4 * 2.0**-53 * abs(value), 0.0)
        size = abs(a.value)
        share = root_error.share(log_of_size(np.maximum(size - a.error, 0.0)), log_of_size(size + a.error), a.rounding.u)
        return Ball(value, passed_on + share * np.cbrt(size + a.error), a.rounding)

    def square(x: Any) -> Ball:
        a = ball(x)
        return a.made(np.square(a.value), (2 * abs(a.value) + a.error) * a.error, a.rounding.smallest)

    def chosen(pick: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Ball]:
        def applied(x: Any, y: Any) -> Ball:
            a, b = ball(x), ball(y)
            return Ball(pick(a.value, b.value), np.maximum(a.error, b.error), a.rounding)

        return applied

    def stepped(function: Callable[[Any], Any], jump: float) -> Callable[[Any], Ball]:
        """A function that is constant but for jumps: sign, floor."""

        def applied(x: Any) -> Ball:
            a = ball(x)
            low, high = function(a.value - a.error), function(a.value + a.error)
            return Ball(function(a.value), np.where(low == high, 0.0, np.maximum(high - low, jump)), a.rounding)

        return applied

    def compared(test: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Condition]:
        def applied(x: Any, y: Any) -> Condition:
            a, b = ball(x), ball(y)
            apart = abs(a.value - b.value) > a.error + b.error
            return Condition(test(a.value, b.value), apart | ((a.error == 0) & (b.error == 0)))

        return applied

    def where(condition: Condition, x: Any, y: Any) -> Ball:
        a, b = ball(x), ball(y)
        value = np.where(condition.holds, a.value, b.value)
        error = np.where(condition.holds, a.error, b.error)
        either = np.abs(a.value - b.value) + np.maximum(a.error, b.error)
        either = np.where(np.isnan(either), np.inf, either)  # a branch without a value, which a program may have taken
        return Ball(value, np.where(condition.certain, error, either), a.rounding)

    operations: dict[str, Callable[..., Any]] = {
        "pow": power, "square": square, "sqrt": root, "max": chosen(np.maximum), "min": chosen(np.minimum), "where": where,
        "abs": lambda x: Ball(abs(ball(x).value), ball(x).error, ball(x).rounding), "cast": lambda x: x,
        "sign": stepped(np.sign, 0.0), "floor": stepped(np.floor, 1.0),
        "exp": smooth(np.exp, lambda x, e: np.exp(x + e)), "log": smooth(np.log, lambda x, e: np.where(x > e, 1 / (x - e), np.inf)),
        "cos": smooth(np.cos, lambda x, e: 1.0), "sin": smooth(np.sin, lambda x, e: 1.0), "tanh": smooth(np.tanh, lambda x, e: 1.0),
        "cbrt": cube_root,
        "lt": compared(np.less), "le": compared(np.less_equal), "gt": compared(np.greater), "ge": compared(np.greater_equal),
        "eq": compared(np.equal),
        "or": lambda p, q: Condition(p.holds | q.holds, (p.certain & q.certain) | (p.certain & p.holds) | (q.certain & q.holds)),
        "and": lambda p, q: Condition(p.holds & q.holds, (p.certain & q.certain) | (p.certain & ~p.holds) | (q.certain & ~q.holds)),
    }  # fmt: skip
    return Arithmetic(f"{name} ball", float, lambda: math.pi, operations)
