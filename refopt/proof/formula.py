"""The formula that foreign code computes, in the rule's letters and as near to the rule's written form as its values allow.

Wherever a part of the code's tree has the value of something that the rule writes (a new state, m_hat, a whole quotient), the
rule's own words stand for it. Values are compared at random points to many digits; the printed text is then evaluated once more
at other points, and thrown away for the plain text of the source where it does not give the same.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from refopt.errors import RefoptError
from refopt.exact.numbers import mpmath_numbers
from refopt.language.evaluate import Evaluation
from refopt.language.expression import Expression, Kind, literal, operation, theta
from refopt.language.rule import Let, Rule
from refopt.language.schedule import Schedule
from refopt.language.text import infix
from refopt.lifting.lifted import Lifted

DIGITS = 40
COMPARED = 25
"""Digits of a value, and as many of them as must agree."""


@dataclass(frozen=True)
class Line:
    """An assignment as text: the name and its formula."""

    name: str
    value: str


def rule_lines(rule: Rule | Schedule) -> tuple[Line, ...]:
    """A rule, or a schedule, as it is written."""
    return tuple(Line(let.name, infix(let.value)) for let in (rule.steps if isinstance(rule, Rule) else rule.lets))


def parted(yours: Sequence[Line], reference: Sequence[Line]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The lines of each that the other does not have; all of them where there is no such line."""
    own = tuple(x for x in yours if x not in reference), tuple(x for x in reference if x not in yours)
    return (own[0] or tuple(yours), own[1] or tuple(reference)) if any(own) else (tuple(yours), tuple(reference))


def written(lifted: Lifted, rule: Rule, *, own_words: bool = False) -> tuple[Line, ...]:
    """The assignments of any update but the first, states first, then theta; the first update's beside them where it stands apart.

    own_words  as the source writes them: where the rule's words have a value at points where the source's have none
    """
    writer = _Writer(lifted, rule)
    steps = writer.plain() if own_words else writer.steps()
    lines = [Line(let.name, infix(let.value if own_words else tidy(let.value))) for let in steps]
    if not lifted.is_uniform():
        apart = {n: x for n, x in lifted.first.items() if n != "theta"} or lifted.first
        lines += [Line(f"{n} at t = 1", infix(tidy(x))) for n, x in apart.items()]
    return tuple(lines)


class _Writer:
    def __init__(self, lifted: Lifted, rule: Rule) -> None:
        self.lifted, self.rule = lifted, rule
        names = {*(h.name for h in lifted.hyper), *rule.hyper_names, *lifted.state_names, *rule.state_names, "theta", "g"}
        whole = {str(s.name) for h in (*lifted.hyper, *rule.hyper) for s in (h.symbol,) if s.kind is Kind.INTEGER}
        self.points = [_point(names, whole, seed) for seed in (1, 2)]
        self.checks = [_point(names, whole, seed) for seed in (3, 4)]

    def steps(self) -> list[Let]:
        """Assignments that give what the code gives; the plain ones where nothing nearer to the rule does."""
        for shared in (True, False):
            steps = self._with_the_rules_words() if shared else self.plain()
            if all(_same(self._after(steps, p), {n: _value(x, p) for n, x in self.lifted.later.items()}) for p in self.checks):
                return steps
        return self._simultaneous()

    def _after(self, steps: Sequence[Let], point: Mapping[str, Any]) -> dict[str, Any]:
        space = dict(point)
        for let in steps:
            space[let.name] = _value(let.value, space)
        return {n: space[n] for n in self.lifted.later}

    def plain(self) -> list[Let]:
        """The source's own trees, a new state named where the tree of another line holds it."""
        table: dict[str, Expression] = {}
        steps = []
        for symbol in self._order():
            tree = self.lifted.later[str(symbol.name)]
            steps.append(Let(symbol, self._replaced(tree, table)))
            table[self._key(tree)] = symbol
        return steps

    def _simultaneous(self) -> list[Let]:
        return [Let(symbol, self.lifted.later[str(symbol.name)]) for symbol in self._order()]

    def _order(self) -> list[Expression]:
        """States in the rule's order, then what only the code has, theta last."""
        names = [let.name for let in self.rule.steps]
        known = sorted((s for s in self.lifted.state if s.name in names), key=lambda s: names.index(str(s.name)))
        return [*known, *(s for s in self.lifted.state if s.name not in names), theta]

    def _with_the_rules_words(self) -> list[Let]:
        table: dict[str, Expression] = {}
        used: list[Let] = []
        between = self._between()
        for symbol in self._order():
            tree = self.lifted.later[str(symbol.name)]
            local = {**self._parts(str(symbol.name)), **table}
            value = self._replaced(tree, local)
            needed = [b for b in between if any(s.name == b.name for s in value.symbols()) and b.name not in {u.name for u in used}]
            used += [*needed, Let(symbol, value)]
            if value != symbol:  # an unchanged state is no new value
                table[self._key(tree)] = symbol
            for let in between:
                key = self._key_in(let)
                if key is not None and all(s.name in ("t", *(u.name for u in used), *(h.name for h in self.rule.hyper)) for s in let.value.symbols()):
                    table[key] = let.symbol
        return used

    def _between(self) -> list[Let]:
        """The rule's assignments to names that are no state: m_hat, v_hat."""
        return [let for let in self.rule.steps if let.name not in (*self.rule.state_names, "theta")]

    def _key_in(self, let: Let) -> str | None:
        """The value of such a name, in a run of the rule's own assignments."""
        return self._keys_of_rule().get(let.name)

    def _keys_of_rule(self) -> dict[str, str]:
        spaces = [dict(p) for p in self.points]
        for let in self.rule.steps:
            for space in spaces:
                space[let.name] = _value(let.value, space)
        return {let.name: _join(space[let.name] for space in spaces) for let in self._between()}

    def _parts(self, name: str) -> dict[str, Expression]:
        """By value: what the rule writes on the right of the assignment to `name`, in all its parts."""
        spaces = [dict(p) for p in self.points]
        found: dict[str, Expression] = {}
        for let in self.rule.steps:
            if let.name == name:
                for node in let.value.walk():
                    if node.args:
                        found.setdefault(_join(_value(node, space) for space in spaces), node)
            for space in spaces:
                space[let.name] = _value(let.value, space)
        return found

    def _key(self, node: Expression) -> str:
        return _join(_value(node, p) for p in self.points)

    def _replaced(self, node: Expression, table: Mapping[str, Expression]) -> Expression:
        if not node.args or node.kind is Kind.BOOLEAN:
            return node
        found = table.get(self._key(node))
        if found is not None and _chooses(found) == _chooses(node):
            return found  # a choice is never hidden: its other side may not be seen at the points
        return replace(node, args=tuple(self._replaced(a, table) for a in node.args))


def _point(names: Iterable[str], whole: Iterable[str], seed: int) -> dict[str, Any]:
    """A random value for each name between 0 and 1, roots of differences real; t and whole numbers small integers."""
    draw = random.Random(seed)
    numbers = mpmath_numbers()
    point: dict[str, Any] = {}
    with numbers.precision(DIGITS):
        for name in sorted(names):
            value = Fraction(draw.randint(10**6, 10**7), 10**7 + 19)
            point[name] = draw.randint(2, 9) if name in whole else numbers.number(value)
    return point | {"t": draw.randint(2, 9) if seed % 2 else draw.randint(10**3, 10**5), "k": draw.randint(2, 9)}


def _chooses(node: Expression) -> bool:
    return any(n.op == "where" for n in node.walk())


def _value(node: Expression, space: Mapping[str, Any]) -> Any:
    numbers = mpmath_numbers()
    with numbers.precision(DIGITS):
        try:
            return Evaluation(space, numbers.arithmetic).value(node)
        except (ArithmeticError, TypeError, RefoptError):
            return None


def _join(values: Iterator[Any] | Iterable[Any]) -> str:
    """A key that two trees of the same value share, and hardly any two others."""
    return "|".join(_digits(x) for x in values)


def _digits(x: Any) -> str:
    from mpmath import nstr

    return str(x) if x is None or isinstance(x, bool | int | Fraction) else str(nstr(x, COMPARED))


def _same(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return all(found[n] is not None and _digits(found[n]) == _digits(x) for n, x in wanted.items())


def tidy(node: Expression) -> Expression:
    """The tree without signs and ones that nobody would write: x + (-a)*b is x - a*b, a*(1/b) is a/b. Its value is the same."""
    if not node.args:
        return node
    args = tuple(tidy(a) for a in node.args)
    node = replace(node, args=args)
    if (plainer := _without_neutral(node.op, args)) is not None:
        return plainer
    if node.op == "add":
        if (positive := _without_minus(args[1])) is not None:
            return operation("sub", args[0], positive)
        if (positive := _without_minus(args[0])) is not None:
            return operation("sub", args[1], positive)
    if node.op == "sub" and (positive := _without_minus(args[1])) is not None:
        return operation("add", args[0], positive)
    if node.op == "mul":
        return _product(*args)
    if node.op == "div" and (positive := _without_minus(args[0])) is not None:
        return operation("neg", operation("div", positive, args[1]))
    return node


def _without_neutral(op: str, args: tuple[Expression, ...]) -> Expression | None:
    """x for x + 0, x - 0, x*1 and x/1; a sum of whole numbers, and of a counter and whole numbers, counted; None for anything else."""
    values = [a.value for a in args]
    if op == "add" and 0 in values:
        return args[1 - values.index(Fraction(0))]
    if (op == "sub" and values[1] == 0) or (op == "div" and values[1] == 1):
        return args[0]
    if op == "mul" and 0 in values:
        return literal(0)
    if op == "sub" and values[0] == 0:
        return operation("neg", args[1])
    if op not in ("add", "sub") or any(a.kind is not Kind.INTEGER for a in args) or values[1] is None:
        return None
    shift = values[1] if op == "add" else -values[1]
    if values[0] is not None:
        return literal(int(values[0] + shift))
    inner = args[0]
    if inner.op in ("add", "sub") and inner.args[1].value is not None:
        shift += inner.args[1].value if inner.op == "add" else -inner.args[1].value
        return inner.args[0] if shift == 0 else operation("add" if shift > 0 else "sub", inner.args[0], literal(int(abs(shift))))
    return None


def _product(x: Expression, y: Expression) -> Expression:
    for a, b in ((x, y), (y, x)):
        if a.value == 1:
            return b
        if a.value == -1:
            return operation("neg", b)
    if x == y:
        return operation("square", x)
    signs = [_without_minus(a) for a in (x, y)]
    if any(s is not None for s in signs):
        inner = _product(*(a if s is None else s for a, s in zip((x, y), signs, strict=True)))
        return inner if all(s is not None for s in signs) else operation("neg", inner)
    if y.op == "div" and y.args[0].value == 1:
        return operation("div", x, y.args[1])
    if x.op == "div" and x.args[0].value == 1:
        return operation("div", y, x.args[1])
    if y.op == "div":
        return operation("div", _product(x, y.args[0]), y.args[1])
    return operation("mul", x, y)


def _without_minus(node: Expression) -> Expression | None:
    """x where the tree is -x; None where it has no minus at its front."""
    if node.op == "neg":
        return node.args[0]
    if node.op == "literal" and node.value is not None and node.value < 0:
        return replace(node, value=-node.value)
    if node.op in ("mul", "div") and (positive := _without_minus(node.args[0])) is not None:
        return operation(node.op, positive, node.args[1])
    return None
