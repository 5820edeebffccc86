"""Sensitivity: how many bits a closed-loop run loses by the roundings it makes.

Each step commits one relative error in every variable; to first order these are passed on by the steps that follow.
The sensitivity at a step is log2 of their accumulated size, relative to theta or to how far theta has come, whichever
is larger, rounded up. Above 20 bits a binary64 run depends on the mathematical library, and is no golden data.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from refopt.errors import RefoptError
from refopt.exact.run import Step
from refopt.language.evaluate import binary64
from refopt.language.linearize import Linearization
from refopt.language.objective import Objective
from refopt.language.rule import Rule
from refopt.language.start import first_state

LARGEST = 20
"""Bits above which a checkpoint is refused."""


def sensitivity(
    rule: Rule,
    objective: Objective,
    steps: Sequence[Step],
    *,
    hyper: Mapping[str, Fraction],
    objective_hyper: Mapping[str, Fraction] | None = None,
    keep: Sequence[int] = (),
) -> dict[int, int]:
    """Bits lost at each step number in `keep` (the last step where none is named). `steps` is a whole closed-loop run."""
    wanted = set(keep) or {steps[-1].t}
    model = Linearization(rule, objective, hyper, objective.values() if objective_hyper is None else objective_hyper)
    start = np.array([float(binary64(x)) for x in objective.start])
    theta = start.tolist()
    state = {n: [float(x) for x in row] for n, row in first_state(rule, hyper, [binary64(x) for x in objective.start]).items()}
    columns = np.zeros((len(theta) * (1 + len(rule.state)), 0))
    lost: dict[int, int] = {}
    for step in steps:
        if step.t > max(wanted):
            break
        g = [float(x) for x in step.g]
        linear = model.step(step.t, theta, state, g, None if step.lr is None else float(step.lr))
        passed_on = model.matrix(linear, model.hessian(theta, step.t - 1)) @ columns
        theta = [float(x) for x in step.theta]
        state = {n: [float(x) for x in v] for n, v in step.state.items()}
        committed = np.diag(np.abs(np.array([*theta, *(x for v in state.values() for x in v)])))
        columns = np.concatenate([passed_on, committed, linear.gradient * np.abs(g)], axis=1)
        if step.t in wanted:
            lost[step.t] = _bits(columns[: len(theta)], np.array(theta), start)
    return lost


def _bits(columns: np.ndarray[tuple[int, int], np.dtype[np.float64]], theta: np.ndarray[tuple[int], np.dtype[np.float64]],
          start: np.ndarray[tuple[int], np.dtype[np.float64]]) -> int:  # fmt: skip
    sizes = np.maximum(np.abs(theta), np.abs(theta - start))
    amplified = np.abs(columns).sum(axis=1)
    moved = sizes > 0
    if not np.all(np.isfinite(amplified)):
        return 10**6
    if not np.any(moved) or not np.any(amplified[moved]):
        return 0
    return max(0, math.ceil(math.log2(float((amplified[moved] / sizes[moved]).max()))))


def refuse_above(lost: Mapping[int, int], name: str, largest: int = LARGEST) -> None:
    """Raise RefoptError where a checkpoint loses more bits than allowed."""
    for t, bits in lost.items():
        if bits > largest:
            raise RefoptError(f"{name} loses {bits} bits in float64 by step {t} (limit {largest})", help="shorten it or contract the loss")
