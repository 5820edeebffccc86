"""Libraries of arrays that foreign code computes with: how they compute is no part of the formula, and their own code is not the code that is read.

Which libraries there are is said by who knows them: this room knows Python, NumPy and SymPy, on which it is built.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True)
class Library:
    """A library of arrays.

    name          as a person says it
    packages      its packages and those that it brings along: what they ask is asked about how to compute, and their code is not followed
    shows         the module that shows what it keeps: `random_numbers()`, the state of its random numbers as something to compare, and
                  `token(x)`, the same of one of its arrays (None for anything else); None where it keeps nothing
    surroundings  names by which it tells of the machine, of how it is set, or of whether it records: no formula says anything of these
    """

    name: str
    packages: frozenset[str]
    shows: str | None = None
    surroundings: frozenset[str] = frozenset()

    @property
    def imported(self) -> bool:
        """True where one of its packages is imported: nothing keeps anything in it before."""
        return any(package in sys.modules for package in self.packages)

    def random_numbers(self) -> object | None:
        """The state of its random numbers; None where it has none, or is not imported."""
        return importlib.import_module(self.shows).random_numbers() if self.shows is not None and self.imported else None

    def token(self, x: Any) -> object | None:
        """The changeable part of an array of this library, as something to compare; None for anything else."""
        return importlib.import_module(self.shows).token(x) if self.shows is not None and self.imported else None


@dataclass(frozen=True, eq=False)
class Same:
    """One certain thing: it is held, so that nothing else gets its place in memory as long as it is compared."""

    thing: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.thing is other.thing

    def __hash__(self) -> int:
        return id(self.thing)


_always: dict[str, Library] = {}
_beside: ContextVar[tuple[Library, ...]] = ContextVar("refopt_libraries", default=())


def always(library: Library) -> None:
    """Note a library whose code nobody reads, whatever is read."""
    _always[library.name] = library


@contextmanager
def beside(*libraries: Library) -> Iterator[None]:
    """Code that is read inside computes with these libraries too."""
    token = _beside.set((*_beside.get(), *libraries))
    try:
        yield
    finally:
        _beside.reset(token)


def libraries() -> tuple[Library, ...]:
    """The libraries that the code which is read may compute with."""
    return (*_always.values(), *_beside.get())


def packages() -> frozenset[str]:
    """The packages of all of them."""
    return _packages_of(libraries())


@cache
def _packages_of(of: tuple[Library, ...]) -> frozenset[str]:
    return frozenset[str]().union(*(x.packages for x in of))
