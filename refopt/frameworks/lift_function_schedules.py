"""optax's and keras' schedules and our own generated ones for JAX, functions of the step: recorded by JAX with the step and every
hyperparameter an input, and read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from refopt.catalogue.symbols import lr
from refopt.frameworks.function_schedule import FunctionSchedule
from refopt.frameworks.own.jax_generated import GeneratedRate
from refopt.language.compose import substitute
from refopt.language.expression import Expression, Kind, equal, k, literal, where
from refopt.language.hyper import Hyper
from refopt.language.schedule import Schedule
from refopt.lifting.assumption import Assumed, in_order, of_zero
from refopt.lifting.identity import Answer, identical
from refopt.lifting.jaxpr import Reader
from refopt.lifting.lifted_schedule import LiftedSchedule
from refopt.lifting.needs import unproved
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.paths import Facts, explore
from refopt.lifting.python_code import symbolic_call
from refopt.lifting.traced import Traced, recorded
from refopt.lifting.unreadable import CannotRead

ROUTE = "its own code, as JAX records it (jaxpr)"
Rate = Callable[[Mapping[str, Any], Any], Any]
"""The rate in the hyperparameters and the step, which may be traced."""


def lift(implementation: FunctionSchedule | GeneratedRate, schedule: Schedule) -> LiftedSchedule:
    """The formula of a framework's schedule. Raises CannotRead."""
    if isinstance(implementation, FunctionSchedule) and implementation.framework.package == "keras":
        from refopt.frameworks.keras.backend import keras_here

        if (backend := keras_here().backend.backend()) != "jax":
            raise CannotRead(Obstacle.OTHER_BACKEND, "keras", backend, "JAX", "KERAS_BACKEND=jax")
    if isinstance(implementation, FunctionSchedule) and implementation.form.listed is not None:
        raise CannotRead(Obstacle.LIST_OF_ANY_LENGTH, implementation.form.listed)
    hyper = tuple(h for h in schedule.hyper if h.name in implementation.hyper_names)
    assumed: set[Assumed] = set()
    rate_in = _rate(implementation)
    with implementation.scope():
        rate = _joined(lambda step, least: _read(rate_in, hyper, step, least, assumed))
    # an end that a framework takes as a part of the rate is ours divided by the rate: where that is 0 there is no such part
    parts = frozenset({"lr"}) if isinstance(implementation, FunctionSchedule) and any(n.op == "div" and n.args[1] == lr for n in rate.walk()) else frozenset()
    every = in_order((*assumed, *(of_zero(n, True) for n in parts)))
    return LiftedSchedule(implementation.name, implementation.version, ROUTE, hyper, rate, assumed=every, nonzero=parts)


def _rate(implementation: FunctionSchedule | GeneratedRate) -> Rate:
    if isinstance(implementation, GeneratedRate):
        return lambda hyper, count: implementation.made.rate(count, **hyper)
    arguments = symbolic_call(implementation.form.arguments)
    return lambda hyper, count: implementation.factory(**{**implementation.arguments, **arguments(hyper)})(count)


def _joined(read: Callable[[Expression, int], Expression]) -> Expression:
    """The rate of any step; where the code cannot be read for all at once, as a division of whole numbers by sign, of 0 and of later ones."""
    try:
        return read(k, 0)
    except CannotRead:
        later, first = read(k, 1), read(literal(0), 0)
    at_start = substitute(later, {"k": literal(0)})
    same = identical(at_start.sym, first.sym) is Answer.PROVED and unproved({"rate": first}, {"rate": at_start}, {}) is None
    return later if same else where(equal(k, 0), first, later)


def _read(rate_in: Rate, hyper: Sequence[Hyper], step: Expression, least: int, assumed: set[Assumed]) -> Expression:
    known = Facts(tuple(c for h in hyper for c in h.conditions), {"k": least})
    reader = Reader(known, either=step != k or least > 0)  # what cannot be read for all steps at once is read for 0 and later ones apart
    numbers = [int(h.value(h.default)) if h.symbol.kind is Kind.INTEGER else float(h.value(h.default)) for h in hyper]

    def record(with_symbols: bool) -> Any:
        import jax

        def rate(values: Sequence[Any], count: Any) -> Any:
            traced = {h.name: Traced(x, h.symbol) if with_symbols else x for h, x in zip(hyper, values, strict=True)}
            return rate_in(traced, count)

        return jax.make_jaxpr(rate)(numbers, 3)

    def code() -> dict[str, Expression]:
        (found,) = reader.read(recorded(record), [*(h.symbol for h in hyper), step])
        if not isinstance(found, Expression):
            raise CannotRead(Obstacle.CONDITION_FOR_A_RATE)
        return {"rate": found}

    explored = explore(code, known, {h.name: True for h in hyper}, fixed=True)
    assumed.update((*explored.assumed, *reader.assumed))
    return explored.values["rate"]
