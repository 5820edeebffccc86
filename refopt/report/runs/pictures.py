"""Pictures of runs: the path on the surface, the loss, the rates, and every state."""

from __future__ import annotations

import math
from collections.abc import Sequence

from refopt.derivation.picture import Curve, Picture, curve
from refopt.report.book.svg import SHADES
from refopt.report.runs.level_lines import level_lines
from refopt.report.runs.shown_run import ShownRun

MOST = SHADES
"""Runs side by side: as many as there are colours."""
MOST_RISE = 1e4
"""Times its first loss, the highest loss that is drawn of a run that diverges."""
SPREAD = 20
"""The ratio of losses from which on their axis is logarithmic."""
ELEMENTS = 2
"""Elements of a state that are drawn."""


def pictures(runs: Sequence[ShownRun]) -> tuple[Picture, ...]:
    """Every picture of these runs on one objective."""
    objective, labels = runs[0].trajectory.objective, [r.label for r in runs]
    made = list[Picture]()
    names = [str(p.name) for p in objective.parameters]
    if len(names) == 2:
        made.append(_surface(runs, names))
    elif len(names) == 1:
        made.append(Picture(f"{names[0]} on {objective.name}", "update", names[0], tuple(curve(r.label, [t[0] for t in r.path]) for r in runs)))
    highest = MOST_RISE * max(abs(x) for r in runs for x in r.losses[:1])
    losses = tuple(_finite(curve(r.label, r.losses), highest if r.diverges is not None else math.inf) for r in runs)
    if all(c.points for c in losses):
        seen = [y for c in losses for _, y in c.points]
        made.append(Picture(f"loss on {objective.name}", "update", "loss", losses, log_y=min(seen) > 0 and max(seen) > SPREAD * min(seen)))
    rates = [(r.label, r.rates) for r in runs if r.rates]
    if rates:
        made.append(Picture("rate", "update", "rate", tuple(curve(label, values, 1) for label, values in rates)))
    for r, label in zip(runs, labels, strict=True):
        if r.diverges is not None:
            continue
        for state in r.trajectory.rule.state:
            shown = range(1 if state.is_scalar else min(ELEMENTS, len(names)))
            curves = tuple(_finite(curve(f"{state.name} of {names[e]}" if not state.is_scalar else state.name, r.state(state.name, e), 1)) for e in shown)
            if all(c.points for c in curves):
                title = f"{label}: {state.name}" + (f", {state.meaning}" if state.meaning else "")
                made.append(Picture(title, "update", state.name, curves))
    return tuple(made)


def _finite(one: Curve, highest: float = math.inf) -> Curve:
    return Curve(one.name, tuple(p for p in one.points if math.isfinite(p[1]) and abs(p[1]) <= highest), one.dots, one.dashed)


def _surface(runs: Sequence[ShownRun], names: Sequence[str]) -> Picture:
    """The paths on the level lines of the loss, with some room around them."""
    ranges = []
    for i in (0, 1):
        values = [theta[i] for r in [r for r in runs if r.diverges is None] or runs for theta in r.near]
        low, high = min(values), max(values)
        room = 0.15 * (high - low) or 1.0
        ranges.append((low - room, high + room))
    curves = tuple(Curve(r.label, tuple((t[0], t[1]) for t in r.path), dots=len(r.path) <= 60 and r.diverges is None) for r in runs)
    steps, on = max(len(r.path) for r in runs) - 1, runs[0].trajectory.objective.name
    return Picture(f"{runs[0].label if len(runs) == 1 else 'paths'} on {on}: {steps} updates", names[0], names[1], curves, x_range=ranges[0], y_range=ranges[1],
                   pieces=level_lines(runs[0].loss, ranges[0], ranges[1]))  # fmt: skip
