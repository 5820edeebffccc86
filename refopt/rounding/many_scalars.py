"""The scalars of a rule at many steps at once: what depends on t is an array, one entry a step.

The same formulas as at one step, in numbers of 53 bits instead of 60 digits: sizes and errors need no more, and each of the
few dozen operations of a scalar is off by 2^-52, for which errors are raised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """Something that is not done for many steps: each step is taken by itself."""


class Divided(Mixed):
    """A choice that is not the same at all steps: they are taken in two halves."""


class ManyScalars(Scalars):
    """The scalars of a rule at the steps `ts`; what does not depend on t is taken over from those at one step.

    `given` are symbols that are known with an error only and have another value at each step, one entry a step.
    """

    def __init__(self, one: Scalars, ts: Sequence[int], given: Mapping[str, Ball]) -> None:
        super().__init__(one.names, {}, ts[0])
        self.exact, self.narrow, self.ts, self.moving = one.exact, one.narrow, ts, one.moving
        self.u = from_exact([one.u])
        self.balls = {**{name: _wide(ball) for name, ball in one.balls.items()}, **given}
        still = one.at(ts[0])
        self._known = {c: _wide(ball) for c, ball in still._known.items()}
        self._atoms = {key: _wide(ball) for key, ball in still._atoms.items()}

    def number(self, value: Fraction | int) -> Any:
        return from_exact([Fraction(value)])

    def holds(self, condition: Any) -> bool:
        found = np.asarray(condition)
        if found.all() == found.any():
            return bool(found.all())
        raise Divided

    def tree(self, node: Expression) -> Ball:
        if not self._moves(node) or (node.op == "symbol" and node.name in self.balls):
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

    def _moves(self, node: Expression) -> bool:
        return any(s.name in self.moving for s in node.symbols())

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


def _wide(ball: Ball) -> Ball:
    return Ball(*(x if isinstance(x, Wide) else from_exact([x]) for x in (ball.x, ball.e)))


def at_many(one: Scalars, ts: Sequence[int], wanted: Sequence[Class], given: Mapping[str, Ball] | None = None) -> dict[Class, tuple[Wide, Wide]] | None:
    """The value and the error of each class at each step; None where that cannot be told for all at once."""
    given = given or {}
    try:
        with np.errstate(all="ignore"):
            many = ManyScalars(one, ts, given)
            found = {c: _wide(many.of(c)) for c in wanted}
    except Divided:
        return _in_halves(one, ts, wanted, given)
    except (Mixed, NotImplementedYet, TypeError, ValueError, AttributeError):
        return None
    return {c: (_spread(ball.x, len(ts)), _spread(ball.e * RAISED, len(ts))) for c, ball in found.items()}


def _in_halves(one: Scalars, ts: Sequence[int], wanted: Sequence[Class], given: Mapping[str, Ball]) -> dict[Class, tuple[Wide, Wide]] | None:
    """The first and the last steps by themselves: a choice is mostly one way for small t and the other way for large."""
    columns: list[dict[Class, tuple[Wide, Wide]]] = []
    for part in (slice(0, len(ts) // 2), slice(len(ts) // 2, len(ts))):
        found = at_many(one, ts[part], wanted, {n: Ball(b.x[part], b.e[part]) for n, b in given.items()})
        if found is None:
            return None
        columns.append(found)
    first, last = columns
    return {c: (_joined(first[c][0], last[c][0]), _joined(first[c][1], last[c][1])) for c in wanted}


def _joined(x: Wide, y: Wide) -> Wide:
    return Wide.of_parts(np.concatenate([x.mantissa, y.mantissa]), np.concatenate([x.exponent, y.exponent]))


def _spread(x: Wide, n: int) -> Wide:
    return Wide.of_parts(np.broadcast_to(x.mantissa, (n,)), np.broadcast_to(x.exponent, (n,)))
