"""The four arithmetics of error against mpmath: whatever the operands are within their errors, the value is within the error that is told."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from mpmath import MPContext

from refopt.conformance.diagnose.prefilter import ROOM
from refopt.conformance.diagnose.running_error import Look, Rough, Units
from refopt.identify.balls import Ball as PrintedBall
from refopt.identify.balls import Rounding, arithmetic
from refopt.language.expression import operation, scalar, tensor
from refopt.language.operations import RECORD, RECORDS, SMOOTH, Gives
from refopt.rounding.enclosure import Constants, apply, leaf
from refopt.rounding.formats import FLOAT64
from refopt.rounding.normal_form import Names
from refopt.rounding.scalars import Ball, Scalars, number

SEED, COUNT = 20261129, 10_000
MP = MPContext()
MP.prec = 120
U = float(FLOAT64.u)
ENDS = (0.0, 1.0, -1.0, 2.0**-40, -(2.0**-40), 0.5, 2.0)
"""Operands that every operation is asked at: base 0, ends of domains."""

TRUE: dict[str, Callable[..., Any]] = {
    "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": lambda x, y: x / y, "neg": lambda x: -x,
    "pow": lambda x, y: x**y, "square": lambda x: x * x, "sqrt": MP.sqrt, "abs": abs, "max": max, "min": min,
    "exp": MP.exp, "log": MP.log, "cos": MP.cos, "sin": MP.sin, "tanh": MP.tanh, "cbrt": lambda x: MP.sign(x) * MP.cbrt(abs(x)),
}  # fmt: skip
"""What each operation means, by mpmath."""
WHOLE = frozenset({"neg", "sqrt", "square", "pow"})
"""Operations that are not asked of `enclosure.apply` under this name: the graph of forms has others for them."""


def _operands(op: str) -> list[tuple[tuple[float, float], ...]]:
    """Operands with their errors: of many sizes, of the ends of the domain, with no error and with more error than size."""
    rng = random.Random(f"{op} {SEED}")
    top = 4 if op in ("exp", "cos", "sin", "tanh") else 20
    found = []
    for i in range(COUNT):
        row = []
        for j in range(RECORD[op].arity):
            x = ENDS[(i // 3) % len(ENDS)] if i < 300 and (i + j) % 3 else rng.choice((-1, 1)) * 2.0 ** rng.uniform(-top, top)
            if RECORD[op].lowest is not None or (op == "pow" and j == 0):
                x = abs(x)
            if op == "pow" and j == 1:
                x = rng.choice((0.0, 1.0, 2.0, 0.5, 0.25, 3.0, rng.uniform(-3, 3)))
            size = abs(x) or 2.0**-30
            row.append((x, rng.choice((0.0, size * 2.0 ** rng.uniform(-50, -4), size * 2.0 ** rng.uniform(-4, 1 if i % 7 == 0 else -3)))))
        found.append(tuple(row))
    return found


def _reached(op: str, row: Sequence[tuple[float, float]], rng: random.Random) -> list[Any]:
    """Values at the corners of the operands' errors and at a point between; None where there is none."""
    lowest = 0.0 if op == "pow" else RECORD[op].lowest
    points = []
    for signs in ((-1, -1), (1, 1), (-1, 1), (1, -1), (rng.uniform(-1, 1), rng.uniform(-1, 1)))[: 5 if len(row) > 1 else 3]:
        point = []
        for j, ((x, e), s) in enumerate(zip(row, signs, strict=False)):
            moved = MP.mpf(x) + MP.mpf(s) * e
            point.append(max(moved, MP.mpf(lowest)) if lowest is not None and j == 0 else moved)
        points.append(point)
    values = []
    for point in points:
        try:
            values.append(TRUE[op](*point))
        except (ZeroDivisionError, ValueError):
            values.append(None)
    return values


def _by_scalars(op: str, rows: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    at = Scalars(Names(), {}, 1)
    balls = [at.operation(op, [Ball(number(x), number(e)) for x, e in row]) for row in rows]
    return [b.x for b in balls], [b.e for b in balls]


def _columns(rows: Sequence[Any]) -> list[tuple[Any, Any]]:
    table = np.array(rows)
    return [(table[:, j, 0], table[:, j, 1]) for j in range(table.shape[1])]


def _by_enclosure(op: str, rows: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    n = len(rows)
    full = [np.full(n, x) for x in (U, 2.0**-1075, 2.0**-1022, 1.7e308)]
    args = tuple(leaf(x, e, e, x * 0.0) for x, e in _columns(rows))
    name, signs = ("add", (1, -1)) if op == "sub" else (op, (1, 1))
    made = apply(name, args, signs, Constants(*full), may_be_negative=True)
    return list(made.x), list(np.where(np.isnan(made.x), np.inf, np.maximum(made.lo, made.hi) + made.e))


def _by_quick_look(op: str, rows: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    names = ["x", "y"][: RECORD[op].arity]
    known = {name: Rough(x, e) for name, (x, e) in zip(names, _columns(rows), strict=True)}
    made = Look(known, Units(U, U, 2.0**-1022, 1.7e308)).value(operation(op, *(tensor(n) for n in names)))
    return list(made.x), list(np.where(np.isnan(made.x), np.inf, ROOM * made.e))


def _by_printed_balls(op: str, rows: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    rounding = Rounding(U, 2.0**-1022)
    args = [PrintedBall(x, e, rounding) for x, e in _columns(rows)]
    plain = {"add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": lambda x, y: x / y, "neg": lambda x: -x}
    made = plain[op](*args) if op in plain else arithmetic(rounding, "test").operations[op](*args)
    return list(np.broadcast_to(made.value, len(rows))), list(np.where(np.isnan(made.value), np.inf, made.error))


ARITHMETICS = {"scalars": _by_scalars, "enclosure": _by_enclosure, "quick look": _by_quick_look, "printed balls": _by_printed_balls}
FIRST_ORDER = {("printed balls", "exp"), ("printed balls", "pow"), ("quick look", "pow"), ("quick look", "exp"), ("quick look", "log")}
"""Screens, which no verdict rests on, take the slope at the point: up to errors of a sixteenth of the size that is a fifth too little
at most, and where errors are larger they are not asked."""
SCREEN = 1.25


def test_every_operation_of_numbers_is_asked() -> None:
    exact = ("where", "cast", "sign", "floor", "count", "ilog")  # the last two are found in whole numbers: tests/language/test_lists.py, test_ilog.py
    numbers = {o.name for o in RECORDS if o.gives is not Gives.BOOLEAN and o.name not in exact and not o.reduces}  # sums: tests/rounding/test_sum_bound.py
    assert numbers == set(TRUE) and set(SMOOTH) < numbers


@pytest.mark.parametrize("op", TRUE)
def test_a_value_is_within_the_error_that_is_told(op: str) -> None:
    rows = _operands(op)
    rng = random.Random(SEED)
    reached = [_reached(op, row, rng) for row in rows]
    for name, made in ARITHMETICS.items():
        if name == "enclosure" and op in WHOLE - {"neg", "sqrt"}:
            continue
        with np.errstate(all="ignore"):
            values, errors = made(op, rows)
        finite = 0
        for row, wanted, x, e in zip(rows, reached, values, errors, strict=True):
            if not e < np.inf or not abs(x) < np.inf or ((name, op) in FIRST_ORDER and any(r > abs(v) / 16 for v, r in row)):
                finite += e < np.inf
                continue
            finite += 1
            if name == "printed balls" and op == "pow" and row[1][1]:
                continue  # exponents are hyperparameters, which are sought there and exact
            claimed = MP.mpf(e) * (SCREEN if (name, op) in FIRST_ORDER else 1)
            room = claimed * (1 + MP.mpf(2) ** -40) + abs(MP.mpf(x)) * 2.0**-50
            for value in wanted:
                assert value is not None and abs(value - MP.mpf(x)) <= room, f"{name}, {op}{row}: {value}, told {x} within {e} (seed {SEED})"
        assert finite > COUNT / 3, f"{name} makes a claim about {op} at {finite} of {COUNT} points"


def test_a_sign_is_exact_where_rounding_cannot_turn_it_and_any_where_it_can() -> None:
    for x, e, wanted, told in ((2, 1, 1, 0), (-2, 1, -1, 0), (0, 0, 0, 0), (1, 1, 1, 2), (-1, 2, -1, 2), (0, 1, 0, 1)):
        ball = Scalars(Names(), {}, 1).operation("sign", [Ball(number(x), number(e))])
        assert (ball.x, ball.e) == (wanted, told)
        for reached in (x - e, x, x + e):
            assert abs((reached > 0) - (reached < 0) - ball.x) <= ball.e


@pytest.mark.parametrize("record", RECORDS, ids=lambda o: o.name)
def test_a_record_says_what_the_operation_does(record: Any) -> None:
    if record.name not in TRUE or record.arity > 1:
        return
    low = 2.0**-8 if record.lowest is not None else -3.0
    grid = [MP.mpf(low) + MP.mpf(3.0 - low) * i / 300 for i in range(301)]
    values = [TRUE[record.name](x) for x in grid]
    steps = [(b - a, y - x) for a, b, x, y in zip(values, values[1:], grid, grid[1:], strict=False)]
    assert record.rises == all(rise >= 0 for rise, _ in steps)
    if record.lipschitz is not None:
        assert all(abs(rise) <= record.lipschitz * (run + MP.mpf(2) ** -100) for rise, run in steps)


def test_a_symbol_of_one_value_is_an_operand_like_any_other() -> None:
    assert operation("cbrt", scalar("x")).is_scalar and not operation("cbrt", tensor("x")).is_scalar
