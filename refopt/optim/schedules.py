"""Learning-rate schedules as numbers: the generated code with its hyperparameters held.

    rates = schedule("cosine_annealing", lr=0.1, period=100)
    rates(0)                             the rate of the first update
    schedule("multi_step", lr=0.1, factor=0.1, milestones=[30, 80])
    Adam(params, schedule=rates)
"""

from __future__ import annotations

import importlib
import inspect
import math
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from refopt.errors import OutsideDomain, RefoptError, unknown_name
from refopt.generated import numpy as generated
from refopt.optim.plans import module_name


@dataclass(frozen=True)
class Schedule:
    """A schedule with its hyperparameters: called with k = 0, 1, 2, ... it gives a rate.

    >>> schedule("constant", lr=0.5)(7)
    0.5
    """

    name: str
    hyper: Mapping[str, float | tuple[int, ...]]

    def __call__(self, k: int) -> float:
        """The rate of step k."""
        rate: float = _code(self.name).rate(k, **self.hyper)
        return rate


def schedule(name: str, **hyper: float | Sequence[int]) -> Schedule:
    """The schedule of that name. Raises UnknownName for one that does not exist, RefoptError for hyperparameters it cannot take.

    >>> [schedule("exponential", lr=1.0, factor=0.5)(k) for k in range(3)]
    [1.0, 0.5, 0.25]
    """
    parameters = dict(list(inspect.signature(_code(name).rate).parameters.items())[1:])
    values = {n: p.default for n, p in parameters.items()}
    for n, x in hyper.items():
        if n not in values:
            raise unknown_name("hyperparameter", n, tuple(values))
        values[n] = _list(name, n, x, isinstance(values[n][0], int)) if isinstance(values[n], tuple) else _number(name, n, x, isinstance(values[n], int))
    code = _code(name)
    if (wrong := code.outside(**values)) is not None:
        raise OutsideDomain(f"{name}: {wrong} = {values[wrong]!r} is outside {code.DOMAIN[wrong]}", help=f"refopt show {name} lists the domains")
    made = Schedule(name, values)
    try:
        first = made(0)
    except (ArithmeticError, ValueError) as error:
        raise OutsideDomain(f"{name} has no rate at step 0: {error}", help=f"refopt show {name} lists the domains") from None
    if not math.isfinite(first) or first < 0:
        raise OutsideDomain(f"{name} has the rate {first} at step 0", help=f"refopt show {name} lists the domains")
    return made


def _list(schedule: str, name: str, value: Any, whole: bool) -> tuple[float, ...]:
    if not isinstance(value, list | tuple):
        raise OutsideDomain(f"{schedule}: {name} = {value!r} is not a list", help=f"write {name}=[30, 80]")
    return tuple(_number(schedule, name, x, whole) for x in value)


def _number(schedule: str, name: str, value: Any, whole: bool) -> float:
    try:
        number = int(value) if whole and float(value).is_integer() else float(value)
    except (TypeError, ValueError, OverflowError):
        raise OutsideDomain(f"{schedule}: {name} = {value!r} is not a number", help=f"refopt show {schedule} lists the domains") from None
    if not math.isfinite(number) or (whole and not isinstance(number, int)):
        raise OutsideDomain(
            f"{schedule}: {name} = {value!r} is not {'a whole number' if whole else 'finite'}",
            help=f"refopt show {schedule} lists the domains",
        )
    return number


def _code(name: str) -> Any:
    module = module_name(name)
    every = [m.name for m in pkgutil.iter_modules(generated.__path__) if not m.name.startswith("_")]
    if module in every:
        found = importlib.import_module(f"{generated.__name__}.{module}")
        if hasattr(found, "rate"):
            return found
        raise RefoptError(f"{name} is a rule, not a schedule", help="refopt list schedules")
    raise unknown_name("schedule", name, every, listing="refopt list schedules")
