"""Cost of the core: building and verifying the golden files, one whole check, the help, an exact run.

Commands are measured as a person runs them, each in a process of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from refopt.catalogue import rule
from refopt.catalogue.optimizers.adam import ADAM
from refopt.errors import RefoptError
from refopt.exact.numbers import Numbers, arb_numbers, has_arb, has_mpfr, mpfr_numbers, mpmath_numbers
from refopt.exact.run import open_loop
from refopt.frameworks import known

STEPS, ELEMENTS, DIGITS = 200, 16, 50
"""Size of the exact run."""
LONG = 1000
"""Steps of the long one."""
REPEATED = 5
"""Repetitions of a short measurement; the smallest value counts."""


@dataclass(frozen=True)
class Figure:
    """One number: what was measured, how much, in which unit; `note` says what it stands for, or why there is none."""

    name: str
    value: float | None
    unit: str
    note: str = ""


def golden_build() -> Figure:
    """Seconds to build all golden files into an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        return Figure("golden build", seconds("golden", "build", "--out", folder), "s", "all files, certified")


def golden_verify() -> Figure:
    """Seconds to recompute everything in the golden files."""
    return Figure("golden verify", seconds("golden", "verify"), "s", "every digit, bound and hash")


def checks() -> list[Figure]:
    """Seconds of a check of Adam in each framework found here and in the generated code, as a person waits for it, and of processor time."""
    first: dict[str, str] = {}
    for entry in known():
        if entry.rule == ADAM.name:
            first.setdefault(entry.package, entry.spelling)
    return [check(spelling) for spelling in first.values()]


DTYPES = ("float64", "float32")
"""The formats of a check that is measured."""


def check(spelling: str) -> Figure:
    """Seconds of one check in two formats; what it finds is no matter here."""
    before = os.times()
    done = _run(["-m", "refopt", "check", spelling, *(word for name in DTYPES for word in ("--dtype", name))])
    after = os.times()
    if done.returncode not in (0, 1):
        raise RefoptError(f"refopt check {spelling} failed: {(done.stderr or done.stdout).strip().splitlines()[-1:]}")
    used = _of_children(before, after)
    return Figure(f"check {spelling}", after.elapsed - before.elapsed, "s", f"{' and '.join(DTYPES)}; {used:.1f} s of processor time")


def _of_children(before: os.times_result, after: os.times_result) -> float:
    """Processor time of the processes that ended between two looks."""
    return after.children_user + after.children_system - before.children_user - before.children_system


def help_screen() -> Figure:
    """Processor time of `refopt --help`, in milliseconds."""
    times = []
    for _ in range(REPEATED):
        before = os.times()
        seconds("--help")
        times.append(_of_children(before, os.times()))
    return Figure("refopt --help", 1000 * min(times), "ms", "processor time")


def exact_mpmath() -> Figure:
    """Microseconds of processor time per step and element of an exact run of Adam with mpmath."""
    return Figure("exact Adam, mpmath", _exact(mpmath_numbers()), "us", "per step and element, 50 digits")


def exact_arb() -> Figure:
    """The same with Arb's balls."""
    if not has_arb():
        return Figure("exact Adam, Arb", None, "us", "python-flint is not installed here")
    return Figure("exact Adam, Arb", _exact(arb_numbers()), "us", "per step and element, 50 digits")


def exact_mpfr() -> Figure:
    """The same with MPFR's numbers, without mpmath between."""
    if not has_mpfr():
        return Figure("exact Adam, MPFR", None, "us", "gmpy2 is not installed here")
    return Figure("exact Adam, MPFR", _exact(mpfr_numbers()), "us", "per step and element, 50 digits")


def long_run() -> list[Figure]:
    """Milliseconds of processor time of a run of Adam of 1,000 steps, in each sort of numbers side by side, and as multiples of the fastest."""
    found: list[tuple[str, float]] = []
    lacking = []
    for name, is_here, make in (("mpmath", True, mpmath_numbers), ("Arb", has_arb(), arb_numbers), ("MPFR", has_mpfr(), mpfr_numbers)):
        if is_here:
            found.append((name, 1e-3 * _exact(make(), LONG) * LONG * ELEMENTS))
        else:
            lacking.append(Figure(f"{LONG:,} steps, {name}", None, "ms", "python-flint or gmpy2 is not installed here"))
    least = min(x for _, x in found)
    note = f"Adam, {ELEMENTS} elements, {DIGITS} digits"
    return [*(Figure(f"{LONG:,} steps, {name}", x, "ms", f"{note}; {x / least:.1f} x the fastest") for name, x in found), *lacking]


FIGURES: dict[str, Callable[[], list[Figure]]] = {
    "build": lambda: [golden_build()],
    "verify": lambda: [golden_verify()],
    "check": checks,
    "help": lambda: [help_screen()],
    "mpmath": lambda: [exact_mpmath()],
    "arb": lambda: [exact_arb()],
    "mpfr": lambda: [exact_mpfr()],
    "run": long_run,
}
"""Measurements, in the order in which they are printed."""


def _exact(numbers: Numbers, steps: int | None = None) -> float:
    """Processor time: a run is one thread, and what else the machine does is no part of it."""
    steps = steps or STEPS
    adam = rule("adam")
    gradients = [[Fraction((i * 7 + t * 3) % 13 - 6, 64) for i in range(ELEMENTS)] for t in range(steps)]
    start = [Fraction(i, 8) for i in range(ELEMENTS)]
    times = []
    for _ in range(REPEATED):
        before = time.process_time()
        open_loop(adam, hyper=adam.values(), theta0=start, gradients=gradients, numbers=numbers, digits=DIGITS)
        times.append(time.process_time() - before)
    return 1e6 * min(times) / (steps * ELEMENTS)


def seconds(*words: str) -> float:
    """Wall time of one refopt command. Raises RefoptError where it fails: then its time means nothing."""
    before = time.perf_counter()
    done = _run(["-m", "refopt", *words])
    if done.returncode != 0:
        last = (done.stderr or done.stdout).strip().splitlines()
        raise RefoptError(f"refopt {' '.join(words)} failed: {last[-1] if last else f'exit {done.returncode}'}")
    return time.perf_counter() - before


def _run(words: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
