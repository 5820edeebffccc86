"""The error of a cube root covers every way in which people write it, and no other power."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from refopt.catalogue import rule
from refopt.conformance.judge.exact_update import exact_update, fraction
from refopt.rounding import cube_root, extended_range
from refopt.rounding.bound import Block, radii
from refopt.rounding.enclosure import Constants, apply, leaf
from refopt.rounding.extended_range import as_extended, as_long_as_needed, from_exact, log_of_size
from refopt.rounding.formats import FORMATS, Format
from refopt.rounding.normal_form import Names
from refopt.rounding.scalars import Ball, Scalars, number

SEED, COUNT = 20261130, 4000
WAYS: dict[str, Callable[[Any], Any]] = {
    "its own function": np.cbrt,
    "a power": lambda y: np.power(y, y.dtype.type(1 / 3)),
    "a power whose exponent is a quotient of the format": lambda y: np.power(y, y.dtype.type(1) / y.dtype.type(3)),
    "a logarithm over 3": lambda y: np.exp(np.log(y) / y.dtype.type(3)),
    "a logarithm times a third": lambda y: np.exp(np.log(y) * y.dtype.type(1 / 3)),
    "a logarithm of base 2": lambda y: np.exp2(np.log2(y) / y.dtype.type(3)),
}


def _numbers(f: Format) -> Any:
    """Normal numbers of all sizes, and many near 1."""
    rng = np.random.default_rng(SEED)
    exponents = np.concatenate([rng.uniform(f.emin, f.emax, COUNT), rng.uniform(-4, 4, COUNT)])
    return np.exp2(exponents).astype(f.dtype)


def _off(found: Any, y: Any) -> Any:
    """The distance from the root of 64 bits, as a share of it."""
    exact = np.cbrt(y.astype(np.longdouble))
    return np.abs(found.astype(np.longdouble) / exact - 1)


@pytest.mark.parametrize("f", FORMATS.values(), ids=lambda f: f.name)
@pytest.mark.parametrize("way", WAYS)
def test_each_way_is_within_the_error_in_every_format(f: Format, way: str) -> None:
    y = _numbers(f)
    log = np.log(y.astype(np.float64))
    allowed = cube_root.share(log, log, float(f.u))
    off = _off(WAYS[way](y), y)
    assert (off <= allowed).all(), f"{way}: {y[np.argmax(off / allowed)]} (seed {SEED})"


@pytest.mark.parametrize("name", ["float64", "float32"])
def test_another_exponent_is_not(name: str) -> None:
    y = _numbers(FORMATS[name])
    log = np.log(y.astype(np.float64))
    off, allowed = _off(np.power(y, y.dtype.type(0.333)), y), cube_root.share(log, log, float(FORMATS[name].u))
    assert np.mean(off > 4 * allowed) > 0.9


@pytest.mark.parametrize("name", ["float64", "float32"])
def test_an_update_with_another_exponent_is_outside_its_bound_and_one_with_a_third_is_within(name: str) -> None:
    f, r = FORMATS[name], rule("madgrad")
    hyper, rng = {"lr": Fraction(1, 8), "momentum": Fraction(1, 2), "eps": Fraction(1, 2**20)}, np.random.default_rng(SEED)
    g, theta = (rng.choice([-1.0, 1.0], 40) * np.exp2(rng.uniform(-12, 12, 40)).astype(f.dtype).astype(float) for _ in range(2))
    before = {"theta": theta, "s": np.zeros(40), "n": np.zeros(40), "theta_start": theta}
    block = Block(f, hyper, 1, {n: x.tolist() for n, x in before.items()}, g.tolist())
    exact = [fraction(x) for x in exact_update(r, block)["theta"]]
    allowed = radii(r, [block])[0]["theta"].exact()

    def outside(exponent: float) -> float:
        x, grad, eighth, eps = theta.astype(f.dtype), g.astype(f.dtype), f.dtype.type(0.125), f.dtype.type(2.0**-20)
        half = f.dtype.type(0.5)
        found = half * x + half * (x - eighth * grad / ((eighth * grad * grad) ** f.dtype.type(exponent) + eps))
        return float(np.mean([abs(Fraction(float(y)) - e) > a for y, e, a in zip(found, exact, allowed, strict=True)]))

    assert outside(1 / 3) == 0 and outside(0.333) > 0.5


def test_over_an_interval_the_error_is_that_of_its_worst_point() -> None:
    rng = np.random.default_rng(SEED)
    for u in (2.0**-8, 2.0**-24):
        low, high = np.sort(np.exp(rng.uniform(-8, 8, (2, 300))), axis=0)
        low[::5] = 0.0
        points = low + (high - low) * np.linspace(0, 1, 101)[:, None] ** 4
        each = np.cbrt(points) * cube_root.share(log_of_size(points), log_of_size(points), u)
        whole = np.cbrt(high) * cube_root.share(log_of_size(low), log_of_size(high), u)
        assert (each.max(axis=0) <= whole * (1 + 2.0**-40)).all()
        assert np.median(whole / each.max(axis=0)) < 1.2


def test_a_root_near_0_has_a_finite_error() -> None:
    """A sum of squares that underflows is within a hundredth of epsilon once its root is taken."""
    u, delta = 2.0**-24, 2.0**-150
    made = apply("cbrt", (leaf(*(np.array([x]) for x in (2.0**-200, 0.0, 0.0, delta))),), (1,), _constants(u, delta), may_be_negative=False)
    assert np.cbrt(delta) < made.e[0] < 2 * np.cbrt(delta)
    exact = apply("cbrt", (leaf(*(np.array([0.0]) for _ in range(4))),), (1,), _constants(u, delta), may_be_negative=False)
    assert (exact.x, exact.e) == (0, 0)


def test_plain_and_long_exponents_have_one_error() -> None:
    u, delta = 2.0**-53, 2.0**-1000
    parts = [np.array([float(Fraction(n, 7)) * 2.0 ** (3 * n) * s for n in range(-20, 21) if n]) for s in (1.0, 2.0**-9, 2.0**-12, 2.0**-30)]
    plain = apply("cbrt", (leaf(parts[0], *map(np.abs, parts[1:])),), (1,), _constants(u, delta), may_be_negative=False)
    for sort in (as_extended, lambda x: as_long_as_needed(as_extended(x))):
        wide = apply("cbrt", (leaf(sort(parts[0]), *(sort(np.abs(p)) for p in parts[1:])),), (1,), _constants(u, delta, sort), may_be_negative=False)
        for name in ("x", "lo", "hi", "e", "scale"):
            assert extended_range.as_plain(getattr(wide, name)) == pytest.approx(getattr(plain, name), rel=1e-13, abs=0)
    tiny = from_exact([Fraction(3, 2**2100)])
    made = apply("cbrt", (leaf(tiny, tiny * 0.0, tiny * 0.0, tiny * 0.0),), (1,), _constants(u, delta, as_extended), may_be_negative=False)
    assert log_of_size(made.x)[0] == pytest.approx(log_of_size(tiny)[0] / 3, rel=1e-13)


def test_a_scalar_has_the_same_error_as_an_element() -> None:
    for x, e in ((2.0, 0.0), (1e-30, 1e-32), (1e20, 1e4), (-5.0, 0.25), (0.01, 0.0099)):
        ball = Scalars(Names(), {}, 1).operation("cbrt", [Ball(number(x), number(e))])
        made = apply("cbrt", (leaf(*(np.array([v]) for v in (x, 0.0, 0.0, e))),), (1,), _constants(2.0**-53, 0.0), may_be_negative=False)
        assert float(ball.x) == pytest.approx(made.x[0], rel=1e-15)
        assert 0.4 < float(ball.e) / made.e[0] <= 1 + 1e-12


def _constants(u: float, delta: float, sort: Callable[[Any], Any] = lambda x: x) -> Constants:
    return Constants(*(sort(np.array([x])) for x in (u, delta, 2.0**-126, 2.0**127)))
