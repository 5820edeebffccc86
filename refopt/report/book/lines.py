"""Derivations as JSON lines: one a step, one a derivation, a footer at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from refopt.derivation.library import Outcome
from refopt.derivation.step import Step
from refopt.report.book.ascii import ascii_text


def lines(outcomes: Sequence[Outcome]) -> Iterator[dict[str, Any]]:
    """The lines of derivations that were run."""
    for o in outcomes:
        for i, step in enumerate(o.derivation.steps, start=1):
            yield _step(o.entry.name, i, step)
        refused = None if o.refused is None else {"step": o.refused.step, "reason": o.refused.reason}
        yield {
            "kind": "derivation", "name": o.entry.name, "title": o.entry.title, "chapter": o.entry.chapter, "claim": o.derivation.plain_claim,
            "source": [str(s) for s in o.derivation.source], "steps": len(o.derivation.steps), "proved": refused is None, "refused": refused,
            "seconds": round(o.seconds, 2),
        }  # fmt: skip
    proved = sum(o.refused is None for o in outcomes)
    yield {"kind": "footer", "complete": True, "derivations": len(outcomes), "proved": proved, "exit": 0 if proved == len(outcomes) else 1}


def _step(name: str, number: int, step: Step) -> dict[str, Any]:
    line = {
        "kind": "step", "derivation": name, "number": number, "name": step.name, "sort": step.kind.value, "tactic": step.tactic,
        "left": ascii_text(step.left), "relation": step.relation, "right": ascii_text(step.right), "points": step.points,
        "assumptions": [a.text for a in step.assumptions],
    }  # fmt: skip
    if step.limit is not None:
        line["limit"] = {"variable": ascii_text(step.limit.variable), "to": ascii_text(step.limit.to)}
    if step.at:
        line["at"] = {ascii_text(s): ascii_text(x) for s, x in step.at}
    if step.digits:
        line |= {"digits": step.digits, "certified": step.certified}
    return line
