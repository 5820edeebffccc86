"""Edits of a run: the formula is right, but it is fed with other gradients: of the other sign, late, added up, transposed, those of other
elements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from refopt.conformance.diagnose.run_change import RunChange
from refopt.conformance.diagnose.uphill import turning
from refopt.conformance.judge.open_loop import distinct_elements
from refopt.conformance.protocol.implementation import Array, Request
from refopt.conformance.protocol.observe import Observation
from refopt.golden.model import Case, Parameter
from refopt.language.rule import Rule

LARGEST = 1000
"""Tensors up to this size are told element by element where a gradient does not repeat as its parameter does."""

Gradients = Sequence[tuple[Array | None, ...]]
"""By update and tensor; None where a tensor has none."""


@dataclass(frozen=True)
class GradientEdit:
    """A change of the gradients of a run."""

    change: RunChange
    changed: Callable[[Gradients], Gradients]

    def of(self, observations: Sequence[Observation]) -> list[Observation]:
        """The observations, as if the changed gradients had been given."""
        return [self._told(o) for o in observations]

    def _told(self, o: Observation) -> Observation:
        if o.request is None or not self._changes(o.request.grads):
            return o
        changed = tuple(self.changed(o.request.grads))
        case = o.case if all(_repeats(g, p) for row in changed for g, p in zip(row, o.case.params, strict=True)) else in_full(o.case, o.request)
        return replace(o, case=replace(case, grads=_rows(changed, case)), request=replace(o.request, grads=changed))

    def means_something_of(self, rule: Rule) -> bool:
        """False where an edit of the formula says the same: one assignment alone has the gradient's sign."""
        return self.change is not RunChange.SIGN_TURNED or len(turning(rule)) > 1

    def applies(self, observations: Sequence[Observation], every: bool = False) -> bool:
        """True where the edit changes any request, or every one."""
        asked = [self._changes(o.request.grads) for o in observations if o.request is not None]
        return all(asked) if every else any(asked)

    def _changes(self, gradients: Gradients) -> bool:
        rows = zip(gradients, self.changed(gradients), strict=True)
        return any(not _alike(a, b) for row, other in rows for a, b in zip(row, other, strict=True))


def _repeats(g: Array | None, p: Parameter) -> bool:
    """True where a gradient repeats as its parameter does; of large ones it is taken for granted, there the case itself is not looked at."""
    return g is None or g.size > LARGEST or np.array_equal(g.ravel(), np.resize(g.ravel()[: distinct_elements(p)], g.size), equal_nan=True)


def in_full(case: Case, request: Request) -> Case:
    """The case with every element of its smaller tensors as one of its own."""
    params = []
    for p, x in zip(case.params, request.theta0, strict=True):
        if x.size > LARGEST:
            params.append(p)
            continue
        state0 = None if p.state0 is None else {n: tuple(v[i % len(v)] for i in range(x.size)) for n, v in p.state0.items()}
        params.append(replace(p, tile=x.size, theta0=tuple(p.theta0[i % len(p.theta0)] for i in range(x.size)), state0=state0))
    return replace(case, params=tuple(params))


def _rows(gradients: Gradients, case: Case) -> tuple[tuple[tuple[str, ...] | None, ...], ...]:
    """Gradients as a case has them: its distinct elements, as text."""
    counts = [distinct_elements(p) for p in case.params]
    return tuple(
        tuple(None if g is None else tuple(repr(float(x)) for x in g.ravel()[:n]) for g, n in zip(row, counts, strict=True)) for row in gradients
    )


def _alike(a: Array | None, b: Array | None) -> bool:
    return a is b or (a is not None and b is not None and np.array_equal(a, b, equal_nan=True))


def _late(gradients: Gradients) -> Gradients:
    held: dict[int, Array] = {}
    told = []
    for row in gradients:
        told.append(tuple(None if g is None else held.get(p, np.zeros_like(g)) for p, g in enumerate(row)))
        held |= {p: g for p, g in enumerate(row) if g is not None}
    return told


def _added(gradients: Gradients) -> Gradients:
    held: dict[int, Array] = {}
    told = []
    with np.errstate(all="ignore"):
        for row in gradients:
            held |= {p: np.asarray(held[p] + g).astype(g.dtype) if p in held else g for p, g in enumerate(row) if g is not None}
            told.append(tuple(None if g is None else held[p] for p, g in enumerate(row)))
    return told


def _of_the_first(gradients: Gradients) -> Gradients:
    return [tuple(g if p == 0 else None for p, g in enumerate(row)) for row in gradients]


def _without_zeros(gradients: Gradients) -> Gradients:
    return [tuple(None if g is None or not g.any() else g for g in row) for row in gradients]


def _without_broken(gradients: Gradients) -> Gradients:
    return [tuple(None if g is None or not np.isfinite(g.astype(np.float64)).all() else g for g in row) for row in gradients]


def _each(change: Callable[[Array], Array]) -> Callable[[Gradients], Gradients]:
    """A change of each gradient by itself."""
    return lambda gradients: [tuple(None if g is None else change(g) for g in row) for row in gradients]


def _transposed(g: Array) -> Array:
    return np.ascontiguousarray(g.T) if g.ndim == 2 and g.shape[0] == g.shape[1] else g


def _by_columns(g: Array) -> Array:
    return g.ravel(order="F").reshape(g.shape) if g.ndim > 1 else g


def _reversed(g: Array) -> Array:
    return g.ravel()[::-1].reshape(g.shape)


def _of_first_element(g: Array) -> Array:
    return np.full_like(g, g.ravel()[0]) if g.size else g


def _moved_by(places: int) -> Callable[[Array], Array]:
    return lambda g: np.roll(g.ravel(), places).reshape(g.shape)


def _mean(g: Array) -> Array:
    with np.errstate(all="ignore"):
        return np.full_like(g, g.astype(np.float64).mean()) if g.size else g


def _zeros_for_absent(gradients: Gradients) -> Gradients:
    shapes = {p: g for row in gradients for p, g in enumerate(row) if g is not None}
    return [tuple(np.zeros_like(shapes[p]) if g is None and p in shapes else g for p, g in enumerate(row)) for row in gradients]


GRADIENT_EDITS = (
    GradientEdit(RunChange.GRADIENT_LATE, _late),
    GradientEdit(RunChange.GRADIENTS_ADD_UP, _added),
    GradientEdit(RunChange.FIRST_TENSOR_ONLY, _of_the_first),
    GradientEdit(RunChange.WITHOUT_ZEROS, _without_zeros),
    GradientEdit(RunChange.WITHOUT_BROKEN, _without_broken),
    GradientEdit(RunChange.ZEROS_FOR_ABSENT, _zeros_for_absent),
    GradientEdit(RunChange.TRANSPOSED, _each(_transposed)),
    GradientEdit(RunChange.BY_COLUMNS, _each(_by_columns)),
    GradientEdit(RunChange.OF_THE_NEXT, _each(_moved_by(-1))),
    GradientEdit(RunChange.OF_THE_ONE_BEFORE, _each(_moved_by(1))),
    GradientEdit(RunChange.REVERSED, _each(_reversed)),
    GradientEdit(RunChange.OF_THE_FIRST, _each(_of_first_element)),
    GradientEdit(RunChange.OF_THE_MEAN, _each(_mean)),
    GradientEdit(RunChange.SIGN_TURNED, _each(np.negative)),
)
