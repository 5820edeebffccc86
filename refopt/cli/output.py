"""Output of commands: lines of 80 columns, or JSON lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from refopt.cli.color import Painted
from refopt.report.plain import plain


def emit(lines: Iterable[str]) -> None:
    """Print lines on stdout, without blanks at their ends; only lines that were coloured here steer the terminal."""
    sys.stdout.write("".join(f"{(line if isinstance(line, Painted) else plain(line)).rstrip()}\n" for line in lines))


def emit_json(line: Mapping[str, Any]) -> None:
    """Print one JSON object as one line, ASCII only."""
    sys.stdout.write(json.dumps(line) + "\n")


def table(rows: Iterable[tuple[str, ...]], indent: int = 0, gap: int = 2) -> list[str]:
    """Rows of text in columns as wide as they need to be."""
    filled = [tuple(row) for row in rows]
    if not filled:
        return []
    widths = [max(len(row[i]) for row in filled if i < len(row)) for i in range(max(map(len, filled)))]
    start = " " * indent
    return [(start + (" " * gap).join(f"{cell:<{widths[i]}}" for i, cell in enumerate(row))).rstrip() for row in filled]
