"""Nothing is declared only: what the language can say, every engine handles."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import pytest

from refopt.exact.numbers import Numbers, arb_numbers, decimal_numbers, mpfr_numbers, mpmath_numbers
from refopt.language import compose, expression, rule, schedule
from refopt.language.dual import DUALS
from refopt.language.expression import OPERATIONS, Expression, k, operation, scalar, tensor
from refopt.language.lists import whole_numbers
from refopt.language.operations import RECORD, RECORDS, Gives
from refopt.language.text import canonical, infix
from refopt.lowering.backends import BACKENDS
from refopt.lowering.json import TABLE

CONDITION = scalar("x") < 1
ENGINES = [mpmath_numbers, arb_numbers, decimal_numbers, mpfr_numbers]


def _written(op: str) -> Expression:
    args = [scalar("x"), scalar("y"), scalar("z")][: OPERATIONS[op]]
    if op in ("and", "or"):
        args = [CONDITION, CONDITION]
    if op == "where":
        args[0] = CONDITION
    if op == "ilog":
        args = [k, k]
    if op == "count":
        args = [k >= whole_numbers("milestones")]
    if RECORD[op].reduces:
        return operation(op, tensor("x"), attribute="tensor")
    return operation(op, *args, attribute="float32" if op == "cast" else None)


@pytest.mark.parametrize("op", OPERATIONS)
def test_every_operation_has_a_twin_and_a_text_and_is_in_the_tree_that_other_programs_read(op: str) -> None:
    node = _written(op)
    assert node.sym is not None and infix(node) and canonical(node).startswith(f"({op}") and op in TABLE.operations


@pytest.mark.parametrize("engine", ENGINES, ids=lambda f: f.__name__)
@pytest.mark.parametrize("op", [o for o in OPERATIONS if o not in ("where", "count") and not RECORD[o].reduces])
def test_every_operation_has_a_meaning_in_every_sort_of_numbers(op: str, engine: Callable[[], Numbers]) -> None:
    assert op in engine().arithmetic.operations and op in DUALS.operations


@pytest.mark.parametrize("op", [o.name for o in RECORDS if o.gives is not Gives.BOOLEAN])
def test_what_a_backend_lacks_it_refuses_with_a_reason(op: str) -> None:
    for backend in BACKENDS.values():
        table = backend.dialect.table_of(_written(op))
        assert op in table.operations or op in table.cannot or op in ("sign", "cast", "count"), f"{backend.name} says nothing about {op}"


@pytest.mark.parametrize("module", [expression, rule, schedule, compose], ids=lambda m: m.__name__)
def test_no_public_name_of_the_language_says_not_yet(module: object) -> None:
    for name, member in vars(module).items():
        if (inspect.isclass(member) or inspect.isfunction(member)) and not name.startswith("_") and member.__module__ == vars(module)["__name__"]:
            assert "NotImplementedYet" not in inspect.getsource(member) and "not implemented" not in (inspect.getdoc(member) or ""), name
