"""The SymPy twin says what the tree says, and a SymPy expression comes back as a tree of the same value."""

from __future__ import annotations

import random

import pytest
import sympy as sp

from refopt.errors import NotImplementedYet
from refopt.language.expression import Kind, exp, literal, log, maximum, minimum, operation, scalar, sqrt, tanh, where
from refopt.language.symbolic import from_sympy, symbol
from tests.language.reading import random_tree

x, y = scalar("x"), scalar("y", sign="positive")
SYMBOLS = {x.sym: x, y.sym: y}


@pytest.mark.parametrize(
    "tree",
    [
        x**2 * y - 3 * x + "0.25",
        -x * y,
        (x - y) / (x**2 + 1),
        sqrt(y) * x,
        1 / sqrt(1 + x**2),
        exp(-x) + log(1 + exp(x)),
        tanh(x * y) ** 2,
        maximum(x, minimum(y, 1)),
        (x + y) ** literal("3/2"),
        2**x,
        x**5 - 1 / y**3,
        literal("-1/3"),
    ],
    ids=str,
)
def test_a_tree_comes_back_from_its_twin_with_the_same_value(tree: object) -> None:
    from refopt.language.expression import Expression

    assert isinstance(tree, Expression)
    back = from_sympy(tree.sym, SYMBOLS)
    assert sp.simplify(back.sym - tree.sym) == 0


def test_a_function_that_the_language_lacks_is_refused_in_one_line() -> None:
    with pytest.raises(NotImplementedYet, match="no operation of the language stands for erf"):
        from_sympy(sp.erf(x.sym), SYMBOLS)


def test_a_symbol_keeps_its_sign_and_its_kind() -> None:
    assert y.sym.is_positive and x.sym.is_positive is None and x.sym.is_real
    assert symbol("n", "nonnegative", Kind.INTEGER).is_integer
    assert symbol("x") == x.sym


def test_every_implemented_operation_has_a_twin() -> None:
    generator = random.Random(4)
    seen = set()
    for _ in range(300):
        tree = random_tree(generator, 2, without=frozenset({"div", "log", "pow"}))
        seen |= {n.op for n in tree.walk()}
        assert tree.sym is tree.sym
    assert {"where", "cast", "and", "floor", "sign", "max"} <= seen


def test_the_twin_of_a_choice_is_piecewise() -> None:
    chosen = where(x < 1, y, 2 * y).sym
    assert (chosen.subs(x.sym, 0), chosen.subs(x.sym, 1)) == (y.sym, 2 * y.sym)
    assert operation("and", x < 1, y < 1).sym == sp.And(x.sym < 1, y.sym < 1)
