"""Statements about all points: foreign code is run on symbols, and its formula is proved to be the rule's, or refuted by a witness."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    if name in ("prove", "Equal", "Differs", "Unreadable"):
        import importlib

        return getattr(importlib.import_module("refopt.proof.prove" if name == "prove" else "refopt.proof.answer"), name)
    raise AttributeError(f"module 'refopt.proof' has no attribute {name!r}")
