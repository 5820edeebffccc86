"""Readers of the two printed forms, written from how mathematics is read and not from how refopt prints, and trees to print."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from fractions import Fraction

from refopt.language.expression import (
    OPERATIONS,
    Expression,
    Kind,
    both,
    cast,
    equal,
    literal,
    operation,
    pi,
    scalar,
    tensor,
    where,
)

LETTERS = {
    s.name: s
    for s in (
        tensor("a"), tensor("b", r"\hat b"), tensor("v_max", r"v^{\max}"), scalar("beta1", r"\beta_1"), scalar("lr", r"\eta"),
        scalar("lr_min", r"\eta_{\min}"), scalar("k", kind=Kind.INTEGER), scalar("period", r"T_{\max}", kind=Kind.INTEGER), pi,
    )
}  # fmt: skip
"""The symbols of the random trees by name."""

_COMPARISONS = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "=": "eq", r"\le": "le", r"\ge": "ge"}
_FUNCTIONS = ("sqrt", "abs", "sign", "floor", "exp", "log", "cos", "sin", "tanh")


class _Reader:
    """What both forms share: conditions, sums, and terms with a sign before them; products and powers are each form's own."""

    def __init__(self, text: str, pattern: str) -> None:
        found: list[str] = re.findall(pattern, text)
        assert "".join(found) == text, f"cannot be read: {text}"
        self.tokens = [*(token for token in found if not token.isspace()), "end"]

    def take(self, *wanted: str) -> str | None:
        if self.tokens[0] in wanted:
            return self.tokens.pop(0)
        return None

    def need(self, wanted: str) -> None:
        assert self.take(wanted), f"{wanted} expected before {self.tokens}"

    def whole(self) -> Expression:
        tree = self.condition()
        assert self.tokens == ["end"], self.tokens
        return tree

    def condition(self) -> Expression:
        left = self.comparison()
        while self.take("and", r"\wedge"):
            left = both(left, self.comparison())
        return left

    def comparison(self) -> Expression:
        left = self.sum()
        sign = self.take(*_COMPARISONS)
        return operation(_COMPARISONS[sign], left, self.sum()) if sign else left

    def sum(self) -> Expression:
        left = self.term()
        while sign := self.take("+", "-"):
            left = left + self.term() if sign == "+" else left - self.term()
        return left

    def term(self) -> Expression:
        return -self.product() if self.take("-") else self.product()

    def product(self) -> Expression:
        raise NotImplementedError


class _Text(_Reader):
    def product(self) -> Expression:
        left = self.power()
        while sign := self.take("*", "/"):
            left = left * self.power() if sign == "*" else left / self.power()
        return left

    def power(self) -> Expression:
        base = self.atom()
        return base ** self.atom() if self.take("^") else base

    def atom(self) -> Expression:
        if self.take("("):
            inside = self.condition()
            self.need(")")
            return inside
        token = self.tokens.pop(0)
        if token[0].isdigit():
            return literal(token)
        if not self.take("("):
            return LETTERS[token]
        args = [self.condition()]
        while self.take(","):
            if token == "cast":
                number_format = self.tokens.pop(0)
                self.need(")")
                return cast(args[0], number_format)
            args.append(self.condition())
        self.need(")")
        return operation(token, *args)


def read_text(text: str) -> Expression:
    """The tree that a formula in plain text means."""
    return _Text(text, r"\s+|\d+(?:\.\d+)?|\w+|<=|>=|[-+*/^(),<>=]").whole()


class _Latex(_Reader):
    def product(self) -> Expression:
        left = self.power()
        while self.take(r"\,"):
            left = left * self.power()
        return left

    def power(self) -> Expression:
        base = self.atom()
        return base ** self.group() if self.take("^") else base

    def group(self) -> Expression:
        self.need("{")
        inside = self.condition()
        self.need("}")
        return inside

    def between(self, closing: str) -> Expression:
        inside = self.condition()
        self.need(closing)
        return inside

    def atom(self) -> Expression:
        if self.tokens[0] == "{":
            return self.group()
        token = self.tokens.pop(0)
        if token in _LETTERS_IN_LATEX:
            return _LETTERS_IN_LATEX[token]
        if token[0].isdigit():
            return literal(token)
        if token == r"\frac":
            return self.group() / self.group()
        if token == r"\tfrac":
            above, below = self.group(), self.group()
            return literal(_value(above) / _value(below))
        if token == r"\sqrt":
            return operation("sqrt", self.group())
        if token == r"\begin{cases}":
            return self.cases()
        simple = {r"\left(": (r"\right)", None), r"\left\lvert": (r"\right\rvert", "abs"), r"\left\lfloor": (r"\right\rfloor", "floor")}
        if token in simple:
            closing, op = simple[token]
            inside = self.between(closing)
            return operation(op, inside) if op else inside
        args = [self.call()]
        while self.take(","):
            args.append(self.condition())
        self.need(r"\right)")
        return operation(token.removeprefix(r"\operatorname{").strip("\\}"), *args)

    def call(self) -> Expression:
        self.need(r"\left(")
        return self.condition()

    def cases(self) -> Expression:
        then = self.condition()
        self.need("&")
        condition = self.condition()
        self.need(r"\\")
        otherwise = self.condition()
        self.need("&")
        self.need(r"\text{otherwise}")
        self.need(r"\end{cases}")
        return where(condition, then, otherwise)


def _value(node: Expression) -> Fraction:
    if node.op == "neg":
        return -_value(node.args[0])
    assert node.value is not None
    return node.value


_LETTERS_IN_LATEX = {str(s.letter): s for s in LETTERS.values()}
_WORDS = (
    r"\begin{cases}", r"\end{cases}", r"\text{otherwise}", r"\operatorname{sign}", r"\left(", r"\right)", r"\left\lvert", r"\right\rvert",
    r"\left\lfloor", r"\right\rfloor", r"\tfrac", r"\frac", r"\sqrt", r"\wedge", r"\max", r"\min", r"\exp", r"\log", r"\cos", r"\sin", r"\tanh",
    r"\le", r"\ge", r"\\", r"\,",
)  # fmt: skip
_LATEX = "|".join(re.escape(word) for word in (*sorted(_LETTERS_IN_LATEX, key=len, reverse=True), *_WORDS)) + r"|\s+|\d+|[-+^{}&,<>=]"


def read_latex(text: str) -> Expression:
    """The tree that a formula in LaTeX means."""
    return _Latex(text, _LATEX).whole()


def folded(node: Expression) -> Expression:
    """The tree with -2 and 1/3 as one number each: on paper nobody can tell them from a sign and a division."""
    args = tuple(folded(a) for a in node.args)
    if node.op == "neg" and args[0].op == "literal":
        return literal(-_value(args[0]))
    if node.op == "div" and all(a.op == "literal" for a in args) and args[1].value != 0:
        return literal(_value(args[0]) / _value(args[1]))
    return operation(node.op, *args, attribute=node.attribute) if args else node


_LITERALS = ("0", "1", "2", "0.5", "1/3", "-2", "-3/4", "0.001", "12345678901234567890123456789012345.5")


def random_tree(generator: random.Random, depth: int, without: frozenset[str] = frozenset()) -> Expression:
    """A tree of any shape that the language can write and every engine handles."""
    if depth == 0 or generator.random() < 0.1:
        return literal(generator.choice(_LITERALS)) if generator.random() < 0.3 else generator.choice(list(LETTERS.values()))

    def tree() -> Expression:
        return random_tree(generator, depth - 1, without)

    def condition() -> Expression:
        compare: list[Callable[[], Expression]] = [
            lambda: tree() < tree(), lambda: tree() <= tree(), lambda: tree() > tree(), lambda: tree() >= tree(), lambda: equal(tree(), tree()),
        ]  # fmt: skip
        first = generator.choice(compare)()
        return both(first, generator.choice(compare)()) if generator.random() < 0.3 else first

    def made(op: str) -> Expression:
        if op == "pow":
            return tree() ** generator.choice((LETTERS["k"], literal("1/3"), LETTERS["k"] - 1, -LETTERS["beta1"]))
        if op == "where":
            return where(condition(), tree(), tree())
        return cast(tree(), "float32") if op == "cast" else operation(op, *(tree() for _ in range(OPERATIONS[op])))

    frequent = ("add", "sub", "mul", "div", "neg", "square", "pow")
    rare = (*_FUNCTIONS, "max", "min", "where", "cast")
    return made(generator.choice([op for op in (*frequent, *frequent, *frequent, *rare) if op not in without]))
