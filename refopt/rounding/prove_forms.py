"""Each node of the graph of forms, proved equal to its class: by adding exponents and coefficients where that is enough, else by SymPy.

Scalars that add up to one are told apart and related: 1 - beta1 is replaced by its definition, 1 - beta1^t is a
positive symbol of its own; an assigned sum is what it means where a form multiplies it out. Every symbol is positive;
that loses nothing, because a root is only ever split where its factors cannot be negative (normal_form.py), and the
rest are identities of rational functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import sympy as sp

from refopt.rounding.forms import Class, Forms, Node, Product
from refopt.rounding.normal_form import Atom, Base, Monomial, Names, Polynomial, Sum


def drop_unproved(forms: Forms) -> list[tuple[Class, Node]]:
    """Remove the nodes that SymPy does not prove equal to their class; returns what was removed."""
    twins = _Twins(forms.names, forms.meanings)
    dropped: list[tuple[Class, Node]] = []
    for wanted, ways in forms.nodes.items():
        target = None
        kept = []
        for node in ways:
            if not _by_counting(wanted, node):
                target = twins.of(wanted) if target is None else target
                if not twins.equal(target, twins.of_node(node)):
                    dropped.append((wanted, node))
                    continue
            kept.append(node)
        forms.nodes[wanted] = tuple(kept)
    return dropped


def _by_counting(wanted: Class, node: Node) -> bool:
    """True where a product has the exponents, or a sum the coefficients, of its parts together."""
    if node.op in ("mul", "div", "reciprocal"):
        powers: dict[Base, Fraction] = {}
        for i, arg in enumerate(node.args):
            sign = -1 if node.op == "reciprocal" or (node.op == "div" and i) else 1
            for base, e in _factors(arg):
                powers[base] = powers.get(base, Fraction(0)) + sign * e
        return {b: e for b, e in powers.items() if e} == dict(_factors(wanted))
    if node.op == "add" and isinstance(wanted, Sum):
        terms: dict[Monomial, Fraction] = {}
        for sign, arg in zip(node.signs, node.args, strict=True):
            for c, m in arg.terms if isinstance(arg, Sum) else ((Fraction(1), _factors(arg)),):
                terms[m] = terms.get(m, Fraction(0)) + sign * c
        return {m: c for m, c in terms.items() if c} == {m: c for c, m in wanted.terms}
    return False


def _factors(c: Class) -> Monomial:
    return c.factors if isinstance(c, Product) else ((c, Fraction(1)),)


class _Twins:
    def __init__(self, names: Names, meanings: Mapping[Atom, Polynomial]) -> None:
        self.names, self.meanings = names, meanings
        self.known: dict[str, Any] = {}
        self.definitions = {self.atom(c): 1 - self.atom(b) for b, c in names.complements.items()}
        for key, tree in names.scalars.items():
            if tree.op == "literal":
                self.definitions[self.atom_named(key)] = tree.sym

    def atom_named(self, key: str) -> Any:
        return self.known.setdefault(f"atom {key}", sp.Symbol(key, positive=True))

    def atom(self, atom: Atom) -> Any:
        return self.atom_named(atom.key)

    def of(self, wanted: Class | Base) -> Any:
        """The SymPy expression of a class, with atoms as positive symbols."""
        if isinstance(wanted, Atom):
            return self.atom(wanted)
        key = f"{type(wanted).__name__} {wanted.key}"
        if key not in self.known:
            if isinstance(wanted, Product):
                self.known[key] = self.monomial(wanted.factors)
            elif isinstance(wanted, Sum):
                self.known[key] = self.polynomial(wanted.terms)
            else:
                self.known[key] = self.call(wanted.op, [self.polynomial(p) for p in wanted.args])
        return self.known[key]

    def monomial(self, m: Monomial) -> Any:
        return sp.Mul(*[self.of(b) ** _rational(e) for b, e in m])

    def polynomial(self, p: Polynomial) -> Any:
        return sp.Add(*[_rational(c) * self.monomial(m) for c, m in p])

    @staticmethod
    def call(op: str, args: list[Any]) -> Any:
        return sp.sqrt(args[0]) if op == "sqrt" else sp.Function(op)(*args)

    def of_node(self, node: Node) -> Any:
        """The SymPy expression of a node's last operation on its classes."""
        args = [self.of(a) for a in node.args]
        if node.op == "add":
            return node.signs[0] * args[0] + node.signs[1] * args[1]
        if node.op == "mul":
            return args[0] * args[1]
        if node.op == "div":
            return args[0] / args[1]
        if node.op in ("same", "neg", "reciprocal"):
            return {"same": args[0], "neg": -args[0], "reciprocal": 1 / args[0]}[node.op]
        return self.call(node.op, args)

    def equal(self, a: Any, b: Any) -> bool:
        if a == b:
            return True
        return _identical(a.xreplace(self.definitions), b.xreplace(self.definitions)) or (bool(self.meanings) and self.equal_as_assigned(a, b))

    def equal_as_assigned(self, a: Any, b: Any) -> bool:
        """The same with the sums that assigned names stand for, as a form that multiplies one out takes them."""
        assigned = {self.atom(atom): self.polynomial(p) for atom, p in self.meanings.items()}
        return _identical(*(x.xreplace(assigned).xreplace(self.definitions) for x in (a, b)))


@cache
def _identical(a: Any, b: Any) -> bool:
    """True where SymPy proves two expressions equal. Rules of one family share most of their nodes: each is proved once."""
    if a == b or sp.expand(a - b) == 0:
        return True
    ratio = sp.powsimp(sp.expand_power_base(a / b))
    return bool(ratio == 1 or sp.factor(ratio) == 1 or sp.simplify(ratio) == 1)


def _rational(x: Fraction) -> Any:
    return sp.Rational(x.numerator, x.denominator)
