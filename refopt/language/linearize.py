"""A closed loop to first order: how one step passes on small changes of theta and the states.

The variables of a run stand in one vector: theta's elements first, then each state's. A step's matrix is
A = D_z + D_g H, with D_z and D_g the slopes of the update by theta, states and gradient, and H the objective's Hessian.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from refopt.language.compile import compiled
from refopt.language.dual import DUALS, lifted, variables
from refopt.language.evaluate import binary64
from refopt.language.expression import Kind
from refopt.language.objective import Objective
from refopt.language.reductions import sizes, staged
from refopt.language.rule import Rule
from refopt.language.spread import counts, spread
from refopt.language.start import first_state

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Linear:
    """One step to first order: `state` is D_z, `gradient` is D_g."""

    state: Matrix
    gradient: Matrix


@dataclass(frozen=True)
class PassedOn:
    """Sizes of the slopes of all variables after some update by those after each update before it and by the gradients that these were given."""

    by_value: Matrix
    by_gradient: Matrix

    def largest(self, values: Sequence[Matrix], gradients: Sequence[Matrix]) -> Matrix:
        """The largest change of each variable, where these are the largest at each update: they may all point the same way."""
        total: Matrix = np.einsum("tij,tj->i", self.by_value, np.array(values)) + np.einsum("tij,tj->i", self.by_gradient, np.array(gradients))
        return total


@dataclass(frozen=True)
class FirstOrder:
    """An exact closed-loop run (objects with t, theta, state, g, lr as exact/run.py makes them), and each of its steps to first order."""

    rule: Rule
    objective: Objective
    steps: Sequence[Any]
    hyper: Mapping[str, Fraction]
    objective_hyper: Mapping[str, Fraction]

    @property
    def names(self) -> tuple[str, ...]:
        """theta and the states, in the order of the vector."""
        return ("theta", *self.rule.state_names)

    @cached_property
    def before(self) -> tuple[Mapping[str, Sequence[Any]], ...]:
        """The exact values of theta and the states before each step."""
        start = [binary64(x) for x in self.objective.start]
        first: dict[str, Sequence[Any]] = {"theta": start, **first_state(self.rule, self.hyper, start)}
        return (first, *({"theta": s.theta, **s.state} for s in self.steps[:-1]))

    @cached_property
    def start(self) -> Matrix:
        """theta before the first step."""
        return np.array([float(binary64(x)) for x in self.objective.start])

    def passed_on(self, last: int) -> PassedOn:
        """The sizes with which changes at each update up to number `last` are found again after that one. Made once for all who ask."""
        if last not in self._passed_on:
            count = sum(step.t <= last for step in self.steps)
            while len(self._made) < count:
                self._made.append(self._of(self.steps[len(self._made)], self.before[len(self._made)]))
            n = len(self.start)
            size = n * len(self.names)
            after = np.eye(size)
            by_value, by_gradient = np.zeros((count, size, size)), np.zeros((count, size, n))
            for i in reversed(range(count)):
                linear, matrix = self._made[i]
                by_value[i], by_gradient[i] = np.abs(after), np.abs(after @ linear.gradient)
                after = after @ matrix
            self._passed_on[last] = PassedOn(by_value, by_gradient)
        return self._passed_on[last]

    @cached_property
    def _passed_on(self) -> dict[int, PassedOn]:
        return {}

    def _of(self, step: Any, before: Mapping[str, Sequence[Any]]) -> tuple[Linear, Matrix]:
        values = {n: [float(x) for x in row] for n, row in before.items()}
        theta = values.pop("theta")
        linear = self._model.step(step.t, theta, values, [float(x) for x in step.g], None if step.lr is None else float(step.lr))
        return linear, self._model.matrix(linear, self._model.hessian(theta, step.t - 1))

    @cached_property
    def _model(self) -> Linearization:
        return Linearization(self.rule, self.objective, self.hyper, self.objective_hyper)

    @cached_property
    def _made(self) -> list[tuple[Linear, Matrix]]:
        return []


class Linearization:
    """The first-order behaviour of a rule on an objective."""

    def __init__(self, rule: Rule, objective: Objective, hyper: Mapping[str, Fraction], objective_hyper: Mapping[str, Fraction]) -> None:
        self.rule = rule
        self.objective = objective
        integers = {h.name for h in (*rule.hyper, *objective.hyper) if h.symbol.kind is Kind.INTEGER}
        self.hyper = {n: int(x) if n in integers else lifted(x) for n, x in hyper.items()}
        self.constants = {n: int(x) if n in integers else lifted(x) for n, x in objective_hyper.items()}
        staging = staged(spread(rule))
        self.update = compiled([(let.name, let.value) for let in staging.steps], DUALS)
        self.reducing = [(r, compiled(r.assignments, DUALS)) for r in staging.reductions]
        self.rows = {let.name: i for i, let in enumerate(rule.steps)}
        pairs = [(i, j) for i in range(len(objective.parameters)) for j in range(i + 1)]
        self.pairs = pairs
        self.second = compiled([(f"slope {i} {j}", objective.hessian[i][j]) for i, j in pairs], DUALS, hoist=False)
        self.literals = self.second.prelude({})
        names = [str(s.name) for s in objective.inputs]
        self.samples = [dict(zip(names, (lifted(binary64(x)) for x in row), strict=True)) for row in objective.data]

    def step(self, t: int, theta: Sequence[float], state: Mapping[str, Sequence[float]], g: Sequence[float], lr: float | None) -> Linear:
        """D_z and D_g of update t, at the values before it."""
        names = ["theta", *self.rule.state_names]
        n, size = len(theta), len(theta) * len(names)
        environment: dict[str, Any] = {**self.hyper, "t": t, **{name: int(state[name][0]) for name in counts(self.rule)}}
        if lr is not None:
            environment |= self.rule.at_rate(lifted(lr))
        environment |= sizes(n, n)
        rows = {"theta": theta, **{s: state[s] for s in self.rule.state_names}, "g": g}
        by_state, by_gradient = np.zeros((size, size)), np.zeros((size, n))
        for group in [list(range(n))] if self.reducing else [[i] for i in range(n)]:  # elements that depend on one another
            given = self._variables(rows, group)
            columns = [k * n + i for k in range(len(names)) for i in group]
            for i, one, values in zip(group, given, self._updated(given, environment), strict=True):
                for row, name in enumerate(names):
                    slopes = (values[self.rows[name]] if name in self.rows else one[name]).slopes or (0.0,) * (len(columns) + len(group))
                    by_state[row * n + i, columns], by_gradient[row * n + i, group] = slopes[: len(columns)], slopes[len(columns) :]
        return Linear(by_state, by_gradient)

    @staticmethod
    def _variables(rows: Mapping[str, Sequence[float]], group: Sequence[int]) -> list[dict[str, Any]]:
        """Each element of a group with a slope of its own for every value of the group."""
        inputs = variables([row[i] for row in rows.values() for i in group])
        return [dict(zip(rows, inputs[j :: len(group)], strict=True)) for j in range(len(group))]

    def _updated(self, given: Sequence[dict[str, Any]], environment: Mapping[str, Any]) -> list[list[Any]]:
        """The values that the update assigns to each element; what is reduced goes over all that are given."""
        for reduction, program in self.reducing:
            scalars = program.prelude(environment)
            value = reduce(DUALS.operations[reduction.join], [program.body(one, scalars)[-1] for one in given])
            for one in given:
                one[reduction.name] = value
        scalars = self.update.prelude(environment)
        return [self.update.body(one, scalars) for one in given]

    def hessian(self, theta: Sequence[float], step: int) -> Matrix:
        """The Hessian of the mean loss of the samples that step `step` (from 0) sees."""
        n = len(theta)
        point = {**self.constants, **{str(p.name): lifted(x) for p, x in zip(self.objective.parameters, theta, strict=True)}}
        batch = self.objective.batch(step)
        total = np.zeros((n, n))
        for i in batch:
            values = self.second.body({**point, **self.samples[i]}, self.literals)
            for (row, column), x in zip(self.pairs, values, strict=True):
                total[row, column] += lifted(x).value
                if row != column:
                    total[column, row] += lifted(x).value
        return total / len(batch)

    def matrix(self, linear: Linear, hessian: Matrix) -> Matrix:
        """A = D_z + D_g H, the gradient being taken at theta before the step."""
        result = linear.state.copy()
        result[:, : hessian.shape[0]] += linear.gradient @ hessian
        return result
