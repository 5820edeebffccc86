"""Surviving mutants: for each, one specific reason why no case sees it in some format."""

from __future__ import annotations

UNSEEN: dict[tuple[str, str], str] = {
    ("rmsprop/centered", "theta: v - m^2 -> v"): (
        "bfloat16 has 8 bits. The larger m^2 is beside v, the more the edit changes a step, and the more digits v - m^2 cancels: "
        "equal gradients, theta = 0 and eps = 0 give 2.2, 2.9, 2.8, 2.9, 2.5 and 1.8 bounds at best for rho = 1/4, 3/8, 1/2, 5/8, 3/4 and 7/8"
    ),
}
"""By rule or schedule and edit, in the notation of golden files."""


def reason(name: str, edit: str) -> str:
    """Reason why no case sees an edit; empty where nobody has found out."""
    return UNSEEN.get((name, edit), "")
