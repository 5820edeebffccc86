"""Why some mutants are seen by no case in some format: one specific reason each."""

from __future__ import annotations

UNSEEN: dict[tuple[str, str], str] = {}
"""By rule or schedule and edit."""


def reason(name: str, edit: str) -> str:
    """Why no case sees an edit; empty where nobody has found out."""
    return UNSEEN.get((name, edit), "")
