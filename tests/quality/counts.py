"""Counts that stand in tests/quality/README.md, and the README's line of figures: written by `python -m tests.quality.counts`, compared by a test."""

from __future__ import annotations

import json
from typing import Any

from refopt.catalogue import rules
from refopt.golden import store
from refopt.golden.manifest import names_of_all
from refopt.rounding.formats import FORMATS
from tests.implementations.correct import CORRECT
from tests.implementations.planted import PLANTED
from tests.quality.diagnosis import kept as diagnosed
from tests.quality.false_alarms import FAMILIES, counted
from tests.quality.pages import QUALITY, README, keep


def kills(name: str) -> dict[str, Any]:
    """The committed list of kills of a rule."""
    found: dict[str, Any] = json.loads((store.packed_root() / name / "KILLS.json").read_text())
    return found


KINDS = ("where", "when", "sent", "course")
"""Kinds of edit that hold only in some tensors or elements, at some updates, for some of what is sent, or where hyperparameters change."""


def of_kind(document: dict[str, Any], kind: str | None) -> tuple[set[str], dict[str, int]]:
    """The mutants of a kind (None: those that hold everywhere), and by format how many no case sees."""
    entries = {**document["killed"], **document["listed"]}
    chosen = {i for i, e in entries.items() if e.get("kind") == kind}
    return chosen, {d: sum(d in e["gap"] for i, e in document["listed"].items() if i in chosen) for d in FORMATS}


def lines() -> list[str]:
    """The counts as Markdown."""
    rows = ["| rule or schedule | one-edit mutants | the same formula | " + " | ".join(f"not seen in {d}" for d in FORMATS) + " |"]
    rows.append("|---|---|---|" + "---|" * len(FORMATS))
    heads = " | ".join(f"{kind}: edits | not seen in {', '.join(FORMATS)}" for kind in KINDS)
    others = [f"| rule or schedule | {heads} |", "|---|" + "---|---|" * len(KINDS)]
    for name in names_of_all():
        document = kills(name)
        everywhere, missed = of_kind(document, None)
        judged = FORMATS if name in {r.name for r in rules(variants=True)} else ("float64",)
        total = len(everywhere | set(document["equivalent"]))
        rows.append(f"| {name} | {total} | {len(document['equivalent'])} | {' | '.join(str(missed[d]) if d in judged else '' for d in FORMATS)} |")
        counts = [of_kind(document, kind) for kind in KINDS]
        cells = [f"{len(found)} | {', '.join(str(unseen[d]) for d in judged)}" if found else " | " for found, unseen in counts]
        others.append(f"| {name} | {' | '.join(cells)} |")
    cases = len(store.cases())
    return [
        f"{cases} golden cases. {len(CORRECT)} correct programs in Python, written by hand before the bound was tuned, in up to four formats and 200",
        f"seeded configurations each: no false alarm. {len(PLANTED)} Python optimizers with one planted bug; other languages, schedules and defaults: below.",
        "",
        *rows,
        "",
        "Edits that hold only somewhere: in some tensors or elements (where), at some updates (when), where a hyperparameter is taken otherwise than",
        "it is sent, or where one that changes from update to update is taken once or late (course). Places and spans are drawn by seed, apart from the",
        "choice of the cases.",
        "",
        *others,
    ]


def manifest_hash() -> str:
    """The hash of the golden manifest."""
    found: str = json.loads((store.packed_root() / store.MANIFEST).read_text())["hash"]
    return found


def figures() -> list[str]:
    """The one line of the README about quality, with a link to the page."""
    documents = [kills(name) for name in names_of_all()]
    mutants = sum(len(set(d["killed"]) | set(d["listed"])) for d in documents)  # of every kind
    missed = sum("float64" in e["gap"] for d in documents for e in d["listed"].values())
    programs = sum(sum(counted(name)) for name in FAMILIES)
    found = {o.bug: o.found for o in diagnosed()}
    return [
        f"{len(store.cases())} golden cases see {mutants - missed} of {mutants} mutants in float64; {programs} correct programs, none accused; "
        f"{sum(found.values())} of {len(found)}",
        "planted bugs found. All tables, how they are measured, and what is missed: [tests/quality/README.md](tests/quality/README.md).",
    ]


def main() -> None:
    """Write the counts into the page of quality; the line of figures and the hash into the README."""
    keep(QUALITY, "counts", lines())
    keep(README, "figures", figures())
    keep(README, "manifest", [f"`{manifest_hash()}`"])


if __name__ == "__main__":
    main()
