"""What code can see beside what it is given: clocks, files, the environment, random numbers, its own text. No formula says anything of these.

Code that names one of them is not read: a run on symbols shows what it does at one moment on one machine, not what it does.
"""

from __future__ import annotations

import dis
import itertools
import sys
from collections.abc import Iterable
from types import CodeType, FunctionType, ModuleType
from typing import Any

from refopt.lifting.unreadable import CannotRead

MODULES = frozenset({
    "os", "posix", "nt", "io", "sys", "time", "datetime", "random", "_random", "secrets", "uuid", "socket", "tempfile", "pathlib", "shutil", "subprocess",
    "threading", "_thread", "multiprocessing", "gc", "weakref", "inspect", "ctypes", "_ctypes", "builtins", "importlib", "contextvars", "atexit", "signal",
    "platform", "resource", "tracemalloc", "sqlite3", "dbm", "shelve", "mmap", "logging", "zoneinfo", "calendar", "locale",
})  # fmt: skip
"""Modules of the standard library through which code sees, or keeps, what is not given to it."""
CONSTANTS = frozenset({"float_info", "maxsize", "version_info"})
"""What such a module says that is always the same."""
HARMLESS = frozenset({"logging", "warnings", "abc", "typing"})
BUILTINS = frozenset({"eval", "exec", "compile", "globals", "locals", "open", "input", "breakpoint", "id", "hash", "__import__", "memoryview"})
"""Functions of Python that do so."""
RANDOM = frozenset({"default_rng", "RandomState", "SystemRandom", "urandom", "manual_seed", "Random"})
"""Makers of random numbers in any module."""
SURROUNDINGS = frozenset({
    "get_default_dtype", "is_available", "get_num_threads", "is_grad_enabled", "is_inference_mode_enabled", "default_backend", "devices", "local_devices",
    "device_count", "local_device_count", "process_index", "jax_enable_x64", "weak_type", "Tracer", "cpu_count",
})  # fmt: skip
"""What frameworks say of the machine, of how they are set, or of whether they record."""
TRAPS = {"errstate": "raise", "seterr": "raise", "simplefilter": "error", "filterwarnings": "error"}
"""What turns a warning into an exception, where the word beside it stands in the code."""


def refuse_outside(functions: Iterable[FunctionType]) -> None:
    """Raises CannotRead for functions that name what is outside."""
    for function in functions:
        code = function.__code__
        for name in sorted(names_of(code)):
            if (what := _outside(name, function, code)) is not None:
                raise CannotRead(f"its code uses {what}, of which no formula says anything")


def catches(function: FunctionType) -> bool:
    """Whether a function catches exceptions: then what a record of it shows need not be what it does."""
    return _has_handler(function.__code__)


def _has_handler(code: CodeType) -> bool:
    steps = [x.opname for x in dis.get_instructions(code)]
    bare = any(pair == ("PUSH_EXC_INFO", "POP_TOP") for pair in itertools.pairwise(steps))
    inner = any(_has_handler(x) for x in code.co_consts if isinstance(x, CodeType))
    return bare or "CHECK_EXC_MATCH" in steps or "suppress" in code.co_names or inner


def _outside(name: str, function: FunctionType, code: CodeType) -> str | None:
    if name in TRAPS and TRAPS[name] in _words(code):
        return f"{name} to raise exceptions"
    if name in RANDOM | SURROUNDINGS:
        return f"{name}, random numbers" if name in RANDOM else name
    if name not in function.__globals__:
        return name if name in BUILTINS or (name in MODULES - HARMLESS and _imports(code, name)) else None
    module = _module(function.__globals__[name])
    if _attributes(code, name) <= CONSTANTS:
        return None
    return f"{name}, of the module {module}" if module in MODULES - HARMLESS else None


def _attributes(code: CodeType, name: str) -> set[str]:
    """What the code asks the global of this name for; its own name where it does something else with it."""
    found: set[str] = set()
    steps = list(dis.get_instructions(code))
    for one, following in zip(steps, [*steps[1:], None], strict=True):
        if one.opname in ("LOAD_GLOBAL", "LOAD_NAME") and one.argval == name:
            found.add(str(following.argval) if following is not None and following.opname in ("LOAD_ATTR", "LOAD_METHOD") else name)
    return found.union(*(_attributes(x, name) for x in code.co_consts if isinstance(x, CodeType)))


def _module(x: Any) -> str:
    """The module that a global is, or that it is from, where that is one of the standard library."""
    if isinstance(x, ModuleType):
        return x.__name__.partition(".")[0]
    module = getattr(x, "__module__", None) or getattr(type(x), "__module__", None)
    found = module.partition(".")[0] if isinstance(module, str) else ""
    return found if found in sys.stdlib_module_names and found != "builtins" else ""


def _imports(code: CodeType, name: str) -> bool:
    own = any(x.opname == "IMPORT_NAME" and str(x.argval).partition(".")[0] == name for x in dis.get_instructions(code))
    return own or any(_imports(x, name) for x in code.co_consts if isinstance(x, CodeType))


def names_of(code: CodeType) -> set[str]:
    """The names that the code, and the code of functions in it, mentions."""
    return set(code.co_names).union(*(names_of(x) for x in code.co_consts if isinstance(x, CodeType)))


def _words(code: CodeType) -> set[str]:
    """The texts that stand in the code."""
    own = {x for x in code.co_consts if isinstance(x, str)}
    return own.union(*(_words(x) for x in code.co_consts if isinstance(x, CodeType)))
