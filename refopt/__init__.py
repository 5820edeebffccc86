"""refopt: the exact reference for gradient-descent optimizers and learning-rate schedules.

    refopt.rule("adam").latex()                    a formula, as text, LaTeX or SymPy
    refopt.run(rule, objective, steps=100)         an exact trajectory
    refopt.check("torch.optim.Adam")               is an implementation the formula?
    refopt.prove("torch.optim.Adam")               is its own code the formula, for all inputs?
    from refopt.generated.numpy import adam        the formula as plain NumPy code

Names are loaded when they are first used: `import refopt` loads neither NumPy nor SymPy nor mpmath.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from refopt.errors import InexactLiteral, NotImplementedYet, OutsideDomain, RefoptError, UndefinedName, UnknownName

if TYPE_CHECKING:
    from refopt.catalogue import objective, objectives, rule, rules, schedule, schedules, variants
    from refopt.proving.answer import Differs, Equal, Unreadable
    from refopt.proving.prove import prove
    from refopt.report.report import NotAsExpected, check
    from refopt.report.runs.run import run

__version__ = "0.1.0"

_HOMES = {
    "rule": "refopt.catalogue",
    "rules": "refopt.catalogue",
    "variants": "refopt.catalogue",
    "schedule": "refopt.catalogue",
    "schedules": "refopt.catalogue",
    "objective": "refopt.catalogue",
    "objectives": "refopt.catalogue",
    "run": "refopt.report.runs.run",
    "check": "refopt.report",
    "NotAsExpected": "refopt.report",
    "prove": "refopt.proving.prove",
    "Equal": "refopt.proving.answer",
    "Differs": "refopt.proving.answer",
    "Unreadable": "refopt.proving.answer",
}
"""Modules of the public names; each is imported when it is first asked for."""

__all__ = [
    "rule", "rules", "variants", "schedule", "schedules", "objective", "objectives", "run", "check", "NotAsExpected",
    "prove", "Equal", "Differs", "Unreadable",
    "RefoptError", "InexactLiteral", "NotImplementedYet", "OutsideDomain", "UndefinedName", "UnknownName",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'refopt' has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
