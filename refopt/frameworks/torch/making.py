"""Constructing an optimizer of torch's kind with other parameters: from its class, from one that exists, or by a person's function."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from refopt.conformance.protocol.in_process import quiet
from refopt.errors import RefoptError
from refopt.frameworks.argument_names import SYNONYMS, arguments_for, matched
from refopt.frameworks.own.calling.libraries import Library, libraries_of
from refopt.frameworks.own.calling.roles import OF_A_MODEL, OF_PARAMETERS
from refopt.frameworks.own.calling.source import source_of
from refopt.frameworks.own_arguments import named_parameters, takes_any, usual_values
from refopt.frameworks.subject import SCHEDULE_APART, Subject
from refopt.frameworks.torch.around import around, inner_of, refuse_made_already

BY_MODULE = "torch.optim."


@dataclass(frozen=True)
class Maker:
    """A maker of optimizers from parameters and keyword arguments.

    of              called with a list of parameters
    signature       its arguments after the parameters, with their defaults; those without one are left out
    needed          those without a default that are hyperparameters, with usual values
    given           the arguments that it is always made with
    takes_any       it takes any keyword: those of its parameter group can be sent
    torch_spelling  the spelling of torch's own class, where it is one
    told            what a person should know of how it is made
    """

    of: Callable[..., Any]
    signature: Mapping[str, Any]
    given: Mapping[str, Any] = field(default_factory=dict)
    takes_any: bool = False
    torch_spelling: str | None = None
    told: tuple[str, ...] = ()
    needed: Mapping[str, Any] = field(default_factory=dict)

    def arguments(self, group: Mapping[str, Any]) -> dict[str, Any]:
        """Its arguments and their values: what is given, else the default."""
        of_group = {n: x for n, x in group.items() if n != "params"} if self.takes_any else {}
        return {**of_group, **self.needed, **self.signature, **self.given}

    def tried(self, subject: Subject) -> Any:
        """An optimizer of one small parameter. Raises RefoptError where that cannot be made."""
        import torch

        try:
            with quiet():
                made = self.of([torch.nn.Parameter(torch.zeros(2))], **{**self.needed, **self.given})
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise subject.cannot_be_made(error, f"say its other arguments: {subject.name.partition('(')[0]}(name=value)") from None
        if not isinstance(made, torch.optim.Optimizer):
            raise RefoptError(f"{subject.name} made a {type(made).__name__}, not an optimizer", help="it returns a torch.optim.Optimizer")
        if not made.param_groups:
            raise RefoptError(f"{subject.name} has no parameter groups", help="its __init__ calls super().__init__(params, defaults)")
        return made


def maker(subject: Subject) -> Maker | None:
    """The maker of an optimizer of torch's kind or a function that returns one; None for anything else."""
    import torch

    made = subject.made
    refuse_made_already(subject)
    if isinstance(made, type):
        return _of_class(made, subject.arguments) if issubclass(made, torch.optim.Optimizer) else None
    if isinstance(made, torch.optim.Optimizer):
        return _of_instance(made, subject)
    return _of_function(subject) if inspect.isfunction(made) else None


def _of_class(made: type, given: Mapping[str, Any]) -> Maker:
    named = getattr(made, "__module__", "").startswith(BY_MODULE)
    written = ", ".join(f"{n}={x!r}" for n, x in given.items())
    spelling = f"{BY_MODULE}{made.__name__}{f'({written})' if written else ''}" if named else None
    return Maker(made, _defaults(made), dict(given), takes_any(made), spelling, needed=_needed(made, given))


def _of_instance(made: Any, subject: Subject) -> Maker:
    """The same class with the values that the instance has: in its first parameter group, its defaults, or by its attributes."""
    cls, group = type(made), made.param_groups[0]
    found: dict[str, Any] = {}
    roles = {place.argument: n for n, place in matched(list(inspect.signature(cls).parameters), SYNONYMS).items() if place.index is None}
    of_group = {n: group[place.argument] for n, place in matched([n for n in group if n != "params"], SYNONYMS).items() if place.index is None}
    for name, parameter in list(named_parameters(cls).items())[1:]:
        for place in (group, made.defaults, vars(made)):
            if name in place:
                found[name] = place[name]
                break
        else:
            if roles.get(name) in of_group:  # the group has another word for it
                found[name] = of_group[roles[name]]
            elif parameter.default is parameter.empty:
                way = "name a function that makes it: def make(params): return ..."
                raise RefoptError(f"{subject.name} cannot be made again: what its argument {name} was is not kept", help=way)
    if takes_any(cls):
        found = {**{n: x for n, x in made.defaults.items() if n not in found}, **found}
    differ = [n for n in group if n != "params" and any(_differs(g.get(n), group[n]) for g in made.param_groups)]
    told = (f"{len(made.param_groups)} parameter groups, which differ in {', '.join(differ)}: the first one's values are used",) if differ else ()
    of = _of_class(cls, found)
    return replace(of, told=told)


def _differs(a: Any, b: Any) -> bool:
    try:
        return bool(a != b)
    except (RuntimeError, ValueError):  # tensors of several elements
        return True


def _of_function(subject: Subject) -> Maker | None:
    """A function of parameters, or of a model, that returns an optimizer: found by calling it.

    Raises RefoptError where it is one of torch that raises: one that reads gradients may be called with them, and is left to others.
    """
    import torch

    made, given = subject.made, subject.arguments

    parameters = list(inspect.signature(made).parameters.values())
    required = [p for p in parameters if p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) and p.name not in given]
    if len(required) != 1 or required[0] is not parameters[0]:
        return None
    name = required[0].name.lower()
    of_model = any(x in name for x in OF_A_MODEL)
    if not of_model and not any(x in name for x in OF_PARAMETERS):
        return None
    of = partial(_with_model, made) if of_model else made
    result = _made_of(of, 2, given)
    if isinstance(result, _Raised):
        if libraries_of([made])[0] is Library.TORCH and "grad" not in source_of([made]).attributes:
            raise subject.cannot_be_made(result.error)
        return None
    if isinstance(result, torch.optim.Optimizer):
        return Maker(of, _defaults(made), dict(given), takes_any(made))
    if (inner := inner_of(result)) is not None:
        told = f"its step is that of {type(result).__name__}, around torch's {type(inner).__name__}"
        return Maker(lambda params, **sent: around(of(params, **sent)), _defaults(made), dict(given), takes_any(made), told=(told,))
    return _of_both(of, made, given) if optimizer_in(result) is not None else None


@dataclass(frozen=True)
class _Raised:
    """An error instead of a result."""

    error: BaseException


def _made_of(of: Callable[..., Any], size: int, given: Mapping[str, Any]) -> Any:
    """The result of a function of parameters for one of a few elements, or what it raised."""
    import torch

    try:
        with quiet():
            return of([torch.nn.Parameter(torch.zeros(size))], **given)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever else it is: others are asked
        return _Raised(error)


def _of_both(of: Callable[..., Any], made: Callable[..., Any], given: Mapping[str, Any]) -> Maker:
    """A function that returns an optimizer together with its schedule: the optimizer is judged at the rates that are given."""
    return Maker(lambda params, **sent: optimizer_in(of(params, **sent)), _defaults(made), dict(given), takes_any(made), told=(SCHEDULE_APART,))


def optimizer_in(result: Any) -> Any:
    """The optimizer in a tuple, list or dict; None where there is none."""
    import torch

    return next((x for x in _inside(result) if isinstance(x, torch.optim.Optimizer)), None)


def _inside(result: Any) -> tuple[Any, ...]:
    return tuple(result.values()) if isinstance(result, dict) else tuple(result) if isinstance(result, tuple | list) else ()


def both_of(made: Callable[..., Any], given: Mapping[str, Any]) -> tuple[Any, Any] | None:
    """The optimizer that a function of parameters, or of a model, makes of one small parameter, and its scheduler, or the object around it whose step()
    may set the rate; None where it makes no such."""
    name = next(iter(inspect.signature(made).parameters)).lower()
    result = _made_of(partial(_with_model, made) if any(x in name for x in OF_A_MODEL) else made, 1, given)
    scheduler = next((x for x in _inside(result) if callable(getattr(x, "step", None)) and hasattr(x, "get_last_lr")), None)
    optimizer = optimizer_in(result)
    if (inner := inner_of(result)) is not None:
        return inner, result
    return None if optimizer is None or scheduler is None else (optimizer, scheduler)


def _with_model(made: Callable[..., Any], params: list[Any], **given: Any) -> Any:
    import torch

    model = torch.nn.Module()
    for i, p in enumerate(params):
        model.register_parameter(f"weight{i}", p)
    return made(model, **given)


def _defaults(made: Any) -> dict[str, Any]:
    return {n: p.default for n, p in list(inspect.signature(made).parameters.items())[1:] if not _is_required(p)}


def _is_required(parameter: inspect.Parameter) -> bool:
    """True for an argument without a default; torch has a value of its own that says so."""
    return parameter.default is parameter.empty or type(parameter.default).__name__ == "_RequiredParameter"


def _needed(made: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments without a default that are hyperparameters by their names, with usual values."""
    parameters = list(inspect.signature(made).parameters.values())[1:]
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    required = [p.name for p in parameters if p.kind in named and p.name not in given and _is_required(p)]
    places = matched(required, [n for n in SYNONYMS if n in usual_values()])
    return arguments_for(places, {n: usual_values()[n] for n in places})
