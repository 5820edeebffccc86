"""A reader of printed C, JavaScript and Rust, written from the precedence of these languages and not from how refopt prints."""

from __future__ import annotations

import re
from collections.abc import Mapping

from refopt.language.expression import Expression, Kind, both, equal, literal, operation, pi, where

_TOKEN = re.compile(r"\s+|\d+(?:\.\d+)?(?:e-?\d+)?|std::f64::consts::PI|Math\.PI|[A-Za-z_][\w.:]*(?:\[i\])?|[<>=]=?=?|&&|[-+*/(),?:{}]")
_COMPARE = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "===": "eq"}
_CALLS = {"fabs": "abs", "maximum": "max", "minimum": "min", "larger": "max", "smaller": "min", "power": "pow", "powf": "pow", "ln": "log"}
_QUOTIENTS = ("quotient", "div_euclid")
_FORMATS = ("double", "float", "f64", "f32")
_INTEGERS = ("int64_t", "i64")


def read_curly(source: str, names: Mapping[str, Expression]) -> Expression:
    """The tree that an expression means; `names` says what each name stands for."""
    return _Reader(source, names).whole()


class _Reader:
    def __init__(self, source: str, names: Mapping[str, Expression]) -> None:
        found = _TOKEN.findall(source)
        assert "".join(found) == source, f"cannot be read: {source}"
        self.tokens, self.names = [*(t for t in found if not t.isspace()), "end"], names

    def take(self, *wanted: str) -> str | None:
        return self.tokens.pop(0) if self.tokens[0] in wanted else None

    def need(self, wanted: str) -> None:
        assert self.take(wanted), f"{wanted} expected before {self.tokens}"

    def whole(self) -> Expression:
        tree = self.choice()
        assert self.tokens == ["end"], self.tokens
        return tree

    def choice(self) -> Expression:
        if self.take("if"):
            condition = self.conjunction()
            branches = []
            for word in ("else", ""):
                self.need("{")
                branches.append(self.choice())
                self.need("}")
                assert not word or self.take(word)
            return where(condition, *branches)
        condition = self.conjunction()
        if not self.take("?"):
            return condition
        then = self.choice()
        self.need(":")
        return where(condition, then, self.choice())

    def conjunction(self) -> Expression:
        left = self.comparison()
        while self.take("&&"):
            left = both(left, self.comparison())
        return left

    def comparison(self) -> Expression:
        left = self.sum()
        sign = self.take(*_COMPARE)
        if not sign:
            return left
        return equal(left, self.sum()) if _COMPARE[sign] == "eq" else operation(_COMPARE[sign], left, self.sum())

    def sum(self) -> Expression:
        left = self.product()
        while sign := self.take("+", "-"):
            left = operation("add" if sign == "+" else "sub", left, self.product())
        return left

    def product(self) -> Expression:
        left = self.cast()
        while sign := self.take("*", "/"):
            right = self.cast()
            squared = sign == "*" and left == right and left.op == "symbol"
            left = operation("square", left) if squared else operation("mul" if sign == "*" else "div", left, right)
        return left

    def cast(self) -> Expression:
        """`x as f64`: binds more tightly than a product, less than a sign."""
        tree = self.unary()
        while self.take("as"):
            tree = self.to(self.tokens.pop(0), tree)
        return tree

    def unary(self) -> Expression:
        if self.take("-"):
            return -self.unary()
        if self.tokens[0] == "(" and self.tokens[1] in (*_FORMATS, *_INTEGERS):
            self.take("(")
            kind = self.tokens.pop(0)
            self.need(")")
            return self.to(kind, self.unary())
        return self.atom()

    def to(self, kind: str, tree: Expression) -> Expression:
        """A number in another type; where it becomes an integer it must be whole already, or something would be cut off."""
        assert kind in _FORMATS or (kind in _INTEGERS and tree.kind is Kind.INTEGER), f"{tree} as {kind}"
        return tree

    def atom(self) -> Expression:
        if self.take("("):
            inside = self.choice()
            self.need(")")
            return inside
        token = self.tokens.pop(0)
        if token in ("Math.PI", "std::f64::consts::PI", "3.14159265358979323846"):
            return pi
        if token[0].isdigit():
            return literal(token)
        if not self.take("("):
            return self.names[token.removesuffix("[i]")]
        args = [self.choice()]
        while self.take(","):
            args.append(self.choice())
        self.need(")")
        return self.called(re.sub(r"_?f(32|64)$", "", token.removeprefix("Math.").rpartition("::")[2]), args)

    def called(self, name: str, args: list[Expression]) -> Expression:
        if name == "f":
            return args[0]
        if name in _QUOTIENTS:
            return operation("floor", operation("div", *args))
        short = name if name in _CALLS or not name.endswith("f") else name[:-1]
        return operation(_CALLS.get(short, short), *args)
