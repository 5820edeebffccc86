"""The list of derivations, without SymPy."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from refopt.derivation.library import Entry
from refopt.report.wrap import WIDTH

_COLUMN = 24


def listing(entries: Sequence[Entry]) -> list[str]:
    """Every derivation by chapter: its name and what it claims."""
    lines: list[str] = []
    chapter = ""
    for e in entries:
        if e.chapter != chapter:
            lines += ["", e.chapter] if lines else [e.chapter]
            chapter = e.chapter
        first = f"  {e.name}"
        if len(first) + 2 > _COLUMN:
            lines.append(first)
            first = ""
        lines += textwrap.wrap(e.title, WIDTH, initial_indent=f"{first:<{_COLUMN}}", subsequent_indent=" " * _COLUMN)
    return lines
