"""Python's own names that let formulas pass: float and int of a formula are the formula, and its type is what it stands for."""

from __future__ import annotations

from typing import Any

from refopt.lifting.frame import asked, current
from refopt.lifting.look import Look
from refopt.lifting.scalar import Scalar
from refopt.lifting.traced import Traced


class Passing(type):
    """`float` or `int`, which leave a symbol as it is, a whole number with `int`; whether something is one is asked of the type itself."""

    kind: type

    def __new__(cls, name: str, kind: type) -> Passing:
        made = super().__new__(cls, name, (), {})
        made.kind = kind
        return made

    def __init__(cls, name: str, kind: type) -> None:
        super().__init__(name, (), {})

    def __call__(cls, x: Any = 0, *others: Any) -> Any:
        if type(x) is Scalar and cls.kind is int and not _is_whole(x) and x.tree.value is None:
            return x.cut_off()
        return x if is_symbol(x) and (cls.kind is not int or _is_whole(x)) else cls.kind(x, *others)

    def __instancecheck__(cls, x: Any) -> bool:
        if type(x) is Scalar:
            asked(Look.TYPE)
            return issubclass(int if _is_whole(x) else current().number.value, cls.kind)
        return isinstance(x, cls.kind)

    def __subclasscheck__(cls, other: Any) -> bool:
        return issubclass(other.kind if isinstance(other, Passing) else other, cls.kind)

    def __eq__(cls, other: object) -> bool:
        return cls.kind is (other.kind if isinstance(other, Passing) else other)

    def __hash__(cls) -> int:
        return hash(cls.kind)

    def __getattr__(cls, name: str) -> Any:
        return getattr(type.__getattribute__(cls, "kind"), name)


FLOAT, INT = Passing("float", float), Passing("int", int)


class _Type(type):
    """`type`, which tells of a symbol what it stands for."""

    def __call__(cls, x: Any, *others: Any) -> Any:
        if others:
            return type(x, *others)
        if type(x) is Scalar:
            asked(Look.TYPE)
            found = int if _is_whole(x) else current().number.value
        else:
            found = type(x)
        return {float: FLOAT, int: INT}.get(found, _said.get(found.__name__, found))

    def __instancecheck__(cls, x: Any) -> bool:
        return isinstance(x, type)


_said: dict[str, Any] = {}
"""By the name of one of our classes: what it stands for."""


def stands_for(name: str, kind: type) -> None:
    """Let `type` tell another class of an object of the class with this name."""
    _said[name] = kind


BUILTINS: dict[str, Any] = {"float": FLOAT, "int": INT, "type": _Type("type", (), {})}
"""Substitutes for builtins in copies of foreign functions."""


def is_symbol(x: Any) -> bool:
    """True where x stands for a number that depends on symbols."""
    return type(x) in (Scalar, Traced) or hasattr(x, "aval")


def _is_whole(x: Any) -> bool:
    return bool(x.is_count) if type(x) in (Scalar, Traced) else str(x.dtype).startswith("int")
