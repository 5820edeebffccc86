"""The scalars of a rule at many steps at once: what depends on t is an array, one entry a step.

The same formulas as at one step, in numbers of 53 bits instead of 60 digits: sizes and errors need no more, and each of the
few dozen operations of a scalar is off by 2^-52, for which errors are raised.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from refopt.errors import NotImplementedYet
from refopt.language.evaluate import is_integral, rational
from refopt.language.expression import Expression
from refopt.rounding.forms import Class
from refopt.rounding.scalars import Ball, Scalars
from refopt.rounding.wide import Wide, as_wide, from_exact, where

RAISED = 1 + 2.0**-30
"""Errors are raised by this for the 53 bits that they are computed in."""


class Mixed(Exception):
    """A choice that is not the same at all steps, or something that is not done for many: each step is taken by itself."""


class ManyScalars(Scalars):
    """The scalars of a rule at the steps `ts`; what does not depend on t is taken over from those at one step."""

    def __init__(self, one: Scalars, ts: Sequence[int]) -> None:
        super().__init__(one.names, {}, ts[0])
        self.exact, self.narrow, self.ts = one.exact, one.narrow, ts
        self.u = from_exact([one.u])
        self.balls = {name: _wide(ball) for name, ball in one.balls.items()}
        still = one.at(ts[0])
        self._known = {c: _wide(ball) for c, ball in still._known.items()}
        self._atoms = {key: _wide(ball) for key, ball in still._atoms.items()}

    def number(self, value: Fraction | int) -> Any:
        return from_exact([Fraction(value)])

    def holds(self, condition: Any) -> bool:
        found = np.asarray(condition)
        if found.all() == found.any():
            return bool(found.all())
        raise Mixed

    def tree(self, node: Expression) -> Ball:
        if not _counts(node):
            return super().tree(node)
        if is_integral(node):
            return Ball(from_exact([rational(node, {**self.exact, "t": Fraction(t)}) for t in self.ts]), self.number(0))
        if node.op == "pow" and is_integral(node.args[1]):
            base = self.tree(node.args[0])
            exponents = [int(rational(node.args[1], {**self.exact, "t": Fraction(t)})) for t in self.ts]
            return self.powers(base, np.array(exponents, dtype=np.int64))
        if node.op in ("add", "sub", "neg", "mul", "square", "div"):
            return self.operation(node.op, [self.tree(a) for a in node.args])
        raise Mixed

    def powers(self, base: Ball, n: Any) -> Ball:
        """b^n for each n >= 0, as `power` for one."""
        if (n < 1).any() or not self.holds(base.e <= 0):
            raise Mixed
        x = where(np.ones(len(n), dtype=bool), as_wide(np.ones(1)), as_wide(np.ones(len(n))))
        square, left = base.x, n.copy()
        while left.any():
            x = where((left & 1).astype(bool), x * square, x)
            square, left = square * square, left >> 1
        return Ball(x, as_wide((n + 1).astype(np.float64)) * self.u * abs(x))

    def operation(self, op: str, args: list[Ball]) -> Ball:
        if op not in ("add", "sub", "neg", "mul", "square", "div"):
            raise Mixed
        if op == "div" and self.holds(args[1].e >= abs(args[1].x)):
            raise Mixed
        return super().operation(op, args)


def _counts(node: Expression) -> bool:
    return any(s.name == "t" for s in node.symbols())


def _wide(ball: Ball) -> Ball:
    return Ball(from_exact([ball.x]), from_exact([ball.e]))


def at_many(one: Scalars, ts: Sequence[int], wanted: Sequence[Class]) -> dict[Class, tuple[Wide, Wide]] | None:
    """The value and the error of each class at each step; None where that cannot be told for all at once."""
    try:
        with np.errstate(all="ignore"):
            many = ManyScalars(one, ts)
            found = {c: many.of(c) for c in wanted}
    except (Mixed, NotImplementedYet, TypeError, ValueError, AttributeError):
        return None
    if any(not isinstance(ball.x, Wide) or not isinstance(ball.e, Wide) for ball in found.values()):
        return None
    return {c: (_spread(ball.x, len(ts)), _spread(ball.e * RAISED, len(ts))) for c, ball in found.items()}


def _spread(x: Wide, n: int) -> Wide:
    return Wide(np.broadcast_to(x.mantissa, (n,)), np.broadcast_to(x.exponent, (n,)))



