"""Cost of very many small tensors: an optimizer of refopt.optim made for them, and its update against those of frameworks, as a ratio."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from refopt.bench.core import REPEATED, Figure
from refopt.frameworks import measurements
from refopt.frameworks.installed import is_installed
from refopt.optim import Adam

TENSORS, ELEMENTS = 10_000, 16
"""Number of tensors, and of the elements of each."""


def made(count: int = TENSORS) -> Figure:
    """Processor time to make an optimizer of many tensors, after its C was compiled."""
    Adam([np.ones(1, np.float32)])
    return Figure(f"make Adam of {count} tensors", _shortest(lambda: Adam(_arrays(count))) - _shortest(lambda: _arrays(count)), "s", f"{ELEMENTS} numbers each")


def update(count: int = TENSORS) -> list[Figure]:
    """Processor time of an update of many tensors, and how many times that of each framework's it is."""
    optimizer, grads = Adam(_arrays(count), threads=1), _arrays(count)
    optimizer.step(grads)
    own = _shortest(lambda: optimizer.step(grads))
    told = Figure(f"update of {count} tensors", 1e3 * own, "ms", f"engine {optimizer.engine}, one thread")
    found = [told]
    for framework, make in ((m.framework, m.small_tensors) for m in measurements() if m.small_tensors is not None):
        if not is_installed(framework):
            found.append(Figure(f"as a share of {framework}'s", None, "", f"{framework} is not installed here"))
            continue
        step, what = make(count, ELEMENTS)
        step()
        found.append(Figure(f"as a share of {framework}'s", own / _shortest(step), "times", f"{what}, one thread; below 1 is faster"))
    return found


def _arrays(count: int) -> list[np.ndarray[tuple[int], np.dtype[np.float32]]]:
    return [np.ones(ELEMENTS, np.float32) for _ in range(count)]


def _shortest(work: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATED):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


FIGURES: dict[str, Callable[[], list[Figure]]] = {"make": lambda: [made()], "update": update}
"""Measurements, in the order in which they are printed."""
