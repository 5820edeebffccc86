"""The running error of a formula: its value in binary64 as it is written, and how far a program that follows the written order may be from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from refopt.language.evaluate import is_integral
from refopt.language.expression import CONDITIONS, Expression, Kind
from refopt.language.operations import RECORD
from refopt.language.rule import Let
from refopt.rounding import cube_root
from refopt.rounding.extended_range import log_of_size
from refopt.rounding.formats import FLOAT64, FORMATS, Format

Numbers = npt.NDArray[np.float64]
U64 = float(FLOAT64.u)
LEAST = {float(f.u): float(f.smallest_normal) for f in FORMATS.values() if f is not FLOAT64}  # by the unit of the format that scalars are formed in


@dataclass(frozen=True)
class Rough:
    """Values in binary64 and how far a program that follows the written order may be from them."""

    x: Numbers
    e: Numbers


@dataclass(frozen=True)
class Units:
    """Error of one operation: relative to its result on elements and on scalars, and below the smallest normal number of each (`least`: scalars)."""

    element: float
    scalar: float
    normal: float
    largest: float
    least: float = 0.0

    @classmethod
    def of(cls, f: Format, scalar: float = U64, element: float = 0.0) -> Units:
        """The units of a format; `scalar` and `element` where scalars, or everything, may be less precise."""
        return cls(max(float(f.u), element), scalar, float(f.smallest_normal), float(f.largest), LEAST.get(scalar, 0.0))


@dataclass(frozen=True)
class Tensors:
    """The tensors that some elements side by side are those of.

    of       for each element, the number of its tensor's update; those of one stand together
    repeats  how many elements of the tensor each stands for
    whole    whether every element of each tensor is there: else nothing can be said of what is reduced
    """

    of: npt.NDArray[np.intp]
    repeats: Numbers
    whole: bool = True

    @property
    def sizes(self) -> Numbers:
        """For each element, the number of elements of its tensor."""
        return self.added(np.ones(len(self.of)))

    def added(self, x: Numbers) -> Numbers:
        """For each element, the sum over its tensor; elements along the last axis."""
        return self._over(np.add, np.broadcast_to(x, (*np.shape(x)[:-1], len(self.of))) * self.repeats)

    def largest(self, x: Numbers) -> Numbers:
        """For each element, the largest of its tensor; elements along the last axis."""
        return self._over(np.maximum, np.broadcast_to(x, (*np.shape(x)[:-1], len(self.of))))

    def _over(self, join: np.ufunc, x: Numbers) -> Numbers:
        if not len(self.of):
            return x
        starts = np.flatnonzero(np.diff(self.of, prepend=self.of[0] - 1))
        found: Numbers = join.reduceat(x, starts, axis=-1)[..., np.searchsorted(starts, np.arange(len(self.of)), side="right") - 1]
        return found


Slope = Callable[[Numbers], Numbers]
FUNCTIONS: dict[str, tuple[Callable[[Numbers], Numbers], Slope]] = {
    "exp": (np.exp, np.exp), "log": (np.log, lambda x: 1 / x), "cos": (np.cos, np.ones_like), "sin": (np.sin, np.ones_like),
    "tanh": (np.tanh, np.ones_like), "cbrt": (np.cbrt, lambda x: 1 / (3 * np.square(np.cbrt(x)))),
}  # fmt: skip
COMPARE: dict[str, Callable[[Numbers, Numbers], Any]] = {
    "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal, "eq": np.equal,
}  # fmt: skip


class Look:
    """One update of many elements. `known` holds every name's values; scalars have one entry an element too."""

    def __init__(self, known: dict[str, Rough], units: Units, tensors: Tensors | None = None) -> None:
        self.known, self.units, self.tensors = known, units, tensors
        self.impossible: Any = np.zeros(1, dtype=bool)
        """Elements where the formula has no value whatever the rounding: the root of a negative number, a division by zero."""

    def value(self, node: Expression) -> Rough:
        """The value of a tree."""
        if node.op == "symbol":
            r = self.known[str(node.name)]
            coarse = node.is_scalar and node.kind is Kind.REAL and self.units.scalar > U64
            return Rough(r.x, r.e + self.units.scalar * np.abs(r.x)) if coarse else r
        if node.op in ("literal", "constant"):
            x = np.array([float(node.value) if node.value is not None else np.pi])
            return Rough(x, x * 0.0)
        if node.op == "where":
            return self._branches(node)
        args = [self._operand(a, node) for a in node.args]
        return self._apply(node, args)

    def stored(self, let: Let) -> Rough:
        """The value that a variable gets; a real number of one value is rounded to the format when it is stored."""
        r = self.value(let.value)
        return self._rounded(r.x, r.e, False) if let.value.is_scalar and let.symbol.kind is Kind.REAL else r

    def started(self, initial: Expression) -> Rough:
        """The value that a state starts from; a number is rounded to the format when it is stored, theta is there already."""
        r = self.value(initial)
        return self._rounded(r.x, r.e, False) if initial.is_scalar else r

    def _operand(self, arg: Expression, of: Expression) -> Rough:
        """An operand; a scalar that meets an element is rounded to the format first."""
        r = self.value(arg)
        exact = of.is_scalar or not arg.is_scalar or is_integral(arg)
        return r if exact else Rough(r.x, r.e + max(self.units.element, self.units.scalar) * np.abs(r.x))

    def _apply(self, node: Expression, args: list[Rough]) -> Rough:
        op, a = node.op, args[0]
        b = args[1] if len(args) > 1 else a
        if op in CONDITIONS:
            joined = {"and": np.logical_and, "or": np.logical_or}.get(op)
            holds = joined(a.x != 0, b.x != 0) if joined is not None else COMPARE[op](a.x, b.x)
            doubt = a.e + b.e > 0 if joined is not None else np.abs(a.x - b.x) < a.e + b.e
            return Rough(holds.astype(np.float64), np.where(doubt, 1.0, 0.0))
        if RECORD[op].reduces:
            return self._reduced(op, a)
        if op in ("neg", "abs", "sign", "floor", "cast"):
            x = {"neg": np.negative, "abs": np.abs, "sign": np.sign, "floor": np.floor, "cast": np.positive}[op](a.x)
            return Rough(x, np.where(np.abs(a.x) <= a.e, 1.0, 0.0) * (a.e > 0) if op == "sign" else a.e)
        if op in ("max", "min"):
            return Rough(np.maximum(a.x, b.x) if op == "max" else np.minimum(a.x, b.x), np.maximum(a.e, b.e))
        x, e = self._arithmetic(op, a, b)
        if is_integral(node):
            return Rough(x, e)
        return self._rounded(x, e, node.is_scalar)

    def _reduced(self, op: str, a: Rough) -> Rough:
        """A reduction over each element's tensor, one entry an element; added up one after the other."""
        tensors = self.tensors
        assert tensors is not None
        if op == "largest":
            return Rough(tensors.largest(a.x), tensors.largest(a.e))
        u, sizes = self.units, tensors.added(np.abs(a.x) + a.e)
        return Rough(tensors.added(a.x), tensors.added(a.e) + u.element * tensors.sizes * sizes + u.normal * (sizes > 0))

    def _arithmetic(self, op: str, a: Rough, b: Rough) -> tuple[Numbers, Numbers]:
        if op == "add":
            return a.x + b.x, a.e + b.e
        if op == "sub":
            return a.x - b.x, a.e + b.e
        if op == "mul":
            return a.x * b.x, np.abs(a.x) * b.e + np.abs(b.x) * a.e + a.e * b.e
        if op == "square":
            return a.x * a.x, 2 * np.abs(a.x) * a.e + a.e * a.e
        if op == "div":
            room = np.abs(b.x) - b.e
            self.impossible = self.impossible | ((b.x == 0) & (b.e <= U64))
            return a.x / b.x, np.where(room > 0, (a.e + np.abs(a.x / b.x) * b.e) / room, np.inf)
        if op == "sqrt":
            positive = np.maximum(a.x, 0.0)
            low = np.sqrt(np.maximum(positive - a.e, 0.0))
            negative = a.x < -a.e
            root = np.where(negative, np.nan, np.sqrt(positive))
            self.impossible = self.impossible | negative
            return root, np.where(low + root > 0, a.e / (low + root), np.sqrt(a.e))
        if op == "pow":
            x = np.power(a.x, b.x)
            base = np.maximum(np.abs(a.x), np.finfo(np.float64).tiny)
            return x, np.abs(x) * (np.abs(b.x) * (a.e / base + self.units.scalar) + np.abs(np.log(base)) * b.e)
        function, slope = FUNCTIONS[op]
        x = function(a.x)
        if op == "cbrt":  # steepest at 0, between the ends: no more than the difference of the ends, which it never falls between
            size, u = np.abs(a.x), self.units.element
            share = cube_root.share(log_of_size(np.maximum(size - a.e, 0.0)), log_of_size(size + a.e), u) - u
            return x, np.maximum(function(a.x + a.e) - x, x - function(a.x - a.e)) + share * function(size + a.e)
        return x, np.maximum(np.abs(slope(a.x - a.e)), np.abs(slope(a.x + a.e))) * a.e + 3 * self.units.element * np.abs(x)

    def _rounded(self, x: Numbers, e: Numbers, scalar: bool) -> Rough:
        u = self.units
        size = np.abs(x)
        e = e + (u.scalar if scalar else u.element) * (size + e)
        if scalar:
            return Rough(x, np.where((size - e < u.least) & (size + e > 0), e + u.least, e) if u.least else e)
        e = np.where((size - e < u.normal) & (size + e > 0), e + u.normal, e)
        return Rough(x, np.where(size + e > u.largest, np.inf, e))

    def _branches(self, node: Expression) -> Rough:
        """A choice; where a branch has no value, that is of no account in elements that go the other way."""
        condition, before = self.value(node.args[0]), self.impossible
        values, impossible = [], []
        for branch in node.args[1:]:
            self.impossible = before
            values.append(self.value(branch))
            impossible.append(self.impossible)
        self.impossible = np.where(condition.x != 0, *impossible)
        return self._chosen(condition, *values)

    def _chosen(self, condition: Rough, then: Rough, otherwise: Rough) -> Rough:
        holds = condition.x != 0
        x = np.where(holds, then.x, otherwise.x)
        e = np.where(holds, then.e, otherwise.e)
        return Rough(x, np.where(condition.e > 0, np.maximum(then.e, otherwise.e) + np.abs(then.x - otherwise.x), e))
