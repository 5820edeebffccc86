"""The pages that keep measured tables: what is between two markers is written by the run that measured it, and compared by a test."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
QUALITY = ROOT / "tests/quality/README.md"
"""How much is seen, how often correct programs are accused, what the diagnosis makes of planted bugs."""
SPEED = ROOT / "refopt/optim/README.md"
"""What an update costs."""


def between(text: str, marker: str) -> str:
    """The lines between two markers of a page."""
    return text.split(f"<!-- {marker} -->")[1].strip("\n")


def put(text: str, marker: str, new: Sequence[str]) -> str:
    """A page with new lines between two markers."""
    head, _, tail = text.split(f"<!-- {marker} -->")
    return f"{head}<!-- {marker} -->\n" + "\n".join(new) + f"\n<!-- {marker} -->{tail}"


def keep(page: Path, marker: str, new: Sequence[str]) -> None:
    """Write new lines between two markers of a page."""
    page.write_text(put(page.read_text(encoding="utf-8"), marker, new), encoding="utf-8")


def rows(page: Path, marker: str) -> list[list[str]]:
    """The cells of the table that a page keeps between two markers, row by row, without its head."""
    lines = [line for line in kept(page, marker).splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def kept(page: Path, marker: str) -> str:
    """The lines that a page keeps between two markers."""
    return between(page.read_text(encoding="utf-8"), marker)
