"""The JAX code that refopt generates: `refopt.generated.jax.adam`, judged through its optax-compatible transformation."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from refopt.conformance.protocol.door import Answers, Door
from refopt.conformance.protocol.implementation import Answer, Array, Known, NoAnswer, Rates, Request, Sent, Skipped, Snapshot, View
from refopt.conformance.protocol.in_process import Lacking, drive, refuse_past_int32
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.protocol.saved import Saved
from refopt.frameworks.configured import Optimized
from refopt.frameworks.installed import package_version
from refopt.frameworks.jax_mode import jax_mode
from refopt.frameworks.jax_state import flattened, unflattened
from refopt.frameworks.misnamed import not_generated
from refopt.frameworks.own.numpy_generated import names
from refopt.frameworks.own.schedule_object import ScheduleObject
from refopt.language.rule import Rule
from refopt.rounding.formats import FLOAT64

PACKAGE = "refopt.generated.jax"


def known() -> list[Known]:
    """None in a survey: these are refopt's own, the same formulas as its NumPy code."""
    return []


def load(text: str, rule: str | None = None) -> GeneratedJax | GeneratedRate:
    """The transformation or the schedule that `text` names. Raises UnknownName."""
    modules, wanted = names(), text.removeprefix(f"{PACKAGE}.")
    if wanted not in modules:
        raise not_generated(text, "JAX", PACKAGE, tuple(modules))
    found, family = importlib.import_module(f"{PACKAGE}.{wanted}"), modules[wanted].partition("/")[0]
    if hasattr(found, "rate"):
        return GeneratedRate(text, package_version("jax"), rule or family, found)
    factory = getattr(found, wanted)
    defaults = {n: float(p.default) for n, p in inspect.signature(factory).parameters.items()}
    return GeneratedJax(text, package_version("jax"), rule or family, factory, defaults)


@dataclass(frozen=True)
class GeneratedRate(ScheduleObject):
    """A generated schedule, as JAX computes in 64 bits."""

    read_by: ClassVar[str] = "refopt.frameworks.lift_function_schedules"
    @property
    def hyper_names(self) -> tuple[str, ...]:
        """Its hyperparameters."""
        return tuple(self.settings)

    def scope(self) -> AbstractContextManager[None]:
        """Context in which it is asked."""
        return jax_mode(FLOAT64)

    def rates(self, hyper: Mapping[str, Sent], steps: Sequence[int]) -> Rates | Skipped | NoAnswer:
        """Each step asked for by itself."""
        with self.scope():
            return super().rates(hyper, steps)

    def through(self, door: Door, hyper: Mapping[str, Sent], steps: Sequence[int]) -> Answers:
        """The rates behind a door."""
        with self.scope():
            return super().through(door, hyper, steps)


@dataclass(frozen=True)
class GeneratedJax:
    """A generated gradient transformation as an implementation."""

    read_by: ClassVar[str] = "refopt.frameworks.optax.lift_optimizers"
    follows_courses: ClassVar[bool] = True
    name: str
    version: str
    rule: str | None
    factory: Any
    settings: Mapping[str, float]
    resumes: bool = True

    @property
    def spelled(self) -> str:
        """Spelling with which another process makes it again."""
        return self.name

    def views(self, rule: Rule) -> Mapping[str, View]:
        """Each state variable stands under its own name."""
        return {name: View(name) for name in rule.state_names}

    def run(self, request: Request) -> Answer:
        """Carry out a run from fresh parameters."""
        return drive(lambda r: _Live(self, r), request)

    @property
    def hyper_names(self) -> tuple[str, ...]:
        """Hyperparameters that its factory takes."""
        return tuple(self.settings)

    def keywords(self, hyper: Mapping[str, Any]) -> dict[str, Any]:
        """The factory's arguments."""
        if lacking := [h for h in hyper if h not in self.settings]:
            raise Lacking(Reason(Why.HAS_NO, tuple(lacking), self.name))
        return dict(hyper)


class _Live:
    def __init__(self, of: GeneratedJax, request: Request) -> None:
        self.of, self.request, self.optimized = of, request, Optimized(request, "a gradient transformation")
        self.hyper, self.further = dict(request.hyper), dict[str, Any]()
        self.theta: list[Array] = [x.copy() for x in request.theta0]
        refuse_past_int32(request)
        if not self.optimized.places:
            raise Lacking(Reason(Why.NO_GRADIENT_AT_ALL))
        with jax_mode(request.format):
            import jax.numpy as jnp

            self.params = [jnp.asarray(x) for x in self.optimized.of(request.theta0)]
            state = self.optimizer(None).init(self.params)
            given = self.optimized.of(request.state0 or tuple({} for _ in self.theta))
            kept = {n: [jnp.asarray(b[n], x.dtype) if n in b else x for b, x in zip(given, rows, strict=True)] for n, rows in state.kept.items()}
            if request.load is not None:
                self.state = unflattened(state, request.load)
                return
            self.state = state._replace(count=jnp.asarray(request.t0 - 1, jnp.int32), kept=kept)

    def optimizer(self, lr: float | None) -> Any:
        """The transformation with the rate of this step."""
        return self.of.factory(**self.of.keywords({**self.hyper, **({} if lr is None else {"lr": lr})}))

    def save(self) -> Saved:
        """The leaves of its state."""
        return flattened(self.state)

    def change(self, values: Mapping[str, float]) -> None:
        """Make the transformation with these values from now on: its state holds none of them."""
        self.hyper |= values

    def give(self, inputs: Mapping[str, tuple[Array | None, ...]]) -> None:
        """Take these into the next update."""
        import jax.numpy as jnp

        with jax_mode(self.request.format):
            self.further = {n: [jnp.asarray(x) for x in self.optimized.of(row)] for n, row in inputs.items()}

    def step(self, t: int, grads: tuple[Array | None, ...], lr: float | None) -> None:
        """One update, applied as optax.apply_updates applies it."""
        import jax.numpy as jnp

        with jax_mode(self.request.format):
            changes, self.state = self.optimizer(lr).update([jnp.asarray(g) for g in self.optimized.of(grads)], self.state, self.params, **self.further)
            self.params = [theta + change for theta, change in zip(self.params, changes, strict=True)]

    def snapshot(self) -> Snapshot:
        """Copies of the parameters, the state and its counter."""
        everywhere = len(self.theta)
        seen = [{n: np.array(rows[i]) for n, rows in self.state.kept.items()} for i in range(len(self.params))]
        theta = self.optimized.put([np.array(x) for x in self.params], [x.copy() for x in self.theta])
        counts = self.optimized.put([int(self.state.count)] * len(seen), [None] * everywhere)
        return Snapshot(tuple(theta), tuple(self.optimized.put(seen, [{}] * everywhere)), tuple(counts))
