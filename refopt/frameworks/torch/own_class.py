"""Anybody's subclass of torch.optim.Optimizer: `python:module:Class`, constructed with parameters and keyword arguments.

Its constructor's arguments are matched to the rule's hyperparameters by their names (`SYNONYMS`); what is not matched keeps its default.
No buffer is believed to be a state variable unless it goes by the rule's own name for it: theta is compared in open loop then. Saving and
loading is judged by its own state_dict.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from refopt.conformance.protocol.implementation import Answer, Request, View
from refopt.conformance.protocol.in_process import Lacking, drive, quiet
from refopt.frameworks.installed import package_version
from refopt.frameworks.subject import Subject
from refopt.frameworks.torch.optimizers import Live
from refopt.language.rule import Rule

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "lr": ("lr", "learning_rate", "step_size", "eta"),
    "beta1": ("beta1", "beta_1", "b1"),
    "beta2": ("beta2", "beta_2", "b2"),
    "eps": ("eps", "epsilon"),
    "momentum": ("momentum", "mu"),
    "dampening": ("dampening",),
    "rho": ("rho", "alpha", "decay_rate"),
    "weight_decay": ("weight_decay", "wd"),
}
"""By the glossary's name of a hyperparameter, the names that constructors give it."""
PAIR = "betas"
"""The argument that holds beta1 and beta2."""


@dataclass(frozen=True)
class Place:
    """Where a hyperparameter stands among the constructor's arguments: the argument, and which of its numbers."""

    argument: str
    index: int | None = None


def adopt(subject: Subject) -> TorchClass | None:
    """The implementation, where what was named is a subclass of torch.optim.Optimizer; None for anything else.

    Raises RefoptError where it cannot be constructed with parameters and the arguments of its spelling.
    """
    import torch

    made = subject.made
    if not isinstance(made, type) or not issubclass(made, torch.optim.Optimizer):
        return None
    try:
        with quiet():
            optimizer = made([torch.nn.Parameter(torch.zeros(2))], **subject.arguments)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise subject.cannot_be_made(error, f"say its other arguments: {subject.name.partition('(')[0]}(name=value)") from None
    places = _places(made, optimizer.param_groups[0])
    values = {ours: _value(optimizer.param_groups[0], place) for ours, place in places.items()}
    settings = {n: x for n, x in values.items() if x is not None}
    return TorchClass(subject.name, made, subject.meant, places, settings, dict(subject.arguments), subject.spelled)


def _places(made: Any, group: Mapping[str, Any]) -> dict[str, Place]:
    """The hyperparameters among the arguments; those alone that stand in the parameter group as well, where a run can change them."""
    arguments = [n for n in list(inspect.signature(made).parameters)[1:] if n in group]
    found = {ours: Place(next(n for n in names if n in arguments)) for ours, names in SYNONYMS.items() if set(names) & set(arguments)}
    if PAIR in arguments and isinstance(group[PAIR], tuple | list) and len(group[PAIR]) == 2:
        found |= {"beta1": Place(PAIR, 0), "beta2": Place(PAIR, 1)}
    return found


def _value(group: Mapping[str, Any], place: Place) -> float | None:
    found = group[place.argument] if place.index is None else group[place.argument][place.index]
    return float(found) if isinstance(found, int | float) else None


@dataclass(frozen=True)
class TorchClass:
    """A subclass of torch.optim.Optimizer, as an implementation.

    places    where each hyperparameter stands among its arguments
    settings  its own defaults, and what its spelling says
    arguments those that stand in its spelling
    spelled   how another process makes it again; None where none can
    """

    read_by: ClassVar[str] = "refopt.frameworks.torch.lift_optimizers"
    name: str
    constructor: Any
    rule: str | None
    places: Mapping[str, Place]
    settings: Mapping[str, float]
    arguments: Mapping[str, Any] = field(default_factory=dict)
    spelled: str | None = None
    version: str = field(default_factory=lambda: f"on torch {package_version('torch')}")
    resumes: bool = True

    @property
    def takes(self) -> frozenset[str]:
        """The hyperparameters among its arguments."""
        return frozenset(self.places)

    def views(self, rule: Rule) -> Mapping[str, View]:
        """Each state variable stands under its own name, where it stands at all."""
        return {name: View(name) for name in rule.state_names}

    def run(self, request: Request) -> Answer:
        """Carry out a run with fresh parameters."""
        return drive(lambda r: _Live(self, r), request)

    def keywords(self, hyper: Mapping[str, float]) -> dict[str, Any]:
        """The constructor's arguments for these values."""
        if lacking := [h for h in hyper if h not in self.places]:
            raise Lacking(f"{self.name} takes no {', '.join(lacking)}")
        sent: dict[str, Any] = {}
        for ours, value in hyper.items():
            place = self.places[ours]
            if place.index is None:
                sent[place.argument] = value
            else:
                pair = sent.setdefault(place.argument, [self.settings["beta1"], self.settings["beta2"]])
                pair[place.index] = value
        return {**self.arguments, **{n: tuple(x) if isinstance(x, list) else x for n, x in sent.items()}}


def closure(step: Callable[..., Any], loss: Any) -> tuple[Callable[[], Any], ...]:
    """The argument of a step() that requires a closure, which then returns this loss; none where it does not."""
    needed = [p for p in inspect.signature(step).parameters.values() if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return (lambda: loss,) if any(p.default is p.empty for p in needed) else ()


class _Live(Live):
    """An optimizer of a person's own class in the middle of a run."""

    def __init__(self, of: TorchClass, request: Request) -> None:
        super().__init__(lambda params: of.constructor(params, **of.keywords(request.hyper)), request)
        self.rate = of.places["lr"].argument if "lr" in of.places else None
        self.closure = closure(self.optimizer.step, self.torch.zeros(()))
