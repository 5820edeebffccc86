"""Edits of a tree, one at a time, as people make them by mistake: the same for the formula of a rule and for that of a schedule.

Operators are replaced and operands dropped or swapped, constants, exponents and counts are off by one, boundaries move
by one step or take in their end, roundings are dropped, hyperparameters are exchanged or ignored, epsilon moves across
a root.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

from refopt.golden.change import Change, Scope, exchanged, part
from refopt.golden.change import Kind as Changed
from refopt.language.compose import spelled_out, substitute
from refopt.language.evaluate import is_integral
from refopt.language.expression import Expression, Kind, absolute, floor, literal, operation, pi, sin, sqrt
from refopt.language.hyper import Hyper
from refopt.language.reductions import Over, size

Edit = tuple[Expression, Expression, Expression]
"""(the part as written, the part as edited, the whole tree)."""

COMPARISONS = {"lt": "le", "le": "lt", "gt": "ge", "ge": "gt"}
"""Each comparison, and the one that differs in whether the end belongs to it."""


def edits(node: Expression, hyper: Sequence[Expression]) -> Iterator[Edit]:
    """Every edit of every part of a tree. `hyper` are the symbols of the hyperparameters, which may be taken for each other."""
    return everywhere(node, lambda part: _local(part, hyper))


def everywhere(node: Expression, local: Callable[[Expression], Iterator[Expression]]) -> Iterator[Edit]:
    """Edits that `local` makes of each part of a tree, each part before its operands."""
    for new in local(node):
        yield node, new, new
    for i, arg in enumerate(node.args):
        for old, new, edited in everywhere(arg, local):
            yield old, new, rebuilt(node, i, edited)


def exchanges(hyper: Sequence[Expression]) -> Iterator[tuple[Change, Mapping[str, Expression]]]:
    """Two hyperparameters of one kind exchanged wherever they stand: the edit, and what to put for what."""
    for a, b in combinations(hyper, 2):
        if a.kind is b.kind:
            yield exchanged(Scope.EVERYWHERE, a, b), {str(a.name): b, str(b.name): a}


def shifts(counts: Sequence[Expression]) -> Iterator[tuple[Change, Mapping[str, Expression]]]:
    """A count that is off by one wherever it stands: the edit, and what to put for what."""
    for count in counts:
        for shifted in (count - 1, count + 1):
            yield part(Scope.EVERYWHERE, count, shifted), {str(count.name): shifted}


def hard_coded(hyper: Sequence[Hyper]) -> Iterator[tuple[Change, Mapping[str, Expression]]]:
    """A hyperparameter that stays at its default whatever is asked for: the edit, and what to put for it; of a list see `at_default`."""
    for h in (h for h in hyper if not h.is_list):
        yield Change(Changed.ALWAYS_DEFAULT, h.name, value=h.default), {h.name: literal(h.default)}


def at_default(tree: Expression, h: Hyper) -> Expression:
    """The tree with a list of whole numbers always at its default: each entry of it is counted by itself."""
    exact = h.values(h.default)
    return substitute(spelled_out(tree, {h.name: len(exact)}), {name: literal(x) for name, x in exact.items()})


def replaced_once(node: Expression, old: Expression, new: Expression) -> Iterator[Expression]:
    """The tree with one occurrence of a symbol replaced, for each occurrence."""
    if node == old:
        yield new
    for i, arg in enumerate(node.args):
        for edited in replaced_once(arg, old, new):
            yield rebuilt(node, i, edited)


def rebuilt(node: Expression, i: int, arg: Expression) -> Expression:
    """The node with another operand at place i."""
    return operation(node.op, *node.args[:i], arg, *node.args[i + 1 :], attribute=node.attribute)


def _local(node: Expression, hyper: Sequence[Expression]) -> Iterator[Expression]:
    """The edits at one node."""
    op, args = node.op, node.args
    if op in ("add", "sub"):
        yield operation("sub" if op == "add" else "add", *args)
        yield args[0]
        yield args[1] if op == "add" else -args[1]
        if op == "sub":
            yield args[1] - args[0]
        if op == "add" and args[0].op == "sqrt":
            yield sqrt(args[0].args[0] + args[1])
    elif op in ("mul", "div"):
        yield operation("div" if op == "mul" else "mul", *args)
        yield args[0]
        yield args[1]
        if op == "div":
            yield args[1] / args[0]
    elif op == "square":
        yield args[0]
        yield absolute(args[0])
        yield args[0] * args[0] * args[0]
    elif op == "sqrt":
        yield args[0]
        if args[0].op == "add":
            yield sqrt(args[0].args[0]) + args[0].args[1]
    elif op == "pow":
        yield args[0]
        if is_integral(args[1]):
            yield args[0] ** (args[1] + 1)
            yield args[0] ** (args[1] - 1)
    elif op in ("max", "min"):
        yield operation("min" if op == "max" else "max", *args)
        yield from args
    elif op in ("abs", "sign", "cbrt"):
        yield args[0]
    elif op == "sum":
        yield node / size(Over(node.attribute))
        yield operation("largest", *args, attribute=node.attribute)
    elif op == "largest":
        yield operation("sum", *args, attribute=node.attribute)
    elif op == "floor":
        yield args[0]
        yield -floor(-args[0])
        yield floor(args[0] + literal("1/2"))
    elif op == "cos":
        yield sin(args[0])
        yield args[0]
    elif op == "where":
        yield args[1]
        yield args[2]
        yield operation("where", args[0], args[2], args[1])
    elif op == "eq" or op in COMPARISONS:
        if op in COMPARISONS:
            yield operation(COMPARISONS[op], *args)
        yield operation(op, args[0], args[1] + 1)
        yield operation(op, args[0], args[1] - 1)
    elif op in ("and", "or"):
        yield operation("or" if op == "and" else "and", *args)
        yield from args
    elif op == "constant":
        yield literal(1)
        yield 2 * pi
    elif op == "literal" and node.value is not None:
        yield literal(node.value + 1)
    elif op == "symbol":
        yield from _other_symbols(node, hyper)


def _other_symbols(node: Expression, hyper: Sequence[Expression]) -> Iterator[Expression]:
    """Symbols written for this one by mistake: another hyperparameter of its kind, or a count that is off by one."""
    if node.name in {h.name for h in hyper}:
        yield from (h for h in hyper if h != node and h.kind is node.kind)
    if node.kind is Kind.INTEGER:
        yield node + 1
        yield node - 1
