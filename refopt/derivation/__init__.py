"""The engine that the files under `derivations/` use.

A derivation is a list of steps. Each names its tactic, is proved by SymPy with it, and is sampled at random admissible
points to 30 digits, so that neither a wrong simplification nor a forgotten assumption passes. What fails is `Refused`.

`Derivation` builds the steps, `library` finds the files and runs them; nothing here knows how a page looks.
Names are loaded when they are first used: a list of the files needs no SymPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from refopt.derivation.derivation import Derivation
    from refopt.derivation.picture import Contours, Curve, Picture
    from refopt.derivation.refused import Refused
    from refopt.derivation.step import Kind, Step
    from refopt.derivation.symbol import Letter
    from refopt.derivation.update import Update
    from refopt.language.rule import Source

_HOMES = {
    "Derivation": "refopt.derivation.derivation", "Letter": "refopt.derivation.symbol", "Contours": "refopt.derivation.picture",
    "Curve": "refopt.derivation.picture", "Picture": "refopt.derivation.picture", "Refused": "refopt.derivation.refused",
    "Kind": "refopt.derivation.step", "Step": "refopt.derivation.step", "Update": "refopt.derivation.update", "Source": "refopt.language.rule",
}  # fmt: skip
"""Module of each name."""

__all__ = ["Contours", "Curve", "Derivation", "Kind", "Letter", "Picture", "Refused", "Source", "Step", "Update"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'refopt.derivation' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
