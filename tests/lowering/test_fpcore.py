"""FPCore: read back, each core is the formula; computed as the standard says, it is judged by the golden files."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from refopt.catalogue import rules, schedule, schedules
from refopt.conformance.verdict.judgement import judge
from refopt.errors import NotImplementedYet
from refopt.frameworks.own.python_object import PythonObject
from refopt.frameworks.own.schedule_object import ScheduleObject
from refopt.golden.store import cases
from refopt.language.compose import substitute
from refopt.language.expression import Expression, g, operation, pi, scalar, theta
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.language.text import canonical
from refopt.lowering.fpcore import DIALECT, module
from refopt.lowering.printer import text
from tests.language.reading import LETTERS, folded, random_tree
from tests.lowering.reading_fpcore import Core, read_cores, tree, value
from tests.lowering.test_numpy import _as_scalars, _toy

RULES = [r for r in rules(variants=True) if not r.scalar_state]
LOOPED = [s for s in schedules(variants=True) if any(n.op == "ilog" for n in s.rate.walk())]
SCHEDULES = [s for s in schedules(variants=True) if not any(h.is_list for h in s.hyper) and s not in LOOPED]


def _written(r: Rule) -> dict[str, Expression]:
    """theta and each state after an update, the assignments put into one another in the written order."""
    values: dict[str, Expression] = {}
    for let in r.steps:
        values[let.name] = substitute(let.value, values)
    return {name: values[name] for name in ("theta", *(s.name for s in r.state if not s.constant))}


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_a_core_is_read_back_as_the_written_formula(r: Rule) -> None:
    cores, written = read_cores(module(r)), _written(r)
    assert [c.name.rpartition("_")[2] for c in cores] == [name.rpartition("_")[2] for name in written]
    names = {str(s.name): s for s in (theta, g, *(s.symbol for s in r.state), *(h.symbol for h in r.hyper))}
    for core, formula in zip(cores, written.values(), strict=True):
        assert canonical(tree(core.body, names)) == canonical(formula)
        assert set(core.arguments) == {str(s.name) for s in formula.symbols()}


@pytest.mark.parametrize("s", SCHEDULES, ids=lambda s: s.name)
def test_the_core_of_a_schedule_is_read_back_as_its_rate(s: Schedule) -> None:
    (core,) = read_cores(module(s))
    assert canonical(folded(tree(core.body, {}))) == canonical(folded(s.rate))


@pytest.mark.parametrize("s", LOOPED, ids=lambda s: s.name)
def test_a_loop_over_whole_numbers_is_refused_and_that_is_said(s: Schedule) -> None:
    with pytest.raises(NotImplementedYet, match="a core computes in floating point, and this is a loop over whole numbers"):
        module(s)


def test_trees_of_any_shape_are_read_back_as_they_were_written() -> None:
    letters = {str(x.name): scalar(str(x.name), kind=x.kind) for x in LETTERS.values() if x != pi}
    for seed in range(300):
        written = _as_scalars(random_tree(random.Random(seed), 5, frozenset({"cast"})), letters)
        (core,) = read_cores(f"(FPCore f () {text(written, DIALECT)})")
        assert canonical(_plain(tree(core.body, letters))) == canonical(_plain(written)), f"seed {seed}"


def _plain(node: Expression) -> Expression:
    """Literals folded, x*x a square whether it was written as one or as a product."""
    if node.op in ("mul", "square") and node.args[0].op == "symbol" and node.args[0] == node.args[-1]:
        return operation("square", node.args[0])
    return folded(operation(node.op, *map(_plain, node.args), attribute=node.attribute) if node.args else node)


class _Cores:
    """An optimizer that computes what the cores say."""

    def __init__(self, r: Rule) -> None:
        self.rule, self.cores = r, read_cores(module(r))

    def init(self, x: Any) -> dict[str, Any]:
        return {s: np.zeros_like(x) for s in self.rule.state_names}

    def step(self, x: Any, grad: Any, state: Mapping[str, Any], t: int, **hyper: float) -> tuple[Any, dict[str, Any]]:
        with np.errstate(all="ignore"):
            beside = {n: hyper[n] for n in self.rule.input_names}
            numbers = {h.name: np.float64(hyper.get(h.name, h.default)) for h in self.rule.hyper}
            given = {"theta": x, "g": grad, **beside, **state, "t": np.float64(t), **numbers}
            if t == 1:  # what init is not told
                given |= {s.name: np.zeros_like(x) + (float(s.init) if s.initial.op == "literal" else given[str(s.initial.name)]) for s in self.rule.state}
            first, *rest = (np.asarray(value(core.body, given)) for core in self.cores)
        changing = [s.name for s in self.rule.state if not s.constant]
        return first, {**{s.name: given[s.name] for s in self.rule.state}, **dict(zip(changing, rest, strict=True))}


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_the_cores_computed_in_binary64_conform(r: Rule) -> None:
    few = [c.id for c in cases(r.name) if any(f"-{sort}-" in c.id for sort in ("basic", "scales", "resume"))]
    verdict = judge(PythonObject(r.name, "", r.name, lambda: _Cores(r)), dtypes=["float64"], cases=few)
    assert [(f.verdict, f.precision) for f in verdict.findings] == [("conforms", "full")]


class _Rate:
    def __init__(self, s: Schedule) -> None:
        self.schedule: Schedule = s
        self.core: Core = read_cores(module(s))[0]

    def rate(self, k: int, **hyper: float) -> float:
        return float(value(self.core.body, {"k": np.float64(k), **{n: np.float64(hyper.get(n, d)) for n, d in self.schedule.defaults.items()}}))


@pytest.mark.parametrize("s", SCHEDULES, ids=lambda s: s.name)
def test_the_core_of_a_schedule_conforms(s: Schedule) -> None:
    verdict = judge(ScheduleObject(s.name, "", s.name, _Rate(s)))
    assert [(f.verdict, f.precision) for f in verdict.findings] == [("conforms", "full")]


def test_the_domains_stand_in_the_precondition() -> None:
    adam = read_cores(module(next(r for r in RULES if r.name == "adam")))[0]
    assert adam.properties[":precision"] == "binary64"
    assert ["<", "beta1", "1"] in adam.properties[":pre"] and ["<=", "1", "t"] in adam.properties[":pre"]


@pytest.mark.parametrize("r", [r for r in rules(variants=True) if r.scalar_state], ids=lambda r: r.name)
def test_a_state_of_one_value_is_refused_in_one_line(r: Rule) -> None:
    with pytest.raises(NotImplementedYet, match="a core of fpcore is one element; it has no state with one value in all"):
        module(r)


def test_a_list_is_refused_in_one_line() -> None:
    with pytest.raises(NotImplementedYet, match="count cannot be written in fpcore: a core takes numbers, and no list of any length"):
        module(schedule("multi_step"))


def test_a_cast_is_refused_in_one_line() -> None:
    with pytest.raises(NotImplementedYet, match="cast cannot be written in fpcore: a core has one precision"):
        module(_toy(operation("cast", theta - scalar("lr") * g, attribute="float32")))
