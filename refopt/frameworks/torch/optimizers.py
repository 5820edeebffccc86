"""torch.optim: its classes with their own keyword arguments (`foreach`, `fused`, `nesterov`, `amsgrad`, ...)."""

from __future__ import annotations

import inspect
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from refopt.conformance.protocol.implementation import Answer, Array, Known, Request, Snapshot, View
from refopt.conformance.protocol.in_process import Lacking, drive, one_line
from refopt.conformance.protocol.plain import encode
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.protocol.saved import Saved
from refopt.conformance.protocol.spelling import parse
from refopt.conformance.protocol.uphill import MayClimb
from refopt.errors import RefoptError
from refopt.frameworks.argument_names import Place, arguments_for
from refopt.frameworks.installed import member, package_version
from refopt.frameworks.misnamed import NoRuleYet
from refopt.frameworks.torch.names import ARGUMENTS, KNOWN, PLACES, VIEWS, judged_by, kept, ours
from refopt.frameworks.torch.not_judged import NOT_JUDGED
from refopt.language.rule import Rule


def known() -> list[Known]:
    """The configurations of a survey, and the rules they are judged by."""
    return [Known(f"torch.optim.{text.removesuffix('()')}", rule, "torch", package_version("torch")) for text, rule in KNOWN]


def load(text: str, rule: str | None = None) -> TorchOptimizer:
    """The optimizer spelled `text`. Raises RefoptError where torch has no such class or refuses the arguments."""
    import torch

    spelling = parse(text)
    factory = member(spelling.path, tuple(f"torch.optim.{name}" for name in ARGUMENTS))
    name = spelling.path.rpartition(".")[2]
    if name not in ARGUMENTS:
        raise NoRuleYet(spelling.path, "rule", tuple(ARGUMENTS), "torch.optim", NOT_JUDGED.get(spelling.path))
    try:
        defaults: dict[str, Any] = factory([torch.nn.Parameter(torch.zeros(2))], **spelling.arguments).defaults
    except Exception as error:
        raise RefoptError(f"{text} cannot be made: {one_line(error)}") from None
    settings = {ours(name, a): float(_standing(defaults, PLACES.get(a, Place(a)))) for a in ARGUMENTS[name]}
    return TorchOptimizer(text, name, factory, dict(spelling.arguments), rule or judged_by(name, defaults), settings)


def _standing(arguments: Mapping[str, Any], place: Place) -> Any:
    """The number at a place among arguments."""
    value = arguments[place.argument]
    return value if place.index is None else value[place.index]


@dataclass(frozen=True)
class TorchOptimizer(MayClimb):
    """A class of torch.optim with keyword arguments, as an implementation."""

    follows_courses: ClassVar[bool] = True
    read_by: ClassVar[str] = "refopt.frameworks.torch.lift_optimizers"
    name: str
    kind: str
    factory: Any
    arguments: Mapping[str, Any]
    rule: str | None
    settings: Mapping[str, float]
    version: str = field(default_factory=lambda: package_version("torch"))
    resumes: bool = True

    @property
    def spelled(self) -> str:
        """Spelling with which another process makes it again."""
        return self.name

    @property
    def every_argument(self) -> Mapping[str, Any]:
        """Those that are set; torch's own optimizers descend by default."""
        return self.arguments

    @property
    def told(self) -> tuple[str, ...]:
        """The remark on one that climbs."""
        return self.told_of_climbing

    @property
    def argument_names(self) -> Mapping[str, str]:
        """The constructor's name of each hyperparameter."""
        return {n: str(place) for n, place in self.places.items()}

    @property
    def places(self) -> Mapping[str, Place]:
        """Places of the hyperparameters among the arguments of the constructor, and in a parameter group."""
        return {ours(self.kind, a): PLACES.get(a, Place(a)) for a in ARGUMENTS[self.kind]}

    def views(self, rule: Rule) -> Mapping[str, View]:
        """The buffers that show the rule's state."""
        name = rule.name.partition("+")[0]
        table = VIEWS.get(name, VIEWS.get(name.partition("/")[0], {}))
        buffers = kept(self.kind, self.arguments)
        return {s: table[s] for s in rule.state_names if s in table and table[s].buffer in buffers}

    def run(self, request: Request) -> Answer:
        """Carry out a run with fresh parameters."""
        return drive(lambda r: _Live(self, r), self.faced(request))

    def keywords(self, hyper: Mapping[str, float]) -> dict[str, Any]:
        """The constructor's arguments: the person's own, with those of the case put over them."""
        places = self.places
        if lacking := [h for h in hyper if h not in places]:
            raise Lacking(Reason(Why.HAS_NO, tuple(lacking), f"torch.optim.{self.kind}"))
        held = arguments_for(places, {n: x for n, x in self.settings.items() if places[n].index is not None})
        return {**self.arguments, **arguments_for(places, hyper, held=held)}


class Live:
    """An optimizer of torch in the middle of a run.

    rate     what its parameter groups call the learning rate
    closure  the arguments of its step()
    placed   by hyperparameter, where it stands in a parameter group
    """

    def __init__(self, make: Callable[[list[Any]], Any], request: Request) -> None:
        import torch

        self.torch, self.format, self.one_value = torch, request.format, request.one_value
        self.make = make
        self.rate: str | None = "lr"
        self.closure: tuple[Any, ...] = ()
        self.further: dict[str, list[Any]] = {}
        self.placed: Mapping[str, Place] = {}
        self.params = [torch.nn.Parameter(self.tensor(x)) for x in request.theta0]
        self.optimizer = make(self.params)
        if self.optimizer.defaults.get("differentiable"):  # its updates are recorded, which no leaf that is trained allows
            for p in self.params:
                p.requires_grad_(False)
        if request.load is not None:
            self.load(request.load)
        elif request.state0 is not None or request.t0 > 1:
            self.begin(request)

    def begin(self, request: Request) -> None:
        """Start from the state of a request."""
        raise Lacking(Reason(Why.COUNT_NOT_KNOWN))

    @property
    def groups(self) -> list[Any]:
        """The parameter groups of what is judged."""
        return list(self.optimizer.param_groups)

    def tensor(self, x: Array) -> Any:
        if x.dtype != self.format.dtype:
            return self.torch.from_numpy(np.array(x))
        if self.format.name == "bfloat16":
            return self.torch.from_numpy(np.ascontiguousarray(x).view(np.int16).copy()).view(self.torch.bfloat16)
        return self.torch.from_numpy(np.ascontiguousarray(x).copy())

    def array(self, x: Any) -> Array:
        if not isinstance(x, self.torch.Tensor):
            return np.asarray(x)
        x = x.detach()
        raw: Array = x.view(self.torch.int16).numpy().view(self.format.dtype) if x.dtype == self.torch.bfloat16 else x.numpy()
        return raw.copy()

    def save(self) -> Saved:
        """The state_dict as torch.save writes it."""
        file = io.BytesIO()
        self.torch.save(self.optimizer.state_dict(), file)
        return Saved(encode(file.getvalue()), holds_rate=True)

    def load(self, saved: Saved) -> None:
        """Load a checkpoint as torch.load reads it, without pickled objects."""
        self.optimizer.load_state_dict(self.torch.load(io.BytesIO(saved.value()), weights_only=True))

    def change(self, values: Mapping[str, float]) -> None:
        """Put values into the parameter groups, as schedulers do. Raises Lacking for what does not stand there."""
        for group in self.groups:
            if missing := tuple(n for n in values if n not in self.placed or self.placed[n].argument not in group):
                raise Lacking(Reason(Why.HELD_IN_A_RUN, missing))
            for argument, value in arguments_for(self.placed, values, held=group).items():
                if self.torch.is_tensor(group[argument]):
                    group[argument].fill_(value)
                else:
                    group[argument] = value

    def step(self, t: int, grads: tuple[Array | None, ...], lr: float | None) -> None:
        if lr is not None:
            if self.rate is None:
                raise Lacking(Reason(Why.NO_RATE))
            for group in self.groups:
                group[self.rate] = lr
        for p, g in zip(self.params, grads, strict=True):
            p.grad = None if g is None else self.tensor(g)
        self.optimizer.step(*self.closure, **self.further)

    def give(self, inputs: Mapping[str, tuple[Array | None, ...]]) -> None:
        """Take these into the next update: keyword arguments of its step(), each a list of one tensor a parameter. Raises Lacking for others."""
        taken = inspect.signature(self.optimizer.step).parameters
        if not any(p.kind is p.VAR_KEYWORD for p in taken.values()) and (unknown := [n for n in inputs if n not in taken]):
            raise Lacking(Reason(Why.STEP_TAKES_NO, tuple(unknown)))
        self.further = {n: [None if x is None else self.tensor(x) for x in row] for n, row in inputs.items()}

    def buffers(self, state: Mapping[str, Any]) -> dict[str, Any]:
        """The values that one parameter's state shows, by name."""
        return {n: b for n, b in state.items() if (self.torch.is_tensor(b) or n in self.one_value) and n != "step"}

    def snapshot(self) -> Snapshot:
        states = [self.optimizer.state.get(p, {}) for p in self.params]
        buffers = tuple({n: self.array(b) for n, b in self.buffers(s).items()} for s in states)
        counters = tuple(int(s["step"]) if "step" in s else None for s in states)
        return Snapshot(tuple(self.array(p) for p in self.params), buffers, counters)


class _Live(Live):
    """An optimizer of torch.optim in the middle of a run."""

    def __init__(self, of: TorchOptimizer, request: Request) -> None:
        self.names = kept(of.kind, of.arguments)
        super().__init__(lambda params: of.factory(params, **of.keywords(request.hyper)), request)
        self.placed = of.places

    def begin(self, request: Request) -> None:
        """Load a state as a checkpoint is loaded. What is not given starts at zero; a number of one value is never zero, and refused."""
        given = request.state0 or tuple({} for _ in self.params)
        missing = tuple(name for name in self.names if any(name not in buffers for buffers in given))
        formats = self.formats_of_one_value() if request.one_value or missing else {}
        if unknown := tuple(name for name in missing if name in formats):
            raise Lacking(Reason(Why.STATE_NOT_KNOWN, unknown))
        state = {}
        for i, (p, buffers) in enumerate(zip(self.params, given, strict=True)):
            state[i] = {name: self.tensor(buffers[name]) if name in buffers else self.torch.zeros_like(p) for name in self.names}
            if type(self.optimizer).__name__ != "SGD":
                state[i]["step"] = self.torch.tensor(float(request.t0 - 1), dtype=self.torch.float32)
        self.optimizer.load_state_dict({"state": state, "param_groups": self.optimizer.state_dict()["param_groups"]})
        for i, (p, buffers) in enumerate(zip(self.params, given, strict=True)):
            for name in buffers.keys() & state[i].keys():  # loading puts all of them into the parameter's format, which is not everyone's own
                self.optimizer.state[p][name] = state[i][name].to(formats.get(name, state[i][name].dtype))

    def formats_of_one_value(self) -> dict[str, Any]:
        """The formats of the numbers of one value that it keeps, as its first update makes them."""
        other = self.torch.nn.Parameter(self.torch.zeros_like(self.params[0]))
        optimizer = self.make([other])
        other.grad = self.torch.zeros_like(other)
        optimizer.step()
        return {name: x.dtype for name, x in optimizer.state[other].items() if self.torch.is_tensor(x) and not x.dim()}
