"""Batches observed updates into arrays for the prefilter: single updates, or whole runs from their start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from refopt.conformance.diagnose.prefilter import Span
from refopt.conformance.diagnose.running_error import Numbers, Tensors
from refopt.conformance.judge.open_loop import distinct_elements, without_state
from refopt.conformance.judge.updates import Update
from refopt.conformance.protocol.implementation import Ran
from refopt.conformance.protocol.observe import Observation
from refopt.golden.model import numbered

SOME = 256
"""Number of elements of a span that are enough to rule most formulas out."""
ABSENT = np.nan
"""Stands where something is absent: a buffer that does not exist yet, a rate that is the hyperparameter's, a gradient."""


def of_updates(updates: Iterable[Update]) -> Span:
    """Every update by itself, from the values before it."""
    chosen = [u for u in updates if u.g is not None]
    sizes = [len(u.before["theta"]) for u in chosen]

    def column(values: Iterable[object]) -> Numbers:
        return np.repeat(np.array(list(values), dtype=np.float64), sizes)

    def joined(side: str) -> dict[str, Numbers]:
        names = {n for u in chosen for n in getattr(u, side)}
        return {n: np.concatenate([getattr(u, side).get(n, np.full(s, ABSENT)) for u, s in zip(chosen, sizes, strict=True)]) for n in sorted(names)}

    return Span(
        case=np.repeat(np.array([u.case for u in chosen], dtype=np.intp), sizes),
        g=[np.concatenate([u.g for u in chosen if u.g is not None]) if chosen else np.zeros(0)],
        t=[column(u.t for u in chosen)],
        lr=[column(ABSENT if u.lr is None else float(u.lr) for u in chosen)],
        lr_before=column(ABSENT if u.lr_before is None else float(u.lr_before) for u in chosen),
        before=joined("before") if chosen else {"theta": np.zeros(0)},
        after=[joined("after") if chosen else {"theta": np.zeros(0)}],
        tensors=Tensors(np.repeat(np.arange(len(sizes)), sizes), np.concatenate([u.counts for u in chosen]).astype(np.float64) if chosen else np.zeros(0)),
        moved=[{n: column(float(u.moved[n]) if n in u.moved else ABSENT for u in chosen) for n in names}] if (names := _names(u.moved for u in chosen)) else (),
        inputs=[joined("inputs")] if any(u.inputs for u in chosen) else (),
    )


def _names(moved: Iterable[Mapping[str, object]]) -> list[str]:
    """The names of the hyperparameters that change in any of some runs or updates."""
    return sorted({n for one in moved for n in one})


def of_runs(observations: Sequence[tuple[int, Observation]]) -> Span:
    """Runs from their own start: the first elements of each tensor, as many as are different in the case."""
    tracks = [(i, o, p) for i, o in observations for p in range(len(o.case.params)) if isinstance(o.answer, Ran)]
    sizes = [distinct_elements(o.case.params[p]) if np.prod(o.case.params[p].shape, dtype=int) else 0 for _, o, p in tracks]
    steps = max((len(o.case.grads) for _, o, _ in tracks), default=0)
    columns = [_track(o, p, n, steps) for (_, o, p), n in zip(tracks, sizes, strict=True)]
    names = _names(o.request.courses for _, o, _ in tracks if o.request is not None)
    given = _names(o.request.inputs for _, o, _ in tracks if o.request is not None)
    states = sorted({s for _, o, p in tracks for s in (o.case.params[p].state0 or {})})

    def joined(pick: str, step: int) -> Numbers:
        return np.concatenate([c[pick][step] for c in columns]) if columns else np.zeros(0)

    before = {"theta": joined("before", 0)}
    for s in states:
        parts = [_given(o, p, s, n) for (_, o, p), n in zip(tracks, sizes, strict=True)]
        before[f"given {s}"] = np.concatenate(parts)
    return Span(
        case=np.repeat(np.array([i for i, _, _ in tracks], dtype=np.intp), sizes),
        g=[joined("g", i) for i in range(steps)],
        t=[joined("t", i) for i in range(steps)],
        lr=[joined("rate", i) for i in range(steps)],
        lr_before=np.full(sum(sizes), ABSENT),
        before=before,
        after=[{"theta": joined("after", i)} for i in range(steps)],
        tensors=_tensors(tracks, sizes),
        moved=[{n: _moved([o for _, o, _ in tracks], sizes, n, i) for n in names} for i in range(steps)] if names else (),
        inputs=[{n: joined(f"input {n}", i) for n in given} for i in range(steps)] if given else (),
    )


def _tensors(tracks: Sequence[tuple[int, Observation, int]], sizes: Sequence[int]) -> Tensors:
    """The tensors of runs: the distinct elements of each, and how often they occur."""
    repeats = [np.array(o.case.params[p].repeats[:n], dtype=np.float64) for (_, o, p), n in zip(tracks, sizes, strict=True)]
    return Tensors(np.repeat(np.arange(len(sizes)), sizes), np.concatenate(repeats) if repeats else np.zeros(0))


def _moved(observations: Sequence[Observation], sizes: Sequence[int], name: str, step: int) -> Numbers:
    """The values of a hyperparameter in a step, one an element; nothing where it holds or the run is over."""
    rows = [() if o.request is None else o.request.courses.get(name, ()) for o in observations]
    return np.repeat(np.array([row[step] if step < len(row) else ABSENT for row in rows], dtype=np.float64), sizes)


def _given(o: Observation, p: int, state: str, n: int) -> Numbers:
    given = o.case.params[p].state0 or {}
    return np.array([float(x) for x in given[state][:n]]) if state in given else np.full(n, ABSENT)


def _track(o: Observation, p: int, n: int, steps: int) -> dict[str, list[Numbers]]:
    """One tensor of one run, filled up to the number of steps with nothing."""
    assert isinstance(o.answer, Ran) and o.request is not None
    nothing = np.full(n, ABSENT)
    numbers = numbered(o.request.t0, [row[p] is not None for row in o.request.grads], o.counting)
    found: dict[str, list[Numbers]] = {"g": [], "t": [], "rate": [], "after": [], "before": [o.answer.before.theta[p].astype(np.float64).ravel()[:n]]}
    for i in range(steps):
        is_over = i >= len(o.request.grads)
        g = None if is_over else o.request.grads[i][p]
        found["g"].append(nothing if g is None else g.astype(np.float64).ravel()[:n])
        for name, rows in o.request.inputs.items():
            x = None if is_over else rows[i][p]
            found.setdefault(f"input {name}", []).append(nothing if x is None else x.astype(np.float64).ravel()[:n])
        found["t"].append(np.full(n, float(numbers[i] if i < len(numbers) else o.request.t0 + i)))
        found["rate"].append(nothing if is_over or o.request.lr is None else np.full(n, o.request.lr[i]))
        found["after"].append(nothing if is_over else o.answer.after[i].theta[p].astype(np.float64).ravel()[:n])
    return found


def some_then_all(span: Span) -> tuple[Span, ...]:
    """Some elements of a span, evenly drawn, and all of it; only all of it where it is short."""
    n = len(span.case)
    if n <= 4 * SOME:
        return (span,)
    return span.of(np.arange(0, n, n / SOME).astype(np.intp)), span


def fresh(observations: Sequence[tuple[int, Observation]]) -> list[tuple[int, Observation]]:
    """The runs that start from nothing, so that a formula with any state can be run from there."""
    return [(i, o) for i, o in observations if without_state(o)]
