"""The scalars of a rule: their exact values, and how far a correct program's may be off.

Profile BINARY64_SCALARS: scalars are formed in binary64, each operation rounded, and the result is rounded once to the format.
Profile narrow: they are formed in the format itself (a cause of reduced precision). The error of b^t is that of
(t + 1) roundings, which covers a library's pow, repeated squaring and a running product alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from mpmath import MPContext

from refopt.errors import NotImplementedYet, RefoptError
from refopt.language.evaluate import is_integral, rational
from refopt.language.expression import CONDITIONS, Expression
from refopt.language.operations import RECORD, SMOOTH
from refopt.rounding import cube_root
from refopt.rounding.formats import FLOAT64, Format
from refopt.rounding.forms import Class, Product
from refopt.rounding.normal_form import Atom, Call, Monomial, Names, Sum, make_sum
from refopt.rounding.scalar_state import STORED

_MP = MPContext()
_MP.dps = 60


@dataclass(frozen=True)
class Ball:
    """An exact value (to 60 digits) and a bound on the distance of what a correct program computes."""

    x: Any
    e: Any


@dataclass(frozen=True)
class Factor:
    """The exact value of a factor of a product, and how far it may be off before its own rounding, as a share of it."""

    x: Any
    relative: Any


IMPOSSIBLE = Ball(_MP.nan, _MP.ninf)
"""The inverse of a scalar that is zero: no program forms it."""


@lru_cache(maxsize=4096)
def number(value: Fraction | int | float) -> Any:
    """A number in the precision of this module."""
    f = value if type(value) is Fraction else Fraction(value)
    return _MP.mpf(f.numerator) / f.denominator


@lru_cache(maxsize=4096)
def _is_binary64(x: Fraction) -> bool:
    return FLOAT64.represents(x)


SLOPES: dict[str, Callable[[Any, Any], Any]] = {"exp": lambda x, e: _MP.exp(x + e), "log": lambda x, e: 1 / (x - e)}
"""The largest slope of a smooth function within a distance of a point, where its record has no Lipschitz factor."""


def _lipschitz(op: str) -> Any:
    factor = RECORD[op].lipschitz
    if factor is None:
        raise NotImplementedYet(f"no bound is derived yet for a scalar with the operation {op}: its record has no Lipschitz factor, and SLOPES no line for it")
    return number(factor)


def _cube_root(x: Any) -> Any:
    return -_MP.cbrt(-x) if x < 0 else _MP.cbrt(x)


class Undecided(ArithmeticError):
    """A choice by numbers that a correct program may find on either side."""


class Scalars:
    """The scalars of one rule at one step: hyperparameters and t are given, the rest is computed on demand.

    formed_in  the format in which they are formed: binary64 in profile BINARY64_SCALARS
    kept_in    the format in which a state of one value is kept
    balls      symbols that are known with an error only (the rate of the step before, in a recursion)
    moving     names whose values are others at other steps: t, and what is formed of it elsewhere
    """

    def __init__(self, names: Names, hyper: Mapping[str, Fraction], t: int, formed_in: Format = FLOAT64) -> None:
        self.names = names
        self.exact: dict[str, Any] = {**hyper, "t": Fraction(t)}
        self.u = number(formed_in.u)
        self.narrow = formed_in is not FLOAT64
        self.kept_in = FLOAT64
        self.balls: dict[str, Ball] = {}
        self.moving = frozenset({"t"})
        self._atoms: dict[str, Ball] = {}
        self._known: dict[Class, Ball] = {}
        self._factors: dict[tuple[Class, int, int], Factor] = {}
        self._moving: set[Class | str] = set()
        self._met_t = False

    def of(self, wanted: Class) -> Ball:
        """The ball of a scalar class, before the last rounding to the format."""
        if wanted not in self._known:
            self._known[wanted] = self._noted(wanted, lambda: self._formed(wanted))
        self._met_t |= wanted in self._moving
        return self._known[wanted]

    def at(self, t: int) -> Scalars:
        """The same at another step: what does not depend on t is taken over."""
        other = Scalars(self.names, {}, t)
        other.exact, other.u, other.narrow, other.balls = {**self.exact, "t": Fraction(t)}, self.u, self.narrow, self.balls
        other.moving, other.kept_in = self.moving, self.kept_in
        other._known = {c: ball for c, ball in self._known.items() if c not in self._moving}
        other._factors = {key: factor for key, factor in self._factors.items() if key[0] not in self._moving}
        other._atoms = {key: ball for key, ball in self._atoms.items() if key not in self._moving}
        return other

    def _noted(self, name: Class | str, formed: Callable[[], Ball]) -> Ball:
        """The ball that is formed; notes whether t, or what moves with it, was met on the way."""
        before, self._met_t = self._met_t, False
        ball = formed()
        if self._met_t:
            self._moving.add(name)
        self._met_t |= before
        return ball

    def _formed(self, wanted: Class) -> Ball:
        if isinstance(wanted, Atom):
            return self.atom(wanted)
        if isinstance(wanted, Product):
            return self.monomial(wanted.factors)
        if isinstance(wanted, Sum):
            return self.total([self.scaled(self.monomial(m), c) for c, m in wanted.terms])
        if isinstance(wanted, Call) and wanted.op not in CONDITIONS and wanted.op != "where":
            return self.operation(wanted.op, [self._formed(make_sum(a)) for a in wanted.args])
        raise NotImplementedYet(f"no bound is derived yet for the scalar {wanted.key}")

    def total(self, terms: Sequence[Ball]) -> Ball:
        """The sum of its terms, from the first on."""
        found = terms[0] if terms else Ball(self.number(0), self.number(0))
        for term in terms[1:]:
            found = self.rounded(found.x + term.x, found.e + term.e)
        return found

    def number(self, value: Fraction | int) -> Any:
        """An exact number in the sort of numbers that is computed with."""
        return number(value)

    def scaled(self, ball: Ball, c: Fraction) -> Ball:
        return ball if c == 1 else Ball(self.number(c) * ball.x, self.number(abs(c)) * ball.e)

    def rounded(self, x: Any, e: Any) -> Ball:
        return Ball(x, e * (1 + self.u) + self.u * abs(x))

    def atom(self, atom: Atom) -> Ball:
        """The ball of a named scalar, from its tree."""
        if atom.key not in self._atoms:
            self._atoms[atom.key] = self._noted(atom.key, lambda: self.tree(self.names.scalars[atom.key]))
        self._met_t |= atom.key in self._moving
        return self._atoms[atom.key]

    def monomial(self, m: Monomial) -> Ball:
        """A product of powers of scalars: relative errors add up, and each operation rounds once."""
        for base, e in m:
            ball = self.of(base)
            if ball.e >= abs(ball.x) / 2:  # a zero too
                if e < 0:
                    return IMPOSSIBLE
                if ball.e <= 0:  # exactly 0, whatever the other factors are
                    return Ball(self.number(0), self.number(0))
                return self.small_product(m)
        return self.large_product(m)

    def large_product(self, m: Monomial) -> Ball:
        """A product of factors of a known sign."""
        x, relative, operations = self.number(1), self.number(0), 0
        for base, e in m:
            factor = self._factor(base, e)
            x, relative = x * factor.x, relative + factor.relative + (self.u if e.denominator != 1 else 0)
            operations += max(1, int(abs(e)))
            if e < 0 and len(m) == 1:
                operations += 1
        relative = relative + self.u * max(operations - 1, 0)
        return Ball(x, abs(x) * relative * (1 + relative))

    def _factor(self, base: Class, e: Fraction) -> Factor:
        """A power of a scalar in a product; made once for all products that it stands in."""
        ball, key = self.of(base), (base, e.numerator, e.denominator)
        if key not in self._factors:
            exponent, power = (int(e), abs(int(e))) if e.denominator == 1 else (self.number(e), self.number(abs(e)))
            size = ball.e / abs(ball.x)
            self._factors[key] = Factor(ball.x if e == 1 else ball.x**exponent, power * size / (1 - size) ** (power + 1))
        return self._factors[key]

    def small_product(self, m: Monomial) -> Ball:
        """A product with a factor that is hardly known, or 0: from the largest sizes of its factors. No claim where one has no largest size."""
        x, largest, operations = self.number(1), self.number(1), 0
        for base, e in m:
            ball = self.of(base)
            if e.denominator != 1 or e < 0:
                return Ball(self.number(0), self.number(0) if ball.e <= 0 and ball.x == 0 else _MP.inf)
            if ball.e == _MP.inf:  # times another factor that is 0 it is no number
                return Ball(self.number(0), _MP.inf)
            x, largest, operations = x * ball.x ** int(e), largest * (abs(ball.x) + ball.e) ** int(e), operations + int(e)
        return Ball(x, (largest - abs(x)) + self.u * operations * largest * (1 + self.u * operations))

    def decided(self, condition: Expression) -> bool:
        """True where a condition holds. Raises Undecided where a correct program may find otherwise."""
        if is_integral(condition):
            return bool(rational(condition, self.exact))
        if condition.op == "and":
            return self.decided(condition.args[0]) and self.decided(condition.args[1])
        if condition.op == "or":
            return self.decided(condition.args[0]) or self.decided(condition.args[1])
        a, b = (self.tree(x) for x in condition.args)
        room = a.e + b.e
        if not abs(a.x - b.x) > room and not (room == 0 and a.x == b.x):
            raise Undecided
        return bool({"lt": a.x < b.x, "le": a.x <= b.x, "gt": a.x > b.x, "ge": a.x >= b.x, "eq": a.x == b.x}[condition.op])

    def kept(self, ball: Ball) -> Ball:
        """A scalar once it was kept in the format of the state; an exact 0 stays one."""
        if ball.x == 0 and ball.e == 0:
            return ball
        u, least, normal = number(self.kept_in.u), number(self.kept_in.smallest_subnormal) / 2, number(self.kept_in.smallest_normal)
        return Ball(ball.x, ball.e + u * (abs(ball.x) + ball.e) + (least if abs(ball.x) < normal else 0))

    def tree(self, node: Expression) -> Ball:
        """The ball of a scalar tree, evaluated as written."""
        op = node.op
        if not self._met_t and (op in ("symbol", "where", "pow") or is_integral(node)):
            self._met_t = not self.moving.isdisjoint(node.symbol_names)
        if op == "symbol" and node.name in self.balls:
            return self.balls[node.name]
        if op in ("literal", "symbol") or is_integral(node):
            exact = node.value if op == "literal" and node.value is not None else rational(node, self.exact)
            x = number(exact)
            if self.narrow and op != "literal":
                return self.rounded(x, number(0))
            if op == "literal":
                return Ball(x, number(0) if _is_binary64(exact) else self.u * abs(x))
            if op in ("add", "sub") and exact.denominator != 1:  # the difference of a rounded quotient may be far smaller than it
                return Ball(x, self.operation(op, [self.tree(a) for a in node.args]).e)
            divisions = 0 if exact.denominator == 1 else sum(part.op == "div" for part in node.walk())
            return Ball(x, divisions * self.u * abs(x))
        if op == "constant":
            return self.rounded(+_MP.pi, number(0))
        if op == "where":
            try:
                return self.tree(node.args[1] if self.decided(node.args[0]) else node.args[2])
            except Undecided:
                return self.either(node)
        if op == "pow" and is_integral(node.args[1]):
            return self.power(self.tree(node.args[0]), int(rational(node.args[1], self.exact)))
        if op == "cast":
            inner = self.tree(node.args[0])
            return self.kept(inner) if node.attribute == STORED else inner
        args = [self.tree(a) for a in node.args]
        return self.operation(op, args)

    def either(self, node: Expression) -> Ball:
        """A choice whose condition rounding may turn round: a correct program has the value of one branch or that of the other."""
        try:
            holds = bool(rational(node.args[0], self.exact))
        except (RefoptError, ZeroDivisionError):
            return Ball(number(0), _MP.inf)
        taken, other = (self.tree(x) for x in (node.args[1:] if holds else node.args[:0:-1]))
        return Ball(taken.x, max(taken.e, abs(other.x - taken.x) + other.e))

    def power(self, base: Ball, n: int) -> Ball:
        """b^n for n >= 0 by pow, repeated squaring or a running product."""
        x = base.x**n
        rounding = (n + 1) * self.u * abs(x)
        inherited = n * abs(base.x) ** (n - 1) * base.e if n and base.e else number(0)
        return Ball(x, rounding + inherited)

    def real_power(self, a: Ball, b: Ball) -> Ball:
        """a^b for a base that is not negative, by a library's `pow`, which is off by 4 units of its result at most."""
        if b.x == 0 and b.e == 0:
            return Ball(number(1), number(0))  # pow(x, 0) is 1 in every library, whatever x is
        low, high = a.x - a.e, a.x + a.e
        if a.x < 0:
            return Ball(number(0), _MP.inf)
        small = a.x > 0 and 2**24 * (abs(b.x) + 1) * a.e < a.x
        if small and (b.e == 0 or 2**24 * b.e * (1 + abs(_MP.log(a.x))) < min(1, abs(b.x))):  # first order in both, with room for the second
            x = a.x**b.x
            return Ball(x, 4 * self.u * abs(x) + abs(x) * (abs(b.x / a.x) * a.e + abs(_MP.log(a.x)) * b.e) * (1 + _MP.mpf(2) ** -20))
        if low <= 0 and b.x - b.e <= 0:
            return Ball(number(0), _MP.inf)  # the base may be 0, and 0 to a negative power is infinite
        exponents = (b.x - b.e, b.x + b.e)  # monotone in the base and in the exponent: the extremes are at corners
        corners = [_MP.mpf(max(base, 0)) ** y for base in (low, high) for y in exponents]
        x = a.x**b.x
        return Ball(x, max(abs(c - x) for c in corners) + 4 * self.u * max(corners))

    def cube_root(self, a: Ball) -> Ball:
        """The cube root, formed by its own function, as a power or through a logarithm: `rounding.cube_root`."""
        root, lowest, largest = _cube_root(a.x), abs(a.x) - a.e, abs(a.x) + a.e
        if largest == 0 or largest == _MP.inf:
            return Ball(root, largest)
        near = _MP.mpf(cube_root.LEVEL) if lowest <= 0 else min(abs(_MP.log(lowest)), _MP.mpf(cube_root.LEVEL))
        logarithm = max(abs(_MP.log(largest)), near)
        share = cube_root.UNITS * self.u + (1 + cube_root.UNITS * self.u) * _MP.expm1(cube_root.BY_LOGARITHM * self.u * logarithm)
        return Ball(root, max(_cube_root(a.x + a.e) - root, root - _cube_root(a.x - a.e)) + _cube_root(largest) * share)

    def quotient(self, a: Ball, b: Ball) -> Ball:
        """a/b for a divisor that is not zero."""
        return self.rounded(a.x / b.x, (abs(a.x) * b.e + abs(b.x) * a.e) / (abs(b.x) * (abs(b.x) - b.e)))

    def operation(self, op: str, args: list[Ball]) -> Ball:
        """One operation in binary64 (profile BINARY64_SCALARS) on balls."""
        a = args[0]
        b = args[1] if len(args) > 1 else a
        if op in ("add", "sub"):
            return self.rounded(a.x + b.x if op == "add" else a.x - b.x, a.e + b.e)
        if op == "neg":
            return Ball(-a.x, a.e)
        if op == "mul":
            return self.rounded(a.x * b.x, abs(a.x) * b.e + abs(b.x) * a.e + a.e * b.e)
        if op == "square":
            return self.rounded(a.x * a.x, 2 * abs(a.x) * a.e + a.e**2)
        if op == "div":
            if b.e >= abs(b.x):
                return Ball(number(0), _MP.inf)
            return self.quotient(a, b)
        if op == "sqrt":
            if a.x < 0:
                return Ball(number(0), _MP.inf)
            root = _MP.sqrt(a.x)
            e = a.e / (root + _MP.sqrt(a.x - a.e)) if a.e < a.x else max(root, _MP.sqrt(a.x + a.e) - root)
            return self.rounded(root, e)
        if op == "pow":
            return self.real_power(a, b)
        if op in ("max", "min"):
            return Ball(max(a.x, b.x) if op == "max" else min(a.x, b.x), max(a.e, b.e))
        if op == "abs":
            return Ball(abs(a.x), a.e)
        if op == "sign":  # exact, where rounding cannot bring its operand to the other side of 0
            x = number((a.x > 0) - (a.x < 0))
            return Ball(x, number(0) if abs(a.x) > a.e or a.e <= 0 else 1 + abs(x))
        if op == "floor":
            low, x = _MP.floor(a.x - a.e), _MP.floor(a.x)
            return Ball(x, number(0) if low == _MP.floor(a.x + a.e) else _MP.inf)
        if op == "ilog":  # of whole numbers it is exact, and has been found (is_integral); of anything else a rounding may turn it
            return Ball(number(0), _MP.inf)
        if op == "cbrt":
            return self.cube_root(a)
        if op == "log" and a.x <= a.e:
            return Ball(number(0), _MP.inf)  # the operand may be 0
        if op in SMOOTH:
            x = getattr(_MP, op)(a.x)
            slope = SLOPES[op](a.x, a.e) if op in SLOPES else _lipschitz(op)
            return Ball(x, slope * a.e + 4 * self.u * abs(x))
        raise NotImplementedYet(f"no bound is derived yet for a scalar with the operation {op}")
