"""Reductions: one value made of all elements of a tensor, or of the elements of all tensors that an update is given.

There are two operations, the sum and the largest; the norm, the mean, the root of the mean of the squares and the product of two tensors are
formulas of them. What a reduction gives is formed in the format of the tensors, not in binary64 as scalars are: its extent is
a tensor, not global.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache, partial, reduce
from typing import Any, TypeVar

from refopt.errors import RefoptError
from refopt.language.compose import substitute
from refopt.language.expression import Expression, Kind, Operand, absolute, literal, operation, scalar, sqrt, theta
from refopt.language.extent import TENSOR
from refopt.language.operations import RECORD
from refopt.language.rule import COUNTED, Let, Rule

T = TypeVar("T")


class Over(Enum):
    """The elements that a reduction goes over: those of the tensor that is updated, or those of all tensors of the update."""

    TENSOR = "tensor"
    ALL = "all"


SIZES: dict[Over, Expression] = {
    over: scalar(name, letter, sign="positive", kind=Kind.INTEGER) for over, name, letter in zip(Over, COUNTED, ("n", "N"), strict=True)
}
"""The symbols of the numbers of elements."""


def sizes(own: T, every: T) -> dict[str, T]:
    """Values of these symbols by their names: the number of elements of the tensor, and of all tensors of the update."""
    return dict(zip(COUNTED, (own, every), strict=True))


def one_a_tensor(name: str, letter: str | None = None, *, sign: str | None = None) -> Expression:
    """A symbol with one value a tensor: a norm, a ratio of norms."""
    return Expression("symbol", name=name, letter=letter or name, sign=sign, extent=TENSOR)


def size(over: Over = Over.TENSOR) -> Expression:
    """The number of elements that a reduction goes over: a whole number, known exactly."""
    return SIZES[over]


def total(x: Operand, over: Over = Over.TENSOR) -> Expression:
    """The sum of x over all elements, in any order.

    Raises RefoptError where x has one value: its sum is that value times the number of elements, which a formula says as such.
    """
    return _reduced("sum", x, over)


def largest(x: Operand, over: Over = Over.TENSOR) -> Expression:
    """The largest x of all elements."""
    return _reduced("largest", x, over)


def _reduced(op: str, x: Operand, over: Over) -> Expression:
    node = literal(x)
    if node.extent.rank <= TENSOR.rank:
        raise RefoptError(f"{op}({node}): {node} is one value, not one an element", help="write size()*x for a sum of equal terms")
    return operation(op, node, attribute=over.value)


def mean(x: Operand, over: Over = Over.TENSOR) -> Expression:
    """The mean of x over all elements: the sum divided by their number."""
    return total(x, over) / size(over)


def dot(x: Operand, y: Operand, over: Over = Over.TENSOR) -> Expression:
    """The sum of the products of the elements of x and y."""
    return total(operation("mul", x, y), over)


def norm(x: Operand, over: Over = Over.TENSOR) -> Expression:
    """The Euclidean norm: the root of the sum of the squares."""
    return sqrt(total(operation("square", x), over))


def norm_1(x: Operand, over: Over = Over.TENSOR) -> Expression:
    """The sum of the absolute values."""
    return total(absolute(x), over)


def rms(x: Operand, over: Over = Over.TENSOR) -> Expression:
    """The root of the mean of the squares."""
    return sqrt(total(operation("square", x), over) / size(over))


@dataclass(frozen=True)
class Reduction:
    """One reduction of a rule, in the order in which an update comes to them.

    symbol   stands for its value in what follows
    op, over the operation, and the elements that it goes over
    operand  what is reduced, in the values at that point; earlier reductions stand in it as their symbols
    before   the assignments that come before it, with the symbols of earlier reductions in them
    """

    symbol: Expression
    op: str
    over: Over
    operand: Expression
    before: tuple[Let, ...]

    @property
    def name(self) -> str:
        """The name of its symbol."""
        return str(self.symbol.name)

    @property
    def join(self) -> str:
        """The operation on two numbers that it repeats."""
        return {"sum": "add", "largest": "max"}[self.op]

    @property
    def assignments(self) -> list[tuple[str, Expression]]:
        """The assignments of an element up to the operand, which is the last."""
        return [*((let.name, let.value) for let in self.before), (self.name, self.operand)]


@dataclass(frozen=True)
class Reduced:
    """The value of a reduction in an update, and the terms of it that are the tensor's own, one a distinct element.

    repeats  how often each of them occurs; None: once
    """

    value: Any
    terms: tuple[Any, ...]
    repeats: tuple[int, ...] | None = None

    @property
    def size(self) -> int:
        """The number of the tensor's elements."""
        return len(self.terms) if self.repeats is None else sum(self.repeats)


@dataclass(frozen=True)
class Staged:
    """A rule taken apart at its reductions: the reductions in order, and the assignments with their symbols in them.

    Between two reductions every element is by itself: there all that holds of a rule of elements holds of it.
    """

    reductions: tuple[Reduction, ...]
    steps: tuple[Let, ...]


def has_reductions(rule: Rule) -> bool:
    """True where an element's update depends on other elements."""
    return any(RECORD[node.op].reduces for let in rule.steps for node in let.value.walk() if node.args)


@lru_cache(maxsize=256)
def staged(rule: Rule) -> Staged:
    """The rule taken apart at its reductions. Equal ones of the same values are one."""
    return _staged(rule.steps, _free_names(rule))


def _free_names(rule: Rule) -> Callable[[], Iterator[str]]:
    taken = {"theta", "g", *rule.input_names, *rule.hyper_names, *rule.state_names, *(let.name for let in rule.steps)}
    return lambda: (name for i in range(1, 10_000) if (name := f"reduced_{i}") not in taken)


def _staged(steps: Sequence[Let], free: Callable[[], Iterator[str]]) -> Staged:
    names, found, done = free(), list[Reduction](), list[Let]()
    known: dict[Expression, Expression] = {}

    def apart(node: Expression) -> Expression:
        if not node.args:
            return node
        args = tuple(apart(a) for a in node.args)
        made = node if args == node.args else operation(node.op, *args, attribute=node.attribute)
        if not RECORD[node.op].reduces:
            return made
        if made not in known:
            known[made] = _symbol(next(names), made)
            found.append(Reduction(known[made], made.op, Over(made.attribute), made.args[0], tuple(done)))
        return known[made]

    for let in steps:
        done.append(replace(let, value=apart(let.value)))
        known = {node: s for node, s in known.items() if let.name not in node.symbol_names}
    return Staged(tuple(found), tuple(done))


def _symbol(name: str, node: Expression) -> Expression:
    """The symbol of a reduction's value: never negative where what is reduced is not."""
    sign = "nonnegative" if _is_never_negative(node.args[0]) else None
    return Expression("symbol", name=name, letter=rf"\sigma_{{{name.rpartition('_')[2]}}}", sign=sign, extent=TENSOR)


def _is_never_negative(node: Expression) -> bool:
    if node.op in ("square", "abs", "sqrt"):
        return True
    if node.op == "symbol":
        return node.sign is not None
    if node.op == "literal":
        return node.value is not None and node.value >= 0
    return node.op in ("add", "mul", "div", "max") and all(_is_never_negative(a) for a in node.args)


def on_elements(rule: Rule, count: int, named: Callable[[str, int], str]) -> tuple[Let, ...]:
    """The assignments of a rule on a tensor of `count` elements, one an element, sums written out: what is said of them is exact for that size.

    `named` gives the name of a tensor's value at one place.
    """
    staging = staged(rule)
    by_place = {name: [named(name, i) for i in range(count)] for name in _of_elements(rule, staging)}
    lets: list[Let] = []

    def at(node: Expression, i: int) -> Expression:
        here = {n: replace(s, name=by_place[n][i]) for n, s in _symbols(node).items() if n in by_place}
        return substitute(node, here | {str(s.name): literal(count) for s in SIZES.values()})

    waiting = list(staging.reductions)
    for done, let in enumerate(staging.steps):
        while waiting and len(waiting[0].before) <= done:
            one = waiting.pop(0)
            terms = [at(one.operand, i) for i in range(count)]
            lets.append(Let(one.symbol, reduce(partial(operation, one.join), terms)))
        places = range(count) if let.name in by_place else range(1)
        made = [replace(let, symbol=replace(let.symbol, name=by_place[let.name][i]) if let.name in by_place else let.symbol, value=at(let.value, i))
                for i in places]  # fmt: skip
        lets += made
    return tuple(lets)


def _symbols(node: Expression) -> dict[str, Expression]:
    return {str(s.name): s for s in node.symbols()}


def _of_elements(rule: Rule, staging: Staged) -> set[str]:
    """The names that have one value an element."""
    return {"theta", "g", *rule.input_names, *(s.name for s in rule.tensor_state), *(let.name for let in staging.steps if let.symbol.extent.rank > TENSOR.rank)}


COUNTS = (1, 2, 3)
"""Numbers of elements of the tensors for which two rules that reduce over them are compared."""


def place(name: str, i: int) -> str:
    """The name of a tensor's value at one place."""
    return f"{name}_{i}"


def closed_form(rule: Rule) -> dict[str, Any]:
    """theta and each state after an update, as SymPy expressions in the values before it.

    Of a rule that reduces over tensors: at the first place of tensors of 1, 2 and 3 elements, sums written out, `theta of 2`.
    """
    if not has_reductions(rule):
        return rule.closed_form()
    found: dict[str, Any] = {}
    names = ("theta", *(s.name for s in rule.state if not s.constant))
    for count in COUNTS:
        values: dict[Any, Any] = {}
        for let in on_elements(rule, count, place):
            values[let.symbol.sym] = let.value.sym.xreplace(values)
        found |= {f"{name} of {count}": x for s, x in values.items() for name in names if s.name in (name, place(name, 0))}
    return found


def starts(rule: Rule) -> dict[Any, Any]:
    """The initial value of each state, as SymPy has both; of a rule that reduces over tensors, at each place."""
    found: dict[Any, Any] = {}
    for s in rule.state:
        places = range(max(COUNTS)) if has_reductions(rule) and s.extent.rank > TENSOR.rank else ()
        found |= {replace(s.symbol, name=place(s.name, i)).sym: substitute(s.initial, {"theta": replace(theta, name=place("theta", i))}).sym for i in places}
        found[s.symbol.sym] = s.initial.sym
    return found
