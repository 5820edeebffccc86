"""Sensitivity: how many bits a closed-loop run loses by the roundings it makes.

Each step commits one relative error in every variable; to first order these are passed on by the steps that follow.
The sensitivity at a step is log2 of their accumulated size, relative to theta or to how far theta has come, whichever
is larger, rounded up. Above 20 bits a binary64 run depends on the mathematical library, and is no golden data.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from refopt.errors import RefoptError
from refopt.language.linearize import FirstOrder, Matrix

LARGEST = 20
"""Bits above which a checkpoint is refused."""
EVERYTHING = 10**6
"""Bits that a run loses which leaves binary64."""


def bits_lost(run: FirstOrder, keep: Sequence[int] = ()) -> dict[int, int]:
    """Bits that a closed loop loses by each step number in `keep`: the last step where none is named."""
    wanted = set(keep) or {run.steps[-1].t}
    until = [step for step in run.steps if step.t <= max(wanted)]
    values = [np.abs(np.array([float(x) for x in (*step.theta, *(x for n in run.names[1:] for x in step.state[n]))])) for step in until]
    gradients = [np.abs(np.array([float(x) for x in step.g])) for step in until]
    lost: dict[int, int] = {}
    for i, step in enumerate(until, start=1):
        if step.t in wanted:
            try:
                amplified = run.passed_on(step.t).largest(values[:i], gradients[:i])[: len(run.start)]
            except OverflowError:  # the slope of the loss leaves binary64: the run has gone too far to be followed
                lost[step.t] = EVERYTHING
                continue
            lost[step.t] = _bits(amplified, np.array([float(x) for x in step.theta]), run.start)
    return lost


def _bits(amplified: Matrix, theta: Matrix, start: Matrix) -> int:
    sizes = np.maximum(np.abs(theta), np.abs(theta - start))
    moved = sizes > 0
    if not np.all(np.isfinite(amplified)):
        return EVERYTHING
    if not np.any(moved) or not np.any(amplified[moved]):
        return 0
    return max(0, math.ceil(math.log2(float((amplified[moved] / sizes[moved]).max()))))


def refuse_above(lost: Mapping[int, int], name: str, largest: int = LARGEST) -> None:
    """Raise RefoptError where a checkpoint loses more bits than allowed."""
    for t, bits in lost.items():
        if bits > largest:
            raise RefoptError(f"{name} loses {bits} bits in float64 by step {t} (limit {largest})", help="shorten it or contract the loss")
