"""Adapters: one file a kind of implementation, one line here."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from refopt.conformance.adapters.installed import is_installed, not_installed
from refopt.errors import RefoptError, unknown_name

if TYPE_CHECKING:
    from refopt.conformance.implementation import Implementation, Known, ScheduleImplementation


@dataclass(frozen=True)
class Adapter:
    """A kind of implementation: how its names begin, the package it needs, and the module that makes it.

    The module has `load(text, rule) -> implementation` and `known() -> list[Known]`, the configurations of a survey.
    """

    prefix: str
    package: str
    module: str

    def load(self, text: str, rule: str | None) -> Implementation | ScheduleImplementation:
        """The implementation spelled `text`."""
        made: Callable[[str, str | None], Any] = importlib.import_module(self.module).load
        result: Implementation | ScheduleImplementation = made(text, rule)
        return result

    def known(self) -> list[Known]:
        """The configurations of a survey."""
        listed: list[Known] = importlib.import_module(self.module).known()
        return listed


ADAPTERS = (
    Adapter("refopt.generated.numpy", "numpy", f"{__name__}.numpy_generated"),
    Adapter("refopt.optim.", "numpy", f"{__name__}.refopt_optim"),
    Adapter("numpy", "numpy", f"{__name__}.numpy_generated"),
    Adapter("refopt.generated.torch.", "torch", f"{__name__}.torch_generated"),
    Adapter("refopt.generated.jax.", "jax", f"{__name__}.jax_generated"),
    Adapter("torch.optim.lr_scheduler.", "torch", f"{__name__}.torch_schedules"),
    Adapter("torch.", "torch", f"{__name__}.torch"),
    Adapter("optax.", "optax", f"{__name__}.optax"),
    Adapter("keras.optimizers.schedules.", "keras", f"{__name__}.keras_schedules"),
    Adapter("keras.", "keras", f"{__name__}.keras"),
    Adapter("sklearn.", "sklearn", f"{__name__}.sklearn"),
    Adapter("python:", "numpy", f"{__name__}.python_object"),
)
"""The first whose prefix fits is asked."""


def load(text: str, rule: str | None = None) -> Implementation | ScheduleImplementation:
    """The implementation that a person spelled, judged by `rule` where it is given.

    Raises RefoptError where nothing of that name can be had, or the rule is not clear from its name.
    """
    for adapter in ADAPTERS:
        if text.startswith(adapter.prefix):
            found = adapter.load(text, rule)
            if found.rule is None:
                raise unclear(found.name)
            return found
    raise _not_known(text)


def known() -> list[Known]:
    """Every configuration that a survey would run here: the table `refopt list implementations`."""
    modules: dict[str, Adapter] = {}
    for adapter in ADAPTERS:
        if is_installed(adapter.package):
            modules.setdefault(adapter.module, adapter)
    return [line for adapter in modules.values() for line in adapter.known()]


def unclear(name: str) -> RefoptError:
    """The error for an implementation whose name does not say which rule it is."""
    return RefoptError(f"which rule is {name}? its name does not say", help="add --rule adam")


def _not_known(text: str) -> RefoptError:
    package = text.partition(".")[0].partition("(")[0]
    if "." in text and package.isidentifier() and not is_installed(package):
        return not_installed(package)
    names = [line.spelling for line in known()]
    error = unknown_name("implementation", text, names, listing="refopt list implementations")
    return RefoptError(error.message, help=f"{error.help}; your own object: python:module:factory")
