"""Python functions that formulas can pass through: copies of them, whose instructions stay what they are.

In a copy, what only checks arguments or rounds (the generated modules' own helpers, `float`, `int`, the `math` of machine numbers) lets
formulas pass, and a loop on a symbol is proved to be a power (python_loops.py). The functions that it calls, of its package or ours,
are copied with it where they need that too.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from types import CodeType, FunctionType, MethodType
from typing import Any

import numpy as np

from refopt.lifting.passing import BUILTINS
from refopt.lifting.python_loops import LOOP, loop, without_loops
from refopt.lifting.standing_in import standing_in

HELPERS = "refopt.generated.numpy._arguments"


def symbolic_call(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as one that formulas can pass through, where it is Python code."""
    return _Copies().of(function)


def symbolic_class(kind: type, framework: str) -> type:
    """A subclass whose methods are those of the class as ones that formulas can pass through; the framework's own stay what they are."""
    copies, space = _Copies(), dict[str, Any]()
    for base in reversed(kind.__mro__):
        if _package(base) in (framework, "builtins"):
            continue
        for name, x in vars(base).items():
            if isinstance(x, staticmethod):
                space[name] = staticmethod(copies.of(x.__func__))
            elif isinstance(x, FunctionType):
                space[name] = copies.of(x)
    return type(kind.__name__, (kind,), {**space, "__module__": kind.__module__}) if space else kind


class _Copies:
    """Copies of functions, each made once."""

    def __init__(self) -> None:
        self.made: dict[FunctionType, FunctionType] = {}
        self.asked: dict[FunctionType, bool] = {}

    def of(self, function: Callable[..., Any]) -> Callable[..., Any]:
        code = inspect.unwrap(function)
        if isinstance(code, MethodType) and isinstance(code.__func__, FunctionType):
            return MethodType(self.copied(code.__func__), code.__self__)
        return self.copied(code) if isinstance(code, FunctionType) else function

    def copied(self, plain: FunctionType) -> FunctionType:
        if plain in self.made:
            return self.made[plain]
        space = {n: _HELPERS.get(n, x) if getattr(x, "__module__", None) == HELPERS else x for n, x in plain.__globals__.items()}
        space |= {**BUILTINS, LOOP: loop, **{n: new for n, x in space.items() if (new := standing_in(x)) is not x}}
        made = FunctionType(without_loops(plain) or plain.__code__, space, plain.__name__, plain.__defaults__, plain.__closure__)
        made.__kwdefaults__ = plain.__kwdefaults__
        self.made[plain] = made
        space |= {name: self.copied(x) for name, x in _called(plain, space) if self.concerns(x)}
        return made

    def concerns(self, plain: FunctionType) -> bool:
        """True where a formula that passes through the function needs a copy of it."""
        if plain not in self.asked:
            self.asked[plain] = False  # as long as it is looked at: it may call itself
            names = _names(plain.__code__)
            modules = any(standing_in(x) is not x for x in map(plain.__globals__.get, names))
            own = modules or not names.isdisjoint(BUILTINS) or without_loops(plain) is not None
            self.asked[plain] = own or any(self.concerns(x) for _, x in _called(plain, plain.__globals__))
        return self.asked[plain]


def _called(plain: FunctionType, space: dict[str, Any]) -> Iterator[tuple[str, FunctionType]]:
    """The global functions that a function names, of its package and of ours, whose helpers generated code takes along."""
    for name in sorted(_names(plain.__code__)):
        if space.get(name) is plain.__globals__.get(name) and isinstance(x := space.get(name), FunctionType) and _package(x) in (_package(plain), "refopt"):
            yield name, x


def _names(code: CodeType) -> set[str]:
    """Names that the code, and the code of functions in it, mentions."""
    return set(code.co_names).union(*(_names(x) for x in code.co_consts if isinstance(x, CodeType)))


def _package(x: Any) -> str:
    return str(x.__module__).partition(".")[0]


def _arrays(given: Mapping[str, Any], state: Mapping[str, Any] | None = None, *names: str, beside: tuple[str, ...] = ()) -> tuple[Any, ...]:
    every = {**given, **(state or {})}
    if sorted(state or {}) != sorted((*names, *beside)):
        raise ValueError(f"the state has {', '.join(state or {})}; the rule keeps {', '.join((*names, *beside))}")
    return tuple(every[n] for n in (*given, *names))


def _one_value(state: Mapping[str, Any], name: str) -> Any:
    (value,) = np.asarray(state[name], dtype=object).flat  # raises ValueError for several, as the helper does
    return value


def _same(*values: Any) -> Any:
    return values


_HELPERS: dict[str, Any] = {
    "arrays": _arrays, "counter": lambda value, first: value, "floats": _same, "integers": _same, "real": _one_value, "whole": _one_value,
    "rounder": lambda dtype: lambda x: x,
}  # fmt: skip
"""The generated modules' helpers: what they check is checked elsewhere, and rounding is nothing to an exact number."""
