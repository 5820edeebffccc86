"""SymPy's own order of terms, but a positive one in front: 1 - gamma, never -gamma + 1."""

from __future__ import annotations

from typing import Any


class Ordered:
    """To stand before a SymPy printer among the bases of a class."""

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        terms = list(super()._as_ordered_terms(expr, order=order))  # type: ignore[misc]
        first = next((i for i, t in enumerate(terms) if t.as_coeff_Mul()[0].is_nonnegative), 0)
        return [terms[first], *terms[:first], *terms[first + 1 :]]
