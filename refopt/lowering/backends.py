"""The target languages. A new one is a file beside this one and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import ModuleType

from refopt.errors import unknown_name
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.lowering import c, fpcore, inplace, javascript, jax, json, mpmath, numpy, rust, torch, triton
from refopt.lowering.printer import Dialect


@dataclass(frozen=True)
class Backend:
    """A target language.

    dialect    its tables of spellings
    module     the source file of a rule or a schedule
    committed  whether its files stand in refopt/generated/<name>/
    schedules  whether it has files of schedules
    """

    name: str
    dialect: Dialect
    module: Callable[[Rule | Schedule], str] = field(repr=False)
    committed: bool = False
    suffix: str = ".py"
    schedules: bool = True


def _backend(source: ModuleType, committed: bool = False, schedules: bool = True) -> Backend:
    return Backend(source.NAME, source.DIALECT, source.module, committed, getattr(source, "SUFFIX", ".py"), schedules)


BACKENDS: Mapping[str, Backend] = {
    "numpy": _backend(numpy, committed=True),
    "inplace": _backend(inplace, committed=True, schedules=False),
    "c": _backend(c, committed=True),
    "javascript": _backend(javascript, committed=True),
    "rust": _backend(rust, committed=True),
    "torch": _backend(torch, committed=True),
    "jax": _backend(jax, committed=True),
    "triton": _backend(triton, committed=True),
    "json": _backend(json, committed=True),
    "fpcore": _backend(fpcore, committed=True),
    "mpmath": _backend(mpmath),
}
"""Every backend by name."""


def backend(name: str) -> Backend:
    """The backend of that name. Raises UnknownName, the nearest name suggested."""
    if name not in BACKENDS:
        raise unknown_name("backend", name, tuple(BACKENDS))
    return BACKENDS[name]
