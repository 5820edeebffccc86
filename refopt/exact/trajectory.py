"""`refopt.run`: an exact trajectory of a rule on an objective, to as many digits as asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from mpmath import mpf

from refopt.catalogue import objective as objective_named
from refopt.catalogue import rule as rule_named
from refopt.catalogue import schedule as schedule_named
from refopt.errors import RefoptError
from refopt.exact.course import Course, course
from refopt.exact.digits import digits as printed
from refopt.exact.mpmath_numbers import to_fraction
from refopt.exact.run import Progress, Step, closed_loop
from refopt.language.hyper import Written
from refopt.language.objective import Objective
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule

Kept = TypeVar("Kept")
GUARDS = (15, 30, 60, 120, 240, 480)
"""Digits that a run has beside those asked for: as many as it takes until the next more of them change nothing."""
MARGIN = 8
"""Two runs agree where they do to so many digits more than are asked for."""


@dataclass(frozen=True)
class Trajectory:
    """An exact closed-loop run: `steps[i]` holds theta and every state after update i + 1, as mpmath numbers.

    digits  to which two runs of different precision agree; the numbers have more
    """

    rule: Rule
    objective: Objective
    schedule: Schedule | None
    digits: int
    steps: tuple[Step, ...]

    @property
    def theta(self) -> tuple[Any, ...]:
        """theta after the last update."""
        return self.steps[-1].theta

    def texts(self, step: int = -1) -> dict[str, list[str]]:
        """theta and every state after one step (the last one unless said otherwise), to the digits of the run."""
        return {name: [printed(to_fraction(x), self.digits) for x in values] for name, values in _variables(self.steps[step]).items()}

    def text(self, step: int = -1) -> str:
        """theta after one step, to the digits of the run."""
        return " ".join(self.texts(step)["theta"])

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
    schedules: Mapping[str, Follows] | None = None,
    digits: int = 50,
    progress: Progress | None = None,
) -> Trajectory:
    """The exact trajectory of a rule on an objective, both by name or as objects.

    hyper, objective_hyper, schedule_hyper  values that replace the defaults, as people write them: "0.999" or 0.999
    schedule  gives the learning rate of step k = 0, 1, 2, ...
    schedules by name what other hyperparameters follow: a schedule, which begins at the hyperparameter's own value, one with values of its
              own, ("multi_step", {"milestones": [30, 80]}), or a list of values, one an update
    digits    that are right in every value: more are worked with, and more again until that changes nothing. Ball arithmetic
              decides digits for certain: exact.certify

    Raises UnknownName, OutsideDomain, or RefoptError for a run that diverges, that loses more digits than can be put beside
    those asked for, or a count that is not positive.
    """
    for name, count in (("steps", steps), ("digits", digits)):
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            raise RefoptError(f"{name} = {count!r} must be an integer of at least 1", help='refopt.run("adam", "rosenbrock", steps=100, digits=50)')
    rule = _one_of(rule, Rule, rule_named, "rule")
    objective = _one_of(objective, Objective, objective_named, "objective")
    schedule = None if schedule is None else _one_of(schedule, Schedule, schedule_named, "schedule")
    for name, given in (("hyper", hyper), ("objective_hyper", objective_hyper), ("schedule_hyper", schedule_hyper)):
        if given is not None and not isinstance(given, Mapping):
            raise RefoptError(f"{name} is a {type(given).__name__}, not a dict of values by name", help=f'{name}={{"lr": "0.01"}}')
    values, of_objective = rule.values(hyper), objective.values(objective_hyper)
    of_schedule = None if schedule is None else schedule.values(schedule_hyper)
    courses = _courses(rule, values, schedules, steps, schedule is not None)
    before: list[Step] | None = None
    for guard in GUARDS:
        made = closed_loop(
            rule, objective, hyper=values, objective_hyper=of_objective, steps=steps, schedule=schedule, schedule_hyper=of_schedule,
            courses=courses, digits=digits + guard, progress=progress,
        )  # fmt: skip
        if before is not None and _agree(before, made, digits):
            return Trajectory(rule, objective, schedule, digits, tuple(made))
        before = made
    raise RefoptError(
        f"{rule.name} on {objective.name}: {digits} digits after {steps} steps need more than {GUARDS[-1]} beside them",
        help="fewer steps, or a smaller rate: the run is too sensitive",
    )


Follows = Schedule | str | tuple[Schedule | str, Mapping[str, Written]] | Sequence[Written]
"""The thing that a hyperparameter may follow, its schedule by name or as an object."""


def _courses(rule: Rule, values: Mapping[str, Fraction], schedules: Mapping[str, Follows] | None, steps: int, has_rate: bool) -> dict[str, Course]:
    if schedules is not None and not isinstance(schedules, Mapping):
        raise RefoptError(f"schedules is a {type(schedules).__name__}, not a dict by name", help='schedules={"momentum": "cosine_annealing"}')
    found = {}
    for name, follows in (schedules or {}).items():
        if has_rate and name in rule.at_rate(None):
            raise RefoptError(f"{name} follows a schedule twice", help=f"leave {name} out of schedules, or say no schedule beside it")
        if isinstance(follows, str):
            follows = schedule_named(follows)
        elif isinstance(follows, tuple) and len(follows) == 2 and isinstance(follows[1], Mapping):
            follows = (_one_of(follows[0], Schedule, schedule_named, "schedule"), follows[1])
        found[name] = course(rule, name, follows, values.get(name, Fraction(0)), steps)
    return found


def _one_of(given: object, kind: type[Kept], named: Callable[[str], Kept], what: str) -> Kept:
    """The object given, by name or as itself. Raises UnknownName, or RefoptError for an object of another kind."""
    if isinstance(given, str):
        return named(given)
    if not isinstance(given, kind):
        shown = repr(given) if len(repr(given)) <= 40 else f"a {type(given).__name__}"
        raise RefoptError(f"{shown} is no {what}", help=f"a name (refopt list {what}s), or an object: refopt.{what}(NAME)")
    return given


def _variables(step: Step) -> dict[str, Sequence[Any]]:
    return {"theta": step.theta, **step.state}


def _agree(a: Sequence[Step], b: Sequence[Step], digits: int) -> bool:
    tolerance = mpf(10) ** -(digits + MARGIN)
    for one, other in zip(reversed(a), reversed(b), strict=True):  # the last steps first: that is where they part
        for xs, ys in zip(_variables(one).values(), _variables(other).values(), strict=True):
            if any(abs(x - y) > tolerance * abs(y) for x, y in zip(xs, ys, strict=True)):
                return False
    return True
