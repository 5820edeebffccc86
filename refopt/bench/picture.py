"""The table of `refopt bench step` as a picture: time for each parameter against the number of parameters, a panel for each rule."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from html import escape

from refopt.bench.contenders import CONTENDERS
from refopt.bench.step import Row

PANEL, HEIGHT, LEFT, TOP, GAP = 230, 210, 56, 56, 34
PALETTE = ("#0b6e4f", "#2a9df4", "#999999", "#d1495b", "#edae49", "#8d5a97", "#66a182")
COLORS = dict(zip(CONTENDERS, itertools.cycle(PALETTE), strict=False))
COLUMNS = 4


def picture(found: Sequence[Row], dtype: str) -> str:
    """An SVG file of the rows in one format."""
    rows = [r for r in found if r.dtype == dtype]
    rules = list(dict.fromkeys(r.rule for r in rows))
    columns = min(COLUMNS, max(1, len(rules)))
    width = max(LEFT + columns * (PANEL + GAP), 620)
    height = TOP + math.ceil(len(rules) / columns) * (HEIGHT + GAP + 20) + 10
    times = [s / r.n * 1e9 for r in rows for s in r.seconds.values() if s is not None]
    low, high = math.floor(math.log10(min(times))), math.ceil(math.log10(max(times)))
    sizes = [math.log10(r.n) for r in rows]
    first, last = min(sizes), max(sizes)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="10" y="20" font-size="14">One update, {escape(dtype)}: nanoseconds a parameter, by number of parameters</text>',
    ]
    x = 10
    for name, color in COLORS.items():
        lines.append(f'<rect x="{x}" y="32" width="12" height="4" fill="{color}"/><text x="{x + 16}" y="38">{escape(name)}</text>')
        x += 30 + 7 * len(name)
    for i, rule in enumerate(rules):
        left, top = LEFT + i % columns * (PANEL + GAP), TOP + i // columns * (HEIGHT + GAP + 20)
        lines += _panel(rule, [r for r in rows if r.rule == rule], left, top, (first, last), (low, high))
    return "\n".join([*lines, "</svg>", ""])


def _panel(rule: str, rows: Sequence[Row], left: float, top: float, across: tuple[float, float], up: tuple[int, int]) -> list[str]:
    def x_of(n: float) -> float:
        return left + PANEL * ((math.log10(n) - across[0]) / (across[1] - across[0]) if across[1] > across[0] else 0.5)

    def y_of(nanoseconds: float) -> float:
        return top + 20 + HEIGHT - HEIGHT * (math.log10(nanoseconds) - up[0]) / (up[1] - up[0])

    lines = [f'<text x="{left}" y="{top + 12}" font-weight="bold">{escape(rule)}</text>']
    for decade in range(up[0], up[1] + 1):
        y = y_of(10**decade)
        lines.append(f'<line x1="{left}" x2="{left + PANEL}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dddddd"/>')
        lines.append(f'<text x="{left - 4}" y="{y + 4:.1f}" text-anchor="end">{10.0**decade:g}</text>')
    for n in sorted({r.n for r in rows}):
        lines.append(f'<text x="{x_of(n):.1f}" y="{top + HEIGHT + 34}" text-anchor="middle">{n:.0e}</text>'.replace("e+0", "e"))
    for name, color in COLORS.items():
        points = [(x_of(r.n), y_of(s / r.n * 1e9)) for r in sorted(rows, key=lambda r: r.n) if (s := r.seconds[name]) is not None]
        if points:
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            lines.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="1.6"/>')
            lines += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.4" fill="{color}"/>' for x, y in points]
    return lines
