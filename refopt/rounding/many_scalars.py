"""The scalars of a rule at many updates at once: an array each, one entry an update (another t, other hyperparameters, other states).

The same formulas as at one update, in numbers of 53 bits instead of 60 digits: sizes and errors need no more, and each of the
few dozen operations of a scalar is off by 2^-52, for which errors are raised. What is no arithmetic (a power with a real
exponent, a choice), and a sum whose terms cancel, is taken at each update by itself, to 60 digits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from refopt.errors import NotImplementedYet
from refopt.language.evaluate import is_integral, rational
from refopt.language.expression import Expression
from refopt.rounding.extended_range import ExtendedRange, as_extended, from_exact, maximum, minimum, sqrt, where
from refopt.rounding.forms import Class
from refopt.rounding.normal_form import Call, Monomial, Sum, make_sum
from refopt.rounding.scalar_state import STORED
from refopt.rounding.scalars import Ball, Scalars, Undecided

RAISED = 1 + 2.0**-30
"""Errors are raised by this for the 53 bits that they are computed in."""
KEPT = 2.0**-8
"""The share of its terms that a sum keeps at least where 53 bits are enough for it: a term of a few dozen operations is off by 2^-46 of itself, and
the sum by 2^-38. That leaves room for 2^8 such sums in what errors are raised by."""
ARITHMETIC = frozenset({"add", "sub", "neg", "mul", "square", "div", "sqrt", "max", "min", "abs"})
"""Operations on arrays of scalars."""


class ManyScalars(Scalars):
    """The scalars of a rule at the updates `entries`. A ball's arrays have one entry an update, or a single one that holds for all."""

    def __init__(self, entries: Sequence[Scalars]) -> None:
        super().__init__(entries[0].names, {}, 1)
        self.entries = entries
        self.u, self.narrow = from_exact([entries[0].u]), entries[0].narrow
        self._trees: dict[Expression, Ball] = {}

    def number(self, value: Fraction | int) -> Any:
        return from_exact([Fraction(value)])

    def _formed(self, wanted: Class) -> Ball:
        if isinstance(wanted, Sum):
            terms = [self.scaled(self.monomial(m), c) for c, m in wanted.terms]
            return self._added(terms, self.total(terms), lambda at: at.of(wanted))
        if isinstance(wanted, Call) and wanted.op in ("add", "sub"):
            args = [self._formed(make_sum(a)) for a in wanted.args]
            return self._added(args, self.operation(wanted.op, args), lambda at: at.of(wanted))
        if isinstance(wanted, Call) and wanted.op not in ARITHMETIC:
            return self.each(lambda at: at.of(wanted))
        return super()._formed(wanted)

    def _added(self, terms: Sequence[Ball], found: Ball, singly: Callable[[Scalars], Ball]) -> Ball:
        """A sum or a difference; where its terms cancel, what is found at the update by itself."""
        if len(terms) < 2:
            return found
        size = sum((abs(term.x) for term in terms), start=self.number(0))
        return self._replaced(abs(found.x) < size * KEPT, lambda: found, singly)

    def _replaced(self, places: NDArray[np.bool_], together: Callable[[], Ball], singly: Callable[[Scalars], Ball]) -> Ball:
        """A ball that is found for all updates together, and where a mask says so at each by itself."""
        if not np.any(places):
            return together()
        chosen, n = np.flatnonzero(np.broadcast_to(places, (len(self.entries),))), len(self.entries)
        few = _column([singly(self.entries[i]) for i in chosen.tolist()])
        if len(chosen) == n:
            return few
        found = together()
        return Ball(where(places, _at_places(few.x, chosen, n), found.x), where(places, _at_places(few.e, chosen, n), found.e))

    def each(self, ball: Callable[[Scalars], Ball]) -> Ball:
        """The values that are found at each update by itself."""
        return _column([ball(at) for at in self.entries])

    def tree(self, node: Expression) -> Ball:
        if node not in self._trees:
            self._trees[node] = self._tree(node)
        return self._trees[node]

    def _tree(self, node: Expression) -> Ball:
        if node.op == "symbol":
            return self._symbol(node)
        if node.op == "literal" or is_integral(node):
            exact = [node.value if node.op == "literal" else rational(node, at.exact) for at in self.entries]
            whole = all(x is not None and x.denominator == 1 for x in exact) and not self.narrow
            return Ball(_same(exact), self.number(0)) if whole else self.each(lambda at: at.tree(node))
        if node.op == "where":
            return self._chosen(node)
        if node.op == "pow" and is_integral(node.args[1]):
            return self.powers(self.tree(node.args[0]), np.array([int(rational(node.args[1], at.exact)) for at in self.entries], dtype=np.int64))
        if node.op == "cast":
            inner = self.tree(node.args[0])
            return self._kept_in_each(inner) if node.attribute == STORED else inner
        if node.op in ARITHMETIC:
            args = [self.tree(a) for a in node.args]
            found = self.operation(node.op, args)
            return self._added(args, found, lambda at: at.tree(node)) if node.op in ("add", "sub") else found
        return self.each(lambda at: at.tree(node))

    def _symbol(self, node: Expression) -> Ball:
        if self.narrow or any(node.name in at.balls for at in self.entries):
            return self.each(lambda at: at.tree(node))
        return Ball(_same([at.exact[str(node.name)] for at in self.entries]), self.number(0))

    def _chosen(self, node: Expression) -> Ball:
        """A choice, made at each update by itself; only the branch taken has a value."""
        found = [_decided(at, node.args[0]) for at in self.entries]
        x, e = as_extended(np.zeros(len(found))), as_extended(np.full(len(found), np.inf))
        for taken, branch in ((True, node.args[1]), (False, node.args[2])):
            chosen = np.array([i for i, holds in enumerate(found) if holds is taken], dtype=np.intp)
            if len(chosen) == len(found):
                return self.tree(branch)
            if len(chosen):
                ball = ManyScalars([self.entries[i] for i in chosen]).tree(branch)
                for whole, part in ((x, ball.x), (e, ball.e)):
                    whole.mantissa[chosen], whole.exponent[chosen] = part.mantissa, part.exponent
        return Ball(x, e)

    def _kept_in_each(self, ball: Ball) -> Ball:
        formats = [at.kept_in for at in self.entries]
        u, normal = _same([f.u for f in formats]), _same([f.smallest_normal for f in formats])
        least = _same([f.smallest_subnormal / 2 for f in formats])
        size = abs(ball.x)
        return Ball(ball.x, ball.e + u * (size + ball.e) + where((size < normal) & (size + ball.e > 0.0), least, least * 0.0))

    def monomial(self, m: Monomial) -> Ball:
        return self._replaced(self._hardly_known(m), lambda: self.large_product(m), lambda at: at.monomial(m))

    def _hardly_known(self, m: Monomial) -> NDArray[np.bool_]:
        """Mask of the updates at which the sign of a factor is not known; a factor that is 0 is one."""
        small = np.zeros(1, dtype=bool)
        for base, e in m:
            ball = self.of(base)
            small = small | (ball.e >= abs(ball.x) * 0.5)
            if e.denominator != 1 and np.any(~small & (ball.x < 0.0)):
                raise NotImplementedYet("no bound is derived for a scalar that is not real")
        return small

    def powers(self, base: Ball, n: NDArray[np.int64]) -> Ball:
        """b^n for each n >= 0, as `power` for one."""
        x = _raised(base.x, n)
        rounding = as_extended((n + 1).astype(np.float64)) * self.u * abs(x)
        if not np.any(base.e > 0.0):
            return Ball(x, rounding)
        return Ball(x, rounding + as_extended(n.astype(np.float64)) * abs(_raised(base.x, np.maximum(n - 1, 0))) * base.e)

    def operation(self, op: str, args: list[Ball]) -> Ball:
        a, b = args[0], args[-1]
        if op == "div":
            found, bad = self.quotient(a, b), b.e >= abs(b.x)
            return Ball(where(bad, 0.0, found.x), where(bad, np.inf, found.e))
        if op == "sqrt":
            bad = a.x < 0.0
            positive = maximum(a.x, 0.0)
            root = sqrt(positive)
            near = where(a.e < positive, a.e / (root + sqrt(maximum(positive - a.e, 0.0))), maximum(root, sqrt(positive + a.e) - root))
            found = self.rounded(root, where(a.e > 0.0, near, 0.0))
            return Ball(where(bad, 0.0, found.x), where(bad, np.inf, found.e))
        if op in ("max", "min"):
            return Ball((maximum if op == "max" else minimum)(a.x, b.x), maximum(a.e, b.e))
        return super().operation(op, args)


def _decided(at: Scalars, condition: Expression) -> bool | None:
    """True where a condition holds; None where a correct program may find otherwise."""
    try:
        return at.decided(condition)
    except Undecided:
        return None


def _same(values: Sequence[Any]) -> ExtendedRange:
    """Numbers as an array; one number where all are the same."""
    return from_exact(values[:1] if all(x == values[0] for x in values) else values)


def _column(balls: Sequence[Ball]) -> Ball:
    return Ball(from_exact([b.x for b in balls]), from_exact([b.e for b in balls]))


def _at_places(x: ExtendedRange, places: NDArray[np.intp], n: int) -> ExtendedRange:
    """An array of n numbers, 0 but at these places."""
    mantissa, exponent = np.zeros(n), np.zeros(n, dtype=np.int64)
    mantissa[places], exponent[places] = x.mantissa, x.exponent
    return ExtendedRange.of_parts(mantissa, exponent)


def _raised(base: ExtendedRange, n: NDArray[np.int64]) -> ExtendedRange:
    """Each number to its power, by repeated squaring."""
    x, square, left = as_extended(np.ones(max(len(base), len(n)))), base, n.copy()
    while left.any():
        x = where((left & 1).astype(bool), x * square, x)
        square, left = square * square, left >> 1
    return x


def at_many(entries: Sequence[Scalars], wanted: Sequence[Class]) -> dict[Class, tuple[ExtendedRange, ExtendedRange]]:
    """The value and the error of each class at each update."""
    with np.errstate(all="ignore"):
        many = ManyScalars(entries)
        found = {c: many.of(c) for c in wanted}
        return {c: (_spread(ball.x, len(entries)), _spread(ball.e * RAISED, len(entries))) for c, ball in found.items()}


def _spread(x: ExtendedRange, n: int) -> ExtendedRange:
    return ExtendedRange.of_parts(np.broadcast_to(x.mantissa, (n,)), np.broadcast_to(x.exponent, (n,)))
