"""The error of a sum in any order: no order is beyond it, and it is not much larger than what some order makes."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from refopt.rounding.extended_range import as_plain, from_exact
from refopt.rounding.formats import BFLOAT16, FLOAT16, FLOAT32, FLOAT64, Format
from refopt.rounding.sum_bound import accumulator, largest_error, sum_error

Order = Callable[[np.ndarray, np.dtype], object]


def _one_by_one(x: np.ndarray, kept: np.dtype) -> object:
    total = kept.type(0)
    for one in x:
        total = kept.type(total + one.astype(kept))
    return total


def _pairs(x: np.ndarray, kept: np.dtype) -> object:
    return x.astype(kept)[0] if len(x) == 1 else kept.type(_pairs(x[: len(x) // 2], kept) + _pairs(x[len(x) // 2 :], kept))


def _lanes(count: int) -> Order:
    return lambda x, kept: _one_by_one(np.array([_one_by_one(x[i::count], kept) for i in range(min(count, len(x)))]), kept)


ORDERS: dict[str, Order] = {
    "in order": _one_by_one, "backwards": lambda x, kept: _one_by_one(x[::-1], kept),
    "largest first": lambda x, kept: _one_by_one(x[np.argsort(-np.abs(x))], kept),
    "smallest first": lambda x, kept: _one_by_one(x[np.argsort(np.abs(x))], kept), "pairs": _pairs, "4 lanes": _lanes(4), "8 lanes": _lanes(8),
    "16 lanes": _lanes(16), "NumPy": lambda x, kept: np.sum(x.astype(kept), dtype=kept),
}  # fmt: skip


def _bound(x: np.ndarray, f: Format) -> Fraction:
    exact = [Fraction(float(v)) for v in x]
    return Fraction(float(as_plain(sum_error(from_exact([abs(v) for v in exact]), from_exact([0] * len(exact)), f))[0]))


def _error(x: np.ndarray, f: Format, order: Order) -> Fraction:
    total = np.asarray(order(x, accumulator(f).dtype)).astype(f.dtype)
    return abs(Fraction(float(total)) - sum(Fraction(float(v)) for v in x))


def _data(sort: str, n: int, f: Format, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    made = {
        "alike": lambda: 1 + rng.random(n), "of both signs": lambda: rng.standard_normal(n),
        "one large": lambda: np.where(np.arange(n) == n // 2, 100.0, 1) * (1 + rng.random(n)),
        "falling": lambda: 2.0 ** -np.arange(n).clip(0, 12) * (1 + rng.random(n)),
    }[sort]()  # fmt: skip
    return made.astype(f.dtype)


@pytest.mark.parametrize("f", [FLOAT64, FLOAT32, BFLOAT16, FLOAT16], ids=lambda f: f.name)
@pytest.mark.parametrize("n", [2, 7, 67, 501])
def test_no_order_is_beyond_it(n: int, f: Format) -> None:
    for sort in ("alike", "of both signs", "one large", "falling"):
        for seed in range(3):
            x = _data(sort, n, f, seed)
            for name, order in ORDERS.items():
                assert _error(x, f, order) <= _bound(x, f), (sort, seed, name)


def test_some_order_comes_near_it() -> None:
    def ratio(seed: int) -> float:
        x = _data("alike", 7, FLOAT32, seed)
        return max(float(_error(x, FLOAT32, order) / _bound(x, FLOAT32)) for order in ORDERS.values())

    assert max(map(ratio, range(200))) > 0.4


def test_a_bound_for_pairs_would_accuse_a_correct_sum() -> None:
    x = np.array([2.0**12, *[1 + 2.0**-10] * 1000], dtype=np.float16)
    pairs = 10 * Fraction(FLOAT16.u) * sum(Fraction(float(v)) for v in x)
    one_by_one = abs(Fraction(float(_one_by_one(x, np.dtype(np.float16)))) - sum(Fraction(float(v)) for v in x))
    assert one_by_one > pairs


def test_zeros_are_no_terms_and_one_term_is_exact() -> None:
    assert _bound(np.array([0, 0, 3, 0], dtype=np.float32), FLOAT32) == 0


def test_what_the_terms_may_be_off_is_added_up() -> None:
    found = sum_error(from_exact([1, 2]), from_exact([Fraction(1, 8), Fraction(1, 4)]), FLOAT64)
    assert Fraction(3, 8) <= Fraction(float(as_plain(found)[0])) <= Fraction(3, 8) + Fraction(1, 10**7)


def test_nothing_is_said_of_a_sum_beyond_the_largest_number() -> None:
    x = from_exact([Fraction(40000)] * 2)
    assert np.isinf(as_plain(sum_error(x, from_exact([0, 0]), FLOAT16))[0]) and not np.isinf(as_plain(sum_error(x, from_exact([0, 0]), FLOAT32))[0])


def test_the_sum_of_nothing_is_exact_and_a_largest_is_off_by_a_term() -> None:
    assert as_plain(sum_error(from_exact([]), from_exact([]), FLOAT32))[0] == 0
    assert as_plain(largest_error([from_exact([1, 3]), from_exact([2])]))[0] == 3 and as_plain(largest_error([]))[0] == 0
