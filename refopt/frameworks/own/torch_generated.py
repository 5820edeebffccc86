"""The torch code that refopt generates: `refopt.generated.torch.Adam`, an optimizer, or a schedule's module."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from refopt.conformance.protocol.implementation import Answer, Array, Known, Request, View
from refopt.conformance.protocol.in_process import Lacking, drive
from refopt.conformance.protocol.reason import Reason, Why
from refopt.frameworks.argument_names import Place
from refopt.frameworks.installed import package_version
from refopt.frameworks.misnamed import not_generated
from refopt.frameworks.own.numpy_generated import names
from refopt.frameworks.own.schedule_object import ScheduleObject
from refopt.frameworks.torch.optimizers import Live
from refopt.language.rule import Rule

PACKAGE = "refopt.generated.torch"


def known() -> list[Known]:
    """None in a survey: these are refopt's own, the same formulas as its NumPy code."""
    return []


def load(text: str, rule: str | None = None) -> GeneratedTorch | ScheduleObject:
    """The optimizer or the schedule that `text` names. Raises UnknownName."""
    modules, wanted = names(), text.removeprefix(f"{PACKAGE}.")
    classes = {"".join(word.capitalize() for word in module.split("_")): module for module in modules}
    module = classes.get(wanted, wanted)
    if module not in modules:
        raise not_generated(text, "torch", PACKAGE, (*classes, *modules))
    found, family = importlib.import_module(f"{PACKAGE}.{module}"), modules[module].partition("/")[0]
    if hasattr(found, "rate"):
        return ScheduleObject(text, package_version("torch"), rule or family, found)
    factory = getattr(found, next(name for name, m in classes.items() if m == module))
    defaults = {n: float(p.default) for n, p in inspect.signature(factory).parameters.items() if n != "params"}
    return GeneratedTorch(text, package_version("torch"), rule or family, factory, defaults)


@dataclass(frozen=True)
class GeneratedTorch:
    """A generated optimizer of torch as an implementation."""

    read_by: ClassVar[str] = "refopt.frameworks.torch.lift_optimizers"
    follows_courses: ClassVar[bool] = True
    name: str
    version: str
    rule: str | None
    factory: Any
    settings: Mapping[str, float]
    resumes: bool = True
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def spelled(self) -> str:
        """Spelling with which another process makes it again."""
        return self.name

    def views(self, rule: Rule) -> Mapping[str, View]:
        """Each state variable stands under its own name."""
        return {name: View(name) for name in rule.state_names}

    def run(self, request: Request) -> Answer:
        """Carry out a run with fresh parameters."""
        return drive(lambda r: _Live(self, r), request)

    def keywords(self, hyper: Mapping[str, float]) -> dict[str, Any]:
        """The constructor's arguments."""
        if lacking := [h for h in hyper if h not in self.settings]:
            raise Lacking(Reason(Why.HAS_NO, tuple(lacking), self.name))
        return dict(hyper)


class _Live(Live):
    def __init__(self, of: GeneratedTorch, request: Request) -> None:
        super().__init__(lambda params: of.factory(params, **of.keywords(request.hyper)), request)
        self.placed = {n: Place(n) for n in of.settings}

    def given(self, x: Array, start: Any) -> Any:
        """A state as its start is: a tensor, or a Python number."""
        return self.tensor(x) if isinstance(start, self.torch.Tensor) else type(start)(x)

    def begin(self, request: Request) -> None:
        """Load a state as a checkpoint is loaded; what is not given starts as the rule does."""
        given = request.state0 or tuple({} for _ in self.params)
        state = {}
        for i, (p, buffers) in enumerate(zip(self.params, given, strict=True)):
            start = type(self.optimizer).init(p.detach())
            state[i] = {"step": request.t0 - 1, **{name: self.given(buffers[name], x) if name in buffers else x for name, x in start.items()}}
        self.optimizer.load_state_dict({"state": state, "param_groups": self.optimizer.state_dict()["param_groups"]})
