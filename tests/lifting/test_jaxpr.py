"""JAX's records read equation by equation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from refopt.frameworks.jax_mode import jax_mode
from refopt.language.expression import Expression, scalar, t, tensor
from refopt.language.text import infix
from refopt.lifting.assumption import FINITE, counts_below
from refopt.lifting.jaxpr import Reader
from refopt.lifting.paths import Facts
from refopt.rounding.formats import FLOAT64
from tests.lifting.refused import refused

jax = pytest.importorskip("jax", reason="jax is in the test extra; without it nothing is recorded")
jnp = jax.numpy
x, y = tensor("x"), scalar("y", sign="nonnegative")


def _read(function: Callable[..., Any], reader: Reader | None = None) -> str:
    with jax_mode(FLOAT64):
        record = jax.make_jaxpr(function)(jnp.zeros(2), 0.5)
        (found,) = (reader or Reader(Facts())).read(record, [x, y])
    assert isinstance(found, Expression)
    return infix(found)


@pytest.mark.parametrize(
    ("function", "formula"),
    [
        (lambda a, b: b * a + (1 - b) * a**2, "y*x + (1 - y)*x^2"),
        (lambda a, b: a * jax.lax.rsqrt(a + b), "x * (1 / sqrt(x + y))"),
        (lambda a, b: jnp.where(a > b, a, -a), "where(x > y, x, -x)"),
        (lambda a, b: jnp.where(jnp.logical_not(a > b), a, -a), "where(x > y, -x, x)"),
        (lambda a, b: jnp.maximum(a, jnp.minimum(b, 0.1)), "max(x, min(y, 0.1))"),
        (lambda a, b: jnp.clip(a, -1, 1), "min(1, max(-1, x))"),
        (lambda a, b: a**3 / b**-1.5, "x^3 / y^(-1.5)"),
        (lambda a, b: jax.jit(lambda c: jnp.sign(c) * jnp.abs(c))(a), "sign(x)*abs(x)"),
        (lambda a, b: jax.lax.cond(b > 1, lambda c: c + 1, lambda c: c * 2, a), "where(y > 1, x + 1, x*2)"),
    ],
)
def test_an_equation_becomes_the_operation_that_it_is(function: Callable[..., Any], formula: str) -> None:
    assert _read(function) == formula


def _raised(base: Any, exponent: Any, turns: int = 63) -> Any:
    def turn(_: int, carried: tuple[Any, Any, Any]) -> tuple[Any, Any, Any]:
        result, factor, left = carried
        return jnp.where(left % 2 == 1, result * factor, result), factor * factor, left // 2

    return jax.lax.fori_loop(0, turns, turn, (jnp.ones_like(base), base, exponent))


def _of_counter(function: Callable[..., Any]) -> str:
    with jax_mode(FLOAT64):
        (found,) = Reader(Facts((), {"t": 1})).read(jax.make_jaxpr(function)(0.5, 3), [y, t])
    assert isinstance(found, Expression)
    return infix(found)


def test_a_loop_that_halves_is_read_as_the_power_that_it_is() -> None:
    assert _of_counter(lambda b, n: _raised(b, n)[0]) == "y^t"
    assert _of_counter(lambda b, n: _raised(b, n // 3)[0]) == "y^floor(t / 3)"


@pytest.mark.parametrize("function", [lambda b, n: _raised(b, n, 62)[0], lambda b, n: _raised(b, n)[1], lambda b, n: _raised(b, n - 5)[0]])
def test_a_loop_with_too_few_turns_or_a_counter_below_zero_or_what_else_it_leaves_is_refused(function: Callable[..., Any]) -> None:
    with refused("loop"):
        _of_counter(function)


def test_whole_numbers_are_divided_towards_zero_and_their_remainders_have_the_sign_of_what_is_divided() -> None:
    assert _of_counter(lambda b, n: jax.lax.div(n, 3)) == "floor(t / 3)"
    assert _of_counter(lambda b, n: jax.lax.rem(n, 3)) == "t - 3*floor(t / 3)"
    assert _of_counter(lambda b, n: jax.lax.div(-n, 3)) == "-floor(-(-t) / 3)"


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (lambda a, b: a / jnp.sqrt(jnp.sum(a * a)), "reduce_sum"),
        (lambda a, b: a * jnp.array([1.0, 2.0]), "different elements"),
        (lambda a, b: a[::-1], "rev"),
        (lambda a, b: a.astype(int) * b, "cut off"),
        (lambda a, b: jax.lax.fori_loop(0, 3, lambda i, c: c * 2, a), "scan|while"),
        (lambda a, b: jax.random.normal(jax.random.key(0), (2,)) * a, "JAX operation"),
    ],
)
def test_what_joins_elements_or_loops_is_refused_by_name(function: Callable[..., Any], reason: str) -> None:
    with refused(reason):
        _read(function)


def test_what_is_known_decides_a_choice() -> None:
    assert _read(lambda a, b: jnp.where(b < 1, a, -a), Reader(Facts((y < 1,)))) == "x"


def test_a_counter_that_could_stop_is_noted() -> None:
    reader = Reader(Facts((), {"t": 2}))
    with jax_mode(FLOAT64):
        record = jax.make_jaxpr(lambda count: jnp.where(count < 2**31 - 1, count + 1, 2**31 - 1))(3)
        (found,) = reader.read(record, [t - 1])
    assert str(found) == "t - 1 + 1" and reader.assumed == {counts_below(2**31 - 1)}


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (lambda a, b: a.astype(jnp.bfloat16).astype(jnp.float64), "which rounds"),
        (lambda a, b: a.astype(jnp.float32).astype(jnp.float64), "which rounds"),
        (lambda a, b: jax.lax.reduce_precision(a, 5, 2), "reduce_precision"),
        (lambda a, b: a * jnp.where(b > 1, 1.5, 2.5).astype(int), "cut off"),
        (lambda a, b: jax.lax.reshape(a * jnp.ones((2, 2)), (2, 2), (1, 0)), "another order"),
        (lambda a, b: jnp.where(jnp.isfinite(a / b), a, 0), "whether a number is finite"),
        (lambda a, b: jnp.where(a * 3 / 3 == a, a, 0), "the same but for rounding"),
    ],
)
def test_what_is_not_the_same_number_is_refused(function: Callable[..., Any], reason: str) -> None:
    with refused(reason):
        _read(function)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16"])
def test_a_count_that_wraps_around_is_refused(dtype: str) -> None:
    with refused("wraps around"):
        _of_counter(lambda b, n: b ** n.astype(dtype))


def test_either_of_two_conditions_chooses() -> None:
    assert _read(lambda a, b: jnp.where((a > b) | (a < 0), a, b)) == "where(x <= y and x >= 0, y, x)"


def test_infinite_bounds_cut_nothing_off() -> None:
    reader = Reader(Facts())
    assert _read(lambda a, b: jnp.clip(a, -jnp.inf, jnp.inf) * b, reader) == "x*y" and reader.assumed == {FINITE}
