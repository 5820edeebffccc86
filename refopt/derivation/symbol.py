"""Letters: the symbols of a derivation, each with the interval in which it may lie.

The interval is what a proof of a sign may use and where points are sampled; the SymPy symbol knows its sign only.
A bound may be a formula in letters that were declared before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp


@dataclass(frozen=True)
class Letter:
    """A symbol and its interval; None is no bound. `is_complex` letters have no interval, `nonzero` ones lack 0."""

    symbol: Any
    low: Any = None
    high: Any = None
    low_closed: bool = False
    high_closed: bool = False
    integer: bool = False
    is_complex: bool = False
    nonzero: bool = False

    @property
    def name(self) -> str:
        """The name of the symbol."""
        return str(self.symbol)

    @property
    def text(self) -> str:
        """Assumption on the letter: `0 < gamma < 1`, `t = 1, 2, 3, ...`, `g real`."""
        if self.integer and self.low_closed and self.high is None:
            return f"{self.name} = {self.low}, {self.low + 1}, {self.low + 2}, ..."
        if self.is_complex or (self.low is None and self.high is None):
            sort = "complex" if self.is_complex else "integer" if self.integer else "real"
            return f"{self.name} {sort}" + (", not 0" if self.nonzero else "")
        low = "" if self.low is None else f"{self.low} {'<=' if self.low_closed else '<'} "
        high = "" if self.high is None else f" {'<=' if self.high_closed else '<'} {self.high}"
        return f"{low}{self.name}{high}{', integer' if self.integer else ''}".replace("**", "^")


def letter(name: str, low: Any = None, high: Any = None, *, closed: str = "", integer: bool = False, nonzero: bool = False) -> Letter:
    """A letter between two bounds; `closed` names the bounds that belong to the interval: "", "low", "high" or "both"."""
    low, high = (None if x is None else sp.sympify(x) for x in (low, high))
    low_closed, high_closed = closed in ("low", "both"), closed in ("high", "both")
    known: dict[str, bool] = {"integer": True} if integer else {"real": True}
    if low is not None and low.is_nonnegative:
        known["positive" if low.is_positive or not low_closed else "nonnegative"] = True
    elif high is not None and high.is_nonpositive:
        known["negative" if high.is_negative or not high_closed else "nonpositive"] = True
    elif nonzero:
        known["nonzero"] = True
    return Letter(sp.Symbol(name, **known), low, high, low_closed, high_closed, integer, False, nonzero)


def complex_letter(name: str) -> Letter:
    """A complex number other than 0."""
    return Letter(sp.Symbol(name, complex=True, zero=False), is_complex=True, nonzero=True)


def parametrized(of: Letter) -> tuple[Any, Any] | None:
    """(formula, u): the letter as a rational function of u > 0 (u >= 0 where the bound belongs to it) that runs through its interval.

    None where there is no bound. With both bounds in it the upper one is left out: enough for signs that may be 0.
    """
    if of.is_complex or (of.low is None and of.high is None):
        return None
    low, high = of.low, of.high
    closed = of.low_closed if low is not None else of.high_closed
    if of.high_closed and not of.low_closed and low is not None:
        low, high, closed = high, low, True
    u = sp.Dummy(f"u_{of.name}", **({"nonnegative": True} if closed else {"positive": True}))
    if low is None:
        return high - u, u
    if high is None:
        return low + u, u
    return (low + high * u) / (1 + u), u
