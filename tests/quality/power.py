"""The power certificate of a rule or schedule: what its committed list of kills must show."""

from __future__ import annotations

from typing import Any

from refopt.golden.mutants import mutants, schedule_mutants
from refopt.golden.notation import notation
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule

LIMITS = {"float64": 0.03, "float32": 0.06}
"""The share of mutants that may be listed as seen by no case."""


def everywhere(document: dict[str, Any]) -> dict[str, Any]:
    """A list of kills with the edits that hold everywhere alone; those of some places or times have a test of their own (tests/golden/test_misplaced.py)."""
    return {**document, **{part: {i: e for i, e in document[part].items() if "kind" not in e} for part in ("killed", "listed")}}


def listed_share(document: dict[str, Any], dtype: str) -> float:
    """The share of mutants that no case kills in a format and that are not proved equivalent."""
    missed = sum(dtype in entry["gap"] for entry in document["listed"].values())
    return missed / max(1, len(set(document["killed"]) | set(document["listed"])))


def shortcomings(concept: Rule | Schedule, document: dict[str, Any]) -> list[str]:
    """What a list of kills lacks, one line each; empty where it is a certificate."""
    document = everywhere(document)
    made = {m.id: notation(m.edit) for m in (schedule_mutants(concept) if isinstance(concept, Schedule) else mutants(concept))}
    found = []
    if document["fingerprint"] != concept.fingerprint:
        found.append("the kills are those of another formula")
    told = {**document["equivalent"], **{i: e["edit"] for part in ("killed", "listed") for i, e in document[part].items()}}
    if told != made:
        found.append(f"{len(set(told.items()) ^ set(made.items()))} mutants have no fate, or one that is not theirs")
    for dtype, limit in LIMITS.items():
        if listed_share(document, dtype) > limit:
            found.append(f"{listed_share(document, dtype):.0%} of the mutants are seen by no case in {dtype}: at most {limit:.0%} may be")
    reasons = [e["reason"] for e in document["listed"].values()]
    found += [f"{i} ({e['edit']}) is listed without a reason" for i, e in document["listed"].items() if not e["reason"]]
    if len(set(reasons)) < len({e["edit"] for e in document["listed"].values()}):
        found.append("one reason stands for several mutants: it is not a specific one")
    return found
