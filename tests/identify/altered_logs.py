"""Logs of runs to which something happened: interrupted, skipped, accumulated, clipped by norm; from the generated code of any rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from refopt.identify.log import Log, logs
from refopt.identify.table import read

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Happening:
    """A run, and what happened to it.

    lost       state variables that start anew before an update; the first update is 1
    anew       updates before which the count starts anew
    rates      the rate from an update on
    skipped    updates that do not move theta; `counted`: t goes on; `remembered`: the state takes the gradient
    every      rows of one update, `reduced` from their gradients, the first update after `first` rows
    clip       the norm to which gradients are clipped while multiplied by `scale`
    shrinking  share of its size that a gradient has one row later; all start ten times as large where it is not 1
    """

    rule: str
    hyper: dict[str, float] = field(default_factory=dict)
    lr: float = 0.01
    rows: int = 24
    elements: int = 4
    seed: int = 0
    lost: dict[int, tuple[str, ...]] = field(default_factory=dict)
    anew: tuple[int, ...] = ()
    rates: dict[int, float] = field(default_factory=dict)
    skipped: tuple[int, ...] = ()
    counted: bool = False
    remembered: bool = False
    every: int = 1
    first: int | None = None
    reduced: Callable[[Floats], Floats] = lambda g: g.mean(axis=0)
    by_rows: bool = False
    clip: float | None = None
    scale: float = 1.0
    shrinking: float = 1.0
    dtype: Any = np.float64
    digits: int = 17
    reading: str = "at"
    logged: bool = False


def run(h: Happening) -> tuple[Floats, Floats, list[float]]:
    """theta before and after every row, the gradient of every row, and its rate."""
    draw = np.random.default_rng(h.seed)
    module = import_module(f"refopt.generated.numpy.{h.rule.replace('/', '_')}")
    theta = draw.normal(size=h.elements).astype(h.dtype)
    size = 1.0 if h.shrinking == 1 else 10 * h.shrinking ** np.arange(h.rows)[:, None]
    grads = (size * draw.normal(size=(h.rows, h.elements))).astype(h.dtype)
    state, thetas, t, gathered, rates = module.init(theta), [theta], 0, [], []
    rate, updates = h.lr, 0
    for row, g in enumerate(grads, start=1):
        gathered.append(g)
        if len(gathered) == (h.first if updates == 0 and h.first else h.every):
            updates += 1
            rate = h.rates.get(updates, rate)
            if updates in h.anew:
                t = 0
            state = {**state, **{n: x for n, x in module.init(theta).items() if n in h.lost.get(updates, ())}}
            reduced = _clipped(h.reduced(np.array(gathered)), h)
            gathered = []
            skip = updates in h.skipped
            t += not skip or h.counted
            after, then = module.step(theta, reduced, state, row if h.by_rows else t, lr=rate, **h.hyper)
            if not skip:
                theta = after
            if not skip or h.remembered:
                state = then
        rates.append(rate)
        thetas.append(theta)
    return np.array(thetas), grads, rates


def _clipped(g: Floats, h: Happening) -> Floats:
    if h.clip is None:
        return g
    scaled = g * h.scale
    factor = min(1.0, h.clip / (float(np.linalg.norm(scaled)) + 1e-6))
    return (scaled * factor / h.scale).astype(h.dtype)


def content(h: Happening) -> str:
    """The CSV of a run; a full table, whose gradient was taken "at" the theta of its row or led "to" it, or "" with a last theta."""
    thetas, grads, rates = run(h)
    n = h.elements
    head = ["step", *(f"theta_{i}" for i in range(n)), *(f"g_{i}" for i in range(n)), *(["lr"] if h.logged else [])]
    lines = [",".join(head)]
    for row in range(h.rows):
        shown = [*thetas[row + (h.reading == "to")], *grads[row], *([rates[row]] if h.logged else [])]
        lines.append(",".join([str(row + 1), *(f"{float(x):.{h.digits}g}" for x in shown)]))
    if h.reading == "":
        lines.append(",".join([str(h.rows + 1), *(f"{float(x):.{h.digits}g}" for x in thetas[-1]), *[""] * (len(head) - n - 1)]))
    return "\n".join(lines) + "\n"


def readings(h: Happening, folder: Path) -> tuple[Log, ...]:
    """The log of a run as it is read from a file."""
    path = folder / "log.csv"
    path.write_text(content(h))
    return logs(read(str(path)), str(path))
