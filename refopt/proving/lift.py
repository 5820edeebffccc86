"""From an implementation to the module that reads its code: each kind of implementation names its own (`read_by`)."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from refopt.conformance.protocol.implementation import read_by
from refopt.frameworks import home
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.lifting.frame import Frame, stands_between
from refopt.lifting.library import beside
from refopt.lifting.lifted import Lifted
from refopt.lifting.lifted_schedule import LiftedSchedule
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.readings import Readings
from refopt.lifting.readings import readings as in_every_frame
from refopt.lifting.unreadable import CannotRead, Raised, raised_at


def readings(implementation: Any, rule: Rule) -> Readings:
    """The formula of an optimizer, in the symbols of the rule where they mean the same, and where another one holds. Raises CannotRead."""
    if rule.inputs:
        raise CannotRead(Obstacle.GIVEN_MORE, *rule.input_names)
    route = _route(implementation)
    climbs: str | None = getattr(implementation, "climbs", None)

    def read(frame: Frame) -> tuple[Lifted, ...]:
        found: tuple[Lifted, ...] = route(implementation, rule, frame)
        return found if climbs is None else tuple(x.on_the_turned_gradient(climbs) for x in found)

    return in_every_frame(read)


def lift(implementation: Any, rule: Rule) -> Lifted:
    """The formula of an optimizer that has one for all elements of all arrays. Raises CannotRead."""
    found = readings(implementation, rule)
    if found.apart:
        raise CannotRead(Obstacle.OTHER_FORMULA, found.apart[0].where)
    return found.whole


def lift_schedule(implementation: Any, schedule: Schedule) -> LiftedSchedule:
    """The formula of a schedule. Raises CannotRead."""
    found: LiftedSchedule = _route(implementation)(implementation, schedule)
    return found


def _route(implementation: Any) -> Callable[..., Any]:
    module = read_by(implementation)
    if module is None:
        raise CannotRead(Obstacle.NO_READER, type(implementation).__name__)
    function = importlib.import_module(module).lift
    stands_between(module)
    if module.startswith("refopt.") or (at := home(implementation.name)) is None or at.framework.library is None:
        return lambda *arguments: quietly(function, *arguments)
    library = at.framework.library  # of another package: it counts where code of its own framework is read, and nowhere else

    def read(*arguments: Any) -> Any:
        with beside(library):
            return quietly(function, *arguments)

    return read


def quietly(function: Callable[..., Any], *arguments: Any) -> Any:
    """The function's result; whatever foreign code raises becomes CannotRead, whatever it prints or warns of is not shown."""
    from refopt.conformance.protocol.in_process import one_line, quiet

    try:
        with quiet():
            return function(*arguments)
    except (CannotRead, KeyboardInterrupt):
        raise
    except BaseException as error:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, CannotRead):
                raise CannotRead(cause.reason, where=cause.where) from None
            cause = cause.__cause__ or cause.__context__
        raise Raised(Obstacle.RAISED, one_line(error), where=raised_at(error)) from None
