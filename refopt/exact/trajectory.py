"""`refopt.run`: an exact trajectory of a rule on an objective, to as many digits as asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from refopt.catalogue import objective as objective_named
from refopt.catalogue import rule as rule_named
from refopt.catalogue import schedule as schedule_named
from refopt.errors import RefoptError
from refopt.exact.digits import digits as printed
from refopt.exact.mpmath_numbers import to_fraction
from refopt.exact.run import Progress, Step, closed_loop
from refopt.language.objective import Objective
from refopt.language.rule import Rule, Written
from refopt.language.schedule import Schedule


@dataclass(frozen=True)
class Trajectory:
    """An exact closed-loop run: `steps[i]` holds theta and every state after update i + 1, as mpmath numbers."""

    rule: Rule
    objective: Objective
    schedule: Schedule | None
    digits: int
    steps: tuple[Step, ...]

    @property
    def theta(self) -> tuple[Any, ...]:
        """theta after the last update."""
        return self.steps[-1].theta

    def text(self, step: int = -1) -> str:
        """theta after one step (the last one unless said otherwise), to the digits of the run."""
        return " ".join(printed(to_fraction(x), self.digits) for x in self.steps[step].theta)

    def __repr__(self) -> str:
        on = f"{self.rule.name} on {self.objective.name}" + (f", {self.schedule.name}" if self.schedule else "")
        return f"<{on}: {len(self.steps)} steps, {self.digits} digits, theta = {self.text()}>"


def run(
    rule: Rule | str,
    objective: Objective | str,
    *,
    steps: int = 100,
    hyper: Mapping[str, Written] | None = None,
    objective_hyper: Mapping[str, Written] | None = None,
    schedule: Schedule | str | None = None,
    schedule_hyper: Mapping[str, Written] | None = None,
    digits: int = 50,
    progress: Progress | None = None,
) -> Trajectory:
    """The exact trajectory of a rule on an objective, both by name or as objects.

    hyper, objective_hyper, schedule_hyper  values that replace the defaults, as people write them: "0.999" or 0.999
    schedule  gives the learning rate of step k = 0, 1, 2, ...
    digits    working precision; use exact.certify to have digits certified

    Raises UnknownName, OutsideDomain, or RefoptError for a run that diverges or a count that is not positive.
    """
    if steps < 1 or digits < 1:
        raise RefoptError(f"steps = {steps} and digits = {digits} must be at least 1")
    rule = rule_named(rule) if isinstance(rule, str) else rule
    objective = objective_named(objective) if isinstance(objective, str) else objective
    schedule = schedule_named(schedule) if isinstance(schedule, str) else schedule
    made = closed_loop(
        rule,
        objective,
        hyper=rule.values(hyper),
        objective_hyper=objective.values(objective_hyper),
        steps=steps,
        schedule=schedule,
        schedule_hyper=None if schedule is None else schedule.values(schedule_hyper),
        digits=digits,
        progress=progress,
    )
    return Trajectory(rule, objective, schedule, digits, tuple(made))
