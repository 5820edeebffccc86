"""Walks through the house: the files that a reader enters who follows a call, each public function at its first call.

    python -m tests.quality.walks c | judge | prove

prints the files in order with what is read in each, then how often a file is entered, how many files that are, and how many entries are returns.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from types import FrameType
from typing import Any

import refopt

HOUSE = f"{Path(refopt.__file__).parent}/"


def walked(call: Callable[[], Any]) -> list[tuple[str, str]]:
    """File and name of each public function of refopt, in the order of their first calls."""
    met: set[Any] = set()
    found: list[tuple[str, str]] = []

    def enter(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event != "call" or not code.co_filename.startswith(HOUSE) or code in met:
            return
        met.add(code)
        if not code.co_name.startswith(("_", "<")) and "." not in code.co_qualname:
            found.append((code.co_filename.removeprefix(HOUSE), code.co_name))

    sys.setprofile(enter)
    try:
        call()
    finally:
        sys.setprofile(None)
    return found


def entries(found: list[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """The files in the order in which they are entered, with what is read in each."""
    return [(file, [name for _, name in rows]) for file, rows in groupby(found, key=lambda x: x[0])]


def _calls(which: str) -> Callable[[], Any]:
    from refopt import catalogue
    from refopt.conformance.verdict.judgement import judge
    from refopt.frameworks import load
    from refopt.lowering import c
    from refopt.proving.prove import prove

    loaded = load("refopt.generated.numpy.adam", "adam")
    ways: dict[str, Callable[[], Any]] = {
        "c": lambda: c.module(catalogue.rule("adam")),
        "judge": lambda: judge(loaded, dtypes=["float32"]),
        "prove": lambda: prove(loaded),
    }
    return ways[which]


if __name__ == "__main__":
    rows = entries(walked(_calls(sys.argv[1])))
    for file, names in rows:
        print(f"{file}: {' '.join(names)}")
    files = {file for file, _ in rows}
    print(f"{len(rows)} entries, {len(files)} files, {len(rows) - len(files)} returns")
