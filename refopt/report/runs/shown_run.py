"""A run as it is shown: its numbers in binary64, which is more than a picture can tell apart."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from refopt.exact.trajectory import Trajectory
from refopt.language.objective import Objective

Loss = Callable[[Sequence[float]], float]


def loss_function(objective: Objective, constants: Mapping[str, Any]) -> Loss:
    """The mean loss over all samples, in binary64; nan where it is not defined."""
    import sympy as sp

    names = [*(p.sym for p in objective.parameters), *(x.sym for x in objective.inputs)]
    known = {h.symbol.sym: sp.Rational(constants[h.name].numerator, constants[h.name].denominator) for h in objective.hyper}
    one = sp.lambdify(names, objective.loss.sym.xreplace(known), "math", cse=True)
    rows = [tuple(map(float, row)) for row in objective.data]

    def loss(theta: Sequence[float]) -> float:
        try:
            return float(sum(one(*theta, *row) for row in rows) / len(rows))
        except (ArithmeticError, ValueError, TypeError):
            return math.nan

    return loss


@dataclass(frozen=True)
class ShownRun:
    """A trajectory with its label and the loss that it went down.

    label     the rule as it was asked for
    hyper     the values it ran with, as texts
    diverges  the update in which it leaves the range of binary64, where it does; the trajectory ends before it
    """

    label: str
    trajectory: Trajectory
    hyper: Mapping[str, str]
    loss: Loss
    diverges: int | None = None

    @property
    def start(self) -> tuple[float, ...]:
        """The parameters before the first update."""
        return tuple(float(x) for x in self.trajectory.objective.start)

    @cached_property
    def path(self) -> list[tuple[float, ...]]:
        """The parameters at the start and after each update."""
        return [self.start, *(tuple(float(x) for x in s.theta) for s in self.trajectory.steps)]

    @property
    def near(self) -> list[tuple[float, ...]]:
        """The part of the path that a picture has room for: of a run that diverges, the first updates."""
        return self.path if self.diverges is None else self.path[:2]

    @cached_property
    def losses(self) -> list[float]:
        """The loss at each of them."""
        return [self.loss(theta) for theta in self.path]

    @property
    def rates(self) -> list[float]:
        """The rate of each update, of a rule that has one."""
        return [float(s.lr) for s in self.trajectory.steps if s.lr is not None]

    def state(self, name: str, element: int) -> list[float]:
        """A state at one element after each update."""
        return [float(s.state[name][element]) for s in self.trajectory.steps]
