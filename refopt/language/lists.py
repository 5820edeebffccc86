"""Hyperparameters that are a list: whole numbers, the milestones of a schedule; or numbers that come one a step, its metrics.

What a formula does with one is count: `factor ** count(k >= milestones)` multiplies once for each milestone that is reached.
Written `[30,80]`, given as a tuple or a list; among exact values, in golden files and in what is sent, each entry stands by
itself under the name of its place, `milestones[0]`, as arguments of programs do that are one place of a tuple.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeVar

from refopt.errors import RefoptError
from refopt.language.expression import Expression, Kind, Operand, literal, operation, scalar
from refopt.language.extent import LIST

T = TypeVar("T")
_WRITTEN = re.compile(r"\[\s*(.*?)\s*\]|\(\s*(.*?)\s*,?\s*\)", re.ASCII)
_PLACE = re.compile(r"(.+)\[(\d+)\]", re.ASCII)


def whole_numbers(name: str, letter: str | None = None, *, sign: str | None = "nonnegative") -> Expression:
    """The symbol of a list of whole numbers."""
    return Expression("symbol", name=name, letter=letter or name, sign=sign, kind=Kind.INTEGER, extent=LIST)


def one_a_step(name: str, letter: str | None = None) -> Expression:
    """The symbol of a list of numbers of which each step gets one."""
    return Expression("symbol", name=name, letter=letter or name, kind=Kind.REAL, extent=LIST)


def count(condition: Operand) -> Expression:
    """The number of a list's entries for which a comparison holds: count(k >= milestones).

    Raises RefoptError where that is no comparison of whole numbers with one list in it.
    """
    node = literal(condition)
    named = {s.name for s in node.symbols() if s.extent is LIST}
    whole = all(s.kind is Kind.INTEGER for s in node.symbols())
    if node.op not in ("lt", "le", "gt", "ge", "eq") or len(named) != 1 or not whole:
        raise RefoptError(f"count({node}) is no comparison of whole numbers with the entries of one list", help="write count(k >= milestones)")
    return operation("count", node)


def listed(node: Expression) -> Expression | None:
    """The symbol of the list in a tree; None where there is none."""
    return next((s for s in node.symbols() if s.extent is LIST), None)


def one_entry(name: str) -> Expression:
    """The symbol of one entry of a list, in code that goes through it."""
    return scalar(name, kind=Kind.INTEGER)


def place(name: str, i: int) -> str:
    """The name of one entry: `milestones[0]`."""
    return f"{name}[{i}]"


def base(name: str) -> str:
    """The hyperparameter that a name is one of, or an entry of: `milestones` for `milestones[0]`."""
    found = _PLACE.fullmatch(name)
    return found[1] if found is not None else name


def entries(name: str, values: Mapping[str, T]) -> list[T]:
    """The entries of a list among values, in order."""
    found: list[T] = []
    while place(name, len(found)) in values:
        found.append(values[place(name, len(found))])
    return found


def spread(name: str, values: Iterable[T]) -> dict[str, T]:
    """Each entry of a list under the name of its place."""
    return {place(name, i): x for i, x in enumerate(values)}


def gathered(values: Mapping[str, T]) -> dict[str, Any]:
    """The values with the entries of each list together again, as a tuple: `{"milestones": (30, 80)}`."""
    names = dict.fromkeys(base(n) for n in values)
    return {n: values[n] if n in values else tuple(entries(n, values)) for n in names}


def read(written: object) -> Sequence[Any] | None:
    """The entries of a list as people write it: `[30,80]`, a tuple, a list; None for anything else."""
    if isinstance(written, str):
        found = _WRITTEN.fullmatch(written.strip())
        inside = None if found is None else (found[1] if found[1] is not None else found[2])
        return None if inside is None else [x.strip() for x in inside.split(",")] if inside else []
    return list(written) if isinstance(written, list | tuple) else None


def is_written(value: str) -> bool:
    """True where a text is a list as people write it."""
    return _WRITTEN.fullmatch(value.strip()) is not None


def text(values: Iterable[Fraction | int | str]) -> str:
    """A list as people write it."""
    return f"[{','.join(map(str, values))}]"
