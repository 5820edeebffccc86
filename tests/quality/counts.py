"""Counts that stand in the README: written there by `python -m tests.quality.counts`, compared by a test."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from refopt.catalogue import rules
from refopt.golden import store
from refopt.golden.manifest import names_of_all
from refopt.rounding.formats import FORMATS
from tests.implementations.correct import CORRECT
from tests.implementations.planted import PLANTED

README = Path(__file__).parents[2] / "README.md"


def kills(name: str) -> dict[str, Any]:
    """The committed list of kills of a rule."""
    found: dict[str, Any] = json.loads((store.packed_root() / name / "KILLS.json").read_text())
    return found


def lines() -> list[str]:
    """The counts as Markdown."""
    rows = ["| rule or schedule | one-edit mutants | the same formula | " + " | ".join(f"not seen in {d}" for d in FORMATS) + " |"]
    rows.append("|---|---|---|" + "---|" * len(FORMATS))
    for name in names_of_all():
        document = kills(name)
        total = len(set(document["killed"]) | set(document["equivalent"]) | set(document["listed"]))
        judged = FORMATS if name in {r.name for r in rules(variants=True)} else ("float64",)
        missed = [str(sum(d in e["gap"] for e in document["listed"].values())) if d in judged else "" for d in FORMATS]
        rows.append(f"| {name} | {total} | {len(document['equivalent'])} | {' | '.join(missed)} |")
    cases = len(store.cases())
    return [
        f"{cases} golden cases. {len(CORRECT)} correct programs in Python, written by hand before the bound was tuned, in up to four formats and 200",
        f"seeded configurations each: no false alarm. {len(PLANTED)} Python optimizers with one planted bug; other languages, schedules and defaults: below.",
        "",
        *rows,
    ]


def manifest_hash() -> str:
    """The hash of the golden manifest."""
    found: str = json.loads((store.packed_root() / store.MANIFEST).read_text())["hash"]
    return found


def between(text: str, marker: str) -> str:
    """What stands between two markers of the README."""
    return text.split(f"<!-- {marker} -->")[1].strip("\n")


def put(text: str, marker: str, new: Sequence[str]) -> str:
    """A page with new lines between two markers."""
    head, _, tail = text.split(f"<!-- {marker} -->")
    return f"{head}<!-- {marker} -->\n" + "\n".join(new) + f"\n<!-- {marker} -->{tail}"


def main() -> None:
    """Write the counts and the hash into the README."""
    text = README.read_text()
    README.write_text(put(put(text, "counts", lines()), "manifest", [f"`{manifest_hash()}`"]))


if __name__ == "__main__":
    main()
