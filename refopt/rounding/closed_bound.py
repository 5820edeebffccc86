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

from refopt.language.linearize import FirstOrder
from refopt.language.objective import Objective
from refopt.language.rule import Rule
from refopt.rounding.bound import Block, radii
from refopt.rounding.error_bounds import ErrorBounds
from refopt.rounding.extended_range import as_extended, plain
from refopt.rounding.formats import Format
from refopt.rounding.start_errors import start_errors

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
    constants = objective.values() if objective_hyper is None else objective_hyper
    run = FirstOrder(rule, objective, steps, hyper, constants)
    return passed_on(run, f, radii(rule, committing(run, f)), keep)


def committing(run: FirstOrder, f: Format) -> list[Block]:
    """The updates of a run, each from the exact values before it, the first from the rule's start: what every step commits."""
    blocks: list[Block] = []
    for step, values in zip(run.steps, run.before, strict=True):
        settings = dict(run.hyper) if step.lr is None else {**run.hyper, **run.rule.at_rate(Fraction(float(step.lr)))}
        at_start = None if blocks else start_errors(run.rule, settings, values["theta"], f)
        blocks.append(Block(f, settings, step.t, values, step.g, at_start, reduced=step.reduced, update=step.t))
    return blocks


def passed_on(run: FirstOrder, f: Format, committed: Sequence[Mapping[str, ErrorBounds]], keep: Sequence[int]) -> dict[int, dict[str, ErrorBounds]]:
    """The bounds at the step numbers in `keep`, from what every step commits."""
    u, tiny = float(f.u), max(float(f.smallest_subnormal / 2), 5e-324)
    fresh = [np.concatenate([plain(own[n].values) for n in run.names]) for own in committed]
    gradients = [u * np.abs(np.array([float(x) for x in step.g])) + tiny for step in run.steps]
    result: dict[int, dict[str, ErrorBounds]] = {}
    for i, step in enumerate(run.steps, start=1):
        if step.t in keep:
            moved = np.abs(np.array([float(x) for x in step.theta]) - run.start)
            result[step.t] = _claims(run.passed_on(step.t).largest(fresh[:i], gradients[:i]), run.names, moved)
    return result


def _claims(total: Any, names: Sequence[str], moved: Any) -> dict[str, ErrorBounds]:
    n = len(moved)
    trusted = total[:n] <= CLAIM * moved
    found = {}
    for i, name in enumerate(names):
        part = total[i * n : (i + 1) * n] * (1 + 2.0**-20)
        found[name] = ErrorBounds(as_extended(np.where(trusted & np.isfinite(part), part, np.inf)))
    return found
