"""The target languages. A new one is a file beside this one and a line here."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from refopt.errors import NotImplementedYet, unknown_name

if TYPE_CHECKING:
    from refopt.language.rule import Rule
    from refopt.language.schedule import Schedule
    from refopt.lowering.printer import Dialect


@dataclass(frozen=True)
class Backend:
    """A target language; its file is read when it is needed.

    name       of the language, and of the file beside this one
    committed  whether its files stand in refopt/generated/<name>/
    schedules  whether it has files of schedules
    metrics    whether it writes schedules that wait for a metric
    inputs     whether its updates take further inputs beside the gradient
    """

    name: str
    committed: bool = False
    schedules: bool = True
    metrics: bool = False
    inputs: bool = False

    @cached_property
    def _source(self) -> Any:
        return importlib.import_module(f"refopt.lowering.{self.name}")

    @property
    def dialect(self) -> Dialect:
        """Its tables of spellings."""
        found: Dialect = self._source.DIALECT
        return found

    @property
    def module(self) -> Callable[[Rule | Schedule], str]:
        """From a rule or a schedule to its source file. What it returns raises NotImplementedYet in one line."""
        return self._written

    def _written(self, concept: Rule | Schedule) -> str:
        if getattr(concept, "waits", False) and not self.metrics:
            from refopt.language.role import Role

            reason = "waits for a metric" if concept.of_role(Role.METRIC) else "goes from step to step"
            what = f"{concept.name} cannot be written in {self.name} yet: it {reason}"
            raise NotImplementedYet(what, help=f"refopt generate {concept.name} --to numpy")
        further = getattr(concept, "inputs", ())
        if further and not self.inputs:
            names = ", ".join(f"{one.name} ({one.role.value})" for one in further)
            raise NotImplementedYet(f"{concept.name} takes {names} beside the gradient; {self.name} files have no place for it")
        written: str = self._source.module(concept)
        return written

    @property
    def suffix(self) -> str:
        """The end of its files' names."""
        return str(getattr(self._source, "SUFFIX", ".py"))


EVERY = (
    Backend("numpy", committed=True, metrics=True, inputs=True),
    Backend("inplace", committed=True, schedules=False, inputs=True),
    Backend("c", committed=True, inputs=True),
    Backend("javascript", committed=True, inputs=True),
    Backend("rust", committed=True, inputs=True),
    Backend("torch", committed=True, inputs=True),
    Backend("jax", committed=True, inputs=True),
    Backend("triton", committed=True, inputs=True),
    Backend("json", committed=True, metrics=True, inputs=True),
    Backend("fpcore", committed=True, inputs=True),
    Backend("mpmath", inputs=True),
)
BACKENDS: Mapping[str, Backend] = {b.name: b for b in EVERY}
"""Every backend by name."""


def backend(name: str) -> Backend:
    """The backend of that name. Raises UnknownName, the nearest name suggested."""
    if name not in BACKENDS:
        raise unknown_name("backend", name, tuple(BACKENDS))
    return BACKENDS[name]
