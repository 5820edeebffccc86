"""Cost of proofs: the time of each, without the import of the framework that it reads."""

from __future__ import annotations

import time
from collections.abc import Callable

from refopt.bench.core import Figure
from refopt.frameworks import measurements
from refopt.frameworks.installed import is_installed
from refopt.frameworks.measured import Measured
from refopt.proving.answer import Differs
from refopt.proving.prove import prove

OWN = Measured("refopt", proofs={"numpy-adam": "refopt.generated.numpy.adam"})
PROOFS = {name: (text, of) for of in (*measurements(), OWN) for name, text in of.proofs.items()}
"""By the name of the figure: what is proved, and whose it is."""


def _proof(name: str, implementation: str, of: Measured) -> list[Figure]:
    package = implementation.partition(".")[0]
    if not is_installed(package):
        return [Figure(name, None, "s", f"{package} is not installed here")]
    of.prepare()
    began = time.perf_counter()
    answer = prove(implementation)
    took = time.perf_counter() - began
    matches = f"; equals {', '.join(answer.matches)}" if isinstance(answer, Differs) and answer.matches else ""
    return [Figure(name, took, "s", f"{implementation}: {answer.verdict} {answer.asked.rule}{matches}")]


def _measure(name: str, implementation: str, of: Measured) -> Callable[[], list[Figure]]:
    return lambda: _proof(name, implementation, of)


FIGURES: dict[str, Callable[[], list[Figure]]] = {name: _measure(name, *what) for name, what in PROOFS.items()}
"""Measurements, in the order in which they are printed."""
