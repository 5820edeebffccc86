"""A framework, as refopt knows it: the names that it is spelled by, and the modules that run and list what goes by them."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from refopt.frameworks.reasons_not_judged import NotJudged
from refopt.lifting.library import Library

if TYPE_CHECKING:
    from refopt.conformance.protocol.implementation import Implementation, Known, ScheduleImplementation
    from refopt.frameworks.subject import Subject


@dataclass(frozen=True)
class Adapter:
    """A kind of implementation: how its names begin, the package it needs, and the module that makes it.

    The module has `load(text, rule) -> implementation` and `known() -> list[Known]`, the configurations of a survey. Where it can be
    told what names mean (`maps`), `load` takes that as one more argument, and as a fourth, where a person says so, that each tensor gets
    an object of its own. `first` is what stands before the keyword arguments where it is called in training code: `params`.
    """

    prefix: str
    package: str
    module: str
    maps: bool = False
    first: str = ""

    def fits(self, text: str) -> bool:
        """True for a name that begins so: the part before a dot or colon is meant whole."""
        return text == self.prefix or text.startswith(self.prefix if self.prefix[-1] in ".:" else f"{self.prefix}.")

    def load(
        self, text: str, rule: str | None, maps: Mapping[str, str] | None = None, per_tensor: bool = False
    ) -> Implementation | ScheduleImplementation:
        """The implementation spelled `text`. What its names mean, and whose its state is, can be said of a person's own object only."""
        made: Callable[..., Any] = importlib.import_module(self.module).load
        result: Implementation | ScheduleImplementation = made(text, rule, *([maps, True] if per_tensor else [maps] if maps else []))
        return result

    def known(self) -> list[Known]:
        """The configurations of a survey."""
        listed: list[Known] = importlib.import_module(self.module).known()
        return listed


@dataclass(frozen=True)
class Certificate:
    """A certificate of an implementation that is kept in `derivations/certificates`: the name of its file, what is proved, and to be which rule."""

    name: str
    implementation: str
    rule: str


@dataclass(frozen=True)
class Framework:
    """A framework: its name, its adapters, and other beginnings of their names (`aliases`: what is written, and what is meant).

    adopts        the module that takes a person's own class, instance or function of this framework, by a function `adopt(subject)`; it
                  returns an implementation, or None for what is not of the framework. Asked only where the framework's package is imported.
    library       what it computes with, of which code that is read is told apart; None where nobody reads code that uses it
    switches      arguments of its classes that say how a formula is computed, or follow the gradient up: nobody turns them to get a formula
    measured      the module of what `refopt bench` runs of it (see `refopt/frameworks/measured.py`); None where nothing is measured
    certificates  the certificates that are kept of it
    not_judged    by whole name, what of it updates parameters or gives rates and is judged by nothing here, with the reason
    """

    name: str
    adapters: tuple[Adapter, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)
    adopts: str | None = None
    library: Library | None = None
    switches: frozenset[str] = frozenset()
    measured: str | None = None
    certificates: tuple[Certificate, ...] = ()
    not_judged: Mapping[str, NotJudged] = field(default_factory=dict)

    def adapter(self, text: str) -> Adapter | None:
        """The adapter of a name, by the longest prefix that fits; None where there is none."""
        return max((a for a in self.adapters if a.fits(text)), key=lambda a: len(a.prefix), default=None)

    def adopted(self, subject: Subject) -> Implementation | ScheduleImplementation | None:
        """A person's own class, instance or function of this framework, as an implementation; None for anything else."""
        if self.adopts is None or self.name not in sys.modules:
            return None
        found: Implementation | ScheduleImplementation | None = importlib.import_module(self.adopts).adopt(subject)
        return found

    def spelled(self, text: str) -> str:
        """A name as the adapters know it."""
        return next((meant + text.removeprefix(written) for written, meant in self.aliases.items() if text.startswith(written)), text)
