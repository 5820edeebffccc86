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

from refopt.language.expression import literal
from refopt.proof.python_loops import LOOP, loop, without_loops
from refopt.proof.scalar import Scalar, tree_of
from refopt.proof.traced import Traced
from refopt.proof.unreadable import CannotRead

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
        space |= {"float": Passing("float", float), "int": Passing("int", int), LOOP: loop} | ({"math": MATH} if "math" in space else {})
        made = FunctionType(without_loops(plain) or plain.__code__, space, plain.__name__, plain.__defaults__, plain.__closure__)
        made.__kwdefaults__ = plain.__kwdefaults__
        self.made[plain] = made
        space |= {name: self.copied(x) for name, x in _called(plain, space) if self.concerns(x)}
        return made

    def concerns(self, plain: FunctionType) -> bool:
        """Whether a formula that passes through the function needs a copy of it."""
        if plain not in self.asked:
            self.asked[plain] = False  # as long as it is looked at: it may call itself
            own = not {"float", "int", "math"}.isdisjoint(_names(plain.__code__)) or without_loops(plain) is not None
            self.asked[plain] = own or any(self.concerns(x) for _, x in _called(plain, plain.__globals__))
        return self.asked[plain]


def _called(plain: FunctionType, space: dict[str, Any]) -> Iterator[tuple[str, FunctionType]]:
    """The global functions that a function names, of its package and of ours, whose helpers generated code takes along."""
    for name in sorted(_names(plain.__code__)):
        if space.get(name) is plain.__globals__.get(name) and isinstance(x := space.get(name), FunctionType) and _package(x) in (_package(plain), "refopt"):
            yield name, x


def _names(code: CodeType) -> set[str]:
    """What the code, and the code of functions in it, names."""
    return set(code.co_names).union(*(_names(x) for x in code.co_consts if isinstance(x, CodeType)))


def _package(x: Any) -> str:
    return str(x.__module__).partition(".")[0]


class Passing(type):
    """`float` or `int`, which leave a symbol as it is, a whole number with `int`; whether something is one is asked of the type itself."""

    kind: type

    def __new__(cls, name: str, kind: type) -> Passing:
        made = super().__new__(cls, name, (), {})
        made.kind = kind
        return made

    def __init__(cls, name: str, kind: type) -> None:
        super().__init__(name, (), {})

    def __call__(cls, x: Any = 0) -> Any:
        return x if _is_symbol(x) and (cls.kind is float or _is_whole(x)) else cls.kind(x)

    def __instancecheck__(cls, x: Any) -> bool:
        return isinstance(x, cls.kind)

    def __getattr__(cls, name: str) -> Any:
        return getattr(type.__getattribute__(cls, "kind"), name)


def _is_symbol(x: Any) -> bool:
    return isinstance(x, Scalar | Traced) or hasattr(x, "aval")


def _is_whole(x: Any) -> bool:
    return bool(x.is_integer()) if isinstance(x, Scalar | Traced) else str(x.dtype).startswith("int")


def _arrays(given: Mapping[str, Any], state: Mapping[str, Any] | None = None, *names: str) -> tuple[Any, ...]:
    every = {**given, **(state or {})}
    if sorted(state or {}) != sorted(names):
        raise ValueError(f"the state has {', '.join(state or {})}; the rule keeps {', '.join(names)}")
    return tuple(every[n] for n in (*given, *names))


def _same(*values: Any) -> Any:
    return values


_HELPERS: dict[str, Any] = {
    "arrays": _arrays, "counter": lambda value, first: value, "floats": _same, "integers": _same, "rounder": lambda dtype: lambda x: x,
}  # fmt: skip
"""The generated modules' helpers: what they check is checked elsewhere, and rounding is nothing to an exact number."""


def _math(op: str) -> Callable[[Any], Any]:
    def apply(x: Any) -> Any:
        tree = tree_of(x)
        if tree is None:
            raise CannotRead(f"math.{op} of a {type(x).__name__}")
        return getattr(Scalar(tree), op)()

    return apply


class _Math:
    """The standard library's `math` for formulas."""

    def __init__(self) -> None:
        from refopt.language.expression import pi

        self.pi = Scalar(pi)

    def __getattr__(self, name: str) -> Any:
        if name in ("sqrt", "exp", "log", "cos", "sin", "tanh", "floor"):
            return _math(name)
        if name in ("pow",):
            return lambda x, y: Scalar(tree_of(x) or literal(0)) ** y
        raise CannotRead(f"math.{name} of a value that depends on symbols")


MATH = _Math()
