"""Cost of very many small tensors: an optimizer of refopt.optim made for them, and its update against torch's foreach, as a ratio."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from refopt.bench.core import REPEATED, Figure
from refopt.optim import Adam

TENSORS, ELEMENTS = 10_000, 16
"""Number of tensors, and of the elements of each."""


def made(count: int = TENSORS) -> Figure:
    """Processor time to make an optimizer of many tensors, after its C was compiled."""
    Adam([np.ones(1, np.float32)])
    return Figure(f"make Adam of {count} tensors", _shortest(lambda: Adam(_arrays(count))) - _shortest(lambda: _arrays(count)), "s", f"{ELEMENTS} numbers each")


def update(count: int = TENSORS) -> list[Figure]:
    """Processor time of an update of many tensors, and how many times that of torch's foreach it is."""
    optimizer, grads = Adam(_arrays(count), threads=1), _arrays(count)
    optimizer.step(grads)
    own = _shortest(lambda: optimizer.step(grads))
    told = Figure(f"update of {count} tensors", 1e3 * own, "ms", f"engine {optimizer.engine}, one thread")
    try:
        import torch
    except ImportError:
        return [told, Figure("as a share of torch's", None, "", "torch is not installed here")]
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        parameters = [torch.ones(ELEMENTS, requires_grad=True) for _ in range(count)]
        for p in parameters:
            p.grad = torch.ones(ELEMENTS)
        other = torch.optim.Adam(parameters, foreach=True)
        other.step()
        theirs = _shortest(lambda: other.step())
    finally:
        torch.set_num_threads(threads)
    return [told, Figure("as a share of torch's", own / theirs, "times", "torch.optim.Adam(foreach=True), one thread; below 1 is faster")]


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
