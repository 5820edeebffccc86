"""Cost of an update: every rule, 10^3 to 10^7 parameters, float32 and float64, against frameworks and textbook NumPy.

Contenders take turns, so that whatever else the machine does meets all of them; the figures are medians over the turns. What
the memory allows takes its turn too, where arrays are so large that it is the limit (`bandwidth.py`). Times are for
orientation, ratios are what to compare. With one thread the clock is the processor's: what other programs do meanwhile is left
out, but for the caches and the memory that they share.
"""

from __future__ import annotations

import contextlib
import gc
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from refopt.bench import contenders
from refopt.bench.bandwidth import evictor, memory_only
from refopt.bench.contenders import CONTENDERS, YARDSTICK, short
from refopt.catalogue import rules as rules_of_catalogue
from refopt.frameworks.measured import Step
from refopt.optim.plans import numbers_moved, plan
from refopt.optim.threads import available

RULES = tuple(r.name for r in rules_of_catalogue())
SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
DTYPES = ("float32", "float64")
TURNS = 7
"""Timings of every contender; the median counts."""
LEAST = 0.002
"""Seconds of one timing: short updates are repeated within it."""
SETTLE = 0.01
"""Seconds before a timing in which nobody works: the threads of the one before wait for more work awake, and would take the next one's processors."""
OUTSIDE_CACHES = 100_000_000
"""Bytes moved from which on an update is taken as one that finds nothing in a cache: between two of them, training moves more."""
LEGEND = f"""\
x: as many times as long as the first column, the median of turns that alternate.
C, NumPy: the engines of refopt.optim; textbook: new NumPy arrays for each operation; {contenders.LEGEND}."""
MEMORY = "memory"
"""Name of the entry that takes turns with the contenders and only moves their arrays."""


@dataclass(frozen=True)
class Row:
    """One rule, one format, one size.

    seconds    the median time of an update, by contender; None where the package has no such optimizer
    to_first   the median, over the turns, of its time as a multiple of the C engine's (of the NumPy engine's where there is no C)
    share      of the memory's bandwidth in the same turns, by contender; empty where the arrays are small
    bandwidth  bytes a second that the memory moved in the same turns, where nothing else was to be done
    """

    rule: str
    dtype: str
    n: int
    seconds: dict[str, float | None]
    to_first: dict[str, float]
    share: dict[str, float]
    bandwidth: float | None

    @property
    def first(self) -> str:
        """Engine whose time is the unit of the ratios."""
        return "C" if self.seconds["C"] is not None else "NumPy"

    def ratio(self, a: str, b: str) -> float | None:
        """Time of a in units of b's."""
        return self.to_first[a] / self.to_first[b] if a in self.to_first and b in self.to_first else None


def rows(
    rules: Sequence[str] = RULES, sizes: Sequence[int] = SIZES, dtypes: Sequence[str] = DTYPES, turns: int = TURNS,
    threads: int | None = None, tell: Callable[[str, int, int], None] = lambda *_: None,
) -> Iterator[Row]:  # fmt: skip
    """Measure one row after the other."""
    wanted = [(rule, dtype, n) for n in sizes for dtype in dtypes for rule in rules]
    for i, (rule, dtype, n) in enumerate(wanted):
        tell(f"{rule} {dtype} {n:,}", i, len(wanted))
        with confined(threads):
            yield measure(rule, dtype, n, turns, threads or available())
        gc.collect()


@contextlib.contextmanager
def confined(threads: int | None) -> Iterator[None]:
    """As many processors as threads, where the system can do that: there are libraries that cannot be told otherwise."""
    if threads is None or not hasattr(os, "sched_setaffinity"):
        yield
        return
    every = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(every)[:threads])
    try:
        yield
    finally:
        os.sched_setaffinity(0, every)


def measure(rule: str, dtype: str, n: int, turns: int, threads: int) -> Row:
    """The row of one rule, format and size."""
    import numpy as np

    data = np.random.default_rng(n)
    theta, g = (data.standard_normal(n).astype(dtype) for _ in range(2))
    steps = {name: make(rule, theta.copy(), g.copy(), threads) for name, make in CONTENDERS.items()}
    there = {name: step for name, step in steps.items() if step is not None}
    itemsize = np.dtype(dtype).itemsize
    moved = numbers_moved(plan(rule)) * n * itemsize
    large = moved >= OUTSIDE_CACHES
    written = 1 + len(plan(rule).STATE)
    memory = memory_only(written, n, dtype, threads) if large else None
    in_memory = (1 + 2 * written) * n * itemsize  # less than an update moves that is given more than the gradient
    runners = {**there, **({MEMORY: memory} if memory else {})}
    evict = evictor() if large else None
    clock = time.process_time if threads == 1 else time.perf_counter
    repeated = {name: 1 if large else _repetitions(step, clock) for name, step in runners.items()}
    times: dict[str, list[float]] = {name: [] for name in runners}
    order = list(runners)
    for turn in range(turns + 1):  # the first one warms up
        for name in order[turn % len(order) :] + order[: turn % len(order)]:
            _settle(runners[name], evict)
            times[name].append(_seconds(runners[name], repeated[name], clock))
    times = {name: found[1:] for name, found in times.items()}
    first = "C" if "C" in there else "NumPy"
    seconds = {name: statistics.median(times[name]) if name in times else None for name in CONTENDERS}
    to_first = {name: statistics.median(a / b for a, b in zip(times[name], times[first], strict=True)) for name in there}
    share = {name: statistics.median(moved / in_memory * b / a for a, b in zip(times[name], times[MEMORY], strict=True)) for name in there} if large else {}
    return Row(rule, dtype, n, seconds, to_first, share, in_memory / statistics.median(times[MEMORY]) if large else None)


def _repetitions(step: Step, clock: Callable[[], float]) -> int:
    """Warm up, and see how many updates fill the least time."""
    step()
    count = 1
    while (took := _seconds(step, count, clock) * count) < LEAST:
        count = max(2 * count, int(count * LEAST / max(took, 1e-9)))
    return count


def _settle(step: Step, evict: Step | None) -> None:
    """Let the threads of others fall asleep and wake our own; then drive what they left out of the caches, if that is wanted."""
    time.sleep(SETTLE)
    step()
    if evict is not None:
        evict()


def _seconds(step: Step, count: int, clock: Callable[[], float]) -> float:
    began = clock()
    for _ in range(count):
        step()
    return (clock() - began) / count


def table(found: Sequence[Row]) -> list[str]:
    """The rows as people read them, those of one size and format together."""
    lines: list[str] = []
    for n, dtype in dict.fromkeys((r.n, r.dtype) for r in found):
        group = [r for r in found if (r.n, r.dtype) == (n, dtype)]
        first = group[0].first
        speed = [r.bandwidth for r in group if r.bandwidth is not None]
        memory = f"; memory moves {statistics.median(speed) / 1e9:.1f} GB/s" if speed else ""
        lines += ["", f"{n:,} parameters, {dtype}{memory}", ""]
        width = max(9, *(1 + len(r.rule) for r in group))
        others = [name for name in CONTENDERS if name != first and any(r.seconds[name] is not None for r in group)]
        lines.append(f"{'':<{width}}{first:>9}{' of memory' if speed else ''}  " + "".join(f"{short(name):>9}" for name in others))
        for r in group:
            share = f"{100 * r.share[first]:>8.0f} %" if r.share else ""
            ratios = "".join(f"{_times(r.to_first.get(name)):>9}" for name in others)
            lines.append(f"{r.rule:<{width}}{_time(r.seconds[first]):>9}{share}  {ratios}")
    return lines[1:]


def _times(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.2f} x" if ratio < 10 else f"{ratio:.0f} x"


def _time(seconds: float | None) -> str:
    assert seconds is not None
    return f"{1e6 * seconds:.3g} us" if seconds < 1e-3 else f"{1e3 * seconds:.3g} ms"


def targets(found: Sequence[Row]) -> list[str]:
    """Targets beside measurements; only those that these rows can tell."""
    lines = []
    for r in found:
        where = f"{r.rule}, {r.dtype}, {r.n:,}"
        if r.share and r.dtype == "float32" and r.rule in ("sgd", "momentum", "rmsprop", "adam") and "C" in r.share:
            lines.append(_target(f"C, {where}: share of the memory's bandwidth", r.share["C"], 0.9, least=True))
        fused = r.ratio("C", YARDSTICK)
        if fused is not None:
            lines.append(_target(f"C / {YARDSTICK}, {where}", fused, 1.0))
        if r.n == 1_000 and (small := r.ratio("NumPy", YARDSTICK)) is not None:
            lines.append(_target(f"NumPy / {YARDSTICK}, {where}", small, 1.0))
        if r.n == 10_000_000:
            numpy, textbook = r.ratio("NumPy", YARDSTICK), r.ratio("textbook", "NumPy")
            if r.rule == "adam" and numpy is not None:
                lines.append(_target(f"NumPy / {YARDSTICK}, {where}", numpy, 3.0))
            if textbook is not None:
                lines.append(_target(f"textbook / NumPy, {where}", textbook, 2.0, least=True))
    return lines


def _target(what: str, value: float, limit: float, least: bool = False) -> str:
    met = value >= limit if least else value <= limit
    return f"{'met   ' if met else 'MISSED'}  {what}: {value:.3g}, {'at least' if least else 'at most'} {limit:g}"
