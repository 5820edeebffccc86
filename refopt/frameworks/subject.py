"""A subject, handed in by a person to be judged: a class, an instance or a function of their own, with what they said of it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from refopt.conformance.protocol.in_process import one_line
from refopt.errors import RefoptError
from refopt.frameworks.intent import intent

SCHEDULE_APART = "its schedule is judged by itself, where --rule names one"
"""The remark on an optimizer that has its schedule inside: given rates stand in the schedule's place."""


@dataclass(frozen=True)
class Subject:
    """Something of a person's own. Every framework is asked in turn whether it is theirs (`Framework.adopts`).

    made       the class, the instance or the function itself
    name       on screens: `mine:BuggyAdam(lr=0.1)`
    rule       the rule or schedule that the person named; None where none was named
    arguments  literals that stand in the spelling: keyword arguments of the class or factory
    spelled    how another process gets it again; None where none can
    maps       what a name of theirs means (`--map decay=weight_decay`): an argument's hyperparameter, a buffer's state
    per_tensor each tensor gets an object of its own (`--per-tensor`)
    """

    made: Any
    name: str
    rule: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    spelled: str | None = None
    maps: Mapping[str, str] = field(default_factory=dict)
    per_tensor: bool = False

    @property
    def meant(self) -> str | None:
        """The rule that was named, else the one that the name of the class, of a base class or of the function says; None where none does."""
        return self.rule or intent(self.made)

    @property
    def means_a_schedule(self) -> bool:
        """True where what is meant is a schedule, not a rule."""
        from refopt.catalogue import find
        from refopt.language.schedule import Schedule

        return self.meant is not None and isinstance(find(self.meant), Schedule)

    def of_class(self, made: type) -> str | None:
        """The rule that the class of what it makes says."""
        return intent(made)

    def cannot_be_made(self, error: BaseException, help: str | None = None) -> RefoptError:
        """The error where constructing or calling it raised."""
        return RefoptError(f"{self.name} cannot be made: {self.raised(error)}", help=help)

    def raised(self, error: BaseException) -> str:
        """The error that its code raised, with the line of its file: `ValueError: no width (mine.py line 12)`."""
        lines = [trace.tb_lineno for trace in _traces(error) if trace.tb_frame.f_code.co_filename == _file_of(self.made)]
        return f"{one_line(error)} ({Path(_file_of(self.made)).name} line {lines[-1]})" if lines else one_line(error)


def _traces(error: BaseException) -> Iterator[TracebackType]:
    trace = error.__traceback__
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _file_of(made: Any) -> str:
    try:
        return inspect.getsourcefile(inspect.unwrap(made) if callable(made) else type(made)) or ""
    except TypeError:
        return ""


def name_of(made: Any) -> str:
    """Name of an object on screens: `module:name` where it can be had by that name again, else the name of its type."""
    name = str(getattr(made, "__qualname__", type(made).__name__))
    module = getattr(made, "__module__", None)
    importable = name.isidentifier() and hasattr(made, "__qualname__") and module not in (None, "__main__", "builtins")
    return f"{module}:{name}" if importable else name
