"""Which route reads which implementation. One file a route."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.proof.lifted import Lifted
from refopt.proof.lifted_schedule import LiftedSchedule
from refopt.proof.readings import Readings
from refopt.proof.readings import readings as in_every_frame
from refopt.proof.unreadable import CannotRead, Raised

ROUTES = {
    "TorchOptimizer": "torch_optimizers",
    "GeneratedTorch": "torch_optimizers",
    "optax": "optax_optimizers",
    "GeneratedJax": "optax_optimizers",
    "keras": "keras_optimizers",
    "sklearn": "sklearn_optimizers",
    "Optim": "refopt_optim",
    "PythonObject": "numpy_code",
}
"""By the adapter's class, or the framework of those with keyword arguments: the module with `lift(implementation, rule, frame)`, one formula an element."""
SCHEDULES = {
    "TorchSchedule": "torch_schedulers",
    "optax": "function_schedules",
    "GeneratedRate": "function_schedules",
    "keras": "function_schedules",
    "ScheduleObject": "numpy_schedules",
}


def readings(implementation: Any, rule: Rule) -> Readings:
    """The formula of an optimizer, in the symbols of the rule where they mean the same, and where another one holds. Raises CannotRead."""
    route = _route(implementation, ROUTES)
    return in_every_frame(lambda frame: route(implementation, rule, frame))


def lift(implementation: Any, rule: Rule) -> Lifted:
    """The formula of an optimizer that has one for all elements of all arrays. Raises CannotRead."""
    found = readings(implementation, rule)
    if found.apart:
        raise CannotRead(f"it has another formula {found.apart[0].where}")
    return found.whole


def lift_schedule(implementation: Any, schedule: Schedule) -> LiftedSchedule:
    """The formula of a schedule. Raises CannotRead."""
    found: LiftedSchedule = _route(implementation, SCHEDULES)(implementation, schedule)
    return found


def _route(implementation: Any, routes: dict[str, str]) -> Callable[..., Any]:
    kind = type(implementation).__name__
    key = kind if kind in routes else getattr(getattr(implementation, "framework", None), "package", "")
    if key not in routes:
        raise CannotRead(f"there is no way yet to run a {kind} on symbols")
    function = importlib.import_module(f"refopt.proof.{routes[key]}").lift
    return lambda *arguments: quietly(function, *arguments)


def quietly(function: Callable[..., Any], *arguments: Any) -> Any:
    """The function's result; whatever foreign code raises becomes CannotRead, whatever it prints or warns of is not shown."""
    from refopt.conformance.in_process import one_line, quiet

    try:
        with quiet():
            return function(*arguments)
    except (CannotRead, KeyboardInterrupt):
        raise
    except BaseException as error:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, CannotRead):
                raise CannotRead(str(cause)) from None
            cause = cause.__cause__ or cause.__context__
        raise Raised(f"run on symbols it raised {one_line(error)}") from None
