"""State that an object keeps for all tensors at once, by measurement: two tensors are updated together, and each alone by an object of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from refopt.conformance.protocol.implementation import Answer, Array, Ran, Request, Skipped
from refopt.rounding.formats import FLOAT64

UPDATES, ELEMENTS = 3, 3
SHARED = "one object shares its state between tensors; if each tensor gets its own: --per-tensor"
APART = "each tensor has an object of its own"


def shares(run: Callable[[Request], Answer], hyper: Mapping[str, float]) -> bool:
    """True where each tensor alone is updated, and both together are not, or otherwise: what one leaves is what the other goes on from.

    False where one tensor alone is not updated twice in the same way: then nothing follows from other values.
    """
    random = np.random.default_rng(11)
    theta = [random.uniform(1, 2, ELEMENTS) for _ in range(2)]
    grads = [[random.uniform(0.5, 1, ELEMENTS) for _ in range(2)] for _ in range(UPDATES)]

    def ran(*which: int) -> Answer:
        rows: tuple[tuple[Array | None, ...], ...] = tuple(tuple(row[i] for i in which) for row in grads)
        return run(Request("", (), FLOAT64, hyper, None, tuple(theta[i] for i in which), None, 1, rows))

    first, second, again, together = ran(0), ran(1), ran(0), ran(0, 1)
    if not isinstance(first, Ran) or not isinstance(second, Ran) or isinstance(together, Skipped):
        return False
    if not isinstance(again, Ran) or _points(first) != _points(again):
        return False
    return not isinstance(together, Ran) or any(_points(x) != _points(together, i) for i, x in enumerate((first, second)))


def _points(ran: Ran, tensor: int = 0) -> list[bytes]:
    """The bits of a tensor after each update."""
    return [x.theta[tensor].tobytes() for x in ran.after]
