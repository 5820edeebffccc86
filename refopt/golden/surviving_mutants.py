"""Surviving mutants: for each, one specific reason why no case sees it in some format."""

from __future__ import annotations

UNSEEN: dict[tuple[str, str], str] = {
    ("rmsprop/centered", "theta: v - m^2 -> v"): (
        "bfloat16 has 8 bits. The larger m^2 is beside v, the more the edit changes a step, and the more digits v - m^2 cancels: "
        "equal gradients, theta = 0 and eps = 0 give 2.2, 2.9, 2.8, 2.9, 2.5 and 1.8 bounds at best for rho = 1/4, 3/8, 1/2, 5/8, 3/4 and 7/8"
    ),
}
"""By rule or schedule and edit, in the notation of golden files."""

MEETS = "the same function: where the edited condition decides otherwise, both sides have the same value, that of the point at which they meet"
DOWN = "the same function: only the end of a cycle is taken for a point of the one before, and the height is 0 there either way"
_UP, _BACK, _DOWN = "pct_start*total_steps", "pct_final*total_steps", "2*pct_start*total_steps - 2"
_MEETS_FIRST = (f"k < {_UP} - 1 -> k <= {_UP} - 1",)
_MEETS_WHOLE = (
    *(f"k < floor({x}) -> k <= floor({x})" for x in (_UP, _BACK)), *(f"k < floor({x}) -> k < floor({x}) + 1" for x in (_UP, _BACK)), "k -> k - 1",
    *(f"floor({x}) -> {x}" for x in (_UP, _BACK)), *(f"floor({x}) -> -floor(-{x})" for x in (_UP, _BACK)),
    *(f"floor({x}) -> floor({x} + 0.5)" for x in (_UP, _BACK)), "total_steps -> total_steps + 1",
)  # fmt: skip
_OF_SCHEDULES = {
    "cyclic": (DOWN, ("k -> k - 1",)),
    "cyclic/triangular2": (DOWN, ("k -> k - 1",)),
    "cyclic/exp_range": (DOWN, ("k -> k - 1",)),
    "one_cycle": (MEETS, (*_MEETS_FIRST, f"k < {_DOWN} -> k <= {_DOWN}")),
    "one_cycle/cosine": (MEETS, _MEETS_FIRST),
    "one_cycle/two_lines": (MEETS, _MEETS_FIRST),
    "one_cycle/cosines": (MEETS, (f"k < {_DOWN} -> k <= {_DOWN}",)),
    "one_cycle/whole": (MEETS, _MEETS_WHOLE),
    "one_cycle/whole_lines": (MEETS, _MEETS_WHOLE),
}
UNSEEN |= {(name, f"rate: {edit}"): why for name, (why, edits) in _OF_SCHEDULES.items() for edit in edits}


def reason(name: str, edit: str) -> str:
    """Reason why no case sees an edit; empty where nobody has found out."""
    return UNSEEN.get((name, edit), "")
