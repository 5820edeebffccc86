"""Tactics: how SymPy shows that the difference of two sides is zero. Closed and named; a page says which one it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sympy as sp

from refopt.derivation.signs import sign
from refopt.derivation.symbol import Letter


def _algebra(d: Any, letters: Sequence[Letter] = ()) -> Any:
    """One fraction, common factors cancelled."""
    return sp.cancel(sp.together(d))


def _expand(d: Any, letters: Sequence[Letter] = ()) -> Any:
    """Products multiplied out."""
    return sp.expand(d)


def _powers(d: Any, letters: Sequence[Letter] = ()) -> Any:
    """Powers of one base joined, then as one fraction."""
    joined = sp.powsimp(sp.expand(sp.powsimp(d)))
    return joined if joined == 0 else sp.cancel(sp.together(sp.expand_power_exp(sp.expand(d))))


def _roots(d: Any, letters: Sequence[Letter] = ()) -> Any:
    """Every root taken apart into roots of factors that are positive, each a letter whose square is known; then as one fraction."""
    names: dict[Any, Any] = {}

    def of(x: Any) -> Any:
        power = 2 * x.exp
        return _taken_apart(x.base, names, letters) ** power

    named = d.replace(lambda x: x.is_Pow and x.exp.is_Rational and x.exp.q == 2, of)
    named = named.replace(sp.Abs, lambda x: _without_bars(x, letters))
    top = sp.expand(sp.together(named).as_numer_denom()[0])
    for base, name in names.items():
        top = sp.expand(sp.rem(top, name**2 - base, name))
    return top if top == 0 else sp.simplify(d)


def _taken_apart(base: Any, names: dict[Any, Any], letters: Sequence[Letter]) -> Any:
    """The root of a formula as a product of roots of its positive factors; what has no known sign stays under one root."""
    outside, rest, minus = sp.Integer(1), sp.Integer(1), 1
    for factor in sp.Mul.make_args(sp.factor(sp.together(base))):
        inner, power = factor.as_base_exp()
        if factor.is_Rational:
            outside, minus = outside * sp.sqrt(abs(factor)), minus * (-1 if factor < 0 else 1)
            continue
        found = sign(inner, letters) if power.is_Integer else None
        if found is None or found == 0:
            rest = rest * factor
            continue
        if found < 0:
            minus = minus * (-1) ** power
        inner = sp.expand(inner if found > 0 else -inner)
        outside = outside * names.setdefault(inner, sp.Dummy(f"root{len(names)}", positive=True)) ** power
    rest = minus * rest
    if rest == 1:
        return outside
    return outside * names.setdefault(sp.expand(rest), sp.Dummy(f"root{len(names)}"))


def _without_bars(x: Any, letters: Sequence[Letter]) -> Any:
    """|x| as x or -x where its letters decide the sign."""
    found = sign(x, letters)
    return sp.Abs(x) if found is None else x if found >= 0 else -x


def _trig(d: Any, letters: Sequence[Letter] = ()) -> Any:
    """Cosines and sines of sums taken apart, then squares of sines as 1 minus squares of cosines."""
    apart = sp.expand_trig(sp.expand(d))
    whole = sp.cancel(sp.together(apart.replace(lambda x: x.is_Pow and isinstance(x.base, sp.sin) and x.exp == 2, lambda x: 1 - sp.cos(x.base.args[0]) ** 2)))
    return whole if whole == 0 else sp.simplify(d)


def _sums(d: Any, letters: Sequence[Letter] = ()) -> Any:
    """Finite sums written out or summed in closed form."""
    return sp.simplify(d.doit())


def _last_term(d: Any, letters: Sequence[Letter] = ()) -> Any:
    """The last term of a sum split off, factors taken under the sums, sums over the same range joined."""
    written = _split(d)
    names = {s: sp.Dummy(f"sum{i}") for i, s in enumerate(sorted(written.atoms(sp.Sum), key=sp.default_sort_key))}
    rest = sp.expand(written.xreplace(names))
    joined: dict[Any, Any] = {}
    for s, name in names.items():
        if sp.degree(rest, name) != 1:
            return d
        joined[s.limits] = joined.get(s.limits, 0) + rest.coeff(name) * s.function
        rest = sp.expand(rest - rest.coeff(name) * name)
    return _powers(rest) if all(_powers(f) == 0 for f in joined.values()) else d


def _split(d: Any) -> Any:
    """Every sum whose upper bound is n + 1 written as the sum up to n and its last term."""

    def split(s: Any) -> Any:
        (index, low, high), *more = s.limits
        if more or not (high.is_Add and sp.Integer(1) in high.args):
            return s
        return sp.Sum(s.function, (index, low, high - 1)) + s.function.xreplace({index: high})

    return d.replace(lambda x: isinstance(x, sp.Sum), split)


def _floors(d: Any, letters: Sequence[Letter] = ()) -> Any:
    """Integers taken out of floors; what is left in one is 0 where it lies between 0 and 1 by its letters."""
    split = d.replace(sp.floor, lambda x: sp.floor(sp.expand(x)))

    def whole(x: Any) -> Any:
        above, below = sign(x, letters), sign(x - 1, letters)
        return sp.Integer(0) if above is not None and above >= 0 and below == -2 else sp.floor(x)

    return _powers(split.replace(sp.floor, whole))


def _simplify(d: Any, letters: Sequence[Letter] = ()) -> Any:
    """SymPy's own choice."""
    return sp.simplify(d)


TACTICS: dict[str, Callable[[Any, Sequence[Letter]], Any]] = {
    "algebra": _algebra, "expand": _expand, "powers": _powers, "roots": _roots, "trig": _trig, "sums": _sums,
    "last term": _last_term, "floors": _floors, "simplify": _simplify,
}  # fmt: skip
"""Name -> what it does to a difference; zero must come out."""


def describe(name: str) -> str:
    """A tactic's effect, in a few words."""
    return str(TACTICS[name].__doc__).rstrip(".")
