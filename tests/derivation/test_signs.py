"""Signs: decided where the coefficients say so, and never wrong."""

from __future__ import annotations

import random

import sympy as sp

from refopt.derivation.sampling import points
from refopt.derivation.signs import sign
from refopt.derivation.symbol import Letter, letter

X, Y, R = letter("x", 0, 1), letter("y", 0), letter("r")


def test_simple_signs() -> None:
    x, y, r = X.symbol, Y.symbol, R.symbol
    every = (X, Y, R)
    assert sign(1 - x, every) == 2
    assert sign(x - 1, every) == -2
    assert sign(y / (1 - x), every) == 2
    assert sign(r**2, every) == 1
    assert sign(r**2 + 1, every) == 2
    assert sign(r, every) is None
    assert sign(x - y, every) is None
    assert sign((r - x) ** 2 + y, every) == 2
    assert sign(sp.Integer(0), every) == 0
    assert sign(1 / r, every) is None


def test_a_bound_may_be_a_formula_in_another_letter() -> None:
    curvature = letter("L", 0)
    rate = letter("eta", 0, 2 / curvature.symbol)
    assert sign(2 - rate.symbol * curvature.symbol, (curvature, rate)) == 2
    assert sign(1 - rate.symbol * curvature.symbol, (curvature, rate)) is None


def test_no_decided_sign_is_wrong_at_a_point() -> None:
    seed = 20261124
    chance = random.Random(seed)
    letters: tuple[Letter, ...] = (X, Y, letter("z", 0, closed="low"), letter("w", 1, 3, closed="high"), R)
    symbols = [x.symbol for x in letters]
    decided = 0
    for i in range(50):
        formula = sp.Integer(chance.randint(-2, 2))
        for _ in range(chance.randint(1, 3)):
            term = sp.Integer(chance.choice((-1, 1, 2)))
            for s in chance.sample(symbols, chance.randint(1, 2)):
                term *= chance.choice((s, s**2, 1 - s, 1 / (1 + s**2), (s - 2) ** 2))
            formula += term
        found = sign(formula, letters)
        if found is None:
            continue
        decided += 1
        for point in points(f"{seed} {i}", letters, ()):
            value = formula.xreplace(dict(point.values))
            fits = {2: value > 0, 1: value >= 0, 0: value == 0, -1: value <= 0, -2: value < 0}[found]
            assert fits, (seed, i, formula, found, point)
    assert decided > 12, decided
