"""Inputs of code beside those it is given: clocks, files, the environment, random numbers, its own text. No formula says anything of these.

Code that names one of them is not read: a run on symbols shows what it does at one moment on one machine, not what it does.
"""

from __future__ import annotations

import dis
import itertools
import sys
from collections.abc import Iterable
from functools import lru_cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

from refopt.lifting.library import libraries
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.unreadable import CannotRead

INSIDE = frozenset({
    "__future__", "_collections_abc", "abc", "array", "bisect", "cmath", "collections", "contextlib", "copy", "copyreg", "dataclasses", "decimal", "enum",
    "fractions", "functools", "heapq", "itertools", "json", "keyword", "math", "numbers", "operator", "pprint", "re", "reprlib", "statistics", "string",
    "struct", "textwrap", "types", "typing",
})  # fmt: skip
"""Modules of the standard library that only compute; through every other one code sees, or keeps, what is not given to it."""
CONSTANTS = frozenset({"float_info", "maxsize", "version_info"})
"""Constants of such a module: always the same."""
HARMLESS = {
    "logging": frozenset({"getLogger", "debug", "info", "warning", "warn", "error", "exception", "critical", "log", "isEnabledFor", "Logger",
                          "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}),
    "warnings": frozenset({"warn", "catch_warnings", "simplefilter", "filterwarnings"}),
}  # fmt: skip
"""By module that only speaks to a person: what code may use of it."""
BUILTINS = frozenset({"eval", "exec", "compile", "globals", "locals", "open", "input", "breakpoint", "id", "hash", "__import__", "memoryview"})
"""Functions of Python that do so."""
RANDOM = frozenset({"default_rng", "RandomState", "SystemRandom", "urandom", "manual_seed", "Random"})
"""Makers of random numbers in any module."""
SURROUNDINGS = frozenset({
    "cpu_count", "geterr", "geterrcall", "get_printoptions", "getcontext", "setcontext", "localcontext", "_getframe", "currentframe",
})  # fmt: skip
"""Names by which Python and NumPy tell of the machine, or of how they are set; those of other libraries are theirs to say."""
KEPT = 4096
"""Pieces of code of which what was found is kept: the same functions are looked at before and after every update, in every frame."""
TRAPS = {"errstate": "raise", "seterr": "raise", "simplefilter": "error", "filterwarnings": "error"}
"""Switches that turn a warning into an exception, where the word beside the name stands in the code."""


def refuse_outside(functions: Iterable[FunctionType]) -> None:
    """Raises CannotRead for functions that name what is outside."""
    for function in functions:
        code = function.__code__
        for name in sorted(names_of(code)):
            if (what := _outside(name, function, code)) is not None:
                raise CannotRead(Obstacle.USES, what)


def catches(function: FunctionType) -> bool:
    """True where a function catches exceptions: then what a record of it shows need not be what it does."""
    return _has_handler(function.__code__)


@lru_cache(KEPT)
def _has_handler(code: CodeType) -> bool:
    steps = [x.opname for x in dis.get_instructions(code)]
    bare = any(pair == ("PUSH_EXC_INFO", "POP_TOP") for pair in itertools.pairwise(steps))
    inner = any(_has_handler(x) for x in code.co_consts if isinstance(x, CodeType))
    return bare or "CHECK_EXC_MATCH" in steps or "suppress" in code.co_names or inner


def _outside(name: str, function: FunctionType, code: CodeType) -> str | None:
    if name in TRAPS and TRAPS[name] in _words(code):
        return f"{name} to raise exceptions"
    if name in RANDOM or name in SURROUNDINGS or any(name in library.surroundings for library in libraries()):
        return f"{name}, random numbers" if name in RANDOM else name
    if name not in function.__globals__:
        imported = name in sys.stdlib_module_names and name not in INSIDE and name not in HARMLESS and _imports(code, name)
        return name if name in BUILTINS or imported else None
    module = module_of(function.__globals__[name])
    if not module or module in INSIDE or _attributes(code, name) <= CONSTANTS | HARMLESS.get(module, frozenset()):
        return None
    return f"{name}, of the module {module}"


def _attributes(code: CodeType, name: str) -> set[str]:
    """Attributes that the code reads from the global of this name; its own name where the code does something else with it."""
    found: set[str] = set()
    steps = list(dis.get_instructions(code))
    for one, following in zip(steps, [*steps[1:], None], strict=True):
        if one.opname in ("LOAD_GLOBAL", "LOAD_NAME") and one.argval == name:
            found.add(str(following.argval) if following is not None and following.opname in ("LOAD_ATTR", "LOAD_METHOD") else name)
    return found.union(*(_attributes(x, name) for x in code.co_consts if isinstance(x, CodeType)))


def module_of(x: Any) -> str:
    """The module of the standard library that a thing is, or that it is from; `_io` is `io`, and what Python has without one is from none."""
    module = x.__name__ if isinstance(x, ModuleType) else getattr(x, "__module__", None) or getattr(type(x), "__module__", None)
    found = module.partition(".")[0] if isinstance(module, str) else ""
    if found not in sys.stdlib_module_names or found in ("builtins", "__main__"):
        return "builtins" if isinstance(x, ModuleType) and found == "builtins" else ""
    return found.lstrip("_") if found.lstrip("_") in sys.stdlib_module_names else found


def _imports(code: CodeType, name: str) -> bool:
    own = any(x.opname == "IMPORT_NAME" and str(x.argval).partition(".")[0] == name for x in dis.get_instructions(code))
    return own or any(_imports(x, name) for x in code.co_consts if isinstance(x, CodeType))


@lru_cache(KEPT)
def names_of(code: CodeType) -> frozenset[str]:
    """The names that the code, and the code of functions in it, mentions."""
    return frozenset(code.co_names).union(*(names_of(x) for x in code.co_consts if isinstance(x, CodeType)))


def counts_of(code: CodeType) -> set[int]:
    """The whole numbers that stand in the code."""
    own = {n for x in code.co_consts for n in (x if isinstance(x, tuple) else (x,)) if type(n) is int}
    own |= {n for x in code.co_consts if isinstance(x, slice) for n in (x.start, x.stop, x.step) if type(n) is int}
    return own.union(*(counts_of(x) for x in code.co_consts if isinstance(x, CodeType)))


def _words(code: CodeType) -> set[str]:
    """The texts that stand in the code."""
    own = {x for x in code.co_consts if isinstance(x, str)}
    return own.union(*(_words(x) for x in code.co_consts if isinstance(x, CodeType)))
