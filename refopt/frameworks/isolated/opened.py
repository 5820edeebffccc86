"""The place where an object is run: processes of its own where it can be had there by its name, else this one."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from refopt.conformance.protocol.implementation import Implementation, ScheduleImplementation
from refopt.conformance.protocol.spelling import with_argument
from refopt.errors import RefoptError
from refopt.frameworks import handed, spelled_in_python
from refopt.frameworks.isolated.isolated import Isolated, IsolatedSchedule, isolated
from refopt.frameworks.isolated.pair import paired
from refopt.frameworks.isolated.process import can_isolate


@contextmanager
def opened(
    implementation: Any, rule: str | None, maps: Mapping[str, str] | None, per_tensor: bool = False, on: str | None = None
) -> Iterator[Implementation | ScheduleImplementation]:
    """The implementation while it is judged; its process, if it has one, is ended afterwards with all that it started.

    on  an argument of its class or factory that is turned on

    Raises RefoptError where it cannot be made.
    """
    found = _isolated(implementation, rule, maps or {}, per_tensor, on) if can_isolate() else None
    if found is None:
        spelled = with_argument(implementation, on) if isinstance(implementation, str) and on is not None else implementation
        yield handed(spelled, rule, maps, per_tensor, {} if on is None else {on: True})
        return
    try:
        yield found
    finally:
        found.close()


def _isolated(implementation: Any, rule: str | None, maps: Mapping[str, str], per_tensor: bool, on: str | None) -> Isolated | IsolatedSchedule | None:
    text = spelled_in_python(implementation) if isinstance(implementation, str) else importable(implementation)
    if text is None:
        return paired(implementation, rule, maps, per_tensor) if isinstance(implementation, str) else None
    text = text if on is None else with_argument(text, on)
    if isinstance(implementation, str):
        return isolated(text, rule, maps, per_tensor)
    try:
        return isolated(text, rule, maps, per_tensor)
    except RefoptError:  # what is in hand here cannot be had there: it is judged here, and what is wrong with it is told here
        return None


def importable(made: Any) -> str | None:
    """The spelling of a class or function by which another process imports the very same; None where there is none."""
    name, module = getattr(made, "__qualname__", None), getattr(made, "__module__", None)
    if not isinstance(name, str) or not name.isidentifier() or not isinstance(module, str) or module == "__main__":
        return None
    home = sys.modules.get(module)
    there = getattr(home, "__file__", None) is not None and getattr(home, name, None) is made
    return f"python:{module}:{name}" if there and not module.startswith("torch.") else None
