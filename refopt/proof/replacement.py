"""Replacements of hyperparameters that turn one rule into another; and whether the two approach each other."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

import sympy as sp

from refopt.errors import NotImplementedYet
from refopt.language.expression import Expression, Kind, g, operation, t, theta
from refopt.language.symbolic import from_sympy
from refopt.lifting.identity import Answer, identical
from refopt.proof.formula import tidy
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


def scaled(pair: OneUpdate) -> tuple[dict[str, Expression], tuple[str, Expression]] | None:
    """One hyperparameter of the first rule and what it is replaced by, and the factor by which the first rule's one state is then
    that of the second; proved, else None. For rules that are polynomials in theta, the state and the gradient."""
    states = [rule.state for rule in pair.rules]
    alike = all(len(s) == 1 and s[0].initial.sym == 0 for s in states) and states[0][0].name == states[1][0].name
    if not alike or len(pair.regimes) != 1:
        return None
    name, state = states[0][0].name, states[0][0].symbol.sym
    factor = sp.Symbol("_factor", positive=True)
    for chosen in (h for h in pair.rules[0].hyper if h.symbol.kind is Kind.REAL):
        unknown = sp.Symbol("_new", positive=True)
        (regime,) = pair.regimes
        first = {n: x.xreplace({chosen.symbol.sym: unknown}).subs({state: factor * state}) for n, x in regime.first.items()}
        differences = (first["theta"] - regime.second["theta"], first[name] - factor * regime.second[name])
        generators = (theta.sym, g.sym, state)
        if not all(d.is_polynomial(*generators) for d in differences):
            return None
        equations = [e for d in differences if d != 0 for e in sp.Poly(d, *generators).coeffs()]
        for solution in _solutions(equations, (unknown, factor)):
            is_new = {unknown, factor} <= set(solution) and solution[unknown] != chosen.symbol.sym
            if is_new and _constant(pair, solution.values()) and _zero(differences, solution):
                trees = _as_trees(pair, {chosen.name: solution[unknown], name: solution[factor]})
                if trees is not None:
                    return {chosen.name: trees[chosen.name]}, (name, trees[name])
    return None


def _solutions(equations: Sequence[Any], unknown: Sequence[Any]) -> list[dict[Any, Any]]:
    """The solutions that SymPy finds; none where it knows no way, as where an unknown is in a power and outside it."""
    try:
        return list(sp.solve(equations, unknown, dict=True))
    except NotImplementedError:
        return []


def _constant(pair: OneUpdate, values: Iterable[Any]) -> bool:
    """True of values in hyperparameters alone: they are the same in every update."""
    return set().union(*(x.free_symbols for x in values)) <= {h.symbol.sym for h in pair.hyper.values()}


def _zero(differences: Sequence[Any], solution: Any) -> bool:
    return all(identical(d.subs(solution), sp.Integer(0)) is Answer.PROVED for d in differences)


def in_the_limit(pair: OneUpdate) -> bool:
    """True where the updates are proved the same once every beta^t has become 0, the states being alike all along."""
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


def _readable(node: Expression) -> Expression:
    """The tree without signs that nobody would write: -a/(b - 1) is a/(1 - b)."""
    node = tidy(node)
    if node.op == "neg" and node.args[0].op == "div" and node.args[0].args[1].op == "sub":
        over, under = node.args[0].args
        return operation("div", over, operation("sub", *under.args[::-1]))
    return node


def _as_trees(pair: OneUpdate, values: dict[str, Any]) -> dict[str, Expression] | None:
    """The expressions as trees, 1 - beta^t written out again."""
    corrections = {pair.corrections[h.symbol.sym]: 1 - h.symbol**t for h in pair.hyper.values() if h.symbol.sym in pair.corrections}
    symbols = corrections | {h.symbol.sym: h.symbol for h in pair.hyper.values()}
    try:
        return {name: _readable(from_sympy(sp.simplify(x), symbols)) for name, x in values.items()}
    except NotImplementedYet:
        return None
