"""Slips of a tree beyond its mechanical mutants: what a diagnosis tries when no mutant explains what was seen.

A factor or an addend of the formula's own stands at one more place, parentheses are dropped or set too wide, b and 1 - b
are exchanged, a power is written as a product, degrees are meant for radians, a count is held at its start or falls to
whether it has begun.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from refopt.golden.tree_mutations import Edit, everywhere, rebuilt
from refopt.language.evaluate import is_integral
from refopt.language.expression import Expression, Kind, literal, maximum, operation, where

PRODUCTS, SUMS = ("mul", "div"), ("add", "sub")
DEGREES = 180
"""Number in the place of pi where an angle is taken in degrees."""


def slips(node: Expression, factors: Sequence[Expression]) -> Iterator[Edit]:
    """Every slip of every part of a tree. `factors` are what it may be multiplied or divided by at one more place."""
    terms = addends(node)
    yield from everywhere(node, lambda part: chain(_parentheses(part), _written_otherwise(part)))
    yield from at_products(node, factors)
    yield from everywhere(node, lambda part: (part + a for a in terms if not part.is_scalar))


def parentheses(node: Expression) -> Iterator[Edit]:
    """The slips in which parentheses are dropped or set too wide."""
    yield from everywhere(node, _parentheses)


def complemented(node: Expression, h: Expression) -> Expression:
    """The tree with h and 1 - h exchanged wherever they stand."""
    if node == h:
        return 1 - h
    if node == 1 - h:
        return h
    return node if not node.args else operation(node.op, *(complemented(a, h) for a in node.args), attribute=node.attribute)


def divisors(node: Expression) -> list[Expression]:
    """Divisors in a tree."""
    return list(dict.fromkeys(part.args[1] for part in node.walk() if part.op == "div"))


def addends(node: Expression) -> list[Expression]:
    """The scalars that a tree adds to elements: an epsilon."""
    sums = [part for part in node.walk() if part.op == "add" and not part.is_scalar]
    return list(dict.fromkeys(a for part in sums for a in part.args if a.is_scalar and a.op == "symbol"))


def _parentheses(node: Expression) -> Iterator[Expression]:
    """a*(b + c) as a*b + c, and a*b + c as a*(b + c): with every two operations of which one binds closer."""
    if node.op in (*PRODUCTS, *SUMS):
        a, b = node.args
        if b.op in (*PRODUCTS, *SUMS):
            yield operation(b.op, operation(node.op, a, b.args[0]), b.args[1])
        if node.op in PRODUCTS and b.op in SUMS and a.op == "mul":  # p*q / (b + c), grouped as p * (q / (b + c))
            for p, q in (a.args, a.args[::-1]):
                yield p * operation(b.op, operation(node.op, q, b.args[0]), b.args[1])
        if a.op in (*PRODUCTS, *SUMS):
            yield operation(a.op, a.args[0], operation(node.op, a.args[1], b))
    if node.op in SUMS and node.args[1].op == "pow":  # 1 - b^t as (1 - b)^t
        base, exponent = node.args[1].args
        yield operation("pow", operation(node.op, node.args[0], base), exponent)
    if node.op == "pow" and node.args[1].op in (*PRODUCTS, *SUMS):  # b^(n*c) as b^n * c
        base, exponent = node.args
        yield operation(exponent.op, base ** exponent.args[0], exponent.args[1])


def _written_otherwise(node: Expression) -> Iterator[Expression]:
    if node.op == "pow":
        yield node.args[0] * node.args[1]
    elif node.op == "floor" and node.args[0].op == "div":
        yield where(node.args[0].args[0] >= node.args[0].args[1], 1, 0)
    elif node.op == "constant":
        yield literal(DEGREES)
    elif node.op == "symbol" and node.kind is Kind.INTEGER:
        yield maximum(node - 1, 0)
    elif node.op == "symbol" and node.is_scalar:
        yield 1 - node
    elif node.op == "sub" and node.is_scalar and node.args[0] == literal(1):
        yield node.args[1]


def at_products(node: Expression, factors: Sequence[Expression], in_product: bool = False) -> Iterator[Edit]:
    """A factor more, or a division more, at every part that is not itself an operand of a product: there it is the same."""
    if node.kind is Kind.BOOLEAN or is_integral(node):
        return
    for f in () if in_product else factors:
        yield node, node * f, node * f
        if node != f:  # what is divided by itself makes 1 - 1^t
            yield node, node / f, node / f
    for i, arg in enumerate(node.args):
        for old, new, edited in at_products(arg, factors, node.op in PRODUCTS):
            yield old, new, rebuilt(node, i, edited)
