"""Objects with `rate(k, **hyper)`, and our own generated schedules: run on symbols."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from refopt.frameworks.own.calling.schedules import CalledSchedule
from refopt.frameworks.own.lift_calls import place_of
from refopt.frameworks.own.schedule_object import ScheduleObject
from refopt.frameworks.own_arguments import takes_any
from refopt.language.expression import Expression, k
from refopt.language.schedule import Schedule
from refopt.lifting.assumption import Assumed, Assumption
from refopt.lifting.frame import Frame, Number, note, reading
from refopt.lifting.kept_state import kept, named, refuse_changes
from refopt.lifting.lifted_schedule import LiftedSchedule
from refopt.lifting.look import Look
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.paths import Facts, explore
from refopt.lifting.python_code import symbolic_call
from refopt.lifting.scalar import Scalar, tree_of
from refopt.lifting.unreadable import CannotRead

ROUTE = "its own rate(), run on symbols"

TYPES = Assumed(Assumption.TYPES, ("k", *(x.value.__name__ for x in Number)), Look.TYPE)


def lift(implementation: ScheduleObject | CalledSchedule, schedule: Schedule) -> LiftedSchedule:
    """The formula of an object with `rate`, or of a function of the step. Raises CannotRead."""
    if isinstance(implementation, CalledSchedule):
        made, function, step, names = _called(implementation)
        hyper = tuple(h for h in schedule.hyper if h.name in names)
        fixed = implementation.fixed
    else:
        made, function, step, fixed = implementation.made, implementation.made.rate, "", {}
        parameters = inspect.signature(function).parameters
        open_ended = takes_any(function)
        hyper = tuple(h for h in schedule.hyper if open_ended or h.name in parameters)
        names = {h.name: h.name for h in hyper}

    def code() -> dict[str, Expression]:
        rate = symbolic_call(function)
        before = kept(made, rate)
        for look in named(made, rate):
            note(look)
        sent = {**fixed, **{names[h.name]: Scalar(h.symbol) for h in hyper}}
        value = rate(**{step: Scalar(k)}, **sent) if step else rate(Scalar(k), **sent)
        refuse_changes(before, kept(made, rate), "rate()")
        tree = tree_of(value)
        if tree is None:
            raise CannotRead(Obstacle.RATE_GIVES_A, type(value).__name__)
        return {"rate": tree}

    looks: set[Look] = set()
    with reading(Frame(), looks):
        found = explore(code, Facts(tuple(c for h in hyper for c in h.conditions), {"k": 0}))
    for number in (Number.INT, Number.NUMPY) if Look.TYPE in looks else ():
        with reading(Frame(number=number), set()):
            if explore(code, Facts(tuple(c for h in hyper for c in h.conditions), {"k": 0})).values != found.values:
                raise CannotRead(Obstacle.OTHER_FORMULA_FOR_A_TYPE, number.value.__name__)
    assumed = (*found.assumed, *((TYPES,) if Look.TYPE in looks else ()))
    return LiftedSchedule(implementation.name, implementation.version, ROUTE, hyper, found.values["rate"], assumed=assumed, catches=Look.CAUGHT in looks)


def _called(implementation: CalledSchedule) -> tuple[Any, Callable[..., Any], str, dict[str, str]]:
    """The parts of a schedule that is called: the function, the argument of the step, and its own names of hyperparameters."""
    if implementation.make is not None or not callable(implementation.ask):
        function = implementation.make or implementation.ask
        raise CannotRead(Obstacle.MADE_FOR_EACH_SETTING, place_of(function))
    return implementation.ask, implementation.ask, implementation.step, {n: p.argument for n, p in implementation.places.items()}
