"""refopt's own optimizers, `refopt.optim.Adam(engine="numpy")`, judged like anybody's."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from refopt.conformance.protocol.implementation import Answer, Array, Known, Request, Snapshot, View
from refopt.conformance.protocol.in_process import Lacking, drive, one_line
from refopt.conformance.protocol.plain import encode
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.protocol.saved import Saved
from refopt.conformance.protocol.spelling import parse
from refopt.errors import RefoptError
from refopt.frameworks.installed import member
from refopt.language.rule import Rule
from refopt.optim.plans import names_of_inputs, plan

HOME = "refopt.optim"


def known() -> list[Known]:
    """None: a survey is of other people's, and of the generated code that these run."""
    return []


def load(text: str, rule: str | None = None) -> Optim:
    """The optimizer spelled `text`, judged by its rule. Raises RefoptError where there is none of that name, or it refuses the arguments."""
    import numpy as np

    from refopt import optim

    spelling = parse(text)
    factory = member(spelling.path, (f"{HOME}.Adam", f"{HOME}.SGD"))
    if not (inspect.isclass(factory) and issubclass(factory, optim.Optimizer) and factory.family):
        raise RefoptError(f"{spelling.path} is no optimizer of {HOME}", help=f"for example {HOME}.Adam")
    try:
        made = factory(np.zeros(2), **spelling.arguments)
    except RefoptError as error:
        raise RefoptError(f"{text} cannot be made: {error.message}", help=error.help, note=error.note) from None
    except Exception as error:
        raise RefoptError(f"{text} cannot be made: {one_line(error)}") from None
    import refopt

    return Optim(text, refopt.__version__, factory, dict(spelling.arguments), rule or made.rule.partition("/")[0], dict(made.hyper))


@dataclass(frozen=True)
class Optim:
    """A class of refopt.optim with keyword arguments; every run gets fresh parameters."""

    read_by: ClassVar[str] = "refopt.frameworks.own.lift_refopt_optim"
    follows_courses: ClassVar[bool] = True
    name: str
    version: str
    factory: Any
    arguments: Mapping[str, Any]
    rule: str | None
    settings: Mapping[str, float]
    resumes: bool = True

    @property
    def spelled(self) -> str:
        """Spelling with which another process makes it again."""
        return self.name

    def views(self, rule: Rule) -> Mapping[str, View]:
        """Each state variable stands under its own name, where it stands at all."""
        return {name: View(name) for name in rule.state_names}

    def run(self, request: Request) -> Answer:
        """Carry out a run."""
        return drive(lambda r: _Live(self, r), request)


class _Live:
    def __init__(self, of: Optim, request: Request) -> None:
        if lacking := [h for h in request.hyper if h not in of.settings]:
            raise Lacking(Reason(Why.HAS_NO, tuple(lacking), of.name))
        if of.arguments.get("engine") == "c" and request.format.name not in ("float64", "float32"):
            raise Lacking(Reason(Why.HAS_FORMATS, ("float64", "float32"), "engine c"))
        self.inputs: Mapping[str, tuple[Array | None, ...]] = {}
        self.theta = [x.copy() for x in request.theta0]
        self.optimizer = of.factory(self.theta, **{**of.arguments, **request.hyper})
        if request.load is not None:
            self.optimizer.load_state_dict(request.load.value())
            return
        saved = self.optimizer.state_dict()
        for own, given in zip(saved["state"].values(), request.state0 or (), strict=False):
            if unseen := [name for name in given if name not in own]:
                raise Lacking(Reason(Why.SHOWS_NO, tuple(unseen)))
            own.update({name: x.astype(own[name].dtype) for name, x in given.items()})
        self.optimizer.load_state_dict({**saved, "t": request.t0 - 1})

    def save(self) -> Saved:
        """The state_dict: plain containers."""
        return Saved(encode(self.optimizer.state_dict()), holds_rate=True)

    def change(self, values: Mapping[str, float]) -> None:
        """Set hyperparameters."""
        self.optimizer.set(**values)

    def give(self, inputs: Mapping[str, tuple[Array | None, ...]]) -> None:
        """Take these into the next update."""
        if unknown := [n for n in inputs if n not in names_of_inputs(plan(self.optimizer.rule))]:
            raise Lacking(Reason(Why.TAKES_NO, tuple(unknown)))
        self.inputs = inputs

    def step(self, t: int, grads: tuple[Array | None, ...], lr: float | None) -> None:
        """One update."""
        if lr is not None:
            self.optimizer.set(lr=lr)
        self.optimizer.step(list(grads), **{n: list(row) for n, row in self.inputs.items()})

    def snapshot(self) -> Snapshot:
        """Copies of the parameters and of the state."""
        state = tuple({name: x.copy() for name, x in kept.items()} for kept in self.optimizer.state.values())
        return Snapshot(tuple(x.copy() for x in self.theta), state, (self.optimizer.t,) * len(self.theta))
