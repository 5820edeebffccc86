"""Runs of the same bits, judged once: the code of one formula in several languages, or one optimizer with several switches, often computes the same.

Whether a run is one that was judged before is asked of every bit of it, of the formula, and of all else that a judgement depends on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from refopt.conformance.judge.model import Hyper, Model
from refopt.conformance.judge.stepwise import Judged, stepwise
from refopt.conformance.judge.updates import Update
from refopt.conformance.protocol.implementation import View
from refopt.rounding.formats import Format

REMEMBERED = 8
"""Runs that are remembered: a rule's in four formats, twice."""


@dataclass(frozen=True)
class _Run:
    """All updates of an implementation in one format, and what they were judged to be."""

    model: Model
    found: Sequence[Update]
    hypers: Sequence[Hyper]
    views: Mapping[str, View]
    format: Format
    judged: Sequence[Judged]

    def is_of(self, model: Model, found: Sequence[Update], hypers: Sequence[Hyper], views: Mapping[str, View], f: Format) -> bool:
        """True where nothing that a judgement depends on is another."""
        alike = self.model.rule is model.rule and self.format == f and len(self.found) == len(found)
        return (
            alike and self.model == model and self.views == views and list(self.hypers) == list(hypers)
            and all(_is_same(one, other) for one, other in zip(self.found, found, strict=True))
        )  # fmt: skip


_RUNS: deque[_Run] = deque(maxlen=REMEMBERED)


def judged_once(model: Model, found: Sequence[Update], hypers: Sequence[Hyper], views: Mapping[str, View], f: Format) -> list[Judged]:
    """Judgement of a run, step by step; one that was judged before is not judged again."""
    known = next((run for run in _RUNS if run.is_of(model, found, hypers, views, f)), None)
    if known is not None:
        return [replace(j, update=u) for j, u in zip(known.judged, found, strict=True)]
    judged = stepwise(model, found, hypers, views, f)
    _RUNS.append(_Run(model, found, hypers, views, f, judged))
    return judged


def _is_same(one: Update, other: Update) -> bool:
    """True where two updates are the same in every field and every bit."""
    return all(_alike(getattr(one, f.name), getattr(other, f.name)) for f in fields(Update))


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):  # by bits: a NaN is itself, and -0.0 is not 0.0
        return one.shape == other.shape and one.dtype == other.dtype and one.tobytes() == other.tobytes()
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return list(one) == list(other) and all(map(_alike, one.values(), other.values()))
    return type(one) is type(other) and not isinstance(one, np.ndarray) and bool(one == other)
