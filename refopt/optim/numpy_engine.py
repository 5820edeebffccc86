"""The NumPy engine: the generated code in place, a block at a time, so that a block stays in the cache from its first operation to its last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from refopt.generated.numpy._arguments import rounder
from refopt.optim.arrays import Array, Parameter
from refopt.optim.plans import Plan, numbers_moved, one_value
from refopt.optim.threads import share, together

Further = Sequence[Sequence[Array | None]]
"""The further inputs of an update: for each input one array a parameter."""
WHOLE = 100_000
"""Arrays up to this many elements are one block."""
BLOCK = 1 << 18
"""Bytes of a block of one array: 65,536 elements in float32."""


@dataclass(frozen=True)
class _Block:
    """Elements begin to end - 1 of one parameter: views of theta and the state, made once.

    scalars  by what its scalars are found: by its format, or by its parameter where that has states of one value
    """

    parameter: int
    scalars: Any
    begin: int
    end: int
    theta: Array
    state: tuple[Array, ...]

    @property
    def size(self) -> int:
        """Number of elements."""
        return self.end - self.begin


class NumpyEngine:
    """Runs the plan of a rule on parameters in any floating-point format."""

    name = "numpy"

    def __init__(self, code: Plan, parameters: Sequence[Parameter], threads: int, block: int | None = None) -> None:
        self.code, self.threads, self.parameters = code, threads, parameters
        self.rounders = {p.theta.dtype: _rounder(p.theta.dtype) for p in parameters}
        self.blocks = [b for i, p in enumerate(parameters) for b in _blocks(i, p, code, block)]
        self.total = sum(b.size for b in self.blocks)
        self.moved = numbers_moved(code) * sum(b.theta.nbytes for b in self.blocks)
        self.scratch: dict[tuple[int, Any], tuple[Array, ...]] = {}
        self.largest = {d: max(b.size for b in self.blocks if b.theta.dtype == d) for d in {b.theta.dtype for b in self.blocks}}

    def step(self, t: int, hyper: Mapping[str, float], gradients: Sequence[Array | None], further: Further = ()) -> None:
        """Update number t of every parameter that has a gradient. `further`: what it is given beside that, one row an input."""
        with np.errstate(all="ignore"):
            if one_value(self.code):
                scalars = self._of_each(t, hyper, gradients)
            else:
                scalars = {d: self.code.scalars(t, scalar, *hyper.values()) for d, scalar in self.rounders.items()}
            workers = share(self.moved, self.threads)
            if workers == 1:
                self._run(self.blocks, 0, scalars, gradients, further)
                return
        parts = _parts(self.blocks, workers, self.total)
        together([partial(self._quietly, part, worker, scalars, gradients, further) for worker, part in enumerate(parts)])

    def _of_each(self, t: int, hyper: Mapping[str, float], gradients: Sequence[Array | None]) -> dict[Any, tuple[Any, ...]]:
        """Scalars of each parameter, among which its states of one value count; these are moved."""
        found: dict[Any, tuple[Any, ...]] = {}
        for i, (p, g) in enumerate(zip(self.parameters, gradients, strict=True)):
            if g is not None:
                *scalars, after = self.code.scalars(t, self.rounders[p.theta.dtype], *p.kept.values(), *hyper.values())
                found[i], p.kept = tuple(scalars), dict(zip(p.kept, after, strict=True))
        return found

    def _quietly(
        self, blocks: Sequence[_Block], worker: int, scalars: Mapping[Any, tuple[Any, ...]], gradients: Sequence[Array | None], further: Further
    ) -> None:
        with np.errstate(all="ignore"):
            self._run(blocks, worker, scalars, gradients, further)

    def _run(
        self, blocks: Sequence[_Block], worker: int, scalars: Mapping[Any, tuple[Any, ...]], gradients: Sequence[Array | None], further: Further
    ) -> None:
        update = self.code.update
        for b in blocks:
            g = gradients[b.parameter]
            if g is None:
                continue
            dtype = b.theta.dtype
            buffers = self.scratch.get((worker, dtype)) or self._buffers(worker, dtype)
            if len(buffers[0]) != b.size if buffers else False:
                buffers = tuple(x[: b.size] for x in buffers)
            beside = [x[b.begin : b.end] for row in further if (x := row[b.parameter]) is not None] if further else ()
            update(b.theta, g if len(g) == b.size else g[b.begin : b.end], *beside, *b.state, *buffers, *scalars[b.scalars])

    def _buffers(self, worker: int, dtype: Any) -> tuple[Array, ...]:
        return self.scratch.setdefault((worker, dtype), tuple(np.empty(self.largest[dtype], dtype) for _ in range(self.code.SCRATCH)))


def _blocks(i: int, p: Parameter, code: Plan, block: int | None) -> list[_Block]:
    n = p.theta.size
    length = block or (n if n <= WHOLE else max(1, BLOCK // p.theta.itemsize))
    states = [p.state[name] for name in code.STATE]
    ranges = [(begin, min(begin + length, n)) for begin in range(0, n, length)] if n else []
    scalars = i if one_value(code) else p.theta.dtype
    return [_Block(i, scalars, a, b, p.theta[a:b], tuple(s[a:b] for s in states)) for a, b in ranges]


def _parts(blocks: Sequence[_Block], workers: int, total: int) -> list[list[_Block]]:
    """The blocks in as many parts of about the same number of elements."""
    parts: list[list[_Block]] = [[] for _ in range(workers)]
    seen = 0
    for b in blocks:
        parts[min(workers - 1, seen * workers // total)].append(b)
        seen += b.size
    return parts


def _rounder(dtype: np.dtype[Any]) -> Callable[[float], Any]:
    """Rounds a scalar once, to an array without axes: NumPy takes that without looking at its type again."""
    if issubclass(dtype.type, np.floating):
        return lambda x: np.array(x, dtype)
    once = rounder(dtype)
    return lambda x: np.array(once(x), dtype)
