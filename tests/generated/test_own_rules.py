"""Code of rules with states of one value, with states from a hyperparameter, in their papers' letters: within the bound of the exact run."""

from __future__ import annotations

import pickle
import shutil
import subprocess
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from refopt.exact.numbers import arb_numbers, decimal_numbers, mpmath_numbers
from refopt.exact.run import Step, open_loop
from refopt.language.expression import Kind
from refopt.language.rule import Rule
from refopt.language.start import first_state
from refopt.lowering.generate import module
from refopt.lowering.names import class_name
from refopt.rounding.bound import Block, radii
from refopt.rounding.error_bounds import ErrorBounds, ratios
from refopt.rounding.formats import FORMATS
from tests.catalogue.own import OWN_RULES

THETA = (1.0, -0.5, 0.25)
GRADIENTS = ((0.5, -1.5, 0.0), (2.0, 0.25, -1.0), (-0.75, 1.0, 0.5), (0.125, -0.25, 3.0), (1.0, 1.0, -1.0), (-2.0, 0.5, 0.75), (0.5, 0.5, 0.5))
STATES = {"own_nadam": ("mu_product",), "own_radam": ("n",)}
Values = Mapping[str, Any]
each_rule = pytest.mark.parametrize("rule", OWN_RULES, ids=lambda r: r.name)


def _exact(rule: Rule, numbers: Any = None) -> list[Step]:
    gradients = [[Fraction(x) for x in row] for row in GRADIENTS]
    return open_loop(rule, hyper=rule.values(), theta0=[Fraction(x) for x in THETA], gradients=gradients, numbers=numbers, digits=40)


@each_rule
def test_every_sort_of_numbers_gives_the_same_run(rule: Rule) -> None:
    sorts = [mpmath_numbers(), arb_numbers(), decimal_numbers()]
    runs = [[[numbers.interval(x)[0] for x in (*s.theta, *(x for v in s.state.values() for x in v))] for s in _exact(rule, numbers)] for numbers in sorts]
    assert all(abs(a - b) <= Fraction(1, 10**30) for other in runs[1:] for xs, ys in zip(runs[0], other, strict=True) for a, b in zip(xs, ys, strict=True))
    for name in STATES.get(rule.name, ()):
        assert all(len(set(map(str, s.state[name]))) == 1 for s in _exact(rule))


def test_the_product_of_momenta_and_the_count_are_those_of_the_paper() -> None:
    nadam, radam = (next(r for r in OWN_RULES if r.name == name) for name in ("own_nadam", "own_radam"))
    product = 1.0
    # roundings of a factor: the three constants, t*0.004, a power (a whole last bit), 1 - , 0.9* and the product itself; and the digits' own
    close = (9 * len(GRADIENTS) + 1) * 2.0**-53
    for step in _exact(nadam):
        product *= 0.9 * (1 - 0.5 * 0.96 ** (step.t * 0.004))
        assert float(step.state["mu_product"][0]) == pytest.approx(product, rel=close, abs=0)
    assert [int(s.state["n"][0]) for s in _exact(radam)] == list(range(1, 1 + len(GRADIENTS)))


@cache
def bounds_of(name: str, dtype: str) -> tuple[list[Step], dict[str, ErrorBounds]]:
    """The exact run and the bounds after its last update."""
    rule = next(r for r in OWN_RULES if r.name == name)
    steps = _exact(rule)
    hyper, theta = rule.values(), [Fraction(x) for x in THETA]
    before: dict[str, Any] = {"theta": theta, **first_state(rule, hyper, theta)}
    found: dict[str, ErrorBounds] | None = None
    for step in steps:
        (found,) = radii(rule, [Block(FORMATS[dtype], hyper, step.t, before, step.g, found)])
        before = {"theta": step.theta, **step.state}
    assert found is not None
    return steps, found


def _functions(text: str) -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": "generated"}
    exec(compile(text, "<generated>", "exec"), space)
    return space


def _numpy(rule: Rule, dtype: str) -> Values:
    code, theta = _functions(module(rule, "numpy")), np.array(THETA, dtype)
    state = code["init"](theta)
    for t, g in enumerate(GRADIENTS, start=1):
        theta, state = code["step"](theta, np.array(g, dtype), state, t)
    return {"theta": theta, **state}


def _torch(rule: Rule, dtype: str) -> Values:
    torch = pytest.importorskip("torch", reason="torch is not installed here")
    p = torch.nn.Parameter(torch.tensor(THETA, dtype=getattr(torch, dtype)))
    optimizer = _functions(module(rule, "torch"))[class_name(rule)]([p])
    for i, g in enumerate(GRADIENTS):
        if i == 3:
            optimizer.load_state_dict(optimizer.state_dict())
        p.grad = torch.tensor(g, dtype=p.dtype)
        optimizer.step()
    return {"theta": p.detach().numpy(), **{n: np.asarray(x) for n, x in optimizer.state[p].items() if n != "step"}}


def _jax(rule: Rule, dtype: str) -> Values:
    jax = pytest.importorskip("jax", reason="jax is not installed here")
    with jax.enable_x64(dtype == "float64"):
        made = _functions(module(rule, "jax"))[rule.name]()
        theta = jax.numpy.asarray(np.array(THETA, dtype))
        state, update = made.init(theta), jax.jit(made.update)
        for g in GRADIENTS:
            change, state = update(jax.numpy.asarray(np.array(g, dtype)), state, theta)
            theta = theta + change
        return {"theta": np.asarray(theta), **{n: np.asarray(x) for n, x in state.kept.items()}}


def _inplace(rule: Rule, dtype: str) -> Values:
    code = _functions(module(rule, "inplace"))
    theta = np.array(THETA, dtype)
    state = {n: np.empty_like(theta) for n in code["STATE"]}
    code["init"](theta, *state.values(), *(code["HYPER"][h] for h in code["INITIAL"]))
    kept = dict(code.get("ONE_VALUE", {}))
    scratch = [np.empty_like(theta) for _ in range(code["SCRATCH"])]
    for t, g in enumerate(GRADIENTS, start=1):
        scalars = code["scalars"](t, theta.dtype.type, *kept.values(), *code["HYPER"].values())
        if kept:
            *scalars, after = scalars
            kept = dict(zip(kept, after, strict=True))
        code["update"](theta, np.array(g, dtype), *state.values(), *scratch, *scalars)
    return {"theta": theta, **state, **kept}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("run", [_numpy, _inplace, _torch, _jax], ids=["numpy", "inplace", "torch", "jax"])
@each_rule
def test_printed_code_is_within_the_bound(rule: Rule, run: Callable[[Rule, str], Values], dtype: str) -> None:
    steps, bounds = bounds_of(rule.name, dtype)
    made = run(rule, dtype)
    assert set(made) == {"theta", *rule.state_names}
    for name, values in made.items():
        exact = steps[-1].theta if name == "theta" else steps[-1].state[name]
        theirs = [float(x) for x in np.broadcast_to(np.asarray(values, dtype=np.float64), (len(THETA),))]
        assert bounds[name].claims().all()
        assert max(ratios(theirs, exact, bounds[name])) <= 1, f"{name}: {theirs}"


@each_rule
def test_the_c_code_compiles_without_a_warning(rule: Rule, tmp_path: Path) -> None:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler is installed here")
    source = tmp_path / f"{rule.name}.c"
    source.write_text(module(rule, "c"))
    flags = ("-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-ffp-contract=off", "-c")
    done = subprocess.run([compiler, *flags, "-o", tmp_path / "out.o", source], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["own_nadam", "own_radam"])
@pytest.mark.parametrize("in_64_bits", [True, False], ids=["64 bits", "32 bits"])
def test_a_state_of_one_value_in_jax_is_of_the_type_that_saving_and_loading_keep(name: str, in_64_bits: bool) -> None:
    jax = pytest.importorskip("jax", reason="jax is not installed here")
    rule = next(r for r in OWN_RULES if r.name == name)
    with jax.enable_x64(in_64_bits):
        made, theta, g = _functions(module(rule, "jax"))[name](), jax.numpy.ones(3), jax.numpy.full(3, 0.5)
        first = made.init(theta)
        after = {"eager": made.update(g, first, theta)[1], "jit": jax.jit(made.update)(g, first, theta)[1]}
        after["scan"] = jax.lax.scan(lambda state, _: (made.update(g, state, theta)[1], None), first, None, length=3)[0]
        for how, state in after.items():
            for s in rule.scalar_state:
                kept = state.kept[s.name]
                assert kept.dtype == first.kept[s.name].dtype == jax.numpy.result_type(int if s.kind is Kind.INTEGER else float), how
                assert pickle.loads(pickle.dumps(kept)) == kept != first.kept[s.name], how


@each_rule
def test_a_rust_compiler_takes_the_printed_code_without_a_warning(rule: Rule, tmp_path: Path) -> None:
    if (compiler := shutil.which("rustc")) is None:
        pytest.skip("no rustc")
    (source := tmp_path / "own.rs").write_text(module(rule, "rust"))
    command = [compiler, "-D", "warnings", "--edition=2021", "--crate-type", "lib", "--emit", "metadata", "-o", tmp_path / "own.rmeta", source]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
