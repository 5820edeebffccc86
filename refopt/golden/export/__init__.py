"""Golden data in the shapes that other test suites want: one list of named arrays, written in one of several formats.

Every value is a binary64 number. The exact values are rounded to nearest, and the bounds are widened by what that changes
and rounded up: whatever is within the bound of the golden file is within the exported one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from refopt.errors import RefoptError, unknown_name
from refopt.golden.document import refuse_unwritable, write_bytes
from refopt.golden.export import arrays, binary, compare, source, text
from refopt.golden.export.arrays import Named


@dataclass(frozen=True)
class ExportFormat:
    """A format: the file's usual ending, the writer, and a program that holds an optimizer against the file.

    In `snippet`, FILE stands for the file.
    """

    suffix: str
    write: Callable[[Sequence[Named]], bytes]
    snippet: str


FORMATS = {
    "npz": ExportFormat(".npz", binary.npz, binary.NPZ),
    "safetensors": ExportFormat(".safetensors", binary.safetensors, binary.SAFETENSORS),
    "csv": ExportFormat(".csv", text.csv, text.CSV),
    "json": ExportFormat(".json", text.json, text.JSON),
    "json-lines": ExportFormat(".jsonl", text.json_lines, text.JSON_LINES),
    "c-header": ExportFormat(".h", source.c_header, compare.C),
    "rust": ExportFormat(".rs", source.rust, compare.RUST),
    "javascript": ExportFormat(".mjs", source.javascript, source.JAVASCRIPT),
    "go": ExportFormat(".go", source.go, compare.GO),
    "julia": ExportFormat(".jl", source.julia, compare.JULIA),
}
"""Every format by name."""


def export_format(name: str) -> ExportFormat:
    """The format of that name. Raises UnknownName."""
    if name not in FORMATS:
        raise unknown_name("export format", name, tuple(FORMATS))
    return FORMATS[name]


def snippet(to: str, file: str) -> str:
    """The program that reads an exported file."""
    return export_format(to).snippet.replace("FILE", file)


def export(names: Sequence[str], to: str, out: Path, base: Path | None = None, *, whole: bool = False) -> tuple[int, int]:
    """Write the cases of these rules and schedules (all where none is named) to a file, whole or not at all: how many cases, how many arrays.

    whole  write elements and rows that repeat as often as they do; else once

    Raises UnknownName, or RefoptError where it cannot be written.
    """
    form = export_format(to)
    refuse_unwritable(out)
    cases, named = arrays.exported(names, base, whole=whole)
    if not named:
        raise RefoptError("there is nothing to export", help="refopt list cases")
    write_bytes(out, form.write(named))
    return cases, len(named)
