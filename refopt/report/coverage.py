"""Coverage of a proof about foreign code, and what it leaves out, on the screens of `prove` and `translate`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from refopt.lifting.frame import ALONE
from refopt.report.words import told
from refopt.report.wrap import folded

if TYPE_CHECKING:
    from refopt.lifting.frame import Frame
    from refopt.proving.answer import Asked, Default

ROUNDING = "Not covered: rounding, which `refopt check` measures."


def covered(asked: Asked) -> list[str]:
    """Inputs for which the proof holds, its assumptions, and what is left out but for rounding."""
    if asked.schedule:
        lines = folded("Proof covers: all k and hyperparameters; exact arithmetic.", hanging=2)
    else:
        lines = folded(f"Proof covers: all t, states, hyperparameters; {arrays(asked.frames)}; exact arithmetic.", hanging=2)
    lines += [line for x in asked.assumed for line in folded(f"Assumed: {told(x)}.", hanging=2)]
    return lines if asked.schedule else [*lines, *left_out()]


def left_out() -> list[str]:
    """Limits of every proof about an optimizer beside rounding."""
    return ["Not covered: other shapes, other formats of numbers."]


def arrays(frames: Sequence[Frame]) -> str:
    """The elements that were looked at, in a few words."""
    shapes = ", ".join(dict.fromkeys(str(f.shape) for f in frames))
    formats = ", ".join(dict.fromkeys(f.dtype for f in frames))
    groups = ", ".join(dict.fromkeys(str(f) for f in frames if f.groups != ALONE))
    return f"every element of arrays of shape {shapes} in {formats}" + (f"; {groups}" if groups else "")


def defaults(differing: Iterable[Default], rule: str) -> list[str]:
    """The defaults that are not the rule's, on one line; none where there are none."""
    told = [f"{d.name} {d.own} ({rule} has {d.rule})" for d in differing]
    return folded(f"Defaults differ: {', '.join(told)}.", hanging=2) if told else []
