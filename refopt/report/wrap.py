"""Width of everything that people read, and how a longer line is cut."""

from __future__ import annotations

WIDTH = 80
"""Columns of everything that is printed."""


def folded(text: str, hanging: int = 4, width: int = WIDTH) -> list[str]:
    """A long line cut at blanks only, so that names and commands stay whole; the parts after the first are indented by `hanging` more."""
    indent = len(text) - len(text.lstrip())
    lines, rest, start = [], text.strip(), " " * indent
    while len(start) + len(rest) > width:
        cut = rest.rfind(" ", 1, width - len(start) + 1)
        if cut <= 0:
            break
        lines.append((start + rest[:cut]).rstrip())
        rest, start = rest[cut:].lstrip(), " " * (indent + hanging)
    return [*lines, start + rest]
