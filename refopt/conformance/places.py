"""Some elements only: a kernel whose vector body, remainder or lane computes another formula than the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from refopt.conformance.evidence import Evidence
from refopt.conformance.judge import Judged
from refopt.conformance.untouched import Mask, by_size, fails, pattern
from refopt.conformance.updates import Update


def where_it_fails(evidence: Evidence, judged: Sequence[Judged]) -> tuple[Evidence, str] | None:
    """What was seen of the elements that fail, and where they lie, in words; None where they lie everywhere or without a pattern.

    Elements that never move say nothing about where the border is.
    """
    if not evidence.sees(evidence.reference):
        return None
    found = by_size(judged, [fails(j) for j in judged])
    where = pattern({n: (failing, moved & ~failing) for n, (failing, moved) in found.items()})
    if where is None:
        return None
    chosen = [_only(u, found[len(u.inverse)][0]) for u in evidence.updates]
    return evidence.with_updates([u for u in chosen if u is not None]), where.rstrip(",")


def _only(u: Update, positions: Mask) -> Update | None:
    """The update of the elements at some positions."""
    at = np.flatnonzero(positions)
    if not at.size:
        return None
    sorts, inverse = np.unique(u.inverse[at], return_inverse=True)
    return replace(
        u,
        before={n: x[sorts] for n, x in u.before.items()},
        after={n: x[sorts] for n, x in u.after.items()},
        g=None if u.g is None else u.g[sorts],
        inverse=inverse.astype(np.intp),
    )
