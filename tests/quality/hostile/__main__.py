"""`python -m tests.quality.hostile [--long] [--seed N]`: the counts; with --long they are written into the page of quality."""

from __future__ import annotations

import argparse
import datetime
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random

from tests.quality.hostile import commands, inside, wires
from tests.quality.hostile.trial import Failure, Wrong
from tests.quality.pages import QUALITY, keep

SEED = 12
Attempt = Callable[[Random, Path], tuple[Wrong, str] | None]
KINDS: dict[str, tuple[Attempt, int]] = {
    "golden files, spoiled": (inside.golden, 2440),
    "golden folders, exported": (commands.folder_of_golden, 60),
    "answers on both wires": (wires.dialogue, 2000),
    "known verdicts (--expect)": (commands.expect, 1000),
    "old reports (--against)": (commands.against, 1000),
    "logs (identify)": (commands.log, 1000),
    "saved states": (inside.state, 1500),
    "hyperparameters": (inside.hyperparameters, 1000),
    "command lines": (commands.words, 1000),
}
"""What is tried, and how often in the long run."""
PART = 50
"""Attempts that one process makes in a row."""


def attempts(kind: str, count: int, seed: int = SEED, first: int = 0) -> Iterator[Failure]:
    """The failures among so many attempts of a kind, from a number on. Number n is the same in every run with a seed."""
    attempt, _ = KINDS[kind]
    with tempfile.TemporaryDirectory() as name, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number in range(first, first + count):
            wrong = attempt(Random(f"{seed} {kind} {number}"), Path(name))
            if wrong is not None:
                yield Failure(kind, number, *wrong)


def in_parts(counts: dict[str, int], seed: int, processes: int) -> dict[str, list[Failure]]:
    """All failures, the attempts of each kind cut into parts that several processes share."""
    parts = [(kind, min(PART, count - first), seed, first) for kind, count in counts.items() for first in range(0, count, PART)]
    found: dict[str, list[Failure]] = {kind: [] for kind in counts}
    with ProcessPoolExecutor(processes) as pool:
        for (kind, *_), failures in zip(parts, pool.map(_part, parts), strict=True):
            found[kind] += failures
    return found


def _part(part: tuple[str, int, int, int]) -> list[Failure]:
    return list(attempts(*part))


def table(failures: dict[str, list[Failure]], counts: dict[str, int]) -> list[str]:
    """The counts as Markdown."""
    rows = ["| input | attempts | " + " | ".join(w.value for w in Wrong) + " |", "|---|---|" + "---|" * len(Wrong)]
    for kind, count in counts.items():
        rows.append(f"| {kind} | {count} | {' | '.join(str(sum(f.wrong is w for f in failures[kind])) for w in Wrong)} |")
    every = [f for found in failures.values() for f in found]
    return [*rows, f"| all | {sum(counts.values())} | {' | '.join(str(sum(f.wrong is w for f in every)) for w in Wrong)} |"]


def main() -> int:
    """Try everything; say what went wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--long", action="store_true", help="all attempts; writes the page of quality")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--kind", choices=KINDS)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--share", type=float, default=0.03, help="of the attempts of the long run, where it is not the long run")
    options = parser.parse_args()
    counts = {kind: n if options.long else max(1, round(n * options.share)) for kind, (_, n) in KINDS.items() if options.kind in (None, kind)}
    found = in_parts(counts, options.seed, options.processes)
    for f in [f for failures in found.values() for f in failures][:50]:
        sys.stderr.write(f"{f.kind} {f.number} {f.wrong.value}: {f.seen}\n")
    lines = table(found, counts)
    print("\n".join(lines))
    if options.long and options.kind is None:
        today = datetime.datetime.now(datetime.UTC).date()
        keep(QUALITY, "hostile", [f"Seed {options.seed}, {today}.", "", *lines])
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
