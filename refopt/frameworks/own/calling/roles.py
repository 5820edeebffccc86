"""Roles of the arguments of a function that updates parameters, by their names."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from refopt.frameworks.argument_names import Place, matched, plain
from refopt.frameworks.own_arguments import named_parameters

THETA = frozenset((
    "params", "parameters", "param", "parameter", "p", "ps", "w", "ws", "weights", "weight", "theta", "thetas", "x", "xs", "y", "ys", "vars", "variables",
    "variable", "var", "values", "point", "position", "modelparams", "netparams", "trainableparams", "trainablevariables", "trainableweights",
    "modelparameters", "weightsandbiases", "coef", "coefs", "x0", "theta0",
))  # fmt: skip
GRADIENT = frozenset((
    "grads", "grad", "gradients", "gradient", "g", "gs", "dw", "dws", "dx", "dxs", "dtheta", "dparams", "dparam", "dp", "dps", "derivative",
    "derivatives", "gradparams", "paramgrads", "gradw", "gradx", "gradtheta", "gradst", "gt", "gradt", "nabla", "dweights", "dl", "dldw",
))  # fmt: skip
STATE = frozenset((
    "state", "states", "optstate", "optimizerstate", "optimstate", "config", "cache", "memory", "buffers", "buffer", "slots", "opt", "store", "optim",
    "optstates", "statedict", "aux", "carry",
))  # fmt: skip
COUNT = frozenset((
    "t", "step", "i", "it", "iter", "iteration", "iterations", "k", "n", "epoch", "time", "timestep", "stepnum", "stepnumber", "stepcount", "count",
    "counter", "globalstep", "numupdates", "niter", "nstep", "stepidx", "stepindex", "iternum", "nsteps", "currentstep", "epochnum",
))  # fmt: skip
PAIRS = frozenset(("gradsandvars", "gradsandparams", "gradientsandvariables", "gradsandweights", "gradsvars", "gradsandvariables", "gradsandparameters"))
"""Names in small letters without underscores."""
GIVEN: Mapping[str, str] = {
    **dict.fromkeys(("hessian", "hess", "hessians", "hessiandiag", "hessiandiagonal", "diaghessian", "hdiag", "diaghess", "curvature"), "hessian"),
    **dict.fromkeys(("noise", "noises", "gradnoise", "gradientnoise", "xi"), "noise"),
}
"""By such a name: what an update is given beside the gradient, as the rules call it."""
OF_PARAMETERS = ("param", "weight", "variables", "tensors")
OF_A_MODEL = ("model", "net", "module")
"""Parts of the name that the first argument of a function has that makes an optimizer."""


class Role(Enum):
    """The part that an argument plays."""

    THETA = "parameters"
    GRADIENT = "gradients"
    PAIRS = "pairs of a gradient and a parameter"
    STATE = "state"
    COUNT = "number of the update"
    HYPER = "hyperparameter"
    HELD = "left as it is"
    GIVEN = "further input"


@dataclass(frozen=True)
class Argument:
    """An argument of a function. `required`: it has no default. `alone`: it is given by keyword or by place only."""

    name: str
    role: Role
    required: bool
    kind: inspect._ParameterKind

    @property
    def by_keyword(self) -> bool:
        """True where it cannot be given by its place."""
        return self.kind is inspect.Parameter.KEYWORD_ONLY


@dataclass(frozen=True)
class Signature:
    """The arguments of a function, and where the hyperparameters stand among them."""

    arguments: tuple[Argument, ...]
    places: Mapping[str, Place]
    defaults: Mapping[str, Any]

    def named(self, role: Role) -> tuple[str, ...]:
        """The arguments of a role."""
        return tuple(a.name for a in self.arguments if a.role is role)

    @property
    def given(self) -> Mapping[str, str]:
        """By argument, what it is given beside the gradient, as the rules call it."""
        return {name: GIVEN[plain(name)] for name in self.named(Role.GIVEN)}

    def with_theta(self, name: str) -> Signature:
        """The same, in which the argument of this name holds the parameters."""
        return replace(self, arguments=tuple(replace(a, role=Role.THETA) if a.name == name else a for a in self.arguments))

    @property
    def unknown(self) -> tuple[str, ...]:
        """Arguments that are needed and whose names say nothing."""
        return tuple(a.name for a in self.arguments if a.role is Role.STATE and plain(a.name) not in STATE)


def parameters_of(function: Callable[..., Any]) -> Sequence[inspect.Parameter] | None:
    """The parameters of a callable; None where it does not show them. Those without a name (*args, **kwargs) are left out."""
    try:
        return list(named_parameters(function).values())
    except (TypeError, ValueError):
        return None


def signature_of(function: Callable[..., Any], hypers: Iterable[str], maps: Mapping[str, str] | None = None) -> Signature | None:
    """The arguments of a function and their roles; None where it does not show them.

    A name that a gradient, parameters or a state usually have is that; hyperparameters are matched next; of what is left, an argument
    without a default belongs to the state, one with None as its default may, and any other is left as it is. `maps` says what a name means.
    """
    parameters, hypers = parameters_of(function), list(hypers)
    if parameters is None:
        return None
    roles: dict[str, Role] = {}
    for p in parameters:
        name = plain(p.name)
        if name in GRADIENT or _is_gradient_of(p.name, [q.name for q in parameters]):
            roles[p.name] = Role.GRADIENT
        elif name in THETA:
            roles[p.name] = Role.THETA
        elif name in PAIRS:
            roles[p.name] = Role.PAIRS
        elif name in STATE:
            roles[p.name] = Role.STATE
        elif name in GIVEN and (p.default is p.empty or p.default is None):
            roles[p.name] = Role.GIVEN
    said = {ours: Place(name) for name, ours in (maps or {}).items() if name in [p.name for p in parameters] and ours in hypers}
    mapped = {place.argument for place in said.values()}
    places = {**matched([p.name for p in parameters if p.name not in roles and p.name not in mapped], [h for h in hypers if h not in said]), **said}
    roles |= {place.argument: Role.HYPER for place in places.values()}
    for p in parameters:
        if p.name in roles:
            continue
        if plain(p.name) in COUNT:
            roles[p.name] = Role.COUNT
        else:
            roles[p.name] = Role.STATE if p.default is p.empty or p.default is None else Role.HELD
    arguments = tuple(Argument(p.name, roles[p.name], p.default is p.empty, p.kind) for p in parameters)
    return Signature(arguments, places, {p.name: p.default for p in parameters if p.default is not p.empty})


def _is_gradient_of(name: str, names: Sequence[str]) -> bool:
    """True where a name is that of another argument with a mark of its gradient: dW of W, grad_x of x, params_grad of params."""
    own = plain(name)
    return any(own != plain(n) and own in (f"d{plain(n)}", f"grad{plain(n)}", f"{plain(n)}grad", f"{plain(n)}grads") for n in names if plain(n) in THETA)
