"""The SymPy twin of a tree, and the way back from a SymPy expression to a tree.

The twin is exact: every literal becomes a Rational, and a cast is the identity.
The way back (`from_sympy`) is for gradients, which SymPy finds by differentiation; its order does not depend on names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache, reduce
from typing import Any

import sympy as sp

from refopt.errors import NotImplementedYet
from refopt.language.evaluate import ilog
from refopt.language.expression import (
    Expression,
    Kind,
    absolute,
    cos,
    exp,
    literal,
    log,
    maximum,
    minimum,
    pi,
    sign,
    sin,
    sqrt,
    tanh,
)

_TWINS: dict[str, Callable[..., Any]] = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "neg": lambda x: -x,
    "pow": lambda x, y: x**y,
    "square": lambda x: x**2,
    "sqrt": sp.sqrt,
    "abs": sp.Abs,
    "sign": sp.sign,
    "max": sp.Max,
    "min": sp.Min,
    "floor": sp.floor,
    "exp": sp.exp,
    "log": sp.log,
    "cos": sp.cos,
    "sin": sp.sin,
    "tanh": sp.tanh,
    "cbrt": lambda x: sp.sign(x) * sp.Abs(x) ** sp.Rational(1, 3),
    "lt": sp.Lt,
    "le": sp.Le,
    "gt": sp.Gt,
    "ge": sp.Ge,
    "eq": sp.Eq,
    "and": sp.And,
    "or": sp.Or,
    "where": lambda condition, x, y: sp.Piecewise((x, condition), (y, True)),
    "cast": lambda x: x,
}


def integer_logarithm(x: Any, base: Any) -> Any:
    """The twin of `ilog`: the floor of a quotient of logarithms. Of n + floor(x) it is the same as of n + x: no power of a whole base is between them."""
    if x.is_Rational and base.is_Rational:
        return sp.Integer(ilog(Fraction(int(x.p), int(x.q)), Fraction(int(base.p), int(base.q))))
    floors = [term for term in sp.Add.make_args(x) if isinstance(term, sp.floor)]
    if len(floors) == 1 and x.is_integer and base.is_integer:
        x = x - floors[0] + floors[0].args[0]
    return sp.floor(sp.log(x) / sp.log(base))


def twin(node: Expression) -> Any:
    """The SymPy expression that the tree means."""
    if node.op == "literal":
        assert node.value is not None
        return sp.Rational(node.value.numerator, node.value.denominator)
    if node.op == "symbol":
        assert node.name is not None
        return symbol(node.name, node.sign, node.kind)
    if node.op == "constant":
        return sp.pi
    if node.op == "count":  # a function of the step that SymPy knows nothing about, one for each comparison
        compared = node.args[0]
        return sp.Function(f"count_{compared.op}", integer=True, nonnegative=True)(*(arg.sym for arg in compared.args))
    if node.op in ("sum", "largest"):  # of a tensor of any size: a function of what is reduced, which SymPy takes for one number (on_elements writes it out)
        return sp.Function(f"{node.op}_{node.attribute}", real=True)(node.args[0].sym)
    if node.op == "ilog":
        return integer_logarithm(*(arg.sym for arg in node.args))
    if node.op not in _TWINS:
        raise NotImplementedYet(f"the operation {node.op} has no SymPy twin: its record in refopt/language/operations.py has to say one")
    return _TWINS[node.op](*(arg.sym for arg in node.args))


@cache
def symbol(name: str, sign: str | None = None, kind: Kind = Kind.REAL) -> Any:
    """The SymPy symbol of a name, with what is known of its sign."""
    assumptions: dict[str, bool] = {"integer": True} if kind is Kind.INTEGER else {"real": True}
    if sign is not None:
        assumptions[sign] = True
    return sp.Symbol(name, **assumptions)


def from_sympy(expression: Any, symbols: Mapping[Any, Expression]) -> Expression:
    """A tree for a SymPy expression in `symbols` (SymPy symbol -> node), ordered by the order of `symbols`, not by name.

    Raises NotImplementedYet for a function that the language has no operation for.
    """
    ranked = {s: sp.Symbol(f"_{i:04d}", real=True) for i, s in enumerate(symbols)}
    nodes = {ranked[s]: node for s, node in symbols.items()}
    return _tree(expression.xreplace(ranked), nodes)


_FUNCTIONS: dict[Any, Callable[..., Expression]] = {
    sp.exp: exp, sp.log: log, sp.cos: cos, sp.sin: sin, sp.tanh: tanh, sp.Abs: absolute, sp.sign: sign,
}  # fmt: skip


def _product(factors: list[Expression]) -> Expression:
    return reduce(lambda a, b: a * b, factors) if factors else literal(1)


def _tree(x: Any, nodes: Mapping[Any, Expression]) -> Expression:
    if x.is_Symbol:
        return nodes[x]
    if x.is_Rational:
        return literal(Fraction(int(x.p), int(x.q)))
    if x is sp.pi:
        return pi
    if x.is_Add:
        total: Expression | None = None
        for term in sorted(x.args, key=sp.default_sort_key, reverse=True):
            negative = term.as_coeff_Mul()[0] < 0
            node = _tree(-term if negative else term, nodes)
            if total is None:
                total = -node if negative else node
            else:
                total = total - node if negative else total + node
        assert total is not None
        return total
    if x.is_Mul:
        over: list[Any] = []
        under: list[Any] = []
        for factor in sorted(x.args, key=sp.default_sort_key):
            if factor.is_Pow and factor.exp.is_Rational and factor.exp < 0:
                under.append(1 / factor)
            else:
                over.append(factor)
        top = _product([_tree(f, nodes) for f in over])
        return top / _product([_tree(f, nodes) for f in under]) if under else top
    if x.is_Pow:
        return _power(x, nodes)
    if isinstance(x, sp.Max | sp.Min):
        join = maximum if isinstance(x, sp.Max) else minimum
        return reduce(join, [_tree(a, nodes) for a in sorted(x.args, key=sp.default_sort_key)])
    if x.func is sp.Heaviside:  # the slope of the larger of two; a half where they are equal, as SymPy has it
        return (1 + sign(_tree(x.args[0], nodes))) / 2
    if x.func in _FUNCTIONS:
        return _FUNCTIONS[x.func](*(_tree(a, nodes) for a in x.args))
    raise NotImplementedYet(f"no operation of the language stands for {x.func.__name__}")


def _power(x: Any, nodes: Mapping[Any, Expression]) -> Expression:
    base, exponent = x.base, x.exp
    if exponent == sp.Rational(1, 2):
        return sqrt(_tree(base, nodes))
    if exponent.is_Rational and exponent < 0:
        return literal(1) / _tree(base ** (-exponent), nodes)
    if exponent.is_Integer:
        node = _tree(base, nodes)
        return node**2 if exponent == 2 else _product([node] * int(exponent))
    if exponent.is_Rational and exponent.q == 2:
        return sqrt(_tree(base, nodes)) * _tree(base ** (exponent - sp.Rational(1, 2)), nodes)
    return _tree(base, nodes) ** _tree(exponent, nodes)
