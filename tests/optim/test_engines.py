"""Both engines have the bits of the generated NumPy code, whatever the format, the size, the blocks, the threads, the number of parameters."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from refopt.catalogue import rules
from refopt.errors import RefoptError
from refopt.optim import c_engine, optimizer, threads
from refopt.optim.arrays import Parameter, parameters
from refopt.optim.numpy_engine import NumpyEngine
from refopt.optim.optimizer import Optimizer
from refopt.optim.plans import module_name, names, names_of_inputs, one_value, plan

RULES = [r.name for r in rules(variants=True)]
FORMATS = (np.float64, np.float32, np.float16, ml_dtypes.bfloat16, np.longdouble)
IN_C = (np.float64, np.float32)
each_rule = pytest.mark.parametrize("rule", RULES)
OTHER_BITS = [name for name in RULES if c_engine.OTHER_BITS.search(c_engine.source(plan(name)))]
"""Rules whose elements need a function that C's library and NumPy round differently."""
each_in_c = pytest.mark.parametrize("rule", [name for name in RULES if name not in OTHER_BITS])


def numbers(shape: Any, dtype: Any, seed: int) -> Any:
    """Ordinary numbers, and every 11th an odd one."""
    x = np.random.default_rng(seed).standard_normal(shape)
    odd = [0.0, -0.0, np.inf, -np.inf, np.nan, 1e-300, 1e300, 1e-40, 5e-324]
    flat = x.reshape(-1)
    flat[::11] = [odd[i % len(odd)] for i in range(len(flat[::11]))]
    with np.errstate(all="ignore"):
        return x.astype(dtype)


def bits(x: Any) -> bytes:
    """The bytes of an array, every NaN the same one."""
    x = np.array(x, order="C")
    x[np.isnan(x)] = np.nan
    return bytes(x.tobytes()) if x.dtype != np.longdouble else repr([np.format_float_scientific(v, unique=True) for v in x.ravel()]).encode()


def beside(g: Any) -> Any:
    """What an update is given beside a gradient."""
    return np.roll(g, 1)


def further(rule: str, grads: Sequence[Any]) -> dict[str, list[Any]]:
    """The same for several parameters, by name."""
    return {name: [None if g is None else beside(g) for g in grads] for name in names_of_inputs(plan(rule))}


def expected(rule: str, theta: Any, gradients: Sequence[Any], **hyper: Any) -> dict[str, Any]:
    """Theta and the state by the generated NumPy code; steps without a gradient are counted."""
    code = importlib.import_module(f"refopt.generated.numpy.{module_name(rule)}")
    state = code.init(theta)
    for i, g in enumerate(gradients):
        if g is not None:
            theta, state = code.step(theta, g, *(beside(g) for _ in names_of_inputs(plan(rule))), state, i + 1, **hyper)
    return {"theta": theta, **state}


def run(rule: str, thetas: list[Any], steps: Sequence[list[Any]], **arguments: Any) -> tuple[Optimizer, list[dict[str, Any]]]:
    made = optimizer(rule)(thetas, **arguments)
    for grads in steps:
        made.step(grads, **further(rule, grads))
    return made, [{"theta": theta, **made.state[i]} for i, theta in enumerate(thetas)]


def same(found: dict[str, Any], wanted: dict[str, Any], what: str) -> None:
    assert found.keys() == wanted.keys()
    for name in wanted:
        assert found[name].dtype == wanted[name].dtype and found[name].shape == wanted[name].shape, (what, name)
        assert bits(found[name]) == bits(wanted[name]), (what, name)


def test_there_is_a_plan_of_every_rule() -> None:
    assert sorted(names()) == sorted(RULES)


@each_rule
@pytest.mark.parametrize("dtype", FORMATS, ids=lambda d: np.dtype(d).name)
def test_the_numpy_engine_has_the_bits_of_the_generated_code_in_every_format(rule: str, dtype: Any) -> None:
    shapes: tuple[Any, ...] = ((), (0,), (1,), (3, 5), (2, 0, 4), (101,))
    thetas = [numbers(s, dtype, i) for i, s in enumerate(shapes)]
    steps = [[numbers(s, dtype, 10 * t + i) for i, s in enumerate(shapes)] for t in range(1, 5)]
    steps[1][3] = None
    wanted = [expected(rule, theta.copy(), [grads[i] for grads in steps]) for i, theta in enumerate(thetas)]
    _, found = run(rule, thetas, steps, engine="numpy")
    for i, shape in enumerate(shapes):
        same(found[i], wanted[i], f"{rule} {shape}")


@pytest.mark.parametrize("rule", OTHER_BITS)
def test_a_rule_that_c_rounds_otherwise_runs_in_numpy_and_says_so(rule: str) -> None:
    assert optimizer(rule)([np.zeros(3)]).engine == "numpy"
    with pytest.raises(RefoptError, match="C's library and NumPy round cbrt differently"):
        optimizer(rule)([np.zeros(3)], engine="c")


@each_in_c
@pytest.mark.parametrize("dtype", IN_C, ids=lambda d: np.dtype(d).name)
def test_the_c_engine_has_the_bits_of_the_numpy_engine(rule: str, dtype: Any) -> None:
    shapes: tuple[Any, ...] = ((), (0,), (7, 3), (1,), (1003,))
    steps = [[numbers(s, dtype, 10 * t + i) for i, s in enumerate(shapes)] for t in range(1, 30)]
    steps[2][2] = None
    runs = {}
    for engine in ("c", "numpy"):
        made, runs[engine] = run(rule, [numbers(s, dtype, i) for i, s in enumerate(shapes)], steps, engine=engine)
        assert made.engine == engine
    for i, shape in enumerate(shapes):
        same(runs["c"][i], runs["numpy"][i], f"{rule} {shape}")


@each_in_c
@pytest.mark.parametrize("dtype", IN_C, ids=lambda d: np.dtype(d).name)
def test_blocks_of_ordinary_and_of_odd_numbers_have_the_same_bits_in_c(rule: str, dtype: Any) -> None:
    """C divides a block of ordinary numbers otherwise than one that holds an odd number, and fetches ahead: a few odd ones among many."""
    n = 5003
    random = np.random.default_rng(3)

    def mixed(seed: int) -> Any:
        x = np.random.default_rng(seed).standard_normal(n) * 2.0 ** np.random.default_rng(seed + 1).integers(-40, 10, n)
        places = random.choice(n, 12, replace=False)
        x[places] = [0.0, -0.0, np.inf, -np.inf, np.nan, 1e-300, 1e300, 1e-40, 5e-324, 1e-23, -1e-160, 1e18]
        x[1000:1200] = 0.0
        with np.errstate(all="ignore"):
            return x.astype(dtype)

    steps = [[mixed(10 * t)] for t in range(1, 5)]
    theta = mixed(1)
    _, found = run(rule, [theta.copy()], steps, engine="c", threads=1)
    same(found[0], expected(rule, theta.copy(), [grads[0] for grads in steps]), rule)


@each_rule
def test_blocks_and_threads_of_any_size_change_no_bit(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of 7 elements over parameters of 3, 40 and 111, three threads: no block ends where a parameter does by chance."""
    monkeypatch.setattr(threads, "WORTH", 16)
    sizes = (3, 40, 111)
    code = plan(rule)
    grads = [numbers(n, np.float32, 5 + i) for i, n in enumerate(sizes)]
    runs: list[list[Parameter]] = []
    for count, block in ((1, None), (3, 7), (2, 1), (3, 64)):
        made = parameters([numbers(n, np.float32, i) for i, n in enumerate(sizes)])
        for p in made:
            p.state = {name: np.zeros_like(p.theta) for name in code.STATE}
            p.kept = dict(one_value(code))
        engine = NumpyEngine(code, made, count, block)
        for t in (1, 2, 3):
            given = [grads[0], None if t == 2 else grads[1], grads[2]]
            engine.step(t, code.HYPER, given, list(further(rule, given).values()))
        runs.append(made)
    for other in runs[1:]:
        for p, q in zip(runs[0], other, strict=True):
            same({"theta": q.theta, **q.state}, {"theta": p.theta, **p.state}, rule)
            assert q.kept == p.kept, rule


@pytest.mark.parametrize("rule", ["sgd", "adam", "momentum/raw_start", "nadam"])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_threads_in_c_change_no_bit(rule: str, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "WORTH", 32)
    sizes = (5, 333, 1, 64)
    steps = [[numbers(n, np.float64, 9 * t + i) for i, n in enumerate(sizes)] for t in range(3)]
    steps[1][1] = None
    _, found = run(rule, [numbers(n, np.float64, i) for i, n in enumerate(sizes)], steps, engine="c", threads=count)
    for i, n in enumerate(sizes):
        same(found[i], expected(rule, numbers(n, np.float64, i), [grads[i] for grads in steps]), f"{rule} {n}")


def test_a_large_array_in_real_blocks_and_threads_has_the_same_bits() -> None:
    n = 1_200_007
    steps = [[np.random.default_rng(t).standard_normal(n, np.float32)] for t in range(2)]
    start = np.random.default_rng(9).standard_normal(n, np.float32)
    wanted = expected("adam", start.copy(), [grads[0] for grads in steps])
    for engine in ("c", "numpy"):
        for count in (1, 2):
            _, found = run("adam", [start.copy()], steps, engine=engine, threads=count)
            same(found[0], wanted, f"{engine}, {count} threads")


def test_parameters_of_several_formats_go_to_the_engine_that_has_theirs() -> None:
    formats = (np.float32, ml_dtypes.bfloat16, np.float64, np.float16)
    steps = [[numbers(50, d, t + i) for i, d in enumerate(formats)] for t in range(3)]
    made, found = run("adamw", [numbers(50, d, 70 + i) for i, d in enumerate(formats)], steps)
    assert made.engine == "c+numpy"
    for i, d in enumerate(formats):
        same(found[i], expected("adamw", numbers(50, d, 70 + i), [grads[i] for grads in steps]), str(d))


def test_hyperparameters_and_rates_reach_both_engines_alike() -> None:
    rates = (0.5, 0.25, 0.125)
    for engine in ("c", "numpy"):
        theta, g = numbers(40, np.float32, 1), numbers(40, np.float32, 2)
        made = optimizer("adam/l2")([theta], engine=engine, schedule=lambda k: rates[k], weight_decay=0.1, beta2=0.75)
        wanted = {"theta": theta.copy()}
        code = importlib.import_module("refopt.generated.numpy.adam_l2")
        state = code.init(theta)
        for t, lr in enumerate(rates, 1):
            wanted["theta"], state = code.step(wanted["theta"], g, state, t, lr=lr, weight_decay=0.1, beta2=0.75)
            made.step([g])
        same({"theta": theta, **made.state[0]}, {**wanted, **state}, engine)
