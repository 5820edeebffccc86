"""Elements that are never updated: kernels that skip full blocks, or the remainder after them; tensors that are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from refopt.conformance.diagnose.failing_regions import Marks, Mask, Tensor, Where, places
from refopt.conformance.judge.deciding import way_in_bounds
from refopt.conformance.judge.stepwise import Judged
from refopt.conformance.protocol.observe import Observation


def without_the_untouched(observations: Sequence[Observation], judged: Sequence[Judged]) -> tuple[list[Judged], Where] | None:
    """The updates with the elements that never move explained, and where those lie.

    None unless every failing element stayed as it was, bit for bit, and always the same elements of a tensor did.
    """
    still = [_still(j) for j in judged]
    if not any(s.any() for s in still):
        return None
    if any(bool((fails(j) & ~s).any()) for j, s in zip(judged, still, strict=True)):
        return None
    where = next(places(marks(observations, judged)), None)
    return None if where is None else (explained(judged, still), where)


def fails(j: Judged) -> Mask:
    """The distinct elements of which something is wrong."""
    failing: Mask = np.any([r > 1 for r in j.ratio.values()], axis=0)
    return failing


def decides(j: Judged) -> Mask:
    """The distinct elements that are right, and would not be if theta had stayed where it was."""
    right: Mask = ~fails(j) & (j.ratio["theta"] <= 1) & (way_in_bounds(j, j.update.before["theta"]) > 1)
    return right


def explained(judged: Sequence[Judged], masks: Sequence[Mask]) -> list[Judged]:
    """The updates with the elements under the masks taken as right."""
    return [replace(j, ratio={n: np.where(mask, 0.0, r) for n, r in j.ratio.items()}) for j, mask in zip(judged, masks, strict=True)]


def _still(j: Judged) -> Mask:
    """The distinct elements that fail and whose theta did not change."""
    still: Mask = fails(j) & (j.update.before["theta"] == j.update.after["theta"])
    return still


def tensor(observations: Sequence[Observation], j: Judged) -> Tensor:
    """The tensor that an update is of."""
    request = observations[j.update.case].request
    assert request is not None
    shapes = tuple(x.shape for x in request.theta0)
    return Tensor(shapes[j.update.parameter], j.update.parameter, shapes)


def marks(observations: Sequence[Observation], judged: Sequence[Judged]) -> list[Marks]:
    """By tensor: which positions fail at some time, and which are right where it can be told."""
    found: dict[Tensor, tuple[Mask, Mask]] = {}
    for j in judged:
        x = tensor(observations, j)
        failing, right = found.setdefault(x, (np.zeros(x.size, dtype=bool), np.zeros(x.size, dtype=bool)))
        failing |= fails(j)[j.update.inverse]
        right |= decides(j)[j.update.inverse]
    return [Marks(x, failing, right) for x, (failing, right) in found.items()]
