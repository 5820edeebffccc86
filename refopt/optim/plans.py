"""The generated code of a rule: what both engines are made of. Nothing here is about one rule."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol

from refopt.errors import OutsideDomain, UnknownName, unknown_name
from refopt.generated import inplace


class Plan(Protocol):
    """A module of refopt.generated.inplace."""

    RULE: str
    FINGERPRINT: str
    HYPER: Mapping[str, float]
    DOMAIN: Mapping[str, str]
    INTEGERS: tuple[str, ...]
    INITIAL: tuple[str, ...]
    STATE: tuple[str, ...]
    SCRATCH: int

    def outside(self, *hyper: float) -> str | None:
        """The first hyperparameter outside its domain."""

    def init(self, *arrays: Any) -> None:
        """The state before the first update."""

    def scalars(self, *values: Any) -> tuple[Any, ...]:
        """Scalars of an update."""

    def update(self, *values: Any) -> None:
        """Update a block."""


def one_value(code: Plan) -> Mapping[str, float]:
    """The states of one value for a whole parameter, and what they start from; an integer where they count."""
    found: Mapping[str, float] = getattr(code, "ONE_VALUE", {})
    return found


def names_of_inputs(code: Plan) -> tuple[str, ...]:
    """The names of what an update is given beside the gradient."""
    found: tuple[str, ...] = getattr(code, "INPUTS", ())
    return found


def numbers_moved(code: Plan) -> int:
    """Count of the numbers that an update moves for each parameter: it reads g and what is given with it, and reads and writes theta and the state."""
    return 1 + len(names_of_inputs(code)) + 2 * (1 + len(code.STATE))


@cache
def plan(name: str) -> Plan:
    """The generated code of a rule or variant. Raises UnknownName, the nearest name suggested."""
    module = module_name(name)
    if module.isidentifier() and any(m.name == module for m in pkgutil.iter_modules(inplace.__path__)):
        found: Any = importlib.import_module(f"{inplace.__name__}.{module}")
        if name == found.RULE:
            code: Plan = found
            return code
    raise _unknown(name)


def module_name(name: str) -> str:
    """The file of a rule, in every language: `adam_eps_hat` for `adam/eps_hat`."""
    return name.replace("/", "_").replace("+", "_")


def names() -> tuple[str, ...]:
    """Every rule and variant that there is code of."""
    modules = (m.name for m in pkgutil.iter_modules(inplace.__path__) if not m.name.startswith("_"))
    return tuple(sorted(importlib.import_module(f"{inplace.__name__}.{m}").RULE for m in modules))


def families() -> tuple[str, ...]:
    """Every rule that there is code of, without the variants."""
    return tuple(name for name in names() if "/" not in name)


def _unknown(name: str) -> UnknownName:
    return unknown_name("optimizer", name, names(), listing="refopt list variants")


def hyperparameters(code: Plan, given: Mapping[str, Any]) -> dict[str, float]:
    """The values in force: those given over the defaults. Raises UnknownName or OutsideDomain in one line."""
    for name in given:
        if name not in code.HYPER:
            raise unknown_name("hyperparameter", name, tuple(code.HYPER))
    return {name: _number(code, name, given.get(name, default)) for name, default in code.HYPER.items()}


def refuse_outside(code: Plan, hyper: Mapping[str, float]) -> None:
    """Raises OutsideDomain for the first hyperparameter that is outside its domain."""
    name = code.outside(*hyper.values())
    if name is not None:
        raise OutsideDomain(f"{code.RULE}: {name} = {hyper[name]!r} is outside {code.DOMAIN[name]}", help=f"refopt show {code.RULE} says what each is")


def _number(code: Plan, name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise OutsideDomain(f"{code.RULE}: {name} = {value!r} is not a number", help=f"its domain is {code.DOMAIN[name]}") from None
    if number - number != 0:
        raise OutsideDomain(f"{code.RULE}: {name} = {number!r} is not finite", help=f"its domain is {code.DOMAIN[name]}")
    if name not in code.INTEGERS:
        return number
    if not number.is_integer():
        raise OutsideDomain(f"{code.RULE}: {name} = {value!r} is not an integer", help=f"its domain is {code.DOMAIN[name]}")
    return int(value)
