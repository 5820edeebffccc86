"""Which bits the generated code of each backend shares with the NumPy code: `python -m tests.quality.bits` writes tests/quality/README.md.

A difference is counted in units of the last place of the largest value that the element had in the run: where theta
passes through zero, the last place of theta itself says nothing.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from refopt.conformance.programs.dialogue import Dialogue
from refopt.conformance.programs.flat_wire import FlatWire
from refopt.conformance.programs.json_wire import JsonWire
from refopt.conformance.programs.judge_program import Program
from refopt.conformance.programs.program import OptimizerProgram, ScheduleProgram
from refopt.conformance.protocol.implementation import Answer, Array, Ran, Rates, Request, Snapshot
from refopt.frameworks import load
from refopt.frameworks.jax_mode import jax_mode
from refopt.language.hyper import Hyper
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.lifting.ranges import of_hypers
from refopt.lowering.names import class_name, module_name
from refopt.rounding.formats import number_format
from tests.generated.programs import RULES, SCHEDULES, c_library, c_program, javascript_program, rust_program
from tests.quality.pages import QUALITY, keep

DTYPES = ("float64", "float32")
STEPS, ELEMENTS, RATES = 10, 259, 300
ROOTS = frozenset(r.name for r in RULES if any(n.op == "sqrt" and not n.is_scalar for let in r.steps for n in let.value.walk()))
"""Rules that take a root of elements."""


@dataclass(frozen=True)
class Difference:
    """How many numbers have other bits, and the largest distance in units of the last place."""

    numbers: int = 0
    worst: float = 0.0

    def __or__(self, other: Difference) -> Difference:
        return Difference(self.numbers + other.numbers, max(self.worst, other.worst))


def difference(a: Array, b: Array) -> Difference:
    """Between the values of some elements over a run, one row a moment. Two NaN count as the same bits."""
    other = ~((a == b) | (np.isnan(a) & np.isnan(b)))
    if not other.any():
        return Difference()
    last = np.spacing(np.maximum(np.abs(a), np.abs(b)).max(axis=0, keepdims=True)).astype(np.float64)
    distance = np.abs(a.astype(np.float64) - b.astype(np.float64)) / last
    return Difference(int(other.sum()), float(distance[other].max()))


def request(rule: Rule, dtype: str, seed: int) -> Request:
    """A run with seeded numbers of many sizes; every other seed has other hyperparameters than the defaults."""
    random = np.random.default_rng(seed)
    f = number_format(dtype)
    hyper = {h.name: float(h.default) for h in rule.hyper}
    if seed % 2:
        hyper = {h.name: float(of_hypers((h,))[h.symbol].at(Fraction(random.uniform(0.05, 0.95)))) for h in rule.hyper}

    def numbers() -> Array:
        return (random.standard_normal(ELEMENTS) * 2.0 ** random.integers(-12, 6, ELEMENTS)).astype(f.dtype)

    one_value = tuple(s.name for s in rule.scalar_state)
    theta, grads = numbers(), tuple((numbers(),) for _ in range(STEPS))
    inputs = {name: tuple((numbers(),) for _ in range(STEPS)) for name in rule.input_names}
    return Request(rule.name, rule.state_names, f, hyper, None, (theta,), None, 1, grads, one_value=one_value, inputs=inputs)


Runner = Callable[[Rule, Request], Answer]


@contextlib.contextmanager
def program(of: Program) -> Iterator[tuple[Runner, Dialogue]]:
    """A started program, asked as a judge asks it."""
    with Dialogue(of.command, FlatWire() if of.wire == "flat" else JsonWire(), of.timeout, None) as dialogue:
        declared = dialogue.start()

        def run(rule: Rule, asked: Request) -> Answer:
            return OptimizerProgram("", "", rule.name, rule.name, declared.rules[rule.name], declared.dtypes, dialogue).run(asked)

        yield run, dialogue


def _torch(rule: Rule, asked: Request) -> Answer:
    return load(f"refopt.generated.torch.{class_name(rule)}", rule.name).run(asked)  # type: ignore[union-attr]


def _jax(rule: Rule, asked: Request) -> Answer:
    return load(f"refopt.generated.jax.{module_name(rule)}", rule.name).run(asked)  # type: ignore[union-attr]


def trajectory(answer: Answer) -> dict[str, Array]:
    """theta and every state, one row a step. Raises AssertionError where there was no run."""
    assert isinstance(answer, Ran), answer
    rows = [{"theta": seen.theta[0], **seen.state[0]} for seen in answer.after]
    return {name: np.stack([row[name] for row in rows]) for name in rows[0]}


@cache
def reference(name: str, dtype: str, seed: int) -> dict[str, Array]:
    """The trajectory of the NumPy code."""
    rule = next(r for r in RULES if r.name == name)
    return trajectory(load(f"refopt.generated.numpy.{module_name(rule)}", rule.name).run(request(rule, dtype, seed)))  # type: ignore[union-attr]


def of_rule(run: Runner, rule: Rule, dtype: str, seeds: Sequence[int] = (1, 2)) -> Difference:
    """Between a backend and the NumPy code, over whole runs: of what both keep in one format.

    A wire that carries numbers of the run's format alone has a program keep a state of one value in it, which NumPy's code keeps in binary64.
    """
    found = Difference()
    for seed in seeds:
        theirs, ours = trajectory(run(rule, request(rule, dtype, seed))), reference(rule.name, dtype, seed)
        assert set(theirs) == set(ours)
        for name in ours:
            if theirs[name].dtype == ours[name].dtype:
                found |= difference(theirs[name], ours[name])
    return found


def _jitted(rule: Rule, asked: Request) -> Answer:
    """JAX, each update compiled as a whole."""
    import jax

    module = importlib.import_module(f"refopt.generated.jax.{module_name(rule)}")
    with jax_mode(asked.format):
        step = jax.jit(lambda theta, g, state, t: module.step(theta, g, state, t, **asked.hyper))
        theta, seen = asked.theta0[0], []
        state = {name: np.asarray(x) for name, x in module.init(theta).items()}
        for t, (g,) in enumerate(asked.grads, 1):
            theta, state = step(theta, g, state, t)
            seen.append((np.asarray(theta), {name: np.asarray(x) for name, x in state.items()}))
    after = tuple(Snapshot((x,), (kept,)) for x, kept in seen)
    return Ran(Snapshot(asked.theta0, ({},)), after)


def _c_rates(s: Schedule) -> list[float]:
    library = ctypes.CDLL(str(c_library()))
    rate: Any = getattr(library, f"{module_name(s)}_rate")
    given = [x for h in s.hyper for x in _c_arguments(h)]
    rate.restype, rate.argtypes = ctypes.c_double, [ctypes.c_int64, *map(type, given)]
    return [rate(k, *given) for k in range(RATES)]


def _c_arguments(h: Hyper) -> list[Any]:
    """The default of a hyperparameter as the C function takes it: a list by its length and its entries."""
    x = h.usual
    if isinstance(x, tuple):
        return [ctypes.c_size_t(len(x)), (ctypes.c_int64 * len(x))(*x)]
    return [ctypes.c_int64(x) if isinstance(x, int) else ctypes.c_double(x)]


def _program_rates(of: Program, s: Schedule) -> list[float]:
    with program(of) as (_, dialogue):
        answer = ScheduleProgram("", "", s.name, s.name, s.hyper_names, dialogue).rates({}, range(RATES))
    assert isinstance(answer, Rates), answer
    return list(answer.values)


def _module_rates(backend: str, s: Schedule) -> list[float]:
    with jax_mode(number_format("float64")) if backend == "jax" else contextlib.nullcontext():
        rate = importlib.import_module(f"refopt.generated.{backend}.{module_name(s)}").rate
        return [float(rate(k)) for k in range(RATES)]


def of_schedule(rates: Callable[[Schedule], list[float]], s: Schedule) -> Difference:
    """Between the rates of a backend and those of the NumPy code, with the defaults."""
    return difference(np.array(rates(s))[:, None], np.array(_module_rates("numpy", s))[:, None])


@contextlib.contextmanager
def plain(run: Runner) -> Iterator[tuple[Runner, None]]:
    try:
        yield run, None
    finally:  # JAX keeps what it has compiled: of all rules, some gigabytes
        if "jax" in sys.modules:
            sys.modules["jax"].clear_caches()


@dataclass(frozen=True)
class Row:
    """A line of the table: how the rules are run, how the rates are had, and what makes bits differ."""

    name: str
    runner: Callable[[], Any]
    rates: Callable[[Schedule], list[float]] | None
    cause: str


ROWS: Mapping[str, Row] = {
    row.name: row
    for row in (
        Row("C", lambda: program(c_program()), _c_rates, ""),
        Row("JavaScript", lambda: program(javascript_program()), lambda s: _program_rates(javascript_program(), s), "V8 has a cos of its own"),
        Row("Rust", lambda: program(rust_program()), lambda s: _program_rates(rust_program(), s), ""),
        Row("PyTorch", lambda: plain(_torch), lambda s: _module_rates("torch", s), "torch's vectorised root is not always rounded to nearest"),
        Row("JAX", lambda: plain(_jax), lambda s: _module_rates("jax", s),
            "XLA divides by a scalar with its reciprocal; adamw, sgdw and nesterov/velocity add to theta once"),
        Row("JAX, jitted", lambda: plain(_jitted), None, "the same, and XLA contracts a product and a sum to one rounding"),
    )
}


def cells(row: Row) -> list[str]:
    """The cells of a row: each format, then the schedules."""
    found = []
    with row.runner() as (run, _):
        for dtype in DTYPES:
            found.append(_said({r.name: of_rule(run, r, dtype) for r in RULES}))
    return [*found, "-" if row.rates is None else _said({s.name: of_schedule(row.rates, s) for s in SCHEDULES})]


def _said(differences: Mapping[str, Difference]) -> str:
    other = {name: d for name, d in differences.items() if d.numbers}
    if not other:
        return f"all {len(differences)}"
    worst = max(d.worst for d in other.values())
    return f"{len(differences) - len(other)} of {len(differences)}; else up to {worst:.1f}"


def lines() -> list[str]:
    """The table as Markdown."""
    rows = [["backend", "rules, float64", "rules, float32", "schedules", "why bits differ"]]
    rows += [["---"] * 5]
    for row in ROWS.values():
        measured = cells(row)
        rows.append([row.name, *measured, row.cause if any("else" in x for x in measured) else ""])
    return [
        f"How many have the same bits as the NumPy code in {STEPS} updates of {ELEMENTS} elements with two sets of hyperparameters;",
        "differences in units of the last place of the largest value that the element had:",
        "",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def main() -> None:
    """Write the table into tests/quality/README.md."""
    keep(QUALITY, "bits", lines())


if __name__ == "__main__":
    main()
