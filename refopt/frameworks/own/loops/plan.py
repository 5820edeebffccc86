"""A whole-loop function: which of its arguments is which, and how it is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from refopt.frameworks.argument_names import Place
from refopt.frameworks.own.calling.libraries import Library
from refopt.frameworks.own_arguments import shown_as_found


class Part(Enum):
    """The part that an argument of a loop plays."""

    GRADIENT = "the function that gives gradients"
    VALUE_AND_GRADIENT = "the function that gives values and gradients"
    VALUE = "the function that gives values"
    START = "the first point"
    CALLBACK = "what is told each point"
    COUNT = "the number of updates"
    TOLERANCE = "the tolerance at which it ends"


@dataclass(frozen=True)
class Loop:
    """A function, or a method of what a class makes, that makes all updates itself.

    function  the function, or the name of the method
    parts     the argument of each part
    places    where hyperparameters stand among the arguments of the function, and (`made_places`) among those of the class
    settings  their defaults
    make      the class; None for a function
    fixed     arguments that stand in the spelling
    held      arguments that keep their value, with it
    flat      its point is a vector: a tensor is laid out as one
    """

    function: Callable[..., Any] | str
    parts: Mapping[Part, str]
    places: Mapping[str, Place]
    settings: Mapping[str, float]
    library: Library
    make: Callable[..., Any] | None = None
    made_places: Mapping[str, Place] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    held: Mapping[str, Any] = field(default_factory=dict)
    flat: bool = False

    @property
    def body(self) -> Any:
        """The function itself; of a class its method, None where it has none."""
        return getattr(self.make, self.function, None) if isinstance(self.function, str) else self.function

    @property
    def takes(self) -> frozenset[str]:
        """The hyperparameters that can be sent."""
        return frozenset((*self.places, *self.made_places))

    @property
    def told(self) -> tuple[str, ...]:
        """The way it is called, in words."""
        found = [f"its whole loop is run over the given gradients ({self.library.words}{', flat' if self.flat else ''}), and seen where it asks for the next"]
        if Part.TOLERANCE in self.parts:
            found.append(f"{self.parts[Part.TOLERANCE]} = 0")
        return (*found, *shown_as_found(self.held, {}))
