"""A reader of printed Python, written from what Python's own parser says and not from how refopt prints."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from refopt.language.expression import Expression, both, equal, literal, operation, pi, where

_BINARY = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div"}
_COMPARE = {ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge"}
_CALLS = {"maximum": "max", "minimum": "min", "power": "pow", "pow": "pow"}


def read_python(source: str, names: Mapping[str, Expression]) -> Expression:
    """The tree that a Python expression means; `names` says what each name stands for."""
    return _tree(ast.parse(source, mode="eval").body, source, names)


def _tree(node: ast.expr, source: str, names: Mapping[str, Expression]) -> Expression:
    def tree(x: ast.expr) -> Expression:
        return _tree(x, source, names)

    match node:
        case ast.Name(id=name):
            return names[name]
        case ast.Constant():
            text = ast.get_source_segment(source, node)
            assert text is not None
            return literal(text)
        case ast.UnaryOp(op=ast.USub(), operand=x):
            return operation("neg", tree(x))
        case ast.BinOp(left=x, op=ast.Pow(), right=ast.Constant(value=2)):
            return operation("square", tree(x))
        case ast.BinOp(left=x, op=ast.Pow(), right=y):
            return operation("pow", tree(x), tree(y))
        case ast.BinOp(left=x, op=ast.FloorDiv(), right=y):
            return operation("floor", operation("div", tree(x), tree(y)))
        case ast.BinOp(left=x, op=op, right=y):
            return operation(_BINARY[type(op)], tree(x), tree(y))
        case ast.Compare(left=x, ops=[ast.Eq()], comparators=[y]):
            return equal(tree(x), tree(y))
        case ast.Compare(left=x, ops=[op], comparators=[y]):
            return operation(_COMPARE[type(op)], tree(x), tree(y))
        case ast.BoolOp(op=ast.And(), values=[x, y]):
            return both(tree(x), tree(y))
        case ast.IfExp(test=c, body=x, orelse=y):
            return where(tree(c), tree(x), tree(y))
        case ast.Attribute(value=ast.Name(id="math"), attr="pi"):
            return pi
        case ast.Call(func=ast.Name(id="sum"), args=[ast.GeneratorExp(elt=elt, generators=[ast.comprehension(target=ast.Name(id=one), iter=ast.Name(id=of))])]):
            return operation("count", _tree(elt, source, {**names, one: names[of]}))
        case ast.Call(func=ast.Attribute(attr=f), args=args) | ast.Call(func=ast.Name(id=f), args=args):
            return operation(_CALLS.get(f, f), *(tree(a) for a in args))
    raise AssertionError(f"not understood: {ast.dump(node)}")
