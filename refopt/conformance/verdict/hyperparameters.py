"""The hyperparameters of an implementation beside the rule's."""

from __future__ import annotations

from dataclasses import dataclass

from refopt.conformance.diagnose.defaults import Beside, Defaults
from refopt.conformance.diagnose.held import Held


@dataclass(frozen=True)
class Hyperparameters:
    """The values in force where none is sent, or none is taken.

    defaults  its defaults beside the rule's; None where nothing says
    held      those that it does not take, each at its one fixed value
    """

    defaults: Defaults | None = None
    held: tuple[Held, ...] = ()

    @property
    def defaults_differ(self) -> bool:
        """True where its defaults are known not to be those of the rule."""
        return self.defaults is not None and self.defaults.beside is Beside.DIFFER
