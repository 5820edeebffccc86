"""Updates that a format absorbs, in words."""

from __future__ import annotations

from refopt.conformance.verdict.verdict import Verdict


def standing_still(verdict: Verdict) -> list[str]:
    """One remark a format in which theta moves nowhere in some case."""
    return [
        f"{f.dtype}: the update is absorbed in {f.still.elements} elements, all of {len(f.still.cases)} case{'s' if len(f.still.cases) != 1 else ''}"
        for f in verdict.findings
        if f.still is not None
    ]
