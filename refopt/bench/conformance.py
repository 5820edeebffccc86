"""Cost of judging: cases a second for our own code, for frameworks and for a program in another language, the share of the
time that the implementation itself takes, and a whole survey."""

from __future__ import annotations

import functools
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from refopt.bench.core import Figure, seconds
from refopt.catalogue.optimizers.adam import ADAM
from refopt.conformance.programs.judge_program import Program
from refopt.conformance.programs.skeletons import skeleton
from refopt.frameworks import measurements
from refopt.frameworks.installed import is_installed
from refopt.frameworks.measured import Measured
from refopt.report.report import check

DTYPES = ("float64", "float32")


def generated_code() -> list[Figure]:
    """The generated NumPy code of Adam."""
    return _judged("numpy", "refopt.generated.numpy.adam")


def of_framework(one: Measured) -> list[Figure]:
    """The optimizer of a framework that is measured."""
    if not is_installed(one.framework):
        return [Figure(one.framework, None, "cases/s", f"{one.framework} is not installed here")]
    one.prepare()
    return _judged(one.framework, one.judged)


def node_program() -> list[Figure]:
    """The JavaScript skeleton behind the protocol."""
    if shutil.which("node") is None:
        return [Figure("node", None, "cases/s", "node is not installed here")]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "adam.mjs"
        file.write_text(skeleton("javascript", ADAM).text, encoding="utf-8")
        return _judged("node", Program(("node", str(file)), "json", 60.0, None, False))


def whole_survey() -> list[Figure]:
    """A survey of everything found here."""
    return [Figure("survey", seconds("check", "--full"), "s", "everything found here, float32")]


FIGURES: dict[str, Callable[[], list[Figure]]] = {
    "numpy": generated_code,
    **{one.framework: functools.partial(of_framework, one) for one in measurements() if one.judged},
    "node": node_program,
    "survey": whole_survey,
}
"""Measurements, in the order in which they are printed."""


def _judged(name: str, implementation: Any) -> list[Figure]:
    check(implementation, dtypes=["float64"], cases=["adam-open-basic-001"])  # what is made once is made before
    began = time.perf_counter()
    report = check(implementation, dtypes=DTYPES)
    took = time.perf_counter() - began
    cases = [line for line in report.lines() if line["kind"] == "case"]
    inside = sum(line["elapsed"] for line in cases)
    return [
        Figure(name, len(cases) / took, "cases/s", f"{len(cases)} cases of Adam in {', '.join(DTYPES)}"),
        Figure(f"{name}, inside it", 100 * inside / took, "%", "of the time is the implementation's own"),
    ]
