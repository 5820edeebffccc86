"""Grounds of a verdict, in words: how many claims decide, what was looked at, and what was declined."""

from __future__ import annotations

from typing import Any

from refopt.conformance.judge.looked_at import LookedAt, joined
from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.verdict import Verdict
from refopt.report.words import told


def claims_line(verdict: Verdict) -> str | None:
    """Number of claims about theta, and of those that a program that does not move would fail."""
    counts = [f.diagnosis.explanation.deciding for f in verdict.findings if f.diagnosis.explanation is not None]
    claims, deciding = sum(c.claims for c in counts), sum(c.deciding for c in counts)
    if not claims:
        return None
    return f"{claims:,} claims about theta; {deciding:,} would fail a theta that stands still."


def rests_on(verdict: Verdict) -> LookedAt:
    """Scope of all formats together."""
    return joined([f.ground.looked_at for f in verdict.findings if f.ground.looked_at is not None])


def grounds(verdict: Verdict) -> list[tuple[str, str]]:
    """Scope of the verdict, as pairs of a label and a list in words; what the subject declined comes last."""
    seen = rests_on(verdict)
    if not seen.cases:
        return []
    formats = [f.dtype for f in verdict.findings if f.verdict != Conformance.SKIPPED]
    rows = [
        ("formats", ", ".join(formats)),
        ("sizes", ", ".join(f"{n:,}" for n in seen.sizes)),
        ("shapes", " ".join(shape(s) for s in seen.shapes)),
        ("tensors at once", ", ".join(map(str, seen.tensors))),
        ("updates", _spans(seen.updates)),
        ("at 0", ", ".join(seen.at_zero) or "no hyperparameter"),
        ("rate", "constant, and changed in mid-run" if seen.changing else "constant only"),
        ("other values", f"constant, and changed in mid-run: {', '.join(seen.courses)}" if seen.courses else "constant only"),
        ("given state", f"at update {', '.join(f'{t:,}' for t in seen.resumed)}" if seen.resumed else "never started from one"),
        ("saved and loaded", "yes" if seen.reloaded else "no"),
        ("absent gradients", "in some updates" if seen.absent else "never in some updates only"),
    ]
    if seen.unjudged:
        rows.append(("not judged", f"updates {_spans(seen.unjudged)} in {_blind(verdict)}: the state is hidden, and the bound no longer tells"))
    by_reason: dict[str, list[str]] = {}
    for case, reason in seen.declined:
        by_reason.setdefault(told(reason), []).append(case)
    for reason, cases in by_reason.items():
        rows.append(("declined", f"{cases[0]}{f' and {len(cases) - 1} more' if len(cases) > 1 else ''}: {reason}"))
    return rows


def _spans(found: tuple[tuple[int, int], ...]) -> str:
    return ", ".join(f"{a:,}" if a == b else f"{a:,} to {b:,}" for a, b in found)


def _blind(verdict: Verdict) -> str:
    """The formats in which some updates were run and could not be judged."""
    return ", ".join(f.dtype for f in verdict.findings if f.ground.looked_at is not None and f.ground.looked_at.unjudged)


def shape(s: tuple[int, ...]) -> str:
    """A shape as Python writes it, without spaces."""
    return f"({','.join(map(str, s))}{',' if len(s) == 1 else ''})"


def looked_at_line(verdict: Verdict) -> dict[str, Any]:
    """Scope of the verdict, for the footer of a report."""
    seen = rests_on(verdict)
    return {
        "cases": seen.cases,
        "sizes": list(seen.sizes),
        "shapes": [list(s) for s in seen.shapes],
        "tensors": list(seen.tensors),
        "updates": [list(s) for s in seen.updates],
        "updates_not_judged": [list(s) for s in seen.unjudged],
        "hyperparameters_at_zero": list(seen.at_zero),
        "changing_rate": seen.changing,
        "changing_hyperparameters": list(seen.courses),
        "resumed": list(seen.resumed),
        "reloaded": seen.reloaded,
        "absent_gradients": seen.absent,
        "declined": {case: told(reason) for case, reason in seen.declined},
    }
