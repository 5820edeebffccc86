"""Code that sees more than what it is given is not read."""

from __future__ import annotations

import decimal
import hashlib
import math
import os
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from refopt.lifting.outside import catches, refuse_outside
from tests.lifting.refused import refused


def _clock() -> float:
    return time.time()


def _environment() -> Any:
    return os.environ.get("A")


def _imported() -> Any:
    import datetime

    return datetime.date.today()


def _by_name() -> Any:
    return globals()["A"]


def _identity() -> int:
    return id(math)


def _random(np: Any = None) -> Any:
    return np.random.default_rng()


def _strict(np: Any = None) -> Any:
    with np.errstate(divide="raise"):
        return 1


def _inner() -> Any:
    return [time.time() for _ in range(3)]


def _filters() -> int:
    return len(warnings.filters)


def _digits() -> int:
    return decimal.getcontext().prec


def _inside_a_module() -> Any:
    return hashlib.md5(b"1").digest()


OUTSIDE = (_filters, _digits, _inside_a_module, _clock, _environment, _imported, _by_name, _identity, _random, _strict, _inner)


@pytest.mark.parametrize("function", OUTSIDE, ids=lambda f: f.__name__.strip("_"))
def test_what_is_outside_is_refused(function: Any) -> None:
    with refused("of which no formula says anything"):
        refuse_outside([function])


def _plain(x: float) -> float:
    return math.sqrt(x)


def _lenient(np: Any = None) -> Any:
    with np.errstate(divide="ignore"):
        return 1


def _constant() -> float:
    return sys.float_info.max


def _warns() -> None:
    warnings.warn("text", stacklevel=2)


@pytest.mark.parametrize("function", [_plain, _lenient, _constant, _warns], ids=lambda f: f.__name__.strip("_"))
def test_what_is_always_the_same_is_not_outside(function: Any) -> None:
    refuse_outside([function])


def _one() -> None:
    try:
        _plain(1)
    except ValueError:
        _plain(2)


def _bare() -> None:
    try:
        _plain(1)
    except:  # noqa: E722
        _plain(2)


def _closing(x: Any = None) -> None:
    with x:
        _plain(1)


def _at_last() -> None:
    try:
        _plain(1)
    finally:
        _plain(2)


@pytest.mark.parametrize(("function", "answer"), [(_one, True), (_bare, True), (_closing, False), (_at_last, False), (_plain, False)])
def test_only_a_handler_catches(function: Callable[..., Any], answer: bool) -> None:
    assert catches(function) is answer  # type: ignore[arg-type]
