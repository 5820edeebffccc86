"""Lengths that a person writes for a schedule that is a function, in the catalogue's hyperparameters: one outside its domain is told before it runs.

Forms say what arguments are made of hyperparameters, not the other way round. An argument that is one hyperparameter for two draws of all, or the sum of two
counts (a whole length with its warm-up), is taken for that; what an argument else is made of is left to the cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import permutations
from typing import Any

from refopt.catalogue import schedules
from refopt.errors import OutsideDomain
from refopt.language.expression import Kind
from refopt.language.schedule import Schedule

DRAWS = ((11, 13, 17, 19, 23, 29, 31, 37), (59, 47, 61, 53, 43, 67, 41, 71))
"""Values of hyperparameters of which no two sums are equal."""
Arguments = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def refused(concept: Schedule, arguments: Arguments, written: Mapping[str, Any]) -> tuple[str, OutsideDomain] | None:
    """The first argument that makes no schedule as it is written, and the error; None where there is none."""
    numbers = {name: x for name, x in written.items() if isinstance(x, int | float) and not isinstance(x, bool)}
    for name, (one, less) in _meant(concept, arguments).items():
        if name not in numbers or (less is not None and less not in numbers):
            continue
        error = outside(concept, one, numbers[name] - (numbers[less] if less is not None else 0))
        if error is not None:
            said = f"{name} = {numbers[name]}" + (f" with {less} = {numbers[less]}" if less is not None else "")
            return name, OutsideDomain(f"{said} makes no {concept.name}: {error.message}", help=error.help)
    return None


def outside(concept: Schedule, name: str, value: Any) -> OutsideDomain | None:
    """The error for a value that neither a schedule nor one of its family takes; None where one does: a class may be any of them."""
    first: OutsideDomain | None = None
    for s in (concept, *(s for s in schedules(variants=True) if s.family == concept.family and s != concept and name in s.hyper_names)):
        try:
            s.values({name: value})
        except OutsideDomain as error:
            first = first or error
        else:
            return None
    return first


def _meant(concept: Schedule, arguments: Arguments) -> dict[str, tuple[str, str | None]]:
    """By argument, the hyperparameter that it is, and the argument that is to be taken off before."""
    names = [h.name for h in concept.hyper if not h.is_list]
    counts = [h.name for h in concept.hyper if not h.is_list and h.symbol.kind is Kind.INTEGER]
    made = []
    for draw in DRAWS:
        values = {h.name: h.usual for h in concept.hyper if h.is_list} | dict(zip(names, draw, strict=False))
        made.append((values, arguments(values)))
    alone = dict(_equal(made, {n: (n,) for n in names}))
    found: dict[str, tuple[str, str | None]] = {argument: (name, None) for argument, name in alone.items()}
    back = {name: argument for argument, name in alone.items()}
    for one, less in permutations(counts, 2):
        if less in back:
            found |= {argument: (one, back[less]) for argument, _ in _equal(made, {one: (one, less)}) if argument not in alone and one not in back}
    return found


def _equal(made: list[tuple[dict[str, Any], Mapping[str, Any]]], sums: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """The arguments that have the sum of such hyperparameters in every draw."""
    for argument in made[0][1]:
        for name, parts in sums.items():
            if all(not isinstance(a[argument], bool | str) and a[argument] == sum(v[p] for p in parts) for v, a in made):
                yield argument, name
