"""The committed NumPy modules: any floating format and shape, inputs left alone, bad arguments named, NumPy their only need."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
from collections.abc import Sequence
from fractions import Fraction
from types import ModuleType
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from refopt.catalogue import rules, schedules
from refopt.exact.mpmath_numbers import to_fraction
from refopt.exact.numbers import mpmath_numbers
from refopt.exact.run import rates
from refopt.golden.model import Case, Result
from refopt.golden.store import cases
from refopt.language.expression import Kind
from refopt.language.lists import gathered
from refopt.language.rule import Rule
from refopt.lowering.generate import concepts, module_name
from refopt.rounding.error_bounds import ErrorBounds, ratios
from refopt.rounding.formats import FORMATS, number_format
from refopt.rounding.schedule_bound import schedule_radii

RULES = rules(variants=True)
DTYPES = (np.float64, np.float32, np.float16, ml_dtypes.bfloat16)
each_rule = pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)


def _code(name: str) -> ModuleType:
    return importlib.import_module(f"refopt.generated.numpy.{name.replace('/', '_').replace('+', '_')}")


def test_every_module_can_be_imported_where_sympy_mpmath_and_the_rest_of_refopt_cannot() -> None:
    blocked = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("sympy", "mpmath", "flint", "gmpy2") or name.startswith(("refopt.language", "refopt.catalogue", "refopt.lowering")):
            raise ImportError(name)
sys.meta_path.insert(0, Refuse())
import importlib
import inspect
for name in sys.argv[1:]:
    importlib.import_module("refopt.generated.numpy." + name)
print(sorted(m for m in sys.modules if m.startswith("refopt.") and not m.startswith("refopt.generated")))
"""
    names = [module_name(c) for c in concepts()]
    done = subprocess.run([sys.executable, "-c", blocked, *names], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "['refopt.errors']", "")  # which refopt/__init__.py reads


def _numbers(shape: tuple[int, ...], dtype: Any, scale: float = 1.0) -> Any:
    return (np.arange(1, 1 + int(np.prod(shape)), dtype=np.float64).reshape(shape) * scale).astype(dtype)


@each_rule
@pytest.mark.parametrize("dtype", DTYPES, ids=lambda d: np.dtype(d).name)
def test_an_update_keeps_format_and_shape_and_leaves_its_inputs_alone(r: Rule, dtype: Any) -> None:
    code = _code(r.name)
    for shape in ((), (0,), (3,), (2, 3), (2, 0, 4)):
        theta, g = _numbers(shape, dtype), _numbers(shape, dtype, 0.25)
        state = code.init(theta)
        for step in (1, 2):
            beside = {name: _numbers(shape, dtype, 0.5) for name in r.input_names}
            held = {"theta": theta, "g": g, **beside, **state}
            copies = {name: x.copy() for name, x in held.items()}
            theta, state = code.step(theta, g, *beside.values(), state, step)
            assert all(np.array_equal(held[n].astype(np.float64), copies[n].astype(np.float64)) for n in held)
            for x in (theta, *(state[s.name] for s in r.tensor_state)):
                assert isinstance(x, np.ndarray) and x.dtype == dtype and x.shape == shape
                assert not any(np.shares_memory(x, y) for y in held.values())


@each_rule
def test_a_transposed_or_strided_array_is_updated_as_its_copy_is(r: Rule) -> None:
    code = _code(r.name)
    whole = _numbers((4, 6), np.float32)
    for view in (whole.T, whole[::2, ::3], whole[:, ::-1]):
        g = view / np.float32(4)
        seen, _ = code.step(view, g, *(g[::-1] for _ in r.inputs), code.init(view), 1)
        copied, _ = code.step(view.copy(), g.copy(), *(g[::-1].copy() for _ in r.inputs), code.init(view.copy()), 1)
        assert np.array_equal(seen, copied)


def test_bad_arguments_are_named_in_one_line() -> None:
    adam = _code("adam")
    theta = np.ones(3, np.float32)
    state = adam.init(theta)
    refused: Sequence[tuple[tuple[Any, ...], type[Exception], str]] = (
        ((theta, np.ones(4, np.float32), state, 1), ValueError, r"g has shape \(4,\), theta has \(3,\)"),
        ((theta, np.ones(3), state, 1), TypeError, "g has dtype float64, theta has float32"),
        ((np.ones(3, int), np.ones(3, int), state, 1), TypeError, "theta has dtype int64; an update needs a floating-point dtype"),
        ((theta, theta, {"m": theta}, 1), ValueError, "the state has m; the rule keeps m, v"),
        ((theta, theta, {**state, "u": theta}, 1), ValueError, "the state has .*u.*; the rule keeps m, v"),
        ((theta, theta, state, 0), ValueError, "t = 0 is below 1; steps are counted 1, 2, 3"),
        ((theta, theta, state, 1.0), TypeError, "t = 1.0 is not an integer"),
    )
    for arguments, error, message in refused:
        with pytest.raises(error, match=message) as caught:
            adam.step(*arguments)
        assert "\n" not in str(caught.value)
    with pytest.raises(TypeError, match="theta has dtype int64"):
        adam.init([1, 2, 3])


def test_scalars_reach_the_arrays_rounded_once() -> None:
    """1 - 0.999 is formed in binary64: in bfloat16, 0.999 is 1, and v would stay 0."""
    one = np.ones(1, ml_dtypes.bfloat16)
    _, state = _code("adam").step(one, one, _code("adam").init(one), 1)
    assert Fraction(float(state["v"][0])) == number_format("bfloat16").round(Fraction(1 - 0.999))


def _updates(r: Rule, case: Case, dtype: str) -> list[tuple[int, int, dict[str, Any]]]:
    """The values after each kept step, by the generated code: (kept step, parameter, theta and states)."""
    code, f, found = _code(r.name), FORMATS[dtype], []
    hyper = {n: float(x) for n, x in case.hyper.items()}
    for p, parameter in enumerate(case.params):
        theta = np.array([float(x) for x in parameter.theta0]).astype(f.dtype)
        state = code.init(theta, **{n: hyper[n] for n in inspect.signature(code.init).parameters if n != "theta" and n in hyper})
        if parameter.state0 is not None:
            state = {n: np.array([float(x) for x in values]).astype(f.dtype) for n, values in parameter.state0.items()}
            state |= {s.name: np.float64(parameter.state0[s.name][0]) for s in r.scalar_state}
        for i, grads in enumerate(case.grads):
            if grads[p] is not None:
                g = np.array([float(x) for x in grads[p]]).astype(f.dtype)
                rows = {**({} if case.lr is None else {"lr": case.lr}), **case.courses}
                changed = {n: float(row[i]) for n, row in rows.items()}
                beside = [np.array([float(x) for x in case.inputs[n][i][p] or ()]).astype(f.dtype) for n in r.input_names]
                theta, state = code.step(theta, g, *beside, state, case.t0 + i, **{**hyper, **changed})
            if case.t0 + i in case.keep:
                found.append((case.t0 + i, p, {"theta": theta, **state}))
    return found


@each_rule
@pytest.mark.parametrize("dtype", FORMATS)
def test_every_golden_run_is_met_within_its_bound(r: Rule, dtype: str) -> None:
    claims = 0
    for case in cases(r.name):
        if case.kind not in ("open_loop", "resume") or case.result != "must" or dtype not in case.dtypes:
            continue
        expected = {e.t: e for e in case.expect}
        for step, p, values in _updates(r, case, dtype):
            wanted = expected[step].params[p]
            for name, exact in {"theta": wanted.theta, **wanted.state}.items():  # a tensor without a gradient has no state yet
                x = np.broadcast_to(values[name].ravel(), len(exact))
                bound = ErrorBounds.parse(wanted.bound[dtype][name])
                r_max = ratios([float(y) for y in x], [Fraction(y) for y in exact], bound)
                claims += int(bound.claims().sum())
                assert not (r_max > 1).any(), f"{case.id} t={step} {name}: error/bound {np.nanmax(r_max)}"
    assert claims > 0


@pytest.mark.parametrize("s", schedules(variants=True), ids=lambda s: s.name)
def test_every_golden_rate_is_met_within_its_bound(s: Any) -> None:
    numbers = mpmath_numbers()
    for case in (c for c in cases(s.name) if c.result == Result.MUST):
        hyper = s.values(case.hyper)
        given = gathered({n: int(x) if s.kind_of(n) is Kind.INTEGER else float(x) for n, x in hyper.items()})
        theirs = [_code(s.name).rate(k, **given) for k in case.steps]
        exact = [to_fraction(x) for x in rates(s, hyper, case.steps, numbers=numbers, digits=50)]
        assert not (ratios(theirs, exact, schedule_radii(s, hyper, case.steps)) > 1).any()


def test_a_rate_needs_a_whole_step_number() -> None:
    rate = _code("step_decay").rate
    for wrong, error in ((-1, ValueError), (1.5, TypeError), (True, TypeError)):
        with pytest.raises(error, match="steps are counted 0, 1, 2"):
            rate(wrong)
