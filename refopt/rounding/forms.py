"""All equivalent forms of a formula at once, as an AND-OR graph.

A *class* is one exact value; a *node* is one way to make it with one last operation from other classes. Adam's
hundreds of thousands of equivalent programs are some hundred nodes. Because the bound of an operation grows with the
bounds of its operands, the largest bound over all programs is found class by class.

Nodes: every split of a product, also as a quotient (a tensor that may be zero is never inverted); the root of a
product as a product of roots; every bipartition of a sum; common factors taken out; a divisor cancelled in a sum that
it divides; a weighted mean as an interpolation; a sum in a denominator rescaled by the scalars beside it. Each node is
proved equal to its class by SymPy, or dropped. A fused multiply-add and wider intermediates need no node: their error is smaller.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations

from refopt.rounding.normal_form import (
    HALF,
    Atom,
    Base,
    Call,
    Keyed,
    Monomial,
    Names,
    Polynomial,
    Sum,
    cancelled,
    make_sum,
    monomial,
    monomial_key,
    polynomial,
    product,
    raised,
    times,
)


@dataclass(frozen=True, eq=False)
class Product(Keyed):
    """A product as a class. `free` products may rescale the sums among their factors; others keep their factors."""

    key: str
    factors: Monomial = field(repr=False)
    free: bool

    @property
    def is_scalar(self) -> bool:
        """True where every factor is a scalar."""
        return all(b.is_scalar for b, _ in self.factors)


Class = Atom | Sum | Call | Product


@dataclass(frozen=True)
class Node:
    """One way to make a class: an operation on other classes.

    signs       of the operands of `add`
    below_half  the node counts only where this scalar is at most 1/2: elsewhere the form amplifies rounding errors
    moderate    the node counts only where its rounding error is at most four times that of the class's first node
    optional    the node does not count where it may overflow: nobody rescales a sum out of the format's range
    subtracts   a root whose operand is made by differences, too: an error larger than its value may make it negative
    """

    op: str
    args: tuple[Class, ...]
    signs: tuple[int, ...] = ()
    below_half: Atom | None = None
    moderate: bool = False
    optional: bool = False
    subtracts: bool = False


Unit = tuple[Base, Fraction]
"""A factor with the exponent 1, -1, 1/2 or -1/2."""


def make_product(factors: Monomial, free: bool) -> Class:
    """The class of a product; a single factor to the power 1 is its own class."""
    if len(factors) == 1 and factors[0][1] == 1:
        return factors[0][0]
    return Product(("free " if free else "") + monomial_key(factors), factors, free)


def units(factors: Monomial) -> list[Unit]:
    """The factors one by one: x^2 as x, x; x^(3/2) as x, x^(1/2)."""
    result: list[Unit] = []
    for base, e in factors:
        sign, size = (1 if e > 0 else -1), abs(e)
        while size >= 1:
            result.append((base, Fraction(sign)))
            size -= 1
        if size:
            result.append((base, sign * size))
    return result


def _gathered(parts: list[Unit]) -> Monomial:
    powers: dict[Base, Fraction] = {}
    for base, e in parts:
        powers[base] = powers[base] + e if base in powers else e
    return monomial(powers)


def _product(parts: list[Unit]) -> Class:
    return make_product(_gathered(parts), False)


class Forms:
    """The graph of one rule: `nodes` maps each class to its ways of being made, operands before what is made of them.

    amplifying  also the forms that amplify rounding errors (a cause of reduced precision, not part of the bound)
    meanings    assigned sums that are written out where an amplifying form takes them times or over a scalar, under a root too: the
                terms of g^2 + beta2*(v - g^2) may leave the format's range when each is divided by 1 - beta2^t
    """

    def __init__(self, names: Names, *, amplifying: bool = False) -> None:
        self.names = names
        self.amplifying = amplifying
        self.nodes: dict[Class, tuple[Node, ...]] = {}
        self.meanings: dict[Atom, Polynomial] = {}
        self._open: set[Class] = set()

    def add(self, p: Polynomial, *, fixed: bool = False) -> Class:
        """Enter the value of a sum and everything that it can be made of; returns its class.

        `fixed`: no scalar is moved into the sums among a term's factors. That changes a bound by less than 1 %, and a sum
        whose assignments are written out has enough forms without.
        """
        root = self.root(p, fixed=fixed)
        self._enter(root)
        return root

    def root(self, p: Polynomial, *, fixed: bool = False) -> Class:
        """The class of a sum; a single positive term is its own class."""
        return self.term(p[0], free=not fixed) if len(p) == 1 and p[0][0] > 0 else make_sum(p, fixed=fixed)

    def term(self, term: tuple[Fraction, Monomial], *, free: bool = True) -> Class:
        """The class of a term without its sign; a coefficient other than 1 becomes a scalar factor."""
        c, m = abs(term[0]), term[1]
        if c != 1 or not m:
            m = times(m, ((self.names.literal(c), Fraction(1)),))
        return make_product(m, free)

    def _enter(self, wanted: Class) -> None:
        if wanted in self.nodes or wanted in self._open:
            return
        self._open.add(wanted)
        every = iter(()) if wanted.is_scalar else self._ways(wanted)
        ways = tuple(dict.fromkeys(every))
        for node in ways:
            for arg in node.args:
                self._enter(arg)
        self._open.discard(wanted)
        self.nodes[wanted] = ways

    def _ways(self, wanted: Class) -> Iterator[Node]:
        if isinstance(wanted, Product):
            yield from self._ways_of_product(wanted)
        elif isinstance(wanted, Sum):
            yield from self._ways_of_sum(wanted.terms, wanted.fixed)
        elif isinstance(wanted, Call):
            yield Node(wanted.op, tuple(self.root(p) for p in wanted.args))

    def _cancelled(self, p: Polynomial, *, fixed: bool) -> Iterator[Node]:
        """A sum or a product with the divisors cancelled that stand above in a sum that they divide."""
        shorter = cancelled(p)
        if shorter != p:
            yield Node("same", (self.root(shorter, fixed=fixed),))

    # ---- products ----------------------------------------------------------------------------------------------

    def _ways_of_product(self, wanted: Product) -> Iterator[Node]:
        yield from self._splits_of_product(wanted)
        yield from self._cancelled(((Fraction(1), wanted.factors),), fixed=not wanted.free)
        if self.amplifying:
            yield from self._multiplied_out(wanted.factors)

    def _multiplied_out(self, factors: Monomial) -> Iterator[Node]:
        """The square of a sum, or an assigned sum times scalars, as a sum of products."""
        tensors = [(b, e) for b, e in factors if not b.is_scalar]
        if len(tensors) != 1:
            return
        base, e = tensors[0]
        if isinstance(base, Sum) and e == 2 and len(factors) == 1:
            yield Node("same", (self.root(product(base.terms, base.terms)),))
        elif isinstance(base, Atom) and e == 1 and base in self.meanings:
            rest = monomial({b: x for b, x in factors if b != base})
            yield Node("same", (self.root(product(self.meanings[base], ((Fraction(1), rest),))),))

    def _splits_of_product(self, wanted: Product) -> Iterator[Node]:
        for i, factors in enumerate(dict.fromkeys(_rescaled(wanted.factors)) if wanted.free else (wanted.factors,)):
            if len(factors) == 1 and factors[0][1] == 1:
                yield Node("same", (factors[0][0],), optional=i > 0)
            else:
                yield from (replace(node, optional=i > 0, subtracts=self.amplifying and node.op == "sqrt") for node in _splits(units(factors)))

    # ---- sums --------------------------------------------------------------------------------------------------

    def _ways_of_sum(self, p: Polynomial, fixed: bool) -> Iterator[Node]:
        if len(p) == 1:
            yield Node("neg" if p[0][0] < 0 else "same", (self.term(p[0], free=not fixed),))
            return
        for chosen in range(1, 2 ** len(p) - 1, 2):
            left = self._part(tuple(x for i, x in enumerate(p) if chosen >> i & 1), fixed)
            right = self._part(tuple(x for i, x in enumerate(p) if not chosen >> i & 1), fixed)
            yield Node("add", (left[1], right[1]), (left[0], right[0]))
        yield from _factored(p, fixed)
        yield from self._cancelled(p, fixed=fixed)
        if len(p) == 2:
            yield from self._interpolations(p)

    def _part(self, p: Polynomial, fixed: bool) -> tuple[int, Class]:
        """A part of a sum as (sign, class), its first term positive."""
        sign = 1 if p[0][0] > 0 else -1
        if len(p) == 1:
            return sign, self.term(p[0], free=not fixed)
        return sign, make_sum(p if sign > 0 else tuple((-c, m) for c, m in p), fixed=fixed)

    def _interpolations(self, p: Polynomial) -> Iterator[Node]:
        """b*X + (1-b)*Y as X + (1-b)*(Y - X); from the other end, Y + b*(X - Y), only where b is at most 1/2."""
        for (k1, m1), (k2, m2) in (p, (p[1], p[0])):
            for b, c in self.names.complements.items():
                if dict(m1).get(b) != 1 or dict(m2).get(c) != 1 or not k1 == k2 == 1:
                    continue
                x = times(m1, ((b, Fraction(1)),), -1)
                y = times(m2, ((c, Fraction(1)),), -1)
                difference = make_sum(polynomial({y: Fraction(1), x: Fraction(-1)}))
                step = _product([(c, Fraction(1)), (difference, Fraction(1))])
                yield Node("add", (make_product(x, True), step), (1, 1), moderate=not self.amplifying)
                back = _product([(b, Fraction(1)), (difference, Fraction(1))])
                yield Node("add", (make_product(y, True), back), (1, -1), None if self.amplifying else b)


def _splits(parts: list[Unit]) -> Iterator[Node]:
    """Every last operation that makes a product of these factors."""
    tensors = [(b, e) for b, e in parts if not b.is_scalar]
    if all(abs(e) == HALF for _, e in parts):
        yield Node("sqrt", (make_product(_gathered([(b, 2 * e) for b, e in parts]), True),))
    if all(e < 0 for _, e in tensors):
        yield Node("reciprocal", (_product([(b, -e) for b, e in parts]),))
    every = 2 ** len(parts) - 1
    made: dict[int, Class] = {}

    def part(chosen: int) -> Class:
        if chosen not in made:
            made[chosen] = _product([x for i, x in enumerate(parts) if chosen >> i & 1])
        return made[chosen]

    for chosen in range(1, every):
        right = [x for i, x in enumerate(parts) if not chosen >> i & 1]
        if chosen & 1:
            yield Node("mul", (part(chosen), part(every - chosen)))
        if all(b.is_scalar or e < 0 or (isinstance(b, Sum) and e == HALF) for b, e in right):
            yield Node("div", (part(chosen), _product([(b, -e) for b, e in right])))


def _factored(p: Polynomial, fixed: bool) -> Iterator[Node]:
    """The common factor of all terms taken out of a sum."""
    common = dict(p[0][1])
    for _, m in p[1:]:
        powers = dict(m)
        common = {b: min(e, powers[b]) if e > 0 else max(e, powers[b]) for b, e in common.items() if b in powers and powers[b] * e > 0}
    if common:
        factor = monomial(common)
        rest = polynomial({times(m, factor, -1): c for c, m in p})
        sign = 1 if rest[0][0] > 0 else -1
        inner = make_sum(rest if sign > 0 else tuple((-c, m) for c, m in rest), fixed=fixed)
        yield Node("same" if sign > 0 else "neg", (make_product(times(factor, ((inner, Fraction(1)),)), False),))


def _rescaled(factors: Monomial) -> Iterator[Monomial]:
    """The product itself, and with scalars moved into or cleared out of a sum among its factors."""
    yield factors
    for base, e in factors:
        if not isinstance(base, Sum) or base.is_scalar or abs(e) not in (1, HALF):
            continue
        others = tuple((b, x) for b, x in factors if b != base)
        outer = [(b, x) for b, x in others if b.is_scalar]
        cleared: dict[Base, Fraction] = {}
        for _, m in base.terms:
            for b, x in m:
                if x < 0 and b.is_scalar:
                    cleared[b] = max(cleared.get(b, Fraction(0)), -x)
        for clear in ((), monomial(cleared)) if cleared else ((),):
            for count in range(len(outer) + 1):
                for moved in combinations(outer, count):
                    scale = times(clear, raised(monomial(dict(moved)), 1 / e))
                    if not scale or any((2 * x).denominator != 1 for _, x in scale):
                        continue
                    if abs(e) == HALF and any(x.denominator != 1 for _, x in scale):
                        continue
                    scaled = make_sum(polynomial({times(m, scale): c for c, m in base.terms}))
                    result = times(times(others, scale, -e), ((scaled, e),))
                    if all((2 * x).denominator == 1 for _, x in result):
                        yield result
