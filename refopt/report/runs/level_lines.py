"""Level lines of a loss of two parameters, by marching squares."""

from __future__ import annotations

import math
from collections.abc import Sequence

from refopt.report.runs.shown_run import Loss

CELLS = 60
"""Squares along each side."""
LEVELS = 12

Point = tuple[float, float]
Range = tuple[float, float]


def level_lines(loss: Loss, x: Range, y: Range) -> tuple[tuple[Point, Point], ...]:
    """Short pieces of the lines on which the loss has one of some values, which lie closer where it is low."""
    xs = [x[0] + (x[1] - x[0]) * i / CELLS for i in range(CELLS + 1)]
    ys = [y[0] + (y[1] - y[0]) * j / CELLS for j in range(CELLS + 1)]
    values = [[loss((a, b)) for a in xs] for b in ys]
    finite = [v for row in values for v in row if math.isfinite(v)]
    if not finite or min(finite) == max(finite):
        return ()
    low, high = min(finite), max(finite)
    # the height above the lowest point in equal ratios: a narrow valley has lines along its floor too
    levels = [low + (high - low) * 10 ** (-4 * (1 - (i + 0.5) / LEVELS)) for i in range(LEVELS)]
    pieces = list[tuple[Point, Point]]()
    for j in range(CELLS):
        for i in range(CELLS):
            corners = ((xs[i], ys[j], values[j][i]), (xs[i + 1], ys[j], values[j][i + 1]), (xs[i + 1], ys[j + 1], values[j + 1][i + 1]),
                       (xs[i], ys[j + 1], values[j + 1][i]))  # fmt: skip
            if all(math.isfinite(c[2]) for c in corners):
                pieces += [piece for level in levels for piece in _crossed(corners, level)]
    return tuple(pieces)


def _crossed(corners: Sequence[tuple[float, float, float]], level: float) -> list[tuple[Point, Point]]:
    """The pieces in one square: the points on its sides at which the loss is the level, joined two by two."""
    points = list[Point]()
    for (x1, y1, v1), (x2, y2, v2) in zip(corners, (*corners[1:], corners[0]), strict=True):
        if (v1 < level) != (v2 < level):
            part = (level - v1) / (v2 - v1)
            points.append((x1 + part * (x2 - x1), y1 + part * (y2 - y1)))
    return list(zip(points[::2], points[1::2], strict=True))
