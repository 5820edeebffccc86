"""Balls hold what a narrower format computes from operands anywhere within their errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from refopt.identify.balls import Ball, Rounding, arithmetic
from refopt.rounding.formats import FLOAT32

ROUNDING = Rounding.of(FLOAT32)
OPS = arithmetic(ROUNDING, "float32").operations
BINARY = {"add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": lambda x, y: x / y}
UNARY = {"square": np.square, "sqrt": np.sqrt, "abs": np.abs, "exp": np.exp, "log": np.log, "cos": np.cos, "sin": np.sin, "tanh": np.tanh,
         "sign": np.sign, "floor": np.floor}  # fmt: skip


def _operands(positive: bool) -> tuple[Ball, Any]:
    """Balls, and float32 numbers within them."""
    draw = np.random.default_rng(8)
    near = draw.normal(size=2000).astype(np.float32) * np.float32(3)
    near = np.abs(near) if positive else near
    error = np.abs(near) * 10.0 ** draw.uniform(-8, -1, 2000)
    centre = near.astype(np.float64) + error * draw.uniform(-1, 1, 2000)
    return Ball(np.maximum(centre, 0.0) if positive else centre, error, ROUNDING), near


@pytest.mark.parametrize("name", list(BINARY))
def test_an_operation_of_two_is_held(name: str) -> None:
    (a, x), (b, y) = _operands(False), _operands(False)
    b, y = Ball(b.value[::-1], b.error[::-1], ROUNDING), y[::-1]
    _held(BINARY[name](a, b), BINARY[name](x, y))


@pytest.mark.parametrize("name", list(UNARY))
def test_a_function_is_held(name: str) -> None:
    a, x = _operands(name in ("sqrt", "log"))
    with np.errstate(all="ignore"):
        _held(OPS[name](a), UNARY[name](x))


@pytest.mark.parametrize("t", [1, 2, 50, 1000])
def test_a_power_by_a_running_product_of_a_rounded_base_is_held(t: int) -> None:
    base = 0.999
    product = np.float32(1)
    for _ in range(t):
        product = product * np.float32(base)
    _held(OPS["pow"](Ball(np.array([base]), 0.0, ROUNDING), float(t)), np.array([product]))


@pytest.mark.parametrize(("name", "pick"), [("max", np.maximum), ("min", np.minimum)])
def test_the_larger_and_the_smaller_are_held(name: str, pick: Any) -> None:
    (a, x), (b, y) = _operands(False), _operands(False)
    b, y = Ball(-b.value, b.error, ROUNDING), -y
    _held(OPS[name](a, b), pick(x, y))


def test_a_choice_in_doubt_holds_both_branches() -> None:
    a, x = _operands(False)
    chosen = OPS["where"](OPS["gt"](a, Ball(0.0 * a.value, np.abs(a.value), ROUNDING)), Ball(1.0, 0.0, ROUNDING), Ball(-1.0, 0.0, ROUNDING))
    for branch in (1.0, -1.0):
        _held(chosen, np.full_like(x, branch))


def test_a_divisor_that_may_be_zero_leaves_everything_open() -> None:
    assert np.isinf((Ball(1.0, 0.0, ROUNDING) / Ball(np.array([1.0]), np.array([1.0]), ROUNDING)).error).all()


def _held(ball: Ball, computed: Any) -> None:
    off = np.abs(np.asarray(computed, np.float64) - ball.value)
    assert np.all(off <= ball.error), float(np.max(off - ball.error))
