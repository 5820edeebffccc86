"""What one more rule costs: processor seconds that it adds to `golden build`, to `golden verify` and to the tests. Written into this folder's page by
`python -m tests.quality.cost [--quick] [NAME ...]`; `--quick` leaves out the tests, which take minutes.

A build and a verification are run for the rule alone, after what every rule needs once (the derivatives of the objectives); of the
tests those are run that have the rule among their parameters.
Processor time hardly depends on what else the machine does. Each of the three is divided among the cores, so on two idle ones they take half of it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from refopt.catalogue import objectives
from refopt.golden.build import build
from refopt.golden.verify import verify
from tests.catalogue.own import OWN_RULES, in_catalogue
from tests.quality.pages import QUALITY, ROOT, keep

CORES = 2
TARGETS = {"build": 4, "verify": 5, "tests": 10}
"""Seconds on two idle cores that one more rule may add: forty more have to fit into a check of 40 minutes."""
EXAMPLES = ("sgd", "rmsprop/centered", "amsgrad/max_hat", "adamw", "own_nadam", "own_radam")
"""A small rule, three large ones, and the tests' own rules with a state of one value: these have no tests of their own in the catalogue.

Of the two variants hardly a test was written by name: they cost what one more rule does. Tests of sgd and adamw were, and count."""


@dataclass(frozen=True)
class Cost:
    """Processor seconds that a rule adds, and the number of its tests."""

    rule: str
    build: float
    verify: float
    tests: float | None = None
    count: int | None = None

    def on_cores(self, part: str) -> str:
        """Seconds of a part on two idle cores; a dash where it was not measured."""
        seconds: float | None = getattr(self, part)
        return "-" if seconds is None else f"{seconds / CORES:.1f} s"


class Named:
    """A pytest plugin that runs those tests alone that have a rule or schedule of this name among their parameters."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.count, self.collected = 0, 0.0

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Keep the tests of the rule."""
        items[:] = [x for x in items if any(self._is(p) for p in getattr(getattr(x, "callspec", None), "params", {}).values())]
        self.count, self.collected = len(items), spent()

    def _is(self, parameter: object) -> bool:
        said = parameter if isinstance(parameter, str) else getattr(parameter, "name", None)
        return isinstance(said, str) and said == self.name


def spent() -> float:
    """Processor seconds of this process and of those that it started and that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _seconds(work: Callable[[], object]) -> float:
    before = spent()
    work()
    return spent() - before


def _in_a_process_of_its_own(root: Path, rule: str) -> float:
    """Seconds of a verification: what the build has worked out already would not count here."""
    done = subprocess.run([sys.executable, "-m", "tests.quality.cost", "--verify", str(root), rule], cwd=ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def _verify_here(root: Path, rule: str) -> None:
    for o in objectives():
        assert o.hessian and o.gradient
    with in_catalogue():
        seconds = _seconds(lambda: verify(root, (rule,), processes=1))
    print(seconds)


def cost(rule: str, tests: Path | None = ROOT / "tests") -> Cost:
    """The cost of a rule that is in the catalogue. Raises RuntimeError where one of its tests fails: then their time means nothing."""
    for o in objectives():
        assert o.hessian and o.gradient
    with tempfile.TemporaryDirectory() as folder, in_catalogue():
        built = _seconds(lambda: build((rule,), Path(folder), processes=1))
        verified = _in_a_process_of_its_own(Path(folder), rule)
    if tests is None or rule in {r.name for r in OWN_RULES}:
        return Cost(rule, built, verified)
    named = Named(rule)
    imported = "ignore:Module already imported:pytest.PytestAssertRewriteWarning"  # refopt is a plugin, and was measured in this process
    code = pytest.main(["-q", "-p", "no:cacheprovider", "-W", imported, str(tests)], plugins=[named])
    if code != 0:
        raise RuntimeError(f"the tests of {rule} end with {code!r}")
    return Cost(rule, built, verified, spent() - named.collected, named.count)


def lines(found: Sequence[Cost]) -> list[str]:
    """The costs as Markdown."""
    rows = [["rule", "golden build", "golden verify", "tests", "number of tests"], ["---"] * 5]
    for c in found:
        rows.append([c.rule, *(c.on_cores(part) for part in TARGETS), "-" if c.count is None else str(c.count)])
    rows.append(["target", *(f"{x} s" for x in TARGETS.values()), ""])
    return [
        f"Seconds that a rule adds on {CORES} idle cores: half of the processor time that was measured.",
        f"{date.today()}. own_nadam and own_radam stand in `tests/catalogue/own`, so that the tests of the catalogue have no cases of them. Of sgd and adamw",
        "many tests were written by name, as of no rule that is added; of the two variants hardly one.",
        "",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def main() -> None:
    """Measure, print, and write the table into its page where the examples were measured."""
    if sys.argv[1:2] == ["--verify"]:
        _verify_here(Path(sys.argv[2]), sys.argv[3])
        return
    quick = "--quick" in sys.argv
    names = tuple(x for x in sys.argv[1:] if x != "--quick") or EXAMPLES
    found = [cost(name, *([None] if quick else [])) for name in names]
    print("\n".join(lines(found)))
    if names == EXAMPLES:
        keep(QUALITY, "cost", lines(found))


if __name__ == "__main__":
    main()
