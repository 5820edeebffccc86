"""optax's and keras' schedules, functions of the step: recorded by JAX with the step and every hyperparameter an input, and read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from refopt.conformance.adapters.function_schedule import FunctionSchedule
from refopt.language.expression import Expression, Kind, k
from refopt.language.schedule import Schedule
from refopt.proof.jaxpr import Reader
from refopt.proof.lifted_schedule import LiftedSchedule
from refopt.proof.numpy_code import symbolic_call
from refopt.proof.paths import Facts, explore
from refopt.proof.traced import Traced, recorded
from refopt.proof.unreadable import CannotRead

ROUTE = "its own code, as JAX records it (jaxpr)"


def lift(implementation: FunctionSchedule, schedule: Schedule) -> LiftedSchedule:
    """The formula of a framework's schedule. Raises CannotRead."""
    if implementation.framework.package == "keras":
        from refopt.conformance.adapters.keras_backend import keras_here

        if (backend := keras_here().backend.backend()) != "jax":
            raise CannotRead(f"keras runs on {backend} here; its own operations are recorded on JAX only (KERAS_BACKEND=jax)")
    hyper = tuple(h for h in schedule.hyper if h.name in implementation.form.hyper)
    known = Facts(tuple(c for h in hyper for c in h.conditions), {"k": 0})
    reader = Reader(known)
    numbers = [int(h.value(h.default)) if h.symbol.kind is Kind.INTEGER else float(h.value(h.default)) for h in hyper]

    def record(with_symbols: bool) -> Any:
        import jax

        def rate(values: Sequence[Any], count: Any) -> Any:
            traced = {h.name: Traced(x, h.symbol) if with_symbols else x for h, x in zip(hyper, values, strict=True)}
            arguments = symbolic_call(implementation.form.arguments)(traced)
            made = implementation.factory(**{**implementation.arguments, **arguments})
            return made(count)

        return jax.make_jaxpr(rate)(numbers, 3)

    def code() -> dict[str, Expression]:
        (found,) = reader.read(recorded(record), [*(h.symbol for h in hyper), k])
        if not isinstance(found, Expression):
            raise CannotRead("a condition where a rate is expected")
        return {"rate": found}

    with implementation.framework.scope():
        explored = explore(code, known, {h.name: True for h in hyper})
    assumed = tuple(sorted({*explored.assumed, *reader.assumed}))
    return LiftedSchedule(implementation.name, implementation.version, ROUTE, hyper, explored.values["rate"], assumed=assumed)
