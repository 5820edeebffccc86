"""Messages between refopt and the process in which a person's own code runs."""

from __future__ import annotations

import io
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from refopt.conformance.protocol import frames

if TYPE_CHECKING:  # the process starts before anything heavy is loaded
    from refopt.conformance.protocol.door import Door
    from refopt.conformance.protocol.implementation import Request, Sent
    from refopt.language.rule import Rule

MODULES = ("refopt.", "numpy", "ml_dtypes", "fractions")
"""Modules whose classes an answer may be made of."""
BUILTINS = frozenset({"frozenset", "set", "complex", "bytearray", "slice"})


@dataclass(frozen=True)
class Load:
    """Make the implementation of this spelling, with this folder and path of modules."""

    text: str
    rule: str | None
    maps: Mapping[str, str]
    folder: str
    path: Sequence[str]
    per_tensor: bool = False


@dataclass(frozen=True)
class Run:
    """Carry out a run."""

    request: Request


@dataclass(frozen=True)
class RunSchedule:
    """The rates at these steps, or those behind a door."""

    hyper: Mapping[str, Sent]
    steps: Sequence[int]
    door: Door | None = None


@dataclass(frozen=True)
class Views:
    """The views of a rule's state."""

    rule: Rule


@dataclass(frozen=True)
class Told:
    """The remarks on how it was called, as far as they are known by now."""


@dataclass(frozen=True)
class Read:
    """The formula that is read from its code beside this rule's, by the function of this name (`module:function`): who asks knows what reads."""

    rule: str
    by: str


@dataclass(frozen=True)
class Described:
    """An implementation's own description."""

    name: str
    version: str
    rule: str | None
    settings: Mapping[str, float]
    takes: frozenset[str] | None
    resumes: bool
    asks: bool
    is_schedule: bool
    spelled: str
    constants_are_chosen: bool = False
    constants: Mapping[str, str] = field(default_factory=dict)
    follows_courses: bool = False
    doors: tuple[Door, ...] = ()


@dataclass(frozen=True)
class Switches:
    """A question: the arguments that make another rule of it, each with the rule that it is to be judged by."""


@dataclass(frozen=True)
class Failed:
    """Something was raised: one line, with help where there is some."""

    message: str
    help: str | None = None
    note: str | None = None
    help_to_prove: str | None = None


def send(file: IO[bytes], message: Any) -> None:
    """Write a message. Raises OSError where nobody reads."""
    frames.write(file, pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL))


def receive(file: IO[bytes]) -> Any:
    """The next question; None where there is none. Questions are refopt's own."""
    text = frames.read(file)
    return None if text is None else pickle.loads(text)


class _Plain(pickle.Unpickler):
    """Reads plain values and refopt's records: what comes back is never code of the person's."""

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith(MODULES) or (module == "builtins" and name in BUILTINS):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"an answer holds {module}.{name}")


def read(text: bytes) -> Any:
    """An answer. Raises UnpicklingError for anything but plain values and refopt's own records."""
    return _Plain(io.BytesIO(text)).load()
