"""Elements that are never updated: kernels that skip full blocks, or the remainder after them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from refopt.conformance.judge import Judged

Mask = npt.NDArray[np.bool_]
BLOCKS = [2**k for k in range(1, 17)]
"""Sizes of blocks that kernels have."""
LANES = (2, 4, 8, 16)
"""How many elements a vector register holds."""
ORDINALS = {2: "second"}


def without_the_untouched(judged: Sequence[Judged]) -> tuple[list[Judged], str] | None:
    """The updates with the elements that never move explained, and where those lie, in one line.

    None unless every failing element stayed as it was, bit for bit, and always the same elements of a tensor did.
    """
    still = [_still(j) for j in judged]
    if not any(s.any() for s in still):
        return None
    if any(bool((fails(j) & ~s).any()) for j, s in zip(judged, still, strict=True)):
        return None
    where = pattern(by_size(judged, still))
    if where is None:
        return None
    return explained(judged, still), f"theta: {where} are never updated"


def fails(j: Judged) -> Mask:
    """The distinct elements of which something is wrong."""
    failing: Mask = np.any([r > 1 for r in j.ratio.values()], axis=0)
    return failing


def explained(judged: Sequence[Judged], masks: Sequence[Mask]) -> list[Judged]:
    """The updates with the elements under the masks taken as right."""
    return [replace(j, ratio={n: np.where(mask, 0.0, r) for n, r in j.ratio.items()}) for j, mask in zip(judged, masks, strict=True)]


def _still(j: Judged) -> Mask:
    """The distinct elements that fail and whose theta did not change."""
    still: Mask = fails(j) & (j.update.before["theta"] == j.update.after["theta"])
    return still


def by_size(judged: Sequence[Judged], masks: Sequence[Mask]) -> dict[int, tuple[Mask, Mask]]:
    """By size of tensor: the positions of the elements under the masks, and those that moved at some time."""
    found: dict[int, tuple[Mask, Mask]] = {}
    for j, mask in zip(judged, masks, strict=True):
        n = len(j.update.inverse)
        chosen, moved = found.setdefault(n, (np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)))
        chosen |= mask[j.update.inverse]
        moved |= (j.update.before["theta"] != j.update.after["theta"])[j.update.inverse]
    return found


def pattern(sizes: Mapping[int, tuple[Mask, Mask]]) -> str | None:
    """Where elements stand still, in words; None where they do so only at times, or everywhere, or without a pattern."""
    if any(bool((stuck & moved).any()) for stuck, moved in sizes.values()) or not any(moved.any() for _, moved in sizes.values()):
        return None
    blocks = [b for b in BLOCKS if _agrees(sizes, {n: _first(n, n - n % b) for n in sizes})]
    if blocks:
        return f"full blocks of {_any(blocks)} elements"
    remainders = [b for b in BLOCKS if _agrees(sizes, {n: ~_first(n, n - n % b) for n in sizes})]
    if _agrees(sizes, {n: ~_first(n, n - 1) for n in sizes}):  # sizes that are odd cannot tell these apart
        return "the last elements" + (f", or those after the last full block of {_any(remainders)}," if remainders else "")
    if remainders:
        return f"elements after the last full block of {_any(remainders)}"
    lanes = [(every, lane) for every in LANES for lane in range(every) if _agrees(sizes, {n: np.arange(n) % every == lane for n in sizes})]
    if lanes:
        every, lane = lanes[0]
        return f"every {ORDINALS.get(every, f'{every}th')} element, from number {lane} on,"
    starts = [int(np.flatnonzero(stuck)[0]) for stuck, _ in sizes.values() if stuck.any()]
    if _agrees(sizes, {n: ~_first(n, min(starts)) for n in sizes}):
        return f"elements from number {min(starts)} on"
    return None


def _any(sizes: Sequence[int]) -> str:
    """Sizes that the tensors seen cannot tell apart."""
    return " or ".join(map(str, sizes))


def _first(n: int, count: int) -> Mask:
    return np.arange(n) < count


def _agrees(sizes: Mapping[int, tuple[Mask, Mask]], expected: Mapping[int, Mask]) -> bool:
    """Whether all that stands still is where it is expected, and nothing that moves is."""
    return all(not (stuck & ~expected[n]).any() and not (moved & expected[n]).any() for n, (stuck, moved) in sizes.items())
