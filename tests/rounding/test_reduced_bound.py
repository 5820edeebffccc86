"""The bound of a rule that reduces over tensors: correct programs are within it, wrong norms are not."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from refopt.errors import RefoptError
from refopt.exact.numbers import mpmath_numbers
from refopt.exact.run import Step, Tensor, Updater
from refopt.rounding.bound import Block, radii
from refopt.rounding.formats import FLOAT16, FLOAT32, FLOAT64, Format
from tests.reducing import CLIPPED, SCALED

HYPER = {"lr": Fraction(1, 64), "momentum": Fraction(7, 8)}
Norm = Callable[[np.ndarray], np.floating]


def _sum_of_squares(x: np.ndarray) -> np.floating:
    return np.sqrt(np.sum(x * x, dtype=x.dtype))


def _one_by_one(x: np.ndarray) -> np.floating:
    return np.sqrt(np.cumsum(x * x, dtype=x.dtype)[-1])


def _scaled(x: np.ndarray) -> np.floating:
    top = np.abs(x).max()
    return top * np.sqrt(np.sum((x / top) ** 2, dtype=x.dtype))


def _without_the_last(x: np.ndarray) -> np.floating:
    return _sum_of_squares(x[:-1])


def _squared(x: np.ndarray) -> np.floating:
    return np.sum(x * x, dtype=x.dtype)


def _program(norm: Norm, theta: np.ndarray, m: np.ndarray, g: np.ndarray) -> np.ndarray:
    c = theta.dtype.type
    m = c(0.875) * m + c(0.125) * g
    return theta - c(1 / 64) * (norm(theta) / norm(m)) * m


def _numbers(seed: int, n: int, f: Format) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [(rng.standard_normal(n) * 2.0 ** rng.integers(-4, 5, n)).astype(f.dtype) for _ in range(3)]


def _exact(rows: list[np.ndarray]) -> tuple[Step, list[list[object]]]:
    numbers = mpmath_numbers()
    with numbers.precision(60):
        theta, m, g = ([numbers.number(Fraction(float(x))) for x in row] for row in rows)
        return Updater(SCALED, HYPER, numbers).update(3, theta, {"m": m}, g), [theta, m, g]


def _near(x: object, y: object) -> bool:
    """True where two numbers agree to 40 digits after the point."""
    a, b = (v if isinstance(v, Fraction) else mpmath_numbers().interval(v)[0] for v in (x, y))
    return abs(a - b) < Fraction(1, 10**40)


def _off(rows: list[np.ndarray], norm: Norm, f: Format) -> float:
    """The largest error of theta in bounds."""
    step, (theta, m, g) = _exact(rows)
    (bound,) = radii(SCALED, [Block(f, HYPER, 3, {"theta": theta, "m": m}, g, reduced=step.reduced)])
    ours = _program(norm, *rows)
    numbers = mpmath_numbers()
    errors = [abs(Fraction(float(x)) - numbers.interval(y)[0]) for x, y in zip(ours, step.theta, strict=True)]
    return max(float(e / b) for e, b in zip(errors, bound["theta"].exact(), strict=True) if b)


@pytest.mark.parametrize("f", [FLOAT64, FLOAT32], ids=lambda f: f.name)
@pytest.mark.parametrize("n", [2, 7, 67])
def test_every_way_to_make_a_norm_is_within_it(n: int, f: Format) -> None:
    for seed in range(4):
        rows = _numbers(seed, n, f)
        for norm in (_sum_of_squares, _one_by_one, _scaled):
            assert _off(rows, norm, f) <= 1, (seed, norm.__name__)


@pytest.mark.parametrize("f", [FLOAT64, FLOAT32], ids=lambda f: f.name)
def test_a_norm_without_its_last_element_or_its_root_is_far_beyond_it(f: Format) -> None:
    rows = [np.append(x[:-1], x.dtype.type(2)) for x in _numbers(1, 67, f)]
    assert _off(rows, _without_the_last, f) > 100 and _off(rows, _squared, f) > 100


def test_distinct_elements_that_repeat_are_summed_as_often() -> None:
    rows = _numbers(3, 4, FLOAT32)
    numbers = mpmath_numbers()
    with numbers.precision(60):
        theta, m, g = ([numbers.number(Fraction(float(x))) for x in row] for row in rows)
        once = Updater(SCALED, HYPER, numbers).update(3, theta, {"m": m}, g, repeats=(3, 3, 2, 2))
        spelled = [[row[i] for i in (0, 1, 2, 3, 0, 1, 2, 3, 0, 1)] for row in (theta, m, g)]
        written = Updater(SCALED, HYPER, numbers).update(3, spelled[0], {"m": spelled[1]}, spelled[2])
    assert all(_near(a, b) for a, b in zip(once.theta, written.theta[:4], strict=True))
    (few,) = radii(SCALED, [Block(FLOAT32, HYPER, 3, {"theta": theta, "m": m}, g, reduced=once.reduced, repeats=(3, 3, 2, 2))])
    (many,) = radii(SCALED, [Block(FLOAT32, HYPER, 3, {"theta": spelled[0], "m": spelled[1]}, spelled[2], reduced=written.reduced)])
    assert few["theta"].texts() == many["theta"].texts()[:4]


def test_a_norm_over_all_tensors_is_that_of_all_their_elements() -> None:
    numbers = mpmath_numbers()
    with numbers.precision(60):
        one, other = ([numbers.number(Fraction(x)) for x in row] for row in ((3, 0), (0, 4, 0)))
        steps = Updater(CLIPPED, {"lr": Fraction(1)}, numbers).update_all(1, [Tensor(one, {}, one), Tensor(other, {}, other)])
        alone = Updater(CLIPPED, {"lr": Fraction(1)}, numbers).update(1, one, {}, one)
    factor = 1 / (5 + Fraction(1, 10**6))
    assert _near(steps[0].theta[0], 3 * (1 - factor)) and _near(steps[1].theta[1], 4 * (1 - factor))
    assert _near(alone.theta[0], 3 * (1 - 1 / (3 + Fraction(1, 10**6))))
    blocks = [Block(FLOAT64, {"lr": Fraction(1)}, 1, {"theta": row}, row, reduced=s.reduced, update=1) for row, s in zip((one, other), steps, strict=True)]
    together, (apart,) = radii(CLIPPED, blocks), radii(CLIPPED, [Block(FLOAT64, {"lr": Fraction(1)}, 1, {"theta": one}, one, reduced=alone.reduced)])
    assert all(r["theta"].claims().all() for r in (*together, apart))


def test_a_norm_that_the_format_cannot_hold_leaves_no_claim() -> None:
    rows = [np.full(4, 200.0, dtype=np.float16), np.ones(4, dtype=np.float16), np.ones(4, dtype=np.float16)]  # 4 * 200^2 > 65504
    step, (theta, m, g) = _exact(rows)
    (bound,) = radii(SCALED, [Block(FLOAT16, HYPER, 3, {"theta": theta, "m": m}, g, reduced=step.reduced)])
    assert not bound["theta"].claims().any() and bound["m"].claims().all()


def test_a_block_without_the_values_of_its_reductions_is_refused() -> None:
    with pytest.raises(RefoptError, match="needs the values of its reductions"):
        radii(SCALED, [Block(FLOAT32, HYPER, 1, {"theta": [1], "m": [0]}, [1])])
