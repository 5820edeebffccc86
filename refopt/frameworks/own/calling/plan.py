"""A plan of how a person's function, or method of a class, is called; and the values that it goes by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from refopt.frameworks.own.calling.holding import Holding
from refopt.frameworks.own.calling.layers import Layers
from refopt.frameworks.own.calling.libraries import Library
from refopt.frameworks.own.calling.roles import Role, Signature
from refopt.frameworks.own.calling.source import Source


class Begin(Enum):
    """The first value of a part of the state."""

    ABSENT = "its own default"
    INIT = "what its init function returns"
    ZEROS = "zeros like the parameters"
    EMPTY = "{}"
    NONE = "None"
    ZERO = "0"
    FIRST = "the number before the first update"


class Where(Enum):
    """The place of the new parameters."""

    RETURNED = "returned"
    IN_PLACE = "changed in place"
    ADDED = "the returned step is added"
    SUBTRACTED = "the returned step is subtracted"


@dataclass(frozen=True)
class Callee:
    """The callee: a function, or a method of what a class or factory makes.

    make     the class, or a function that makes the object anew; None for a plain function
    function the function, or the name of the method
    made     the arguments of `make`
    called   those of the function
    begins   functions that may make the first state, each with its name, and `begin`, the one that does
    source   facts of its text
    settable attributes of an object that hold hyperparameters, where they are no arguments
    fixed    arguments that stand in the spelling
    keyed    keys of its state's dict that hold hyperparameters, where they are no arguments
    formats  those that the library which it calls is declared to take; none where any may be
    inside   what its factory makes, where that is a function
    layers   the layers that hold its parameters and their gradients, where it takes such
    before   methods that are called before each update of all layers
    after    and after it
    """

    function: Callable[..., Any] | str
    called: Signature
    source: Source
    make: Callable[..., Any] | None = None
    made: Signature | None = None
    begins: tuple[tuple[str, Callable[..., Any]], ...] = ()
    begin: tuple[str, Callable[..., Any]] | None = None
    settable: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    keyed: Mapping[str, str] = field(default_factory=dict)
    formats: frozenset[str] = frozenset()
    inside: Callable[..., Any] | None = None
    layers: Layers | None = None
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def states(self) -> tuple[str, ...]:
        """The arguments of the state."""
        return self.called.named(Role.STATE)

    @property
    def holds_gradients(self) -> bool:
        """True where its parameters hold their gradients: it is called with none."""
        return not (self.called.named(Role.GRADIENT) or self.called.named(Role.PAIRS))

    @property
    def takes(self) -> frozenset[str]:
        """The hyperparameters that can be sent."""
        return frozenset((*self.called.places, *(self.made.places if self.made is not None else ()), *self.settable, *self.keyed))

    @property
    def made_of_theta(self) -> bool:
        """True where its constructor takes the parameters: then each group of parameters has an object of its own."""
        return self.made is not None and bool(self.made.named(Role.THETA))

    @property
    def own_theta(self) -> str | None:
        """The argument of the constructor that takes the parameters, where the method takes none."""
        if self.made is None or self.called.named(Role.THETA):
            return None
        return next(iter(self.made.named(Role.THETA)), None)


@dataclass(frozen=True)
class Results:
    """The places of what comes back from a call: where the new parameters are, and which place among what is returned holds which part of the state.

    place  that of the parameters; None where what is returned is no tuple, or where nothing is returned
    """

    where: Where
    place: int | None = None
    states: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """The way it is called, and what comes back.

    first  the number that it is given at its first update
    steers an attribute of its object changes its rate, as was measured
    """

    callee: Callee
    library: Library
    holding: Holding
    begins: Mapping[str, Begin]
    first: int
    results: Results | None = None
    steers: bool = True

    @property
    def holds_one(self) -> bool:
        """True where an object is called with one tensor at a time, and could be had for each."""
        return self.callee.make is not None and not self.holding.together and not self.callee.made_of_theta

    @property
    def told(self) -> tuple[str, ...]:
        """The plan in words for the screen: what cannot be seen in the verdict."""
        layers = self.callee.layers
        found = [f"called with {self.holding.value if layers is None else layers.words} ({self.library.words})"]
        around = [f"{n}() {when}" for names, when in ((self.callee.before, "before"), (self.callee.after, "after")) for n in names]
        found += [f"{' and '.join(around)} each update"] if around else []
        starts = [f"{n} = {self.callee.begin[0]}()" if b is Begin.INIT and self.callee.begin else f"{n} = {b.value}"
                  for n, b in self.begins.items() if b not in (Begin.ABSENT, Begin.FIRST)]  # fmt: skip
        found += [f"starts with {', '.join(starts)}"] if starts else []
        found += [f"{n} counts from {self.first}" for n in self.callee.called.named(Role.COUNT) if self.first == 0]
        if self.results is not None and self.results.where in (Where.ADDED, Where.SUBTRACTED):
            found.append(self.results.where.value)
        kept = [
            f"{a.name}={self.callee.fixed.get(a.name, signature.defaults[a.name])!r}"
            for signature in (self.callee.called, self.callee.made) if signature is not None
            for a in signature.arguments if a.role is Role.HELD and not a.required
        ]  # fmt: skip
        return (*found, *([f"held as found: {', '.join(kept)}"] if kept else []))
