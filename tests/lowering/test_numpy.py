"""NumPy code is the formula: executed on SymPy's symbols it gives the closed form, and read back it gives the written tree."""

from __future__ import annotations

import ast
import contextlib
import random
from types import SimpleNamespace
from typing import Any

import pytest
import sympy as sp

from refopt.catalogue import rule, rules, schedule, schedules
from refopt.errors import NotImplementedYet
from refopt.language.expression import Expression, Kind, cbrt, literal, operation, pi, scalar, tensor
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Let, Rule, State, g, t, theta
from refopt.language.schedule import Schedule
from refopt.language.symbolic import integer_logarithm
from refopt.language.text import canonical
from refopt.lowering.generate import module
from refopt.lowering.numpy import DIALECT
from refopt.lowering.printer import text
from tests.language.reading import LETTERS, folded, random_tree
from tests.lowering.reading_python import read_python

RULES = rules(variants=True)
SCHEDULES = schedules(variants=True)


class _Choice(ast.NodeTransformer):
    """Python's `x if c else y` on symbols: a piecewise expression, both branches kept; a decimal is the number that is written."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Call(ast.Name("decimal", ast.Load()), [ast.Constant(repr(node.value))], []) if isinstance(node.value, float) else node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        if ast.unparse(node.orelse) in ("None", "scalar(0)"):
            return node.body  # computed only where it is used
        return ast.Call(ast.Name("choice", ast.Load()), [node.test, node.body, node.orelse], [])

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.ops[0], ast.Eq):
            return ast.Call(ast.Name("equal", ast.Load()), [node.left, node.comparators[0]], [])
        return node


def _choice(condition: Any, then: Any, otherwise: Any) -> Any:
    return sp.Piecewise((then, condition), (otherwise, True))


_MATH = SimpleNamespace(
    pi=sp.pi, cos=sp.cos, sin=sp.sin, exp=sp.exp, log=sp.log, sqrt=sp.sqrt, floor=sp.floor, tanh=sp.tanh, pow=sp.Pow,
)  # fmt: skip
_X = tensor("x")
_NUMPY = SimpleNamespace(
    sqrt=sp.sqrt, square=lambda x: x**2, abs=sp.Abs, sign=sp.sign, maximum=sp.Max, minimum=sp.Min, asarray=lambda x, dtype=None: sp.sympify(x),
    array=lambda x, dtype=None: sp.sympify(x),
    zeros_like=lambda x: sp.Integer(0), full_like=lambda x, value: sp.sympify(value), float64=sp.sympify, cbrt=lambda x: cbrt(_X).sym.subs(_X.sym, x),
    power=lambda base, exponent: base**exponent, errstate=lambda **_: contextlib.nullcontext(), where=_choice,
)  # fmt: skip


def vanishes(difference: Any) -> bool:
    """Whether an expression is 0: by simplification, else to 30 digits at ten points, all symbols between 1/8 and 1."""
    if difference == 0 or sp.simplify(difference) == 0:
        return True
    rng, symbols = random.Random(str(difference)), sorted(difference.free_symbols, key=str)
    points = [{s: sp.Rational(rng.randint(8, 64), 64) for s in symbols} for _ in range(10)]
    return all(abs(difference.xreplace(point).evalf(40, chop=False)) < sp.Float("1e-30") for point in points)


class _Tensor(sp.Symbol):
    dtype = None


def _executed(concept: Rule | Schedule) -> dict[str, Any]:
    """The functions of a generated module, its helpers and libraries replaced by SymPy."""
    tree = ast.parse(module(concept))
    tree.body = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    for function in tree.body:
        assert isinstance(function, ast.FunctionDef)
        function.returns = None
        for argument in (*function.args.args, *function.args.kwonlyargs):
            argument.annotation = None
    names: dict[str, Any] = {
        "np": _NUMPY, "math": _MATH, "choice": _choice, "decimal": sp.Rational, "equal": sp.Eq, "max": sp.Max, "min": sp.Min, "abs": sp.Abs,
        "arrays": lambda given, state=None, *kept, beside=(): (*given.values(), *((state or {})[n] for n in kept)),
        "counter": lambda value, first: value, "floats": lambda *x: x, "integers": lambda *x: x, "rounder": lambda dtype: lambda x: x,
        "power": lambda base, exponent: base**exponent, "ilog": integer_logarithm, "real": lambda x, *named: x[named[0]] if named else x,
    }  # fmt: skip
    exec(compile(ast.fix_missing_locations(_Choice().visit(tree)), concept.name, "exec"), names)
    return names


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_the_code_executed_on_symbols_is_the_closed_form(r: Rule) -> None:
    start = {name: _Tensor(name, real=True) for name in ("theta", "g", *r.input_names, *r.state_names)}
    step = sp.Symbol("t", integer=True, positive=True)
    hyper = {h.name: sp.Symbol(h.name, nonnegative=True) for h in r.hyper}
    moved, state = _executed(r)["step"](start["theta"], start["g"], *(start[n] for n in r.input_names), {n: start[n] for n in r.state_names}, step, **hyper)
    ours = {"t": step, **start, **hyper}
    found = {"theta": moved, **state}
    closed = r.closed_form()
    assert set(found) == {*closed, *(s.name for s in r.state if s.constant)}
    corrections = {1 - hyper[b] ** step: sp.Symbol(f"q_{b}", positive=True) for b in hyper}
    for name, formula in closed.items():
        wanted = formula.xreplace({s: ours[s.name] for s in formula.free_symbols})
        assert vanishes((found[name] - wanted).subs(corrections)), name


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_the_state_before_the_first_update_is_the_written_one(r: Rule) -> None:
    theta0 = _Tensor("theta", real=True)
    symbols = {str(x.name): x.sym for s in r.state for x in s.initial.symbols() if x.name != "theta"}
    wanted = {s.name: s.initial.sym.subs(sp.Symbol("theta", real=True), theta0) for s in r.state}
    assert {n: sp.sympify(x) for n, x in _executed(r)["init"](theta0, **symbols).items()} == wanted


@pytest.mark.parametrize("s", [s for s in SCHEDULES if not any(h.is_list for h in s.hyper)], ids=lambda s: s.name)
def test_the_rate_executed_on_symbols_is_the_formula(s: Schedule) -> None:
    symbols = {x.name: x for x in s.rate.sym.free_symbols}
    symbols = {name: symbols.get(name, sp.Symbol(name)) for name in ("k", *s.hyper_names)}
    source = _executed(s)["rate"](**{**symbols})
    # k // n is SymPy's floor division, the formula's floor(k/n)
    assert sp.simplify(source - s.rate.sym) == 0


def test_a_rate_that_counts_a_list_is_the_formula_at_every_step() -> None:
    s = schedule("multi_step")
    rate = _executed(s)["rate"]
    a, b = sp.symbols("a b", positive=True)
    assert [rate(k, lr=a, factor=b, milestones=(3, 5, 3)) for k in range(7)] == [a] * 3 + [a * b**2] * 2 + [a * b**3] * 2


def _assignments(r: Rule) -> list[tuple[str, str]]:
    function = next(n for n in ast.parse(module(r)).body if isinstance(n, ast.FunctionDef) and n.name == "step")
    flat = [s for node in function.body for s in (node.body if isinstance(node, ast.With) else [node])]
    return [(s.targets[0].id, ast.unparse(s.value)) for s in flat if isinstance(s, ast.Assign) and isinstance(s.targets[0], ast.Name)]


def _names(r: Rule) -> dict[str, Expression]:
    return {str(s.name): s for s in (theta, g, t, *(x.symbol for x in (*r.inputs, *r.hyper)), *(s.symbol for s in r.state), *(let.symbol for let in r.steps))}


BY_ELEMENT = [r for r in RULES if not any(let.symbol.is_scalar for let in r.steps)]
"""The rules that assign elements alone. What others form of one value in all is held by the runs of their golden cases (tests/generated)."""


@pytest.mark.parametrize("r", BY_ELEMENT, ids=lambda r: r.name)
def test_each_printed_assignment_is_read_back_as_the_written_tree(r: Rule) -> None:
    names, found = _names(r), []
    for name, value in _assignments(r):
        if name == "scalar" or value.startswith(("counter(", "floats(", "arrays(")):
            continue
        if value.startswith("scalar("):
            value = value.split(" if ")[0]
            names[name] = read_python(value.removeprefix("scalar(").removesuffix(")"), names)
        else:
            found.append((name, canonical(folded(read_python(value, names)))))
    assert found == [(let.name, canonical(folded(let.value))) for let in r.steps]


@pytest.mark.parametrize("s", SCHEDULES, ids=lambda s: s.name)
def test_each_printed_rate_is_read_back_as_the_written_tree(s: Schedule) -> None:
    names = {str(x.name): x for x in (*s.rate.symbols(), *(h.symbol for h in s.hyper))}
    printed = module(s).rstrip().splitlines()[-1].strip().removeprefix("return ")
    assert canonical(read_python(printed, names)) == canonical(s.rate)


def test_scalar_trees_of_any_shape_are_read_back_as_they_were_written() -> None:
    letters = {str(x.name): scalar(str(x.name), kind=x.kind) for x in LETTERS.values() if x != pi}
    for seed in range(300):
        tree = _as_scalars(random_tree(random.Random(seed), 5, frozenset({"cast"})), letters)
        printed = text(tree, DIALECT).replace("np.sign", "sign")
        assert canonical(folded(read_python(printed, letters))) == canonical(folded(tree)), f"seed {seed}: {printed}"


def _as_scalars(node: Expression, letters: dict[str, Expression]) -> Expression:
    if node.op == "symbol":
        return letters[str(node.name)]
    return operation(node.op, *(_as_scalars(a, letters) for a in node.args), attribute=node.attribute) if node.args else node


def _toy(value: Expression, **other: Any) -> Rule:
    lr = scalar("lr")
    return Rule(
        "toy", "A toy.", source=rule("sgd").source, hyper=(Hyper(lr, "0.1", lr >= 0, Role.RATE, "step size"),), state=other.get("state", ()),
        steps=(*other.get("steps", ()), Let(theta, value)),
    )  # fmt: skip


def test_a_cast_inside_an_update_is_refused_in_one_line() -> None:
    with pytest.raises(NotImplementedYet, match="cast cannot be written in numpy: an array stays in its own format"):
        module(_toy(operation("cast", theta - scalar("lr") * g, attribute="float32")))


@pytest.mark.parametrize("name", ["np", "lambda", "scalar"])
def test_a_state_whose_name_the_code_needs_itself_is_spelled_otherwise(name: str) -> None:
    symbol = tensor(name)
    printed = module(_toy(theta - scalar("lr") * symbol, state=(State(symbol, 0, "kept"),), steps=(Let(symbol, g),)))
    assert f"{name}_ = g" in printed and f'return {{"{name}": np.zeros_like(theta)}}' in printed


def test_a_state_that_starts_at_a_number_or_at_theta_starts_there() -> None:
    a, b = tensor("a"), tensor("b")
    toy = _toy(theta - scalar("lr") * a * b, state=(State(a, literal("0.5"), "kept"), State(b, scalar("lr") + 1, "kept")), steps=(Let(a, a + g), Let(b, b + g)))
    printed = module(toy)
    assert "scalar(0.5)" in printed and "np.full_like(theta, " in printed


def test_integer_hyperparameters_stay_integers() -> None:
    for s in SCHEDULES:
        for h in s.hyper:
            written = "tuple[int, ...]" if h.is_list else "int"
            assert (f"{h.name}: {written} = " in module(s)) is (h.symbol.kind is Kind.INTEGER)
