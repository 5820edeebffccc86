"""Code in place is the formula: on symbols it gives the closed form; whatever is written over, no value that is still needed is lost."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import sympy as sp

from refopt.catalogue import schedule as schedule_named
from refopt.catalogue.symbols import lr
from refopt.errors import NotImplementedYet
from refopt.language.expression import Expression, absolute, either, equal, literal, maximum, minimum, sqrt, tensor, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Let, Rule, Source, State, g, t, theta
from refopt.lowering import inplace, numpy
from refopt.lowering.generate import check_all
from tests.lowering.test_numpy import BY_ELEMENT, vanishes


def _executed(source: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "generated"}
    exec(compile(source, "generated", "exec"), names)
    return names


class _Cell:
    """An array of one symbol, for a ufunc to write to."""

    def __init__(self, value: Any = None) -> None:
        self.value = value


class _Symbolic:
    """NumPy's ufuncs on cells."""

    OPERATIONS = {  # noqa: RUF012
        "add": lambda x, y: x + y, "subtract": lambda x, y: x - y, "multiply": lambda x, y: x * y, "divide": lambda x, y: x / y,
        "square": lambda x: x**2, "sqrt": sp.sqrt, "maximum": sp.Max, "minimum": sp.Min, "absolute": sp.Abs, "negative": lambda x: -x,
        "greater_equal": lambda x, y: x >= y, "greater": lambda x, y: x > y, "less_equal": lambda x, y: x <= y, "less": lambda x, y: x < y,
        "where": lambda holds, x, y: sp.Piecewise((x, holds), (y, True)),
        **{name: getattr(sp, name) for name in ("sign", "floor", "exp", "log", "cos", "sin", "tanh", "cbrt")},
    }  # fmt: skip

    def __getattr__(self, name: str) -> Any:
        def ufunc(*operands: Any, out: _Cell | None = None) -> _Cell:
            out = _Cell() if out is None else out
            out.value = _Symbolic.OPERATIONS[name](*(x.value if isinstance(x, _Cell) else x for x in operands))
            return out

        return ufunc

    def copyto(self, out: _Cell, x: _Cell) -> None:
        out.value = x.value


@pytest.mark.parametrize("r", BY_ELEMENT, ids=lambda r: r.name)
def test_the_code_executed_on_symbols_is_the_closed_form(r: Rule) -> None:
    closed = r.closed_form()
    symbols = {s.name: s for formula in closed.values() for s in formula.free_symbols}
    code = _executed(inplace.module(r))
    code["np"], code["power"] = _Symbolic(), lambda base, exponent: base**exponent
    code["math"] = SimpleNamespace(sqrt=sp.sqrt, pow=sp.Pow)
    for step in (1, 3) if "t" in symbols else (1,):
        cells = {name: _Cell(symbols.get(name, sp.Symbol(name))) for name in ("theta", "g", *r.input_names, *r.state_names)}
        hyper = [symbols.get(name, sp.Symbol(name)) for name in r.hyper_names]
        scratch = [_Cell() for _ in range(code["SCRATCH"])]
        code["update"](*cells.values(), *scratch, *code["scalars"](step, lambda x: x, *hyper))
        for name, formula in closed.items():
            wanted = formula.subs(symbols["t"], step) if "t" in symbols else formula
            assert vanishes(cells[name].value - wanted.doit()), name


def test_the_files_are_what_the_formulas_give() -> None:
    assert check_all("inplace") == []


def test_a_schedule_has_no_code_in_place() -> None:
    with pytest.raises(NotImplementedYet, match="a schedule has no arrays to change in place"):
        inplace.module(schedule_named("constant"))


S1, S2, TEMPORARY = tensor("s1"), tensor("s2"), tensor("temporary")


def _tree(rng: random.Random, depth: int, symbols: list[Expression]) -> Expression:
    if depth == 0 or rng.random() < 0.15:
        return rng.choice([*symbols, *symbols, lr, literal("0.5")])
    kind = rng.randrange(12)
    a, b = _tree(rng, depth - 1, symbols), _tree(rng, depth - 1, symbols)
    if kind == 0:
        return where(equal(t, 1), a, b)
    if kind == 1:
        return absolute(a)
    if kind == 2:
        return sqrt(a)
    if kind == 3:
        return a**2
    if kind >= 10 and not (a.is_scalar and b.is_scalar):
        return where(a >= b if kind == 10 else either(a < b, equal(a, b)), *rng.sample([a, b, *symbols], 2))
    return rng.choice([lambda: a + b, lambda: a - b, lambda: a * b, lambda: a / b, lambda: maximum(a, b), lambda: minimum(a, b), lambda: -a])()


def _random_rule(rng: random.Random) -> Rule:
    """Assignments that read what they write again and again, and a temporary that is assigned twice."""
    arrays: list[Expression] = [theta, g, S1, S2]
    depth = rng.randrange(1, 5)

    def wide(symbols: list[Expression]) -> Expression:
        return _tree(rng, depth, symbols) + rng.choice(symbols)

    first, second = Let(TEMPORARY, wide(arrays)), Let(TEMPORARY, wide([*arrays, TEMPORARY]))
    targets = [S1, S2, theta, rng.choice([S1, S2, theta])]
    rng.shuffle(targets)
    lets = [first, *(Let(x, wide([*arrays, TEMPORARY])) for x in targets)]
    lets.insert(rng.randrange(2, len(lets)), second)
    states = (State(S1, 0), State(S2, 0))
    return Rule("random", "random", (Source("none", "none"),), (Hyper(lr, "0.25", lr >= 0, Role.RATE, "rate"),), states, tuple(lets))


def test_any_assignments_give_the_bits_of_the_code_that_makes_new_arrays() -> None:
    compared = 0
    for seed in range(300):
        rng = random.Random(seed)
        r = _random_rule(rng)
        try:
            source = inplace.module(r)
        except NotImplementedYet as error:
            assert "scratch buffers and needs more" in error.message or "boolean" in error.message, f"seed {seed}: {error.message}"
            continue
        ours, theirs = _executed(source), _executed(numpy.module(r))
        data = np.random.default_rng(seed)
        values = {name: data.standard_normal(40) for name in ("theta", "s1", "s2")}
        gradient = data.standard_normal(40)
        for step in (1, 2):
            try:
                moved, state = theirs["step"](values["theta"].copy(), gradient, {n: values[n].copy() for n in ("s1", "s2")}, step, lr=0.25)
            except (ValueError, ZeroDivisionError):  # a scalar that has no value: the root of -1/4, 1/(lr - lr)
                break
            own = {name: x.copy() for name, x in values.items()}
            scratch = [np.full(40, np.nan) for _ in range(ours["SCRATCH"])]
            given = gradient.copy()
            with np.errstate(all="ignore"):
                ours["update"](own["theta"], given, own["s1"], own["s2"], *scratch, *ours["scalars"](step, np.array, 0.25))
            assert np.array_equal(given, gradient), f"seed {seed}: the gradient was written"
            for name, x in {"theta": moved, **state}.items():
                assert np.array_equal(own[name], x, equal_nan=True), f"seed {seed}, t = {step}, {name}:\n{source}"
        else:
            compared += 1
    assert compared > 250
