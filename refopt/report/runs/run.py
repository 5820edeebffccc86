"""`refopt.run`: an exact trajectory that a notebook can show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from refopt.exact import trajectory
from refopt.exact.run import Progress
from refopt.exact.trajectory import Follows, Trajectory
from refopt.language.hyper import Written
from refopt.language.objective import Objective
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.report.drawing import Drawing


@dataclass(frozen=True, repr=False)
class Run(Trajectory):
    """An exact closed-loop run: `steps[i]` holds theta and every state after update i + 1, as mpmath numbers.

    digits     to which two runs of different precision agree; the numbers have more
    constants  of the objective, as they were given
    """

    constants: Mapping[str, Written] = field(default_factory=dict)

    def plot(self) -> Drawing:
        """The path, the loss, the rates and the states as pictures."""
        from refopt.report.runs.pictures import pictures
        from refopt.report.runs.sheet import sheet

        return Drawing(f"{self.rule.name} on {self.objective.name}", sheet(pictures([self._shown()])))

    def _repr_html_(self) -> str:
        from refopt.report.book.html import STYLE
        from refopt.report.html.style import scoped
        from refopt.report.runs.page import body

        return f'<div class="refopt"><style>{scoped()}{scoped(STYLE)}</style>{"".join(body([self._shown()]))}</div>'

    def _shown(self) -> Any:
        from refopt.report.runs.shown_run import ShownRun, loss_function

        loss = loss_function(self.objective, self.objective.values(self.constants))
        return ShownRun(self.rule.name, self, {}, loss)


def run(
    rule: Rule | str,
    objective: Objective | str,
    *,
    steps: int = 100,
    hyper: Mapping[str, Written] | None = None,
    objective_hyper: Mapping[str, Written] | None = None,
    schedule: Schedule | str | None = None,
    schedule_hyper: Mapping[str, Written] | None = None,
    schedules: Mapping[str, Follows] | None = None,
    digits: int = 50,
    progress: Progress | None = None,
) -> Run:
    """The exact trajectory of a rule on an objective, both by name or as objects: `refopt.run("adam", "rosenbrock", steps=100, digits=50)`.

    hyper, objective_hyper, schedule_hyper  values that replace the defaults, as people write them: "0.999" or 0.999
    schedule  gives the learning rate of step k = 0, 1, 2, ...
    schedules by name what other hyperparameters follow: a schedule, which begins at the hyperparameter's own value, one with values of its
              own, ("multi_step", {"milestones": [30, 80]}), or a list of values, one an update
    digits    that are right in every value

    A notebook shows its pictures; `plot()` gives them alone. Raises UnknownName, OutsideDomain, or RefoptError for a run that diverges or
    loses more digits than can be put beside those asked for, or a count that is not positive.

    >>> run("sgd", "ravine", steps=2, hyper={"lr": "0.125"}, digits=10).texts()["theta"]
    ['0.765625', '132.25']
    """
    made = trajectory.run(
        rule, objective, steps=steps, hyper=hyper, objective_hyper=objective_hyper, schedule=schedule, schedule_hyper=schedule_hyper, schedules=schedules,
        digits=digits, progress=progress,
    )  # fmt: skip
    return Run(made.rule, made.objective, made.schedule, made.digits, made.steps, dict(objective_hyper or {}))
