"""The programs by themselves: a net for typing errors, without refopt. What rounding may do is counted by hand, for all forms at once."""

from __future__ import annotations

import functools
import importlib
import inspect
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, cast

import ml_dtypes
import numpy as np
import pytest

from . import adam_eps_in_sqrt, textbook_adam
from .arithmetic import fma, power_by_squaring, round_float, rounded
from .books import HYPER, MOST, STATE, allowed, hyper_of, reference, state_of
from .books_of_families import FOR_THE_TENSOR, start_of
from .correct import CORRECT, Correct
from .planted import BEHAVIOUR, PLANTED, REDUCED, Planted
from .program import ALL, Array, Result, State

DTYPES: dict[str, Any] = {name: np.dtype(getattr(ml_dtypes if name == "bfloat16" else np, name)) for name in ALL}
ROUNDOFF = {"float64": 2.0**-53, "float32": 2.0**-24, "bfloat16": 2.0**-8, "float16": 2.0**-11}
NAMES = {name for names in STATE.values() for name in names}
by_name = functools.partial(pytest.mark.parametrize, ids=lambda row: row.name)
DOUBLE = [row for row in CORRECT if "float64" in row.dtypes]


def frozen(array: Array) -> Array:
    """The same array, not to be written to."""
    array = np.asarray(array)
    array.flags.writeable = False
    return array


def data(shape: tuple[int, ...], dtype: Any, seed: int = 1) -> tuple[Array, Array]:
    """Parameters from 1/2 to 2 and gradients from 1/8 to 1 of either sign."""
    random = np.random.default_rng(seed)
    theta = np.asarray(random.uniform(0.5, 2, shape)).astype(dtype)
    grad = np.asarray(random.uniform(0.125, 1, shape) * random.choice([-1.0, 1.0], shape)).astype(dtype)
    return theta, grad


def visible(state: State) -> State:
    """The rule's own state, out of what a program keeps."""
    if "velocity" in state and "v" not in state:
        return {"v": np.negative(state["velocity"], out=np.empty_like(state["velocity"]))}
    return {name: array for name, array in state.items() if name in NAMES}


def gap(actual: Array, expected: Array) -> float:
    """Largest difference relative to the largest expected value; infinite where only one is finite."""
    wide = actual.astype(np.longdouble)
    if not np.array_equal(np.isfinite(wide), np.isfinite(expected)):
        return np.inf
    good = np.isfinite(expected)
    if not good.any():
        return 0.0
    return float(np.max(np.abs(wide - expected)[good]) / max(np.max(np.abs(expected[good])), 1e-300))


def assert_one_good_step(row: Correct, theta: Array, grad: Array, state: State, t: int, hyper: dict[str, float]) -> Result:
    """One step from frozen inputs: as near the reference as rounding leaves it, of the right shape and dtype."""
    inputs = [frozen(theta.copy()), frozen(grad.copy())]
    given = {name: frozen(array.copy()) for name, array in state.items()}
    new, after = row.make().step(*inputs, given, t, **hyper)
    assert [array.tobytes() for array in inputs] == [theta.tobytes(), grad.tobytes()]
    assert all(given[name].tobytes() == state[name].tobytes() for name in state)
    with np.errstate(all="ignore"):
        expected, expected_state = reference(row.rule, theta, grad, visible(state), t, **hyper)
    wide = [np.asarray(x.astype(np.longdouble)) for x in (theta, grad)]
    bounds = allowed(row.rule, *wide, {n: x.astype(np.longdouble) for n, x in visible(state).items()}, t, hyper, ROUNDOFF[theta.dtype.name])
    shown = visible(after)
    assert set(shown) == set(state_of(row.rule))
    for name, actual, wanted in [("theta", new, expected), *((name, shown[name], expected_state[name]) for name in shown)]:
        assert isinstance(actual, np.ndarray)
        assert (actual.dtype, actual.shape) == (theta.dtype, () if name in FOR_THE_TENSOR else theta.shape)
        assert (np.abs(actual.astype(np.longdouble) - wanted) <= bounds[name]).all(), name
    return new, after


@by_name("row", CORRECT)
def test_correct_program_agrees_with_the_books(row: Correct) -> None:
    for dtype in row.dtypes:
        hyper = hyper_of(row.rule)
        theta, _ = data((67,), DTYPES[dtype])
        state = row.make().init(theta)
        for t in range(1, 7):
            hyper = at_rate(hyper, 0.1 if t < 4 else 0.025)
            _, grad = data((67,), DTYPES[dtype], seed=t)
            theta, state = assert_one_good_step(row, theta, grad, state, t, hyper)


@by_name("row", DOUBLE)
@pytest.mark.parametrize("t", [250, 2**24])
def test_correct_program_resumes(row: Correct, t: int) -> None:
    theta, grad = data((67,), np.float64)
    state = {name: np.array(0.25) if name in FOR_THE_TENSOR else data((67,), np.float64, seed=9)[0] for name in state_of(row.rule)}
    if "centered" in row.rule:
        state["v"] = 5 * state["v"]
    assert_one_good_step(row, theta, grad, state, t, hyper_of(row.rule))


@by_name("row", CORRECT)
def test_correct_program_takes_any_shape(row: Correct) -> None:
    for dtype in row.dtypes:
        for shape in [(0,), (), (1,), (3, 5), (2, 0, 3)]:
            theta, grad = data(shape, DTYPES[dtype])
            state = row.make().init(theta)
            for t in (1, 2):
                theta, state = assert_one_good_step(row, theta, grad, state, t, hyper_of(row.rule))


@by_name("row", DOUBLE)
@pytest.mark.parametrize(
    "change",
    [{"eps": 0.0}, {"beta1": 0.0, "momentum": 0.0, "rho": 0.0, "beta2": 0.0}, {"beta2": 1 - 2.0**-26}, {"lr": 0.0}],
    ids=str,
)
def test_correct_program_bears_the_edges(row: Correct, change: dict[str, float]) -> None:
    hyper = hyper_of(row.rule)
    hyper |= {name: value for name, value in change.items() if name in hyper}
    theta, grad = data((67,), np.float64)
    theta[:3], grad[2:9] = 0.0, [0.0, -0.0, 5e-324, 1e-160, 1e-30, 1e9, -1e9]
    if "centered" in row.rule and hyper["rho"] == 0:
        pytest.skip("v - m^2 is zero")
    if "schedule_free" in row.rule and hyper["beta1"] == 0:
        pytest.skip("x does not follow from theta and z")
    if "centered" in row.rule and hyper["eps"] == 0:
        grad[4:6] = 1.0  # v - m^2 underflows
    state = {name: np.array(1.0) if name in FOR_THE_TENSOR else np.zeros_like(theta) for name in state_of(row.rule)}
    new, after = row.make().step(theta, grad, state, 1, **hyper)
    with np.errstate(all="ignore"):
        expected, _ = reference(row.rule, theta, grad, state, 1, **hyper)
    tiny = np.abs(grad) < 1e-150  # the square underflows, so theta need not be finite where eps = 0
    assert (np.isfinite(new) == np.isfinite(expected))[~tiny].all()
    good = ~tiny & np.isfinite(expected)
    most = np.expm1(MOST * np.log1p(ROUNDOFF["float64"]))
    assert (np.abs(new - expected) <= most * (np.abs(theta) + np.abs(theta - expected)))[good].all()
    assert set(visible(after)) == set(state_of(row.rule))


@by_name("row", CORRECT)
def test_correct_program_answers_whatever_it_is_given(row: Correct) -> None:
    for dtype in row.dtypes:
        info = cast(Any, ml_dtypes).finfo(DTYPES[dtype])
        numbers = [0, -0.0, float(info.smallest_subnormal), float(info.tiny), float(info.max), -np.inf, np.inf, np.nan]
        grad = np.array(numbers).astype(DTYPES[dtype])
        for theta in (np.zeros_like(grad), grad, grad[::-1]):
            state, hyper = row.make().init(theta), hyper_of(row.rule)
            hyper = {name: 0.0 if name == "eps" else value for name, value in hyper.items()}
            for t in (1, 2):
                new, state = row.make().step(theta, grad, state, t, **hyper)
                assert (new.dtype, new.shape) == (theta.dtype, theta.shape)


def test_correct_programs_keep_up_with_many_elements() -> None:
    for row in DOUBLE:
        theta, grad = (np.tile(array, 10001)[:70001] for array in data((7,), np.float64))
        new, _ = row.make().step(theta, grad, row.make().init(theta), 1, **hyper_of(row.rule))
        assert np.array_equal(new[:69993].reshape(-1, 7), np.broadcast_to(new[:7], (9999, 7)))


def test_running_products_are_made_anew_where_they_do_not_fit() -> None:
    for row in (row for row in CORRECT if "running" in row.name or "hat_factors" in row.name):
        theta, grad = data((67,), np.float64)
        hyper = hyper_of(row.rule)
        _, state = row.make().step(theta, grad, row.make().init(theta), 1, **hyper)
        assert "powers" in state
        assert_one_good_step(row, theta, grad, state, 3, hyper)
        assert_one_good_step(row, theta, grad, state, 2, {**hyper, "beta2": 0.9})
        no_record = {name: array for name, array in state.items() if name != "powers"}
        assert_one_good_step(row, theta, grad, no_record, 2, hyper)


def test_tables_are_large_and_their_names_unique() -> None:
    assert len(CORRECT) >= 48
    assert len(PLANTED) >= 25
    tables: tuple[tuple[Correct | Planted, ...], ...] = (CORRECT, PLANTED, REDUCED, BEHAVIOUR)
    for table in tables:
        assert len({row.name for row in table}) == len(table)
        assert all(row.note for row in table)
    for row in (row for table in tables for row in table):
        assert getattr(importlib.import_module(row.make.__module__), row.make.__name__) is row.make


# Wrong programs


def run(make: Callable[[], Any], rule: str, theta: Array, t0: int, lrs: list[float]) -> list[State]:
    """Theta and the state after each step, open loop, from the program's own initial state (ones for a resume)."""
    implementation, hyper, steps = make(), hyper_of(rule), list[State]()
    asked = inspect.signature(implementation.init).parameters
    state = implementation.init(theta, **{name: value for name, value in hyper.items() if name in asked})
    if t0 > 1:
        state = {name: np.ones_like(theta) for name in state}
    for step, lr in enumerate(lrs):
        grad = gradients(theta, step)
        theta, state = implementation.step(theta, grad, state, t0 + step, **at_rate(hyper, lr))
        steps.append({"theta": theta, **state})
    return steps


def at_rate(hyper: dict[str, float], lr: float) -> dict[str, float]:
    """The hyperparameters with that rate, where there is one."""
    return {name: lr if name == "lr" else value for name, value in hyper.items()}


def gradients(theta: Array, step: int) -> Array:
    """Falling gradients with zeros here and there, some of 1/1000, one of 100000."""
    _, grad = data(theta.shape, theta.dtype, seed=step)
    grad[step % 3 :: 5] = 0.0
    grad[3::5] /= 1000
    grad[2] *= 1e5
    return np.asarray(grad / (step + 1))


def run_reference(rule: str, hyper: dict[str, float], theta: Array, t0: int,
                  lrs: list[float]) -> list[State]:  # fmt: skip
    """The same with the reference."""
    state = {name: start_of(rule, name, theta) if t0 == 1 else np.ones_like(theta) for name in state_of(rule)}
    steps, like = list[State](), theta
    for step, lr in enumerate(lrs):
        theta, state = reference(rule, theta, gradients(like, step), state, t0 + step, **at_rate(hyper, lr))
        steps.append({"theta": theta, **state})
    return steps


USED = {"asgd": "ax"}
"""By rule, what is used in the end where that is not theta."""


def worst_gap(row: Planted, rule: str, size: int, t0: int, lrs: list[float]) -> float:
    """How far a program is from a rule at its farthest step, in theta and in what is used in the end."""
    theta, _ = data((size,), np.float64)
    with np.errstate(all="ignore"):
        expected = run_reference(rule, hyper_of(row.rule), theta, t0, lrs)
        actual = run(row.make, row.rule, theta, t0, lrs)
        names = ("theta", *([USED[rule]] if rule in USED else []))
        return max(gap(a[name], b[name]) for a, b in zip(actual, expected, strict=True) for name in names)


CHANGING, CONSTANT = [0.1] * 3 + [0.025] * 4, [0.1] * 7


@by_name("row", [row for row in PLANTED if "first_tensor" not in row.name])
def test_planted_bug_shows(row: Planted) -> None:
    size = 40000 if "grain" in row.name else 67
    t0 = 250 if "count" in row.name else 1
    assert worst_gap(row, row.rule, size, t0, CHANGING) > 1e-7


@by_name("row", [row for row in PLANTED if row.expected.startswith("variant:")])
def test_planted_variant_is_that_variant(row: Planted) -> None:
    assert worst_gap(row, row.expected.removeprefix("variant:"), 67, 1, CHANGING) < 1e-13


@by_name("row", REDUCED)
def test_reduced_precision_is_near_but_not_near_enough(row: Planted) -> None:
    theta, grad = data((67,), np.float64)
    hyper = hyper_of(row.rule)
    if "beta1" in hyper:
        hyper["beta1"] = 1 - 2.0**-20
    state = {name: np.zeros_like(theta) for name in state_of(row.rule)}
    _, after = row.make().step(theta, grad, state, 1, **hyper)
    new, _ = row.make().step(theta, grad, after, 2, **hyper)
    expected, _ = reference(row.rule, theta, grad, after, 2, **hyper)
    shown, wanted = row.make().step(theta, grad, state, 1, **hyper), reference(row.rule, theta, grad, state, 1, **hyper)
    gaps = [gap(new, expected), *(gap(shown[1][name], wanted[1][name]) for name in wanted[1])]
    assert row.expected == "reduced"
    assert 300 * 2.0**-53 < max(gaps) < 2.0**-4


def answers(row: Planted) -> bool:
    """Whether four steps give arrays of the right shape and dtype."""
    theta, grad = data((67,), np.float64)
    try:
        implementation = row.make()
        state = implementation.init(theta)
        if not isinstance(state, dict):
            return False
        for t in range(1, 5):
            new, state = implementation.step(theta, grad, state, t, lr=0.1, momentum=0.9)
            arrays = [new, *state.values()]
            if any(not isinstance(a, np.ndarray) or (a.dtype, a.shape) != (theta.dtype, theta.shape) for a in arrays):
                return False
            theta = new
    except (Exception, SystemExit):
        return False
    return True


@by_name("row", BEHAVIOUR)
def test_bad_behaviour_is_as_described(row: Planted, capsys: pytest.CaptureFixture[str]) -> None:
    assert answers(row) is (row.expected != "no_answer")
    printed = capsys.readouterr().out
    assert bool(printed) is (row.expected == "noisy")
    if row.expected == "no_answer":
        return
    implementation = row.make()
    arrays = {"theta": data((67,), np.float64)[0], "grad": data((67,), np.float64)[1]}
    state = implementation.init(arrays["theta"])
    before = {name: array.copy() for name, array in (arrays | state).items()}
    expected, _ = reference("momentum", arrays["theta"], arrays["grad"], {"v": np.zeros(67)}, 1, lr=0.1, momentum=0.9)
    new, _ = implementation.step(arrays["theta"], arrays["grad"], state, 1, lr=0.1, momentum=0.9)
    assert gap(new, expected) <= 3 * ROUNDOFF["float64"]  # lr g, its sum with what is zero, the difference
    changed = [name for name, array in before.items() if not np.array_equal(array, (arrays | state)[name])]
    assert bool(changed) is (row.expected == "mutates")


def test_master_copy_beats_one_rounding_a_step() -> None:
    (row,) = (row for row in BEHAVIOUR if row.name.endswith("master_copy"))
    theta = np.ones(3, dtype=DTYPES["bfloat16"])
    grad = np.full(3, 2.0**-10).astype(theta.dtype)
    implementation, start = row.make(), theta
    state = implementation.init(theta)
    for t in range(1, 41):
        theta, state = implementation.step(theta, grad, state, t, lr=1.0, momentum=0.0)
    assert {"master", "velocity"} <= set(state)
    assert (theta < start).all(), "each step alone is below half a unit in the last place of bfloat16"


# The two named in the README, and the arithmetic


@pytest.mark.parametrize(("module", "rule"), [(textbook_adam, "adam"), (adam_eps_in_sqrt, "adam/eps_in_sqrt")])
def test_named_programs_compute_what_they_say(module: Any, rule: str) -> None:
    row = Correct(module.__name__, rule, module.make, ALL, "")
    for dtype in ALL:
        theta, grad = data((67,), DTYPES[dtype])
        state = module.make().init(theta)
        for t in (1, 2, 3):
            theta, state = assert_one_good_step(row, theta, grad, state, t, HYPER["adam"])


def test_scalars_are_rounded_once() -> None:
    bfloat16 = np.zeros(1, dtype=DTYPES["bfloat16"])
    just_above_a_tie = 1 + 2.0**-8 + 2.0**-40
    assert float(rounded(bfloat16, just_above_a_tie)[0]) == 1 + 2.0**-7
    values = np.random.default_rng(3).normal(size=2000) * 2.0 ** np.random.default_rng(4).integers(-160, 140, 2000)
    with np.errstate(all="ignore"):
        for name in ("float32", "float16"):
            assert [round_float(float(x), name) for x in values] == values.astype(name).astype(float).tolist()
    assert round_float(1e39, "bfloat16") == np.inf
    assert round_float(-1e-46, "float32") == 0


def test_fused_multiply_add_rounds_once() -> None:
    for name in ALL:
        u = ROUNDOFF[name]
        a, c = (np.array([value]).astype(DTYPES[name]) for value in (1 + 2 * u, -1 - 4 * u))
        assert float(fma(a, a, c)[0]) == 4 * u * u, name  # a a alone is rounded to 1 + 4u
    with np.errstate(all="ignore"):
        assert fma(np.array([1e300]), np.array([1e300]), np.array([1.0]))[0] == np.inf
    assert fma(np.array([5e-324]), np.array([0.5]), np.array([1.0]))[0] == 1.0


def test_power_by_squaring() -> None:
    assert power_by_squaring(0.0, 3) == 0.0
    u = ROUNDOFF["float64"]
    for x, n, exact in ((0.9, 5, float(Fraction(0.9) ** 5)), (1 - 2.0**-26, 2**24, math.exp(2**24 * math.log1p(-(2.0**-26))))):
        assert abs(power_by_squaring(x, n) - exact) <= (n - 1 + 2) * u * exact  # a rounding a factor, and two in what it is compared with


def test_the_bug_that_leaves_all_but_the_first_tensor_shows() -> None:
    row = next(row for row in PLANTED if "first_tensor" in row.name)
    made, (theta, grad) = row.make(), data((5,), np.float64)
    moved = [made.step(theta, grad, made.init(theta), 1, lr=0.1)[0] for _ in range(2)]
    assert (moved[0] != theta).all() and (moved[1] == theta).all()
