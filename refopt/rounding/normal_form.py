"""The normal form of a tree: a sum of terms, each a coefficient times a product of powers.

Two trees that differ only by the rules of arithmetic have the same normal form; the graph of equivalent forms
(forms.py) starts from it. Scalars that are sums or powers (1 - beta1, beta2^t) are atoms: they are computed once a
step in binary64, in one way. A weighted mean written as m + (1 - b)*(g - m) is read as b*m + (1 - b)*g.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from refopt.errors import NotImplementedYet
from refopt.language.expression import Expression
from refopt.language.text import canonical

HALF = Fraction(1, 2)


class Keyed:
    """An object that is equal to those of its kind with the same key. Graphs ask for it so often that a dataclass's own comparison is too slow."""

    key: str

    def __eq__(self, other: object) -> bool:
        return self is other or (type(self) is type(other) and self.key == other.key)

    def __hash__(self) -> int:
        return hash(self.key)


@dataclass(frozen=True, eq=False)
class Atom(Keyed):
    """A quantity that is not taken apart: an input, a state, a named scalar. Equal by key."""

    key: str
    is_scalar: bool
    nonnegative: bool = False


@dataclass(frozen=True, eq=False)
class Sum(Keyed):
    """A sum that stands as a factor or under a root. Equal by key. `fixed`: its terms are not rescaled (forms.py)."""

    key: str
    terms: Polynomial = field(repr=False)
    is_scalar: bool
    nonnegative: bool
    fixed: bool = False


@dataclass(frozen=True, eq=False)
class Call(Keyed):
    """A function of sums that arithmetic does not see into: max, abs, exp, ... Equal by key."""

    key: str
    op: str
    args: tuple[Polynomial, ...] = field(repr=False)
    is_scalar: bool
    nonnegative: bool


Base = Atom | Sum | Call
Monomial = tuple[tuple[Base, Fraction], ...]
"""A product of powers, sorted by key; exponents are multiples of 1/2 and never 0."""
Polynomial = tuple[tuple[Fraction, Monomial], ...]
"""A sum of coefficients times products, sorted by key; coefficients are never 0."""


def monomial(powers: dict[Base, Fraction]) -> Monomial:
    """The sorted product of powers."""
    return tuple(sorted(((b, e) for b, e in powers.items() if e), key=lambda x: (x[0].key, x[1])))


def times(a: Monomial, b: Monomial, power: Fraction | int = 1) -> Monomial:
    """a * b^power."""
    powers = dict(a)
    for base, e in b:
        more = e if power == 1 else e * power
        powers[base] = powers[base] + more if base in powers else more
    return monomial(powers)


def raised(a: Monomial, power: Fraction | int) -> Monomial:
    """a^power."""
    return monomial({b: e * power for b, e in a})


def monomial_key(a: Monomial) -> str:
    """A text that is equal for equal products."""
    return "*".join([b.key if (power := _power(e)) == "1" else f"{b.key}^{power}" for b, e in a]) or "1"


def _power(e: Fraction) -> str:
    """An exponent as it is written; asked so often that Fraction's own text takes a tenth of drawing a graph."""
    return str(e.numerator) if e.denominator == 1 else f"{e.numerator}/{e.denominator}"


def polynomial_key(p: Polynomial) -> str:
    """A text that is equal for equal sums."""
    return "{" + " + ".join(f"{c}*{monomial_key(m)}" for c, m in p) + "}"


def polynomial(terms: dict[Monomial, Fraction]) -> Polynomial:
    """The sorted sum of terms."""
    return tuple(sorted(((c, m) for m, c in terms.items() if c), key=lambda x: (monomial_key(x[1]), x[0])))


def plus(a: Polynomial, b: Polynomial, factor: int = 1) -> Polynomial:
    """a + factor*b."""
    terms: dict[Monomial, Fraction] = {}
    for c, m in a:
        terms[m] = terms.get(m, Fraction(0)) + c
    for c, m in b:
        terms[m] = terms.get(m, Fraction(0)) + factor * c
    return polynomial(terms)


def product(a: Polynomial, b: Polynomial) -> Polynomial:
    """a*b, multiplied out."""
    terms: dict[Monomial, Fraction] = {}
    for c1, m1 in a:
        for c2, m2 in b:
            m = times(m1, m2)
            terms[m] = terms.get(m, Fraction(0)) + c1 * c2
    return polynomial(terms)


def multiplied(a: Polynomial, b: Polynomial) -> Polynomial:
    """a*b as a formula has it: multiplied out, but for a sum of which a divisor of elements cancels in some terms.

    C/(L*M)*(L + W) is not C/M + C*W/(L*M) for a program that forms C*(L + W) or L*M: either may underflow or overflow where L is cancelled.
    The sum stays a factor; `cancelled` multiplies it out.
    """
    for factor, terms in ((a, b), (b, a)):
        if len(factor) == 1 and len(terms) > 1 and _cancels(factor[0][1], terms):
            return ((factor[0][0], times(factor[0][1], ((make_sum(terms), Fraction(1)),))),)
    return product(a, b)


def cancelled(p: Polynomial) -> Polynomial:
    """A sum with each factor multiplied out of which a divisor of elements cancels in some terms; the sum itself where there is none."""
    result: Polynomial = ()
    for c, m in p:
        sums = [b for b, e in m if isinstance(b, Sum) and e == 1 and _cancels(m, b.terms)]
        result = plus(result, product(((c, times(m, one(sums[0])[0][1], -1)),), sums[0].terms) if sums else ((c, m),))
    return result


def _cancels(m: Monomial, terms: Polynomial) -> bool:
    """True where a factor of elements stands above in a product and below in some term, or the other way round."""
    powers = dict(m)
    return any(base in powers and e * powers[base] < 0 and not base.is_scalar for _, term in terms for base, e in term)


def one(base: Base, e: Fraction | int = 1) -> Polynomial:
    """The sum with the single term base^e."""
    return ((Fraction(1), ((base, Fraction(e)),)),)


def constant(c: Fraction) -> Polynomial:
    """The sum with the single term c, or no term at all."""
    return ((c, ()),) if c else ()


def is_added_up(p: Polynomial) -> bool:
    """True where programs add the terms of a sum one by one to what the sum is added to: each is an atom of elements times scalars or,
    in a sum of several, over divisors and roots too.

    A velocity of scaled gradients, mu*b + lr*g/sqrt(v), is one: theta - mu*b - lr*g/sqrt(v) rounds twice at the size of theta, theta - b' once.
    A single quotient has one form more in theta (lr*g)/d, whose roundings are those of lr*(g/d).
    """
    return all(_is_atom(m, quotients=len(p) > 1) for _, m in p)


def _is_atom(m: Monomial, *, quotients: bool) -> bool:
    """True where a product is one atom of elements times scalars, and with `quotients`, over divisors of elements."""
    above = [(b, e) for b, e in m if not b.is_scalar and not (quotients and e < 0)]
    return len(above) == 1 and isinstance(above[0][0], Atom) and above[0][1] == 1


MOST_MULTIPLIED_OUT = 2
"""Highest power of an atom that is written out: a square of a sum is multiplied out by hand, a cube is not."""


def written_out(p: Polynomial, meanings: Mapping[Atom, Polynomial]) -> Polynomial:
    """A sum with atoms replaced by what they mean, and with squares of sums, multiplied out. An atom under a root, in a divisor or in a
    sum that is squared stays.
    """
    result: Polynomial = ()
    for c, m in p:
        replaced = {b: (_meaning(b, e, meanings), e) for b, e in m if _meaning(b, e, meanings)}
        term: Polynomial = ((c, tuple((b, e) for b, e in m if b not in replaced)),)
        for meaning, e in replaced.values():
            for _ in range(int(e)):
                term = product(term, meaning)
        result = plus(result, term)
    return result


def _meaning(b: Base, e: Fraction, meanings: Mapping[Atom, Polynomial]) -> Polynomial:
    """The sum that a factor is multiplied out as; no terms where it stays."""
    if isinstance(b, Sum) and not b.is_scalar and e in (1, MOST_MULTIPLIED_OUT):
        return b.terms
    return meanings.get(b, ()) if isinstance(b, Atom) and e.denominator == 1 and 0 < e <= MOST_MULTIPLIED_OUT else ()


def nonnegative(p: Polynomial) -> bool:
    """True where a sum cannot be negative, by its structure alone."""
    return all(c > 0 and all(b.nonnegative or e % 2 == 0 for b, e in m) for c, m in p)


def make_sum(p: Polynomial, *, fixed: bool = False) -> Sum:
    """A sum as a base. `fixed` says nothing where no sum of elements is among the factors of its terms: it is the same base then."""
    fixed = fixed and any(isinstance(b, Sum) and not b.is_scalar for _, m in p for b, _ in m)
    return Sum(("fixed " if fixed else "") + polynomial_key(p), p, all(b.is_scalar for _, m in p for b, _ in m), nonnegative(p), fixed)


def make_call(op: str, args: tuple[Polynomial, ...]) -> Call:
    """A function of sums as a base."""
    key = f"{op}({', '.join(polynomial_key(a) for a in args)})"
    is_scalar = all(b.is_scalar for a in args for _, m in a for b, _ in m)
    signs = [nonnegative(a) for a in args]
    positive = op in ("abs", "exp", "sqrt") or (op == "max" and any(signs)) or (op == "min" and all(signs))
    return Call(key, op, args, is_scalar, positive)


CALLS = frozenset({"max", "min", "abs", "sign", "floor", "exp", "log", "cos", "sin", "tanh", "cbrt", "pow", "where", "lt", "le", "gt", "ge", "eq", "and", "or"})
"""Operations that become a Call; the rest is arithmetic."""


class Names:
    """The atoms of one rule: what each named scalar means, and which pairs add up to one."""

    def __init__(self) -> None:
        self.scalars: dict[str, Expression] = {}
        self.complements: dict[Atom, Atom] = {}

    def scalar(self, tree: Expression) -> Atom:
        """The atom of a scalar tree; `1 - b` is remembered as the complement of b."""
        known_sign = tree.op == "literal" and (tree.value or 0) >= 0
        atom = Atom(canonical(tree), True, tree.sign is not None or known_sign or _is_complement(tree) or tree.op == "pow")
        self.scalars[atom.key] = tree
        if _is_complement(tree) and tree.args[1].op == "symbol":
            self.complements[self.scalar(tree.args[1])] = atom
        return atom

    def literal(self, value: Fraction) -> Atom:
        """The atom of an exact number."""
        from refopt.language.expression import literal

        return self.scalar(literal(value))


def _is_complement(tree: Expression) -> bool:
    """True where a tree is 1 - b or 1 - b^t, which the domain 0 <= b < 1 makes positive."""
    return tree.op == "sub" and tree.args[0].op == "literal" and tree.args[0].value == 1


def normal_form(node: Expression, environment: dict[str, Polynomial], names: Names) -> Polynomial:
    """The normal form of a tree; `environment` holds the normal forms of its tensor symbols."""
    for part in node.walk():
        if part.is_scalar and _is_complement(part):
            names.scalar(part)
    return _Reader(environment, names).read(node)


class _Reader:
    def __init__(self, environment: dict[str, Polynomial], names: Names) -> None:
        self.environment = environment
        self.names = names

    def read(self, node: Expression) -> Polynomial:
        op = node.op
        if op == "literal":
            assert node.value is not None
            return constant(node.value)
        if node.is_scalar and op not in ("mul", "div", "neg", "sqrt", "square"):
            return one(self.names.scalar(node))
        if op == "symbol":
            return self.environment[str(node.name)]
        args = [self.read(a) for a in node.args]
        if op in ("add", "sub"):
            return self.collect(plus(args[0], args[1], 1 if op == "add" else -1))
        if op == "neg":
            return plus((), args[0], -1)
        if op == "mul":
            return self.collect(multiplied(args[0], args[1]))
        if op == "div":
            return multiplied(args[0], self.power(args[1], Fraction(-1)))
        if op == "square":
            return self.power(args[0], Fraction(2))
        if op == "pow" and node.args[1].op == "literal" and node.args[1].value is not None and node.args[1].value.denominator == 1:
            return self.power(args[0], node.args[1].value)
        if op == "sqrt":
            return self.power(args[0], HALF)
        if op == "cast":
            return args[0]
        if op in CALLS:
            return one(make_call(op, tuple(args)))
        raise NotImplementedYet(f"no bound is derived yet for a formula with the operation {op} on elements")

    def power(self, p: Polynomial, e: Fraction) -> Polynomial:
        if len(p) == 1:
            c, m = p[0]
            if e.denominator == 1:
                return ((c ** int(e), raised(m, e)),)
            if c > 0 and all(b.nonnegative for b, _ in m) and all((x * e * 2).denominator == 1 for _, x in m):
                m = m if c == 1 else times(m, ((self.names.literal(c), Fraction(1)),))
                return ((Fraction(1), raised(m, e)),)
            return one(make_call("sqrt", (p,)))
        if not p:
            return ()
        return one(make_sum(p), e)

    def collect(self, p: Polynomial) -> Polynomial:
        """X - (1-b)*X -> b*X and X - b*X -> (1-b)*X."""
        for b, c in self.names.complements.items():
            for kept, gone in ((b, c), (c, b)):
                for coefficient, m in p:
                    partner = times(m, ((gone, Fraction(1)),))
                    if (-coefficient, partner) in p:
                        rest = plus(plus(p, ((coefficient, m),), -1), ((-coefficient, partner),), -1)
                        return self.collect(plus(rest, ((coefficient, times(m, ((kept, Fraction(1)),))),)))
        return p
