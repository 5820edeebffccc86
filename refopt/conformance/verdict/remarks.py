"""Remarks on one format that are no ground of its verdict."""

from __future__ import annotations

from dataclasses import dataclass

from refopt.golden.description import Name


@dataclass(frozen=True)
class Remarks:
    """Facts beside the verdict.

    known_bugs  defects of the implementation that theta does not show
    notes       NaNs that it hides, and its way of counting updates without a gradient
    accepts     values outside the domains of its hyperparameters that it takes
    refuses     what it raised in every case of this format, where it answered none
    """

    known_bugs: tuple[Name, ...] = ()
    notes: tuple[Name, ...] = ()
    accepts: tuple[str, ...] = ()
    refuses: str | None = None
