"""Functions of shared libraries that a person's code calls: the formats of the arrays that they are declared to take.

What is declared is not checked in every call: a pointer of another format is taken for its own, and what comes back means nothing. What hands
out addresses and declares nothing is therefore not judged.
"""

from __future__ import annotations

import ast
import ctypes
import inspect
from _ctypes import CFuncPtr
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from refopt.conformance.protocol.reason import Reason, Why
from refopt.errors import RefoptError
from refopt.frameworks.own.calling.libraries import names_in
from refopt.frameworks.own.calling.source import plain_function, tree_of
from refopt.rounding.formats import FORMATS

OF_CFFI = ("_cffi_backend", "cffi.api")
"""The modules of a library of cffi, and of its functions."""
FORMAT_OF = {ctypes.c_float: "float32", ctypes.c_double: "float64", "float": "float32", "double": "float64"}
"""By a number of ctypes, or as C calls it, the format."""


BY_ADDRESS = frozenset(("c_void_p", "data_as", "cast", "from_buffer", "addressof", "byref", "CDLL", "cdll"))
"""Names by which code hands out the address of an array, or opens a library."""


def array_formats(functions: Sequence[Callable[..., Any]], made: Any, name: str) -> frozenset[str]:
    """The formats that what is judged may be given: those that it says itself, else those of the library functions that it calls; none where any may be.

    Raises RefoptError where it hands addresses of arrays to a library, and nothing says of which numbers they are, or it says no format.
    """
    said = getattr(made, "formats", ())
    said = frozenset((said,) if isinstance(said, str) else said if isinstance(said, tuple | list | set | frozenset) else ())
    if unknown := [x for x in said if x not in FORMATS]:
        raise RefoptError(f"{name}: its formats hold {unknown[0]!r}, which is none", help=f"there are {', '.join(FORMATS)}")
    if said:
        return said
    found = declared_formats(functions, made if isinstance(made, type) else type(made))
    pointed = frozenset(f for function in functions for f in _pointed_in_text(function))
    if found or len(pointed) == 1:
        return found or pointed
    if not any(_hands_out(f) for f in functions):
        return frozenset()
    own = name.partition("(")[0].rpartition(":")[2]
    function = inspect.isroutine(plain_function(made))
    way = f"    {own}.formats = ('float32',)" if function else f"    formats = ('float32',)  # in class {own}"
    other = "    f.argtypes = [ctypes.POINTER(ctypes.c_float), ...]"
    raise RefoptError(
        f"{name} hands addresses of arrays to a shared library, and nothing says of which numbers they are",
        help=f"paste one of these, with your own format, and judge it again:\n{way}\n{other}",
    )


def of_formats(formats: frozenset[str]) -> Reason:
    """The reason why arrays of another format are not given."""
    return Reason(Why.HAS_FORMATS, tuple(sorted(formats)), "its shared library")


def _hands_out(function: Callable[..., Any]) -> bool:
    """True where the code of a function takes addresses of arrays, or opens a library."""
    code, known = getattr(plain_function(function), "__code__", None), getattr(plain_function(function), "__globals__", {})
    names = set(names_in(code))
    libraries = any(isinstance(known.get(n), ctypes.CDLL) or type(known.get(n)).__module__ in OF_CFFI for n in names)
    ctypes_named = "ctypes" in names or any(known.get(n) is ctypes for n in names)
    return libraries or (ctypes_named and bool(names & (BY_ADDRESS | {"data"})))


def _pointed_in_text(function: Callable[..., Any]) -> Iterator[str]:
    """The formats of the pointers that the text of a function makes: `POINTER(c_float)`, or a name of its module for one."""
    inner = plain_function(function)
    known = getattr(inner, "__globals__", {})
    for n in names_in(getattr(inner, "__code__", None)):
        kind = known.get(n)
        if isinstance(kind, type) and issubclass(kind, ctypes._Pointer) and (of := FORMAT_OF.get(kind._type_)) is not None:
            yield of
    tree = tree_of(inner)
    for call in (x for x in (ast.walk(tree) if tree is not None else ()) if isinstance(x, ast.Call) and _last(x.func) == "POINTER" and x.args):
        if (of := FORMAT_OF.get(getattr(ctypes, _last(call.args[0]), None))) is not None:
            yield of


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def declared_formats(functions: Sequence[Callable[..., Any]], made: type | None = None) -> frozenset[str]:
    """The formats that arrays have in the declared signatures of library functions which these functions, or a class, call; none where nothing says it."""
    return frozenset(f for one in _called(functions, made) for f in _formats_of(one))


def _called(functions: Sequence[Callable[..., Any]], made: type | None) -> Iterator[Any]:
    """Library functions that go by a name of the functions' code, or are attributes of the class."""
    for function in map(plain_function, functions):
        known, names = getattr(function, "__globals__", {}), set(names_in(getattr(function, "__code__", None)))
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
