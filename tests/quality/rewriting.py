"""Random rewriting of formulas: trees that are equal in exact arithmetic, made step by step from a rule's own tree.

Nothing here knows how a bound is derived. A step is one law of arithmetic at one place: sums and products regrouped and
reordered, a product multiplied out, a common factor taken out, a division as a product with an inverse, a root of a
quotient as a quotient of roots, a fraction expanded, a weighted mean as an interpolation. What is all scalar is one leaf or
a product or quotient of leaves, and is formed in binary64; a state of one value is used as it is formed, or as it is kept.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from refopt.language.compose import substitute
from refopt.language.evaluate import is_integral, rational
from refopt.language.expression import Expression, Kind, cast, literal, operation
from refopt.language.rule import Rule


@dataclass(frozen=True)
class Tree:
    """`leaf` (a tensor by name, or a scalar by its expression), or an operation: + - * / neg sqrt cbrt max min abs sign, lt le gt ge eq, where.

    fused  a sum that takes its product unrounded (one rounding in all)
    wide   computed in a wider format as a whole, rounded once
    """

    op: str
    args: tuple[Tree, ...] = ()
    name: str = ""
    scalar: Expression | None = None
    fused: bool = False
    wide: bool = False

    @property
    def is_scalar(self) -> bool:
        """Whether it is the same number for all elements."""
        return self.scalar is not None or (bool(self.args) and all(a.is_scalar for a in self.args))

    def size(self) -> int:
        """The number of its nodes."""
        return 1 + sum(a.size() for a in self.args)


ONE = Tree("leaf", scalar=literal(1))
BINARY = {"add": "+", "sub": "-", "mul": "*", "div": "/", "max": "max", "min": "min"}
SAME_NAME = ("neg", "sqrt", "cbrt", "abs", "sign", "where", "lt", "le", "gt", "ge", "eq")
KEPT = "state"
"""The attribute of a cast to the format in which a state of one value is kept."""


def made(node: Expression, values: Mapping[str, Tree]) -> Tree:
    """The tree of an expression; `values` holds what its names stand for."""
    if node.is_scalar and node.op not in ("mul", "div"):
        return Tree("leaf", scalar=node)
    if node.op == "symbol":
        return values.get(str(node.name), Tree("leaf", name=str(node.name)))
    args = tuple(made(a, values) for a in node.args)
    if node.op == "square" or (node.op == "pow" and node.args[1] == literal(2)):
        return Tree("*", (args[0], args[0]))
    if node.op in BINARY:
        return Tree(BINARY[node.op], args)
    if node.op in SAME_NAME:
        return Tree(node.op, args)
    raise NotImplementedError(f"the generator knows no {node.op}")


def decided(node: Expression, known: Mapping[str, Fraction]) -> Expression:
    """The expression with every choice by the count replaced by what is chosen; one by other scalars is made when the program runs."""
    if node.op == "where" and is_integral(node.args[0]):
        return decided(node.args[1] if rational(node.args[0], known) else node.args[2], known)
    return node if not node.args else operation(node.op, *(decided(a, known) for a in node.args), attribute=node.attribute)


@dataclass(frozen=True)
class Program:
    """Assignments in order, each a tree; a name on the right is what was assigned last."""

    steps: tuple[tuple[str, Tree], ...]


def program(rule: Rule, known: Mapping[str, Fraction], rng: random.Random) -> Program:
    """A random program that is equal to a rule, for the choices that `known` decides."""
    kept = {"theta", *rule.state_names}
    values: dict[str, Tree] = {}
    before: dict[str, Tree] = {}
    steps: list[tuple[str, Tree]] = []
    inlines = rng.choice((0.0, 0.5, 1.0))
    scalars: dict[str, Expression] = {}
    for let in rule.steps:
        if let.symbol.is_scalar:
            scalars[let.name] = substitute(let.value, scalars)
            if let.name in kept:
                steps.append((f"{let.name}'", Tree("leaf", scalar=scalars[let.name])))
                is_stored = let.symbol.kind is not Kind.INTEGER and rng.random() < 0.5
                scalars[let.name] = cast(scalars[let.name], KEPT) if is_stored else scalars[let.name]
            continue
        inlined = {n: v for n, v in values.items() if rng.random() < (inlines if n in kept else max(inlines, 0.5))}
        tree = made(substitute(decided(let.value, known), scalars), {**before, **inlined})
        values[let.name] = tree
        before[let.name] = Tree("leaf", name=f"{let.name}'")
        for _ in range(rng.choice((0, 2, 6, 12, 24))):
            tree = rewritten(tree, rng)
        steps.append((f"{let.name}'", rounded_less(tree, rng) if rng.random() < 0.5 else tree))
    return Program(tuple(steps))


def places(tree: Tree, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Tree]]:
    """Every node that is no leaf, with the way to it."""
    if tree.args:
        yield path, tree
        for i, a in enumerate(tree.args):
            yield from places(a, (*path, i))


def put(tree: Tree, path: Sequence[int], new: Tree) -> Tree:
    """A tree with another node at a place."""
    if not path:
        return new
    i = path[0]
    return replace(tree, args=(*tree.args[:i], put(tree.args[i], path[1:], new), *tree.args[i + 1 :]))


MOST = 70
"""Nodes that a tree may have: multiplying out stops there."""


def rewritten(tree: Tree, rng: random.Random) -> Tree:
    """One law at one place, if one that is drawn can be used there."""
    found = list(places(tree))
    if not found:
        return tree
    path, node = rng.choice(found)
    law = rng.choice(LAWS)
    new = law(node, rng)
    whole = tree if new is None else put(tree, path, new)
    return whole if whole.size() <= MOST else tree


def rounded_less(tree: Tree, rng: random.Random) -> Tree:
    """Fused multiply-adds, or a part in a wider format."""
    found = list(places(tree))
    if not found:
        return tree
    if rng.random() < 0.6:
        for path, node in found:
            if node.op in ("+", "-") and any(a.op == "*" and not a.is_scalar for a in node.args) and rng.random() < 0.7:
                tree = put(tree, path, replace(_at(tree, path), fused=True))
        return tree
    path, node = rng.choice(found)
    return put(tree, path, replace(node, wide=True))


def _at(tree: Tree, path: Sequence[int]) -> Tree:
    return tree if not path else _at(tree.args[path[0]], path[1:])


# ---- laws --------------------------------------------------------------------------------------------------------

Law = Callable[[Tree, random.Random], Tree | None]


def _exchanged(n: Tree, rng: random.Random) -> Tree | None:
    """a + b = b + a; a*b = b*a; a - b = -(b - a)."""
    if n.op in ("+", "*", "max", "min"):
        return replace(n, args=n.args[::-1])
    return Tree("neg", (Tree("-", n.args[::-1]),)) if n.op == "-" and not n.is_scalar else None


def _regrouped_sum(n: Tree, rng: random.Random) -> Tree | None:
    """All terms of a sum, added in another order and in other groups."""
    terms = _terms(n)
    if len(terms) < 3:
        return None
    rng.shuffle(terms)
    while len(terms) > 1:
        i = rng.randrange(len(terms) - 1)
        (s, a), (r, b) = terms[i], terms[i + 1]
        joined = (s, Tree("+", (a, b))) if s == r else (1, Tree("-", (a, b) if s > 0 else (b, a)))
        terms[i : i + 2] = [joined]
    sign, tree = terms[0]
    return tree if sign > 0 else Tree("neg", (tree,))


def _terms(n: Tree, sign: int = 1) -> list[tuple[int, Tree]]:
    if n.op in ("+", "-") and not n.is_scalar:
        return [*_terms(n.args[0], sign), *_terms(n.args[1], sign if n.op == "+" else -sign)]
    return _terms(n.args[0], -sign) if n.op == "neg" and not n.is_scalar else [(sign, n)]


def _regrouped_product(n: Tree, rng: random.Random) -> Tree | None:
    """All factors and divisors of a product, multiplied and divided in another order and in other groups."""
    parts = _factors(n)
    if len(parts) < 3:
        return None
    rng.shuffle(parts)
    while len(parts) > 1:
        i = rng.randrange(len(parts) - 1)
        (e, a), (f, b) = parts[i], parts[i + 1]
        joined = (e, Tree("*", (a, b))) if e == f else (1, Tree("/", (a, b) if e > 0 else (b, a)))
        parts[i : i + 2] = [joined]
    e, tree = parts[0]
    return tree if e > 0 else Tree("/", (ONE, tree))


def _factors(n: Tree, e: int = 1) -> list[tuple[int, Tree]]:
    if n.op == "*":
        return [*_factors(n.args[0], e), *_factors(n.args[1], e)]
    if n.op == "/":
        return [*([] if n.args[0] == ONE else _factors(n.args[0], e)), *_factors(n.args[1], -e)]
    return [(e, n)]


def _multiplied_out(n: Tree, rng: random.Random) -> Tree | None:
    """a*(b + c) = a*b + a*c; (a + b)/c = a/c + b/c; -(a - b) = b - a."""
    if n.op == "*" and not n.is_scalar:
        for a, s in (n.args, n.args[::-1]):
            if s.op in ("+", "-") and not s.is_scalar:
                return Tree(s.op, (Tree("*", (a, s.args[0])), Tree("*", (a, s.args[1]))))
    if n.op == "/" and n.args[0].op in ("+", "-") and not n.args[0].is_scalar:
        s, c = n.args
        return Tree(s.op, (Tree("/", (s.args[0], c)), Tree("/", (s.args[1], c))))
    if n.op == "neg" and n.args[0].op == "-" and not n.is_scalar:
        return Tree("-", n.args[0].args[::-1])
    return None


def _taken_out(n: Tree, rng: random.Random) -> Tree | None:
    """a*b + a*c = a*(b + c)."""
    if n.op not in ("+", "-") or n.is_scalar:
        return None
    left, right = _factors(n.args[0]), _factors(n.args[1])
    common = [x for x in left if x in right]
    if not common:
        return None
    e, shared = rng.choice(common)
    left.remove((e, shared))
    right.remove((e, shared))
    rest = Tree(n.op, (_product(left), _product(right)))
    return Tree("*", (shared, rest)) if e > 0 else Tree("/", (rest, shared))


def _product(parts: Sequence[tuple[int, Tree]]) -> Tree:
    above, below = [x for e, x in parts if e > 0], [x for e, x in parts if e < 0]
    tree = above[0] if above else ONE
    for x in above[1:]:
        tree = Tree("*", (tree, x))
    for x in below:
        tree = Tree("/", (tree, x))
    return tree


def _inverted(n: Tree, rng: random.Random) -> Tree | None:
    """a/b = a*(1/b), and back."""
    if n.op == "/" and n.args[0] != ONE:
        return Tree("*", (n.args[0], Tree("/", (ONE, n.args[1]))))
    if n.op == "*" and n.args[1].op == "/" and n.args[1].args[0] == ONE:
        return Tree("/", (n.args[0], n.args[1].args[1]))
    return None


def _roots_apart(n: Tree, rng: random.Random) -> Tree | None:
    """sqrt(a/s) = sqrt(a)/sqrt(s) for a scalar s, and sqrt(s*a) likewise."""
    if n.op == "sqrt" and n.args[0].op in ("/", "*"):
        a, b = n.args[0].args
        if b.is_scalar or (a.is_scalar and n.args[0].op == "*"):
            return Tree(n.args[0].op, (Tree("sqrt", (a,)), Tree("sqrt", (b,))))
    return None


def _expanded(n: Tree, rng: random.Random) -> Tree | None:
    """x/(a/s + b) = x*s/(a + b*s)."""
    if n.op != "/" or n.args[1].op != "+" or n.args[1].is_scalar:
        return None
    x, (a, b) = n.args[0], n.args[1].args
    if a.op == "/" and a.args[1].is_scalar:
        return Tree("/", (Tree("*", (x, a.args[1])), Tree("+", (a.args[0], Tree("*", (b, a.args[1]))))))
    return None


def _interpolated(n: Tree, rng: random.Random) -> Tree | None:
    """b*x + (1 - b)*y = x + (1 - b)*(y - x), and from the other end."""
    if n.op != "+" or n.args[0].op != "*" or n.args[1].op != "*":
        return None
    (b, x), (c, y) = n.args[0].args, n.args[1].args
    if b.scalar is None or c.scalar is None or c.scalar != 1 - b.scalar:
        return None
    if rng.random() < 0.7:
        return Tree("+", (x, Tree("*", (c, Tree("-", (y, x))))))
    return Tree("+", (y, Tree("*", (b, Tree("-", (x, y))))))


def _sum_of_negative(n: Tree, rng: random.Random) -> Tree | None:
    """a - b*c = a + (-b)*c: an axpy."""
    if n.op == "-" and n.args[1].op == "*" and not n.is_scalar:
        b, c = n.args[1].args
        return Tree("+", (n.args[0], Tree("*", (Tree("neg", (b,)), c))))
    return None


LAWS: tuple[Law, ...] = (
    _exchanged, _regrouped_sum, _regrouped_sum, _regrouped_product, _regrouped_product, _multiplied_out, _multiplied_out, _multiplied_out,
    _taken_out, _inverted, _roots_apart, _expanded, _interpolated, _sum_of_negative,
)  # fmt: skip
