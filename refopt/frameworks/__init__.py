"""Adapters: one file a kind of implementation, one line here."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from refopt.errors import RefoptError
from refopt.frameworks.installed import is_installed, not_installed
from refopt.frameworks.misnamed import misnamed

if TYPE_CHECKING:
    from refopt.conformance.protocol.implementation import Implementation, Known, ScheduleImplementation


@dataclass(frozen=True)
class Adapter:
    """A kind of implementation: how its names begin, the package it needs, and the module that makes it.

    The module has `load(text, rule) -> implementation` and `known() -> list[Known]`, the configurations of a survey.
    """

    prefix: str
    package: str
    module: str

    def fits(self, text: str) -> bool:
        """True for a name that begins so: the part before a dot or colon is meant whole."""
        return text == self.prefix or text.startswith(self.prefix if self.prefix[-1] in ".:" else f"{self.prefix}.")

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
    Adapter("refopt.generated.numpy", "numpy", "refopt.frameworks.own.numpy_generated"),
    Adapter("refopt.optim.", "numpy", "refopt.frameworks.own.refopt_optim"),
    Adapter("numpy", "numpy", "refopt.frameworks.own.numpy_generated"),
    Adapter("refopt.generated.torch.", "torch", "refopt.frameworks.own.torch_generated"),
    Adapter("refopt.generated.jax.", "jax", "refopt.frameworks.own.jax_generated"),
    Adapter("torch.optim.lr_scheduler.", "torch", "refopt.frameworks.torch.schedules"),
    Adapter("torch.", "torch", "refopt.frameworks.torch.optimizers"),
    Adapter("optax.", "optax", "refopt.frameworks.optax.optimizers"),
    Adapter("keras.optimizers.schedules.", "keras", "refopt.frameworks.keras.schedules"),
    Adapter("keras.", "keras", "refopt.frameworks.keras.optimizers"),
    Adapter("sklearn.", "sklearn", "refopt.frameworks.sklearn.optimizers"),
    Adapter("python:", "numpy", "refopt.frameworks.own.python_object"),
)
"""The first whose prefix fits is asked."""
ALIASES = {f"{start}optimizers.": "keras.optimizers." for start in ("tf.keras.", "tensorflow.keras.", "tf.", "tensorflow.")}
"""Other names of what an adapter knows."""


def load(text: str, rule: str | None = None) -> Implementation | ScheduleImplementation:
    """The implementation that a person spelled, judged by `rule` where it is given.

    Raises RefoptError where nothing of that name can be had, or the rule is not clear from its name.
    """
    name = spelled(text)
    for adapter in ADAPTERS:
        if adapter.fits(name):
            if not is_installed(adapter.package):
                raise not_installed(adapter.package)
            found = adapter.load(name, rule)
            if found.rule is None:
                raise unclear(found.name)
            return found
    packages = tuple(dict.fromkeys(a.package for a in ADAPTERS if a.package != "numpy"))
    raise misnamed(name, rule, packages, lambda: [line.spelling for line in known()])


def is_known(text: str) -> bool:
    """True for a name that begins as those of some adapter do."""
    return any(adapter.fits(spelled(text)) for adapter in ADAPTERS)


def spelled(text: str) -> str:
    """A name as the adapters know it: keras' optimizers go by several names in TensorFlow."""
    name = text.strip()
    for alias, ours in ALIASES.items():
        if name.startswith(alias):
            return ours + name.removeprefix(alias)
    return name


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
