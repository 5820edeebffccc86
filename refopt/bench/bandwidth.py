"""Speed of the memory: the same arrays read and written as in an update, with one addition in the place of the formula.

The share of the memory's bandwidth is the time of that by the time of the update. How many arrays are only read and how many are
written too matters to memory, so that each rule has its own. Arrays that stay in a cache would be measured against the cache:
what is left of them there is driven out before each timing, for everybody.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from refopt.frameworks.measured import Step
from refopt.optim.compiler import NotCompiled, library
from refopt.optim.threads import cuts, share, together

CACHES = Path("/sys/devices/system/cpu/cpu0/cache")
"""Folder in which Linux describes them."""
CACHE = 1 << 25
"""Bytes of the largest cache, where the system does not say, or says less."""
LARGEST = 1 << 29
"""Bytes read and written to drive others out of the caches, at most."""


def memory_only(written: int, elements: int, dtype: str, threads: int) -> Step:
    """Adds one array to `written` others, which hold that many elements each, in place."""
    g = np.ones(elements, dtype)
    arrays = [np.ones(elements, dtype) for _ in range(written)]
    work = _compiled(arrays, g) or partial(_added, arrays, g)
    workers = share((1 + 2 * written) * g.nbytes, threads)
    tasks = [partial(work, a, b) for a, b in cuts(elements, workers)]
    return lambda: together(tasks)


def evictor() -> Step:
    """Reads and writes twice what the largest cache holds, but half a gigabyte at most."""
    other = np.ones(min(LARGEST, 2 * _largest_cache()) // 8)
    return partial(np.add, other, 1.0, out=other)


def _largest_cache() -> int:
    """In bytes, as Linux says it."""
    sizes = [CACHE]
    for file in CACHES.glob("index*/size"):
        with contextlib.suppress(OSError, ValueError):
            text = file.read_text(encoding="ascii").strip()
            sizes.append(int(text.rstrip("KM")) << {"K": 10, "M": 20}.get(text[-1:], 0))
    return max(sizes)


def _compiled(arrays: list[Any], g: Any) -> Callable[[int, int], None] | None:
    number = {"float32": "float", "float64": "double"}[g.dtype.name]
    names = [f"x{i}" for i in range(len(arrays))]
    head = f"(size_t begin, size_t end, {''.join(f'{number} *restrict {name}, ' for name in names)}const {number} *restrict g)"
    added = "\n".join(f"        {name}[i] += g[i];" for name in names)
    source = f"#include <stddef.h>\nvoid add{head}\n{{\n    for (size_t i = begin; i < end; i++) {{\n{added}\n    }}\n}}\n"
    try:
        import cffi

        ffi = cffi.FFI()
        ffi.cdef(f"void add{head.replace('restrict ', '')};")
        opened = ffi.dlopen(str(library(source)))
    except (ImportError, NotCompiled):
        return None
    held = [ffi.from_buffer(f"{number}[]", x) for x in (*arrays, g)]

    def work(begin: int, end: int) -> None:
        opened.add(begin, end, *held)

    return work


def _added(arrays: list[Any], g: Any, begin: int, end: int) -> None:
    for x in arrays:
        np.add(x[begin:end], g[begin:end], out=x[begin:end])
