"""A program's declaration at its start: its rules and schedules, and the formats it computes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class DeclaredRule:
    """A rule that a program offers: the hyperparameters it takes, the state it shows, whether it goes on from a given one, and its defaults.

    courses  whether any hyperparameter may have one value an update
    inputs   what it takes beside the gradient
    """

    hyper: tuple[str, ...]
    state: tuple[str, ...] = ()
    resume: bool = False
    defaults: Mapping[str, float] = field(default_factory=dict)
    courses: bool = False
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Declaration:
    """The answer to `start`. `schedules` maps a name to its hyperparameters."""

    name: str
    rules: Mapping[str, DeclaredRule]
    dtypes: tuple[str, ...]
    schedules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    language: str = ""
    version: str = ""

    @property
    def offers(self) -> tuple[str, ...]:
        """Every rule and schedule by name."""
        return (*self.rules, *self.schedules)
