"""The bound of a closed loop, to first order.

Each step commits the stepwise bound of its update, and the rounding of the gradient that it was given; the steps that
follow pass these on: E = sum over steps of |A_t ... A_(s+1)| times what step s committed. Claims are made while E is at
most 2^-4 of how far theta has come; inflating every operation instead would be some hundred times looser.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from refopt.language.evaluate import binary64
from refopt.language.linearize import Linearization
from refopt.language.objective import Objective
from refopt.language.rule import Rule
from refopt.language.start import first_state
from refopt.rounding.bound import Block, radii
from refopt.rounding.error_bounds import ErrorBounds
from refopt.rounding.extended_range import as_extended, plain
from refopt.rounding.formats import Format

CLAIM = 2.0**-4
"""Largest bound, as a share of |theta - theta_0|, for which first order is trusted."""


def closed_loop_radii(
    rule: Rule,
    objective: Objective,
    steps: Sequence[Any],
    *,
    f: Format,
    hyper: Mapping[str, Fraction],
    objective_hyper: Mapping[str, Fraction] | None = None,
    keep: Sequence[int],
) -> dict[int, dict[str, ErrorBounds]]:
    """The bounds of theta and every state at the step numbers in `keep`.

    `steps` is a whole exact run (objects with t, theta, state, g, lr as exact/run.py makes them). The gradient that a
    program is given is the exact one at its own theta, rounded once to the format.
    """
    names = ["theta", *rule.state_names]
    before = _values_before(rule, objective, steps, hyper)
    blocks = []
    for step, values in zip(steps, before, strict=True):
        settings = dict(hyper) if step.lr is None else {**hyper, **rule.at_rate(Fraction(float(step.lr)))}
        blocks.append(Block(f, settings, step.t, values, step.g))
    local = radii(rule, blocks)
    model = Linearization(rule, objective, hyper, objective.values() if objective_hyper is None else objective_hyper)
    start = np.array([float(binary64(x)) for x in objective.start])
    u, tiny = float(f.u), max(float(f.smallest_subnormal / 2), 5e-324)
    columns = np.zeros((len(start) * len(names), 0))
    result: dict[int, dict[str, ErrorBounds]] = {}
    for step, values, committed in zip(steps, before, local, strict=True):
        theta = [float(x) for x in values["theta"]]
        g = np.array([float(x) for x in step.g])
        linear = model.step(
            step.t, theta, {n: [float(x) for x in values[n]] for n in names[1:]}, g.tolist(), None if step.lr is None else float(step.lr)
        )
        passed_on = model.matrix(linear, model.hessian(theta, step.t - 1)) @ columns
        fresh = np.concatenate([plain(committed[n].values) for n in names])
        columns = np.concatenate([passed_on, np.diag(fresh), linear.gradient * (u * np.abs(g) + tiny)], axis=1)
        if step.t in keep:
            moved = np.abs(np.array([float(x) for x in step.theta]) - start)
            result[step.t] = _claims(np.abs(columns).sum(axis=1), names, moved)
        if step.t >= max(keep):
            break
    return result


def _values_before(rule: Rule, objective: Objective, steps: Sequence[Any], hyper: Mapping[str, Fraction]) -> list[dict[str, Sequence[Any]]]:
    start = [binary64(x) for x in objective.start]
    first: dict[str, Sequence[Any]] = {"theta": start, **first_state(rule, hyper, start)}
    return [first, *({"theta": s.theta, **s.state} for s in steps[:-1])]


def _claims(total: Any, names: Sequence[str], moved: Any) -> dict[str, ErrorBounds]:
    n = len(moved)
    trusted = total[:n] <= CLAIM * moved
    found = {}
    for i, name in enumerate(names):
        part = total[i * n : (i + 1) * n] * (1 + 2.0**-20)
        found[name] = ErrorBounds(as_extended(np.where(trusted & np.isfinite(part), part, np.inf)))
    return found
