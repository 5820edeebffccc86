"""The call that a person writes in the training code they move to: a class or function of a framework, with its arguments by its own names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from refopt.conformance.protocol.spelling import parse
from refopt.exact.digits import shortest
from refopt.frameworks import home

Value = Fraction | str
"""A number, or the words of the person's own code where no number is known."""


@dataclass(frozen=True)
class Call:
    """A call, its arguments by name: numbers, words of the person's own code, or literals such as True. `first` is what stands before them."""

    path: str
    arguments: Mapping[str, Any]
    first: str = ""

    @property
    def text(self) -> str:
        """As it is written in training code."""
        return self._written(self.first)

    @property
    def spelling(self) -> str:
        """As the command line names it: without the parameters, and without arguments that only the person's code knows."""
        numbers = {n: x for n, x in self.arguments.items() if not isinstance(x, str)}
        return Call(self.path, numbers)._written("")

    def _written(self, first: str) -> str:
        given = [f"{n}={written(x)}" for n, x in self.arguments.items()]
        return f"{self.path}({', '.join([first] if first else [])}{', ' if first and given else ''}{', '.join(given)})"


def written(x: Any) -> str:
    """An argument as Python code; a number in whichever of 0.001 and 1e-3 is shorter."""
    if isinstance(x, tuple):
        return f"({', '.join(map(written, x))})"
    if isinstance(x, str):
        return x
    if isinstance(x, bool) or x is None:
        return repr(x)
    return number(Fraction(x) if isinstance(x, int) else x if isinstance(x, Fraction) else Fraction(repr(x)))


def number(x: Fraction) -> str:
    """The binary64 nearest to a number, in the shortest digits that mean it: 0.00125, 1e-3, 100."""
    if x.denominator == 1 and abs(x) < 10**6:
        return str(int(x)) if x else "0.0"
    plain = shortest(float(x))
    mantissa, _, exponent = f"{float(plain):e}".partition("e")
    digits = plain.replace("-", "").replace(".", "").partition("e")[0].strip("0") or "0"
    mantissa = digits[0] + (f".{digits[1:]}" if digits[1:] else "")
    scientific = f"{'-' if x < 0 else ''}{mantissa}e{int(exponent)}"
    return scientific if "e" in plain or len(scientific) < len(plain) else plain


def call(implementation: Any, names: Mapping[str, str], values: Mapping[str, Value]) -> Call:
    """The call of an implementation with these hyperparameters; `names` has its own name of each, `betas[0]` for a place in a tuple.

    What it was spelled with beside them stays.
    """
    spelling = parse(implementation.name) if "(" in implementation.name else None
    path = spelling.path if spelling else implementation.name
    own = dict(spelling.arguments) if spelling else {}
    given: dict[str, Any] = {}
    for ours, x in values.items():
        name, bracket, place = names[ours].partition("[")
        if not bracket:
            given[name] = x
            continue
        pair = list(given.get(name, own.get(name, (None, None))))
        pair[int(place.rstrip("]"))] = x
        given[name] = tuple(pair)
    return Call(path, {**given, **{n: x for n, x in own.items() if n not in given}}, first_argument(path))


def first_argument(path: str) -> str:
    """The argument before the keyword arguments of a class or function, by its framework: `params`, or nothing."""
    at = home(path)
    return at.adapter.first if at is not None else ""
