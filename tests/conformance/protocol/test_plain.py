"""What is saved comes back with the same types and bits, what stood in two places stands in both, and anything else is named."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from refopt.conformance.protocol.plain import decode, encode, foreign
from refopt.errors import RefoptError


def _same(a: Any, b: Any) -> bool:
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, dict):
        return list(a) == list(b) and all(_same(a[k], b[k]) for k in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    return bool(a == b) or a != a


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, -(10**40), 0.1, -0.0, float("inf"), float("nan"), 1 + 2j, "\x00ü", b"\xff", (), [], {}, (1, [2, (3,)]),
        {"m": np.arange(3.0), 1: None, (0, "a"): [np.float32(0.1)]}, OrderedDict(b=1, a=2), np.array(2.5), np.zeros((0, 2), np.int8),
        np.arange(6, dtype=np.float16).reshape(2, 3).T, np.array([1.5, -2], ml_dtypes.bfloat16), np.bool_(True), np.array([True]),
    ],
)  # fmt: skip
def test_a_plain_value_comes_back_with_its_types_and_bits(value: Any) -> None:
    assert _same(decode(encode(value)), value)


def test_an_array_that_stands_in_two_places_still_does() -> None:
    x = np.zeros(2)
    back = decode(encode({"a": x, "b": [x], "c": np.zeros(2)}))
    back["a"][0] = 1
    assert back["b"][0][0] == 1 and back["c"][0] == 0


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"rng": np.random.default_rng(0)}, "a Generator under 'rng'"),
        ({"a": [1, {2}]}, "a set under 'a'[1]"),
        ({"f": abs}, "a builtin_function_or_method under 'f'"),
        ({"x": np.array([None])}, "an array of object under 'x'"),
    ],
)
def test_what_is_not_plain_is_named_with_its_place(value: Any, told: str) -> None:
    assert next(foreign(value)) == told
    with pytest.raises(RefoptError, match="cannot be saved"):
        encode(value)


def test_a_list_that_holds_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(RefoptError, match="something without end"):
        encode(endless)
