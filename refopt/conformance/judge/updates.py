"""Single updates, cut out of what was seen: the distinct elements of one parameter before and after one step.

Test tensors repeat a few elements many times. All of them are judged, but equal ones (equal before, in the gradient and
after) only once: `inverse` says which distinct element each element is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from refopt.conformance.protocol.implementation import Array, Ran, Request
from refopt.golden.model import Counting, numbered

Numbers = npt.NDArray[np.float64]
TILES = (7, 11)
"""Most test tensors repeat so many elements; where one still does after an update, nothing needs to be sorted."""


@dataclass(frozen=True)
class Update:
    """One update of one parameter as it was seen. Arrays hold one entry for each distinct element.

    case        the number of the case in its run
    step        its place in the run, from 0; `t` is its number
    lr          the rate of this update and, in `lr_before`, of the one before it (None: the hyperparameter holds)
    before      theta and buffers before; a buffer that does not exist yet is missing, and so are all of them before the first
                update of a run that was given no state: that one is judged from the rule's own start
    after       theta and buffers after
    g           the gradient; None where the parameter had none
    inverse     for every element of the tensor, its distinct element
    moved       the values in this update of other hyperparameters that change from update to update
    inputs      what the update was given beside the gradient
    """

    case: int
    step: int
    t: int
    parameter: int
    lr: Fraction | None
    lr_before: Fraction | None
    before: Mapping[str, Numbers]
    after: Mapping[str, Numbers]
    g: Numbers | None
    inverse: npt.NDArray[np.intp]
    moved: Mapping[str, Fraction] = field(default_factory=dict)
    inputs: Mapping[str, Numbers] = field(default_factory=dict)

    @property
    def counts(self) -> npt.NDArray[np.intp]:
        """Number of elements of the tensor that each distinct element stands for."""
        return np.bincount(self.inverse, minlength=len(self.before["theta"]))

    def elements(self, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
        """The positions in the tensor of the distinct elements that a mask names."""
        return np.flatnonzero(chosen[self.inverse])


def updates(case: int, request: Request, ran: Ran, counting: Counting = Counting.RUN) -> Iterator[Update]:
    """Every update of a run, in order."""
    numbers = [numbered(request.t0, [row[p] is not None for row in request.grads], counting) for p in range(len(request.theta0))]
    rates = None if request.lr is None else [Fraction(x) for x in request.lr]
    seen = (ran.before, *ran.after)
    for step, grads in enumerate(request.grads):
        lr = None if rates is None else rates[step]
        lr_before = None if rates is None else rates[max(step - 1, 0)]
        moved = moved_in(request, step)
        for p, g in enumerate(grads):
            starts = step == 0 and request.state0 is None
            before = _columns(seen[step].theta[p], {} if starts else seen[step].state[p])
            after = _columns(seen[step + 1].theta[p], seen[step + 1].state[p])
            columns = {**{f"b {n}": x for n, x in before.items()}, **{f"a {n}": x for n, x in after.items()}}
            if g is not None:
                columns["g"] = g.astype(np.float64).ravel()
            further = inputs_in(request, step, p)
            columns |= {f"i {n}": x for n, x in further.items()}
            first, inverse = distinct(list(columns.values()))
            yield Update(
                case, step, numbers[p][step], p, lr, lr_before,
                {n: x[first] for n, x in before.items()}, {n: x[first] for n, x in after.items()},
                None if g is None else columns["g"][first], inverse, moved, {n: x[first] for n, x in further.items()},
            )  # fmt: skip


def moved_in(request: Request, step: int) -> dict[str, Fraction]:
    """The values of the hyperparameters that have a course, in a step."""
    return {name: Fraction(x) for name, x in request.values(step).items()}


def inputs_in(request: Request, step: int, p: int) -> dict[str, Numbers]:
    """The further inputs of a parameter, in a step."""
    return {name: x.astype(np.float64).ravel() for name, row in request.given(step).items() if (x := row[p]) is not None}


def _columns(theta: Array, state: Mapping[str, Array]) -> dict[str, Numbers]:
    same = {n: x.astype(np.float64).ravel() for n, x in state.items() if x.shape == theta.shape}
    return {"theta": theta.astype(np.float64).ravel(), **same}


def distinct(columns: list[Numbers]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Positions of the first of each sort of row, in order, and for every row its sort. Rows are compared bit by bit."""
    bits = np.ascontiguousarray(np.stack(columns, axis=1)).view(np.uint64)
    for tile in TILES:
        if len(bits) > tile and _repeats(bits, tile):
            first, inverse = distinct([c[:tile] for c in columns])
            return first, np.resize(inverse, len(bits))
    rows = bits.view(np.dtype((np.void, bits.shape[1] * 8))).ravel()
    _, first, inverse = np.unique(rows, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return first[order], rank[inverse.ravel()]


def _repeats(bits: npt.NDArray[np.uint64], tile: int) -> bool:
    """True where every row is the one `tile` rows before it."""
    return bool(np.array_equal(bits[tile:], bits[:-tile]))
