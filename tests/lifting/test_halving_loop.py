"""Loops on a whole number: what they leave is proved from one turn, or nothing is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from refopt.language.expression import Expression, floor, literal, scalar, t
from refopt.lifting.halving_loop import left_by

x = scalar("x")
START = (literal(1), x, t)
Turn = Callable[[Sequence[Expression]], Sequence[Expression]]


def _odd(n: Expression) -> bool:
    return n.op == "add"


def _turn(r: Expression, f: Expression, n: Expression) -> Sequence[Expression]:
    return (r * f if _odd(n) else r, f * f, floor(n / 2))


def test_repeated_squaring_is_the_power_and_the_factor_that_is_left_is_not_known() -> None:
    left = left_by(START, 2, lambda given: _turn(*given))
    assert left == [x**t, None, literal(0)]


def test_what_the_result_starts_with_is_a_factor_and_what_no_turn_changes_is_left_as_it_was() -> None:
    left = left_by((scalar("y"), x, t, scalar("z")), 2, lambda given: (*_turn(*given[:3]), given[3]))
    assert left is not None and [str(a) for a in left] == ["y*x^t", "None", "0", "z"]


@pytest.mark.parametrize(
    "turn",
    [
        lambda r, f, n: (r * r if _odd(n) else r, f * f, floor(n / 2)),
        lambda r, f, n: (r if _odd(n) else r * f, f * f, floor(n / 2)),
        lambda r, f, n: (r * f, f * f, floor(n / 2)),
        lambda r, f, n: (r * f if _odd(n) else r, f * f * f, floor(n / 2)),
        lambda r, f, n: (r * (f + n) if _odd(n) else r, f * f, floor(n / 2)),
        lambda r, f, n: (r * f * f if _odd(n) else r, f * f, floor(n / 2)),
    ],
)
def test_a_turn_that_does_something_else_gives_no_result(turn: Callable[..., Sequence[Expression]]) -> None:
    left = left_by(START, 2, lambda given: turn(*given))
    assert left is not None and left[:2] == [None, None]


@pytest.mark.parametrize("turn", [lambda n: n - 1, lambda n: floor(n / 3), lambda n: floor((n + 1) / 2), lambda n: n])
def test_a_counter_that_is_not_halved_proves_nothing(turn: Callable[[Expression], Expression]) -> None:
    assert left_by(START, 2, lambda given: (*_turn(*given)[:2], turn(given[2]))) is None
