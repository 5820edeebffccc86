"""Functions of shared libraries that a person's code calls: the formats of the arrays that they are declared to take.

What is declared is not checked in every call: a pointer of another format is taken for its own, and what comes back means nothing.
"""

from __future__ import annotations

import ctypes
from _ctypes import CFuncPtr
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from refopt.frameworks.own.calling.source import plain_function
from refopt.rounding.formats import FORMATS

OF_CFFI = ("_cffi_backend", "cffi.api")
"""The modules of a library of cffi, and of its functions."""
FORMAT_OF = {ctypes.c_float: "float32", ctypes.c_double: "float64", "float": "float32", "double": "float64"}
"""By a number of ctypes, or as C calls it, the format."""


def declared_formats(functions: Sequence[Callable[..., Any]], made: type | None = None) -> frozenset[str]:
    """The formats that arrays have in the declared signatures of library functions which these functions, or a class, call; none where nothing says it."""
    return frozenset(f for one in _called(functions, made) for f in _formats_of(one))


def _called(functions: Sequence[Callable[..., Any]], made: type | None) -> Iterator[Any]:
    """Library functions that go by a name of the functions' code, or are attributes of the class."""
    for function in map(plain_function, functions):
        known, names = getattr(function, "__globals__", {}), set(getattr(getattr(function, "__code__", None), "co_names", ()))
        yield from (known[n] for n in names if n in known)
        for library in (known[n] for n in names if isinstance(known.get(n), ctypes.CDLL) or type(known.get(n)).__module__ in OF_CFFI):
            there = vars(library) if isinstance(library, ctypes.CDLL) else dir(library)  # one of ctypes takes any name
            yield from (getattr(library, n) for n in names.intersection(there))
    yield from (x for base in (made.__mro__ if made is not None else ()) for x in vars(base).values())


def _formats_of(function: Any) -> Iterator[str]:
    """The formats of the arrays of one library function; none for anything else."""
    if type(function).__module__ in OF_CFFI:
        import cffi

        kind = cffi.FFI().typeof(function) if callable(function) else None
        pointed = [a.item.cname for a in kind.args if a.kind in ("pointer", "array")] if kind is not None else []
        yield from (FORMAT_OF[x] for x in pointed if x in FORMAT_OF)
    elif isinstance(function, CFuncPtr):
        for taken in function.argtypes or ():
            array = getattr(taken, "_dtype_", None)  # an ndpointer of NumPy
            if isinstance(array, np.dtype) and array.name in FORMATS:
                yield array.name
            elif (of := FORMAT_OF.get(getattr(taken, "_type_", None))) is not None and issubclass(taken, ctypes._Pointer | ctypes.Array):
                yield of
