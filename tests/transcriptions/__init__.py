"""Every rule, variant and schedule once more, straight from its source, in the standard library's `decimal`.

Nothing of refopt is imported here, nor NumPy, mpmath or SymPy: an error in a rule and an error here are independent.
A transcription derived from a framework follows that framework's order of operations, one from a paper the paper's.
The precision is that of the caller's decimal context; give it 80 digits:

    from tests.transcriptions import OPTIMIZERS, digits

    adam = OPTIMIZERS["adam"]
    hyper = {"lr": Decimal(0.001), "beta1": Decimal(0.9), "beta2": Decimal(0.999), "eps": Decimal(1e-8)}
    with digits(80):
        theta, state = adam.step(theta, g, adam.init(theta, hyper), 1, hyper)
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from .model import Hyper, Optimizer, Schedule, State, digits, run

HELPERS = frozenset({"model", "by_hand", "conftest", "cosine"})
"""Files that hold no transcription."""
FILES = tuple(m.name for m in pkgutil.iter_modules(__path__) if m.name not in HELPERS and not m.name.startswith("test_"))
"""The files that hold some: a new one is a file beside these, and no line."""


def _all() -> Iterator[Optimizer | Schedule]:
    for name in FILES:
        module = importlib.import_module(f"{__name__}.{name}")
        yield from (x for x in vars(module).values() if isinstance(x, Optimizer | Schedule) and x.name.partition("/")[0] == name)


TRANSCRIPTIONS: dict[str, Optimizer | Schedule] = {x.name: x for x in _all()}
OPTIMIZERS: dict[str, Optimizer] = {name: x for name, x in TRANSCRIPTIONS.items() if isinstance(x, Optimizer)}
SCHEDULES: dict[str, Schedule] = {name: x for name, x in TRANSCRIPTIONS.items() if isinstance(x, Schedule)}

__all__ = ["OPTIMIZERS", "SCHEDULES", "TRANSCRIPTIONS", "Hyper", "Optimizer", "Schedule", "State", "digits", "run"]
