"""Updates that a format absorbs, and those whose course rounding decides, in words."""

from __future__ import annotations

from refopt.conformance.verdict.verdict import Verdict


def standing_still(verdict: Verdict) -> list[str]:
    """One remark a format in which theta moves nowhere in some case."""
    found = [(f.dtype, f.ground.still) for f in verdict.findings]
    return [
        f"{dtype}: the update is absorbed in {still.elements} elements, all of {len(still.cases)} case{'s' if len(still.cases) != 1 else ''}"
        for dtype, still in found
        if still is not None
    ]


def either_way(verdict: Verdict) -> list[str]:
    """One remark a format in which rounding decides a sign or a comparison in some element."""
    found = [(f.dtype, f.ground.undecided) for f in verdict.findings]
    return [
        f"{dtype}: rounding decides the course of {count:,} element{'s' if count != 1 else ''}; each is within the bound of one branch, or fails"
        for dtype, count in found
        if count
    ]
