"""Which hyperparameters of one rule, replaced by an expression, turn it into another; and whether they approach each other."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import sympy as sp

from refopt.errors import NotImplementedYet
from refopt.language.expression import Expression, Kind, t
from refopt.language.symbolic import from_sympy
from refopt.proof.identity import Answer, identical
from refopt.proof.one_update import OneUpdate


def replacement(pair: OneUpdate) -> dict[str, Expression] | None:
    """One or two hyperparameters of the first rule and what each is replaced by to give the second; proved, else None.

    Equations at a few values of the state and the gradient give a candidate; that it holds for all values is then proved.
    """
    thetas = pair.thetas_after_states()
    if thetas is None:
        return None
    names = [h.name for h in pair.rules[0].hyper if h.symbol.kind is Kind.REAL]
    for count in (1, 2):
        for chosen in itertools.combinations(names, count):
            found = _solve(pair, thetas, chosen)
            if found is not None:
                return found
    return None


def in_the_limit(pair: OneUpdate) -> bool:
    """Whether the updates are proved the same once every beta^t has become 0, the states being alike all along."""
    thetas = pair.thetas_after_states()
    if thetas is None:
        return False
    ones = dict.fromkeys(pair.corrections.values(), sp.Integer(1))
    return identical(thetas[0].subs(ones), thetas[1].subs(ones)) is Answer.PROVED


def _solve(pair: OneUpdate, thetas: Sequence[Any], chosen: tuple[str, ...]) -> dict[str, Expression] | None:
    unknown = {pair.hyper[n].symbol.sym: sp.Symbol(f"_new_{n}", positive=True) for n in chosen}
    symbols = list(unknown.values())
    first, second = thetas[0].xreplace(unknown), thetas[1]
    hyper = {h.symbol.sym for h in pair.hyper.values()}
    varying = sorted((first - second).free_symbols - hyper - set(pair.corrections.values()) - set(symbols), key=str)
    equations = []
    for i in range(len(chosen)):
        values = {s: sp.Integer((i + 2 + j) ** 2) for j, s in enumerate(varying)}
        equations.append(sp.expand(sp.fraction(sp.together((first - second).subs(values)))[0]))
    if any(not e.is_polynomial(*symbols) or sp.Poly(e, *symbols).total_degree() != 1 for e in equations):
        return None
    for solution in sp.linsolve(equations, symbols):
        if set(symbols) & set().union(*(x.free_symbols for x in solution)):
            continue
        if identical(first.subs(dict(zip(symbols, solution, strict=True))), second) is Answer.PROVED:
            return _as_trees(pair, dict(zip(chosen, solution, strict=True)))
    return None


def _as_trees(pair: OneUpdate, values: dict[str, Any]) -> dict[str, Expression] | None:
    """The expressions as trees, 1 - beta^t written out again."""
    corrections = {pair.corrections[h.symbol.sym]: 1 - h.symbol**t for h in pair.hyper.values()}
    symbols = corrections | {h.symbol.sym: h.symbol for h in pair.hyper.values()}
    try:
        return {name: from_sympy(sp.simplify(x), symbols) for name, x in values.items()}
    except NotImplementedYet:
        return None
