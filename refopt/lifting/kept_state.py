"""State that code keeps between calls beside the one that it is given: attributes, globals, closures, defaults, random numbers.

A formula of one update says nothing of code that counts its calls. So everything that the code could keep something in is written down
before a call and after it; what is not the same is named.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import pickle
import random
import reprlib
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from types import AsyncGeneratorType, BuiltinFunctionType, CodeType, CoroutineType, FunctionType, GeneratorType, MethodType, ModuleType
from typing import Any

import numpy as np

from refopt.lifting.frame import is_between, note_counts
from refopt.lifting.library import Same, libraries, packages
from refopt.lifting.look import Look
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.outside import HARMLESS, INSIDE, catches, counts_of, module_of, names_of, refuse_outside
from refopt.lifting.scalar import Scalar
from refopt.lifting.unreadable import CannotRead

MOST = 20_000
"""Things that are looked at; more are not followed."""
BENEATH = frozenset({"numpy", "scipy", "sympy", "builtins", "_pytest"})
"""Packages, beside those of libraries of arrays, whose own code is not the code that is read; pytest puts a module of its own into each that it rewrites."""

PLAIN = frozenset({type(None), bool, int, float, complex, str, bytes, Scalar})
"""Kinds of values that cannot change: Python's, and formulas."""
READ_OF_OURS = ("refopt.generated.", "refopt.optim")
"""The code of this package that is judged, and so read, like anybody's."""

Kept = dict[str, object]
"""By the name of a place, what stands there."""


def kept(*roots: Any, apart: Callable[[str], bool] = lambda name: False) -> Kept:
    """The values of all places that can be reached from the roots, but for those whose names `apart` says are looked at elsewhere."""
    return _Look(apart).at(roots)


def refuse_changes(before: Kept, after: Kept, what: str) -> None:
    """Raises CannotRead where something is not as it was before."""
    changed = next((n for n in (*before, *after) if before.get(n, _MISSING) != after.get(n, _MISSING)), None)
    if changed is not None:
        raise CannotRead(Obstacle.CHANGES_WHAT_IT_SEES, what, changed)


_MISSING = object()
UNSEEN = (CoroutineType, AsyncGeneratorType, memoryview)
"""Kinds of Python's own objects of which it does not show where they stand."""
SILENT = frozenset({
    "weakref", "_weakrefset", "contextvars", "_thread", "threading", "inspect", "ast", "pathlib", "datetime", "zoneinfo", "uuid", "ipaddress", "traceback",
    "importlib", "_frozen_importlib", "_frozen_importlib_external", "zipimport",
})  # fmt: skip
"""Modules whose objects are locks and references, do not change, or are looked at otherwise."""
_SHAPE = (
    "size", "ndim", "numel", "nelement", "ndindex", "ndenumerate", "broadcast", "unravel_index", "indices", "prod", "take", "repeat", "resize", "put",
    "compress", "choose", "swapaxes", "pad", "tile", "split", "array_split", "concatenate", "stack", "dynamic_slice", "dynamic_update_slice",
    "slice_in_dim", "at", "index_select", "narrow", "chunk", "index_copy_", "index_fill_",
)  # fmt: skip
_DTYPE = (
    "itemsize", "element_size", "result_type", "promote_types", "can_cast", "issubdtype", "finfo", "min_scalar_type", "is_floating_point",
)  # fmt: skip
_KEEPING = (
    "device", "is_cuda", "is_cpu", "is_mps", "is_xpu", "is_meta", "is_sparse", "is_sparse_csr", "is_quantized", "is_leaf", "is_mkldnn", "is_nested",
    "layout", "is_pinned", "is_shared", "committed", "sharding",
)  # fmt: skip
_MEMORY = (
    "is_contiguous", "flags", "strides", "stride", "storage_offset", "data_ptr", "untyped_storage", "ctypes", "__array_interface__", "is_set_to",
    "isfortran", "is_non_overlapping_and_dense",
)  # fmt: skip
NAMES = {
    **dict.fromkeys(_SHAPE, (Look.SHAPE,)), **dict.fromkeys(_DTYPE, (Look.DTYPE,)), **dict.fromkeys(_KEEPING, (Look.KEEPING,)),
    **dict.fromkeys(_MEMORY, (Look.MEMORY,)),
    "nbytes": (Look.SHAPE, Look.DTYPE), "is_tensor": (Look.TYPE,),
}  # fmt: skip
"""Properties that code may ask for by each name that it mentions."""
OF_OTHERS = {"shape": (Look.SHAPE,), "len": (Look.SHAPE,), "dtype": (Look.DTYPE,), "isinstance": (Look.TYPE,), "type": (Look.TYPE,)}
"""The same of arrays that are not ours, and do not note what they are asked."""


def functions_of(*roots: Any) -> tuple[FunctionType, ...]:
    """The functions that can be reached from the roots, but for those of frameworks and ours: the code that is read."""
    look = _Look(lambda name: False)
    look.at(roots)
    return _own_functions(look)


def _own_functions(look: _Look) -> tuple[FunctionType, ...]:
    return tuple(
        x for x in look.seen.values()
        if isinstance(x, FunctionType) and _is_own(x.__module__) and not (x.__module__ or "").startswith("refopt.") and not _is_of_dataclass(x)
    )  # fmt: skip


def _is_of_dataclass(x: FunctionType) -> bool:
    """True of a hash or a text that `dataclass` has written: it asks its fields for theirs, and what is asked of a formula is refused by itself."""
    hashes = x.__name__ == "__hash__" and x.__code__.co_filename == "<string>" and x.__code__.co_names[:1] == ("hash",)
    return hashes or (x.__name__ == "__repr__" and x.__code__.co_filename in (dataclasses.__file__, reprlib.__file__))


def named(*roots: Any, of_others: bool = False) -> set[Look]:
    """Properties that the code reached from the roots may ask for, by the names that it mentions; also of arrays that are not ours (`of_others`).

    Raises CannotRead where it looks outside.
    """
    names = {**NAMES, **OF_OTHERS} if of_others else NAMES
    look_at = _Look(lambda name: False)
    look_at.at(roots)
    functions = _own_functions(look_at)
    refuse_outside(functions)
    note_counts(look_at.counts.union(*(counts_of(f.__code__) for f in functions)))
    looks = {look for f in functions for n in names_of(f.__code__) for look in names.get(n, ())}
    return looks | ({Look.CAUGHT} if any(map(catches, functions)) else set())


def _is_own(module: str | None) -> bool:
    """True where what lives in the module is the code that is read, or its own helpers."""
    name = module or ""
    package = name.partition(".")[0]
    if package == "refopt":
        return name.startswith(READ_OF_OURS)
    return package not in BENEATH | packages() and (package not in sys.stdlib_module_names or package == "__main__") and not is_between(name)


class _Look:
    def __init__(self, apart: Callable[[str], bool]) -> None:
        self.apart = apart
        self.found: Kept = {}
        self.seen: dict[int, Any] = {}
        self.counts: set[int] = set()

    def at(self, roots: tuple[Any, ...]) -> Kept:
        pending: list[tuple[str, Any]] = [("", x) for x in roots]
        while pending:
            if len(self.found) >= MOST:
                raise CannotRead(Obstacle.REACHES_TOO_MUCH, f"{MOST:,}")
            name, x = pending.pop()
            if self.apart(name):
                continue
            plain = _plain(x)
            if plain is not None:
                self.found[name] = plain
                self.counts |= {x} if type(x) is int else set()
                continue
            if id(x) in self.seen:
                self.found.setdefault(name, ("seen", Same(x)))
                continue
            self.seen[id(x)] = x
            if (module := _hides_in(x)) is not None:
                raise CannotRead(Obstacle.KEEPS_OF_A_MODULE, name or 'itself', module)
            self.found[name] = _token(x)
            pending += [(f"{name}.{n}".lstrip(".") if n[:1] != "[" else f"{name}{n}", y) for n, y in _parts(x)]
        self.found["the random numbers of numpy"] = pickle.dumps(np.random.get_state())
        self.found["the random numbers of Python"] = hash(random.getstate())
        for library in libraries():
            if (state := library.random_numbers()) is not None:
                self.found[f"the random numbers of {library.name}"] = state
        return self.found


def _hides_in(x: Any) -> str | None:
    """The module of the standard library whose object, or object of a class made of its, this is, and which keeps what nobody can see."""
    if isinstance(x, type | ModuleType | FunctionType | MethodType | BuiltinFunctionType | CodeType):
        return None
    if isinstance(x, UNSEEN):
        return type(x).__name__
    modules = [module_of(kind) for kind in type(x).__mro__ if kind is not object]
    return next((m for m in modules if m and m not in INSIDE and m not in SILENT and m not in HARMLESS), None)


def _plain(x: Any) -> object | None:
    """A value that cannot change, as something to compare; None for anything else."""
    if type(x) is Scalar:
        return ("formula", x.tree)
    return (type(x).__name__, repr(x)) if type(x) in PLAIN else None


def _token(x: Any) -> object:
    """Token of the thing itself, apart from what it holds: equal where nothing of it has changed."""
    if isinstance(x, np.ndarray):
        values = np.asarray(x)
        if values.dtype == object:
            return ("array", values.shape, tuple(_plain(v) or Same(v) for v in values.flat))
        return ("array", values.shape, values.tobytes())
    if isinstance(x, dict | list | tuple | set | frozenset):
        return (type(x).__name__, len(x), tuple(map(repr, x)) if isinstance(x, set | frozenset) and all(type(v) in PLAIN for v in x) else None)
    if isinstance(x, deque):
        return ("deque", len(x), x.maxlen)
    if isinstance(x, ContextVar):
        return ("context", _plain(x.get(None)) or Same(x.get(None)))
    if (shown := next((t for library in libraries() if (t := library.token(x)) is not None), None)) is not None:
        return shown
    if isinstance(x, GeneratorType):
        return ("generator", None if x.gi_frame is None else x.gi_frame.f_lasti)
    if hasattr(x, "cache_info") and not isinstance(x, type):
        return ("cache", x.cache_info())
    if isinstance(x, np.random.Generator):
        return ("random", repr(x.bit_generator.state))
    if isinstance(x, FunctionType | MethodType | type | ModuleType | BuiltinFunctionType | CodeType):
        return ("thing", Same(x))
    if hasattr(x, "__dict__"):  # of a class made of one that counts, such as an iterator: where it stands shows when it is pickled
        return ("thing", Same(x), _reduced(x) if any(module_of(kind) == "itertools" for kind in type(x).__mro__) else None)
    try:
        return ("pickled", pickle.dumps(x))  # counters, iterators: where they stand
    except Exception:  # what cannot be pickled is only known by its identity
        return ("thing", Same(x))


def _reduced(x: Any) -> object:
    try:
        return repr(x.__reduce__())
    except Exception:
        raise CannotRead(Obstacle.KEEPS_UNPLACED, type(x).__name__) from None


def _parts(x: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(x, Mapping) and not isinstance(x, ModuleType):
        with contextlib.suppress(Exception):  # of foreign code
            yield from [(f"[{k!r}]" if type(k) in PLAIN else f"[{i}]", v) for i, (k, v) in enumerate(x.items())]
        if not isinstance(x, dict):
            yield from getattr(x, "__dict__", {}).items()
    elif isinstance(x, list | tuple | set | frozenset | deque):
        yield from ((f"[{i}]", v) for i, v in enumerate(x))
    elif isinstance(x, GeneratorType):
        yield from (() if x.gi_frame is None else sorted(x.gi_frame.f_locals.items(), key=lambda i: i[0]))
        yield "what it waits for", x.gi_yieldfrom
    elif isinstance(x, FunctionType):
        yield from _of_function(x)
    elif isinstance(x, MethodType):
        yield from (("__self__", x.__self__), ("__func__", x.__func__))
    elif isinstance(x, functools.partial):
        yield from (("func", x.func), ("args", x.args), ("keywords", x.keywords))
    elif isinstance(x, staticmethod | classmethod):
        yield "__func__", x.__func__
    elif isinstance(x, property):
        yield from ((n, f) for n, f in (("fget", x.fget), ("fset", x.fset)) if f is not None)
    elif isinstance(x, type):
        if _is_own(x.__module__):
            yield from ((n, v) for n, v in vars(x).items() if n not in ("__dict__", "__weakref__", "__doc__"))
            yield from ((base.__name__, base) for base in (*x.__bases__, type(x)))
    elif isinstance(x, ModuleType):
        own = _is_own(x.__name__)  # of a library's modules, only the numbers and texts that somebody may have put there
        yield from [(n, v) for n, v in vars(x).items() if (own or type(v) in PLAIN) and not n.startswith("__")]  # of thousands of names few are plain
    elif hasattr(x, "__dict__"):
        yield from vars(x).items()
        yield type(x).__name__, type(x)
    yield from _of_slots(x)
    if hasattr(x, "__wrapped__"):
        yield "__wrapped__", x.__wrapped__


def _of_slots(x: Any) -> Iterator[tuple[str, Any]]:
    for kind in type(x).__mro__ if _is_own(type(x).__module__) else ():
        slots = kind.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            place = f"_{kind.__name__.lstrip('_')}{name}" if name.startswith("__") and not name.endswith("__") else name
            if hasattr(x, place):
                yield place, getattr(x, place)


def _of_function(x: FunctionType) -> Iterator[tuple[str, Any]]:
    yield from vars(x).items()
    yield from ((f"[{i}]", d) for i, d in enumerate(x.__defaults__ or ()))
    yield from (x.__kwdefaults__ or {}).items()
    for name, cell in zip(x.__code__.co_freevars, x.__closure__ or (), strict=True):
        try:
            yield name, cell.cell_contents
        except ValueError:  # not filled yet
            continue
    if _is_own(x.__module__):
        for name in sorted(names_of(x.__code__)):
            if name in x.__globals__:
                yield name, x.__globals__[name]
