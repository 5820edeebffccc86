"""Builds of golden files that are killed at a random moment: what stands there is whole, and the next build ends in the same bytes.

    python -m tests.quality.hostile.kills [--count 100]      written into the page of quality with its seed and date
"""

from __future__ import annotations

import argparse
import datetime
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.quality.pages import QUALITY, keep

SEED, COUNT = 12, 100
NAMES = ("constant", "exponential")
"""What is built: enough for several files."""


@dataclass(frozen=True)
class Kills:
    """How many builds were killed before their end, left a file that is not whole, and came to other bytes in the end."""

    count: int
    before_the_end: int
    half: int
    other: int

    def lines(self, seed: int) -> list[str]:
        """As the page has it."""
        today = datetime.datetime.now(datetime.UTC).date()
        return [
            f"{self.count} builds of {' and '.join(NAMES)} were started and killed at a random moment, {self.before_the_end} of them before their end:",
            f"{self.half} left a file that is not whole, {self.other} ended in other bytes when they were started again (seed {seed}, {today}).",
        ]


def killed(count: int, seed: int = SEED) -> Kills:
    """Start, kill and start again, in a folder of its own each."""
    draw, before_the_end, half, other = Random(seed), 0, 0, 0
    with tempfile.TemporaryDirectory() as name:
        began = time.perf_counter()
        whole = _built(Path(name) / "whole")
        lasts = time.perf_counter() - began
        for number in range(count):
            folder = Path(name) / f"build{number}"
            process = subprocess.Popen(_command(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(draw.uniform(0.3, 1.0) * lasts)
            before_the_end += process.poll() is None
            process.kill()
            process.wait()
            left = _bytes(folder)
            half += any(path in whole and left[path] != whole[path] for path in left if path != "MANIFEST.json")
            other += _built(folder) != whole
    return Kills(count, before_the_end, half, other)


def _built(folder: Path) -> dict[str, bytes]:
    subprocess.run(_command(folder), check=True, stdout=subprocess.DEVNULL)
    return _bytes(folder)


def _command(folder: Path) -> list[str]:
    return [sys.executable, "-m", "refopt", "golden", "build", *NAMES, "--out", str(folder), "--processes", "1"]


def _bytes(folder: Path) -> dict[str, bytes]:
    """The files of a golden folder; what a build keeps for the next one has a name that begins with a dot."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file() and not p.name.startswith(".")}


def main() -> int:
    """Kill builds and write down what became of them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=COUNT)
    options = parser.parse_args()
    found = killed(options.count)
    print("\n".join(found.lines(SEED)))
    if options.count >= COUNT:
        keep(QUALITY, "kills", found.lines(SEED))
    return 1 if found.half or found.other else 0


if __name__ == "__main__":
    sys.exit(main())
