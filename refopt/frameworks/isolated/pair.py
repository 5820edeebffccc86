"""Pairs of processes with a framework in them: they import it while everything else is imported here, and each runs formats of its own.

A framework's own optimizer is trusted to come back, and takes long to import: its processes wait for the next name, as long as `pairs` lasts.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from refopt.frameworks import built_in
from refopt.frameworks.installed import is_installed
from refopt.frameworks.isolated.process import Process, can_isolate
from refopt.frameworks.isolated.wire import Load

if TYPE_CHECKING:  # the processes start before anything heavy is loaded
    from refopt.frameworks.isolated.paired import Paired, PairedSchedule


@dataclass
class Waiting:
    """A process that waits, and what it was told to load; `unread`: nobody has read yet what came of it."""

    load: Load
    process: Process
    unread: bool = True


_WAITING: dict[str, list[Waiting]] | None = None
"""Processes by package; None where none are kept."""


@contextmanager
def pairs(processes: int) -> Iterator[None]:
    """While it lasts, optimizers of frameworks that are not imported here run in pairs of processes, if there are to be two. None is left afterwards."""
    global _WAITING
    before = _WAITING
    _WAITING = {} if processes > 1 and can_isolate() else None
    try:
        yield
    finally:
        waiting, _WAITING = _WAITING, before
        for one in (w for of_package in (waiting or {}).values() for w in of_package):
            one.process.close()


@cache
def package(spelled: str) -> str | None:
    """The package that a process has imported, slowly, once it has made an implementation of this name; it is kept for the next one that needs it.

    None where a process is ended after its check: there is nothing slow in it, or what it has imported is not refopt's or a framework's own.
    """
    adapter = next((a for f in built_in() if (a := f.adapter(f.spelled(spelled))) is not None), None)
    return None if adapter is None or adapter.package == "numpy" else adapter.package


def make_ready(text: str, rule: str | None, maps: Mapping[str, str], per_tensor: bool) -> bool:
    """Start a pair for what a person named, unless one waits for its framework; False where it is to run in this process."""
    name = package(text)
    if _WAITING is None or name is None or name in sys.modules or not is_installed(name):
        return False
    load = _load(text, rule, maps, per_tensor)
    if not _WAITING.get(name):
        _WAITING[name] = [_started(load), _started(load)]
    return True


def paired(text: str, rule: str | None, maps: Mapping[str, str], per_tensor: bool) -> Paired | PairedSchedule | None:
    """The implementation of a name in the pair that was made ready for its framework; None where there is none.

    Raises RefoptError where it cannot be made.
    """
    name = package(text)
    waiting = None if _WAITING is None or name is None else _WAITING.pop(name, None)
    if waiting is None:
        return None
    from refopt.frameworks.isolated.paired import made_in

    return made_in(waiting, _load(text, rule, maps, per_tensor))


def keep(text: str, waiting: list[Waiting]) -> None:
    """Let processes wait for the next name of their framework; they are ended where none are kept."""
    name = package(text)
    if _WAITING is not None and name is not None and len(waiting) > 1 and not _WAITING.get(name):
        _WAITING[name] = waiting
        return
    for one in waiting:
        one.process.close()


def _load(text: str, rule: str | None, maps: Mapping[str, str], per_tensor: bool) -> Load:
    return Load(text, rule, dict(maps), os.getcwd(), tuple(sys.path), per_tensor)


def _started(load: Load) -> Waiting:
    process = Process()
    process.send(load)
    return Waiting(load, process)
