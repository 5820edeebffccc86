"""The schedule inside a gradient transformation: `optax.adam(optax.cosine_decay_schedule(...))` holds it in its functions.

It is asked by itself, and given rates stand in its place while a run is made. Which variable of what holds a schedule is not written here: it is
looked up in transformations of optax' own, made of a schedule that is known.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from types import FunctionType
from typing import Any, TypeAlias

from refopt.frameworks.argument_names import matched
from refopt.frameworks.own_arguments import rate_names

Rate: TypeAlias = Callable[[Any], Any]
"""A rate, as a function of the number of updates before."""
CONTENT = "cell_contents"
"""The attribute of a function's variable that is its value."""


@dataclass(frozen=True)
class Place:
    """A place of a value: the variable of a function, or an object of optax, and the attribute; `of` and `name` are the same in every transformation."""

    holder: Any
    attribute: str
    of: Any
    name: str

    @property
    def value(self) -> Any:
        """The value; None where there is none yet."""
        try:
            return getattr(self.holder, self.attribute)
        except ValueError:  # a function's variable that nothing was put into
            return None


@dataclass(frozen=True)
class InnerSchedule:
    """A schedule, the place that holds it, and the sign of its values: -1 where the person turned the rate round himself."""

    place: Place
    own: Rate
    sign: int

    def rate(self, count: Any) -> Any:
        """Its own rate."""
        return self.sign * self.own(count)

    @contextlib.contextmanager
    def replaced(self, rate: Rate) -> Iterator[None]:
        """The context in which another rate stands in its place."""
        setattr(self.place.holder, self.place.attribute, lambda count: self.sign * rate(count))
        try:
            yield
        finally:
            setattr(self.place.holder, self.place.attribute, self.own)


def inner_schedule(transformation: Any) -> InnerSchedule | None:
    """The one schedule inside a transformation; None where there is none, or more than one."""
    known = _known()
    inside = {of for of, _ in known}
    held = [p for p in _places(transformation, set()) if (p.of, p.name) in known and callable(p.value)]
    found = [p for p in held if getattr(p.value, "__code__", None) not in inside and type(p.value) not in inside]
    if len(found) != 1:
        return None
    (place,) = found
    return InnerSchedule(place, place.value, 1 if known[place.of, place.name] or not _falls(place.value) else -1)


def _falls(own: Rate) -> bool:
    """True where its values are not positive."""
    try:
        values = [float(own(count)) for count in (0, 1, 2, 10)]
    except (TypeError, ValueError):
        return False
    return max(values) <= 0 and min(values) < 0


@cache
def _known() -> dict[tuple[Any, str], bool]:
    """The places that hold schedules in transformations of optax; True where the value there is the rate itself, whatever a person does with its sign."""
    import optax

    def mine(count: Any) -> float:
        return 1.0

    made = ((optax.scale_by_schedule(mine), False), (optax.scale_by_learning_rate(mine), True), (optax.inject_hyperparams(optax.sgd)(learning_rate=mine), True))
    return {(p.of, p.name): is_rate for x, is_rate in made for p in _places(x, set()) if p.value is mine}


def _places(x: Any, seen: set[int]) -> Iterator[Place]:
    """The places in a transformation, and in what its functions hold; of a dict those under the name of a rate."""
    if id(x) in seen:
        return
    seen.add(id(x))
    found: list[Place] = []
    if isinstance(x, FunctionType):
        found = [Place(cell, CONTENT, x.__code__, name) for name, cell in zip(x.__code__.co_freevars, x.__closure__ or (), strict=True)]
    elif isinstance(x, tuple | list | dict):
        for part in [y for n, y in x.items() if isinstance(n, str) and matched([n], rate_names())] if isinstance(x, dict) else x:
            yield from _places(part, seen)
    elif type(x).__module__.partition(".")[0] == "optax" and hasattr(x, "__dict__"):
        found = [Place(x, name, type(x), name) for name in vars(x)]
    for place in found:
        yield place
        yield from _places(place.value, seen)
