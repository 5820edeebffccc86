"""Wide statements in rows: one begins at each relation, and a long sum is divided between its terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from refopt.report.book.ascii import ascii_text
from refopt.report.book.statement import Piece, Word

WIDE = 76
"""Characters, as they are printed in ASCII, from which a statement takes several rows; and the most in a row of a sum."""


@dataclass(frozen=True)
class Plus:
    """The sign before a row that goes on with a sum."""


def rows(parts: list[Piece]) -> list[list[Piece | Plus]]:
    """The pieces of a statement in rows; in one where it is not wide."""
    if _width(parts) <= WIDE:
        return [list(parts)]
    found: list[list[Piece | Plus]] = [[]]
    for i, part in enumerate(parts):
        if isinstance(part, str) and part != "," and i and found[-1]:
            found.append([part])
            continue
        first, *more = _terms(part)
        found[-1].append(first)
        found += [[Plus(), x] for x in more]
    return [row for row in found if row]


def _width(parts: list[Piece]) -> int:
    return sum(len(p.text if isinstance(p, Word) else p if isinstance(p, str) else ascii_text(p)) + 1 for p in parts)


def _terms(part: Piece) -> list[Any]:
    """A sum in pieces that are each narrow enough, as far as its terms are; anything else as it is."""
    if not isinstance(part, sp.Add) or len(ascii_text(part)) <= WIDE:
        return [part]
    pieces: list[list[Any]] = [[]]
    for term in _positive_first(part.as_ordered_terms()):
        if pieces[-1] and len(ascii_text(sp.Add(*pieces[-1], term, evaluate=False))) > WIDE:
            pieces.append([])
        pieces[-1].append(term)
    return [sp.Add(*x, evaluate=False) if len(x) > 1 else x[0] for x in pieces]


def _positive_first(terms: list[Any]) -> list[Any]:
    first = next((i for i, t in enumerate(terms) if t.as_coeff_Mul()[0].is_nonnegative), 0)
    return [terms[first], *terms[:first], *terms[first + 1 :]]
