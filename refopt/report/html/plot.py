"""error/bound update by update on a logarithmic axis, as SVG without a script."""

from __future__ import annotations

import math
from collections.abc import Callable
from html import escape

from refopt.conformance.verdict.curve import Curve, Points

WIDTH, HEIGHT = 400, 170
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 14, 30
FLOOR, CEILING = -3, 24
"""Decades outside which points stand at the edge."""
TICKS = 4


def plot(curve: Curve) -> str:
    """The curve as an inline `<svg>`; "" where it has no point."""
    values = [y for _, y in (*curve.reference, *curve.explained)]
    if not values:
        return ""
    low, high = _decades(values)
    times = sorted({t for t, _ in (*curve.reference, *curve.explained)})
    across = _scale(times[0], times[-1], LEFT + 8, WIDTH - RIGHT - 8)
    up = _scale(low, high, HEIGHT - BOTTOM, TOP)
    limit = up(0)
    drawn = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(_told(curve))}">',
        f'<rect class="within" x="{LEFT}" y="{limit:.1f}" width="{WIDTH - LEFT - RIGHT}" height="{HEIGHT - BOTTOM - limit:.1f}"></rect>',
        *(_tick(d, up(d)) for d in _ticks(low, high)),
        f'<line class="limit" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{limit:.1f}" y2="{limit:.1f}"></line>',
        *(f'<text class="x" x="{across(t):.1f}" y="{HEIGHT - BOTTOM + 14}">{t}</text>' for t in _some(times)),
        f'<text class="x" x="{(LEFT + WIDTH - RIGHT) / 2:.1f}" y="{HEIGHT - 2}">update t</text>',
        _line(curve.reference, "reference", across, up, low, high),
        _line(curve.explained, "explained", across, up, low, high),
        "</svg>",
    ]
    return "".join(drawn)


STYLE = """svg { --soft: #5f6670; --line: #e2e5e9; --good: #1a7f37; --other: #0a5dc2; --bad: #c62828; background: #ffffff; }
text { font: 10px system-ui, sans-serif; fill: var(--soft); } .y { text-anchor: end; } .x { text-anchor: middle; } .grid { stroke: var(--line); }
.limit { stroke: var(--good); } .within { fill: var(--good); opacity: .07; } polyline { fill: none; stroke-width: 1.6; }
.reference polyline { stroke: var(--bad); } .reference circle { fill: var(--bad); } .explained polyline { stroke: var(--other); }
.explained circle { fill: var(--other); }"""


def alone(curve: Curve) -> str:
    """The same as a file of its own, with its style."""
    size = f'xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
    return plot(curve).replace("<svg ", f"<svg {size}", 1).replace(">", f"><style>{STYLE}</style>", 1) + "\n"


def _told(curve: Curve) -> str:
    told = f"error/bound at each update of {curve.case}: beside the reference up to {max(y for _, y in curve.reference):.3g}" if curve.reference else ""
    return f"{told}; beside {curve.name} up to {max(y for _, y in curve.explained):.3g}" if curve.explained else told


def _decades(values: list[float]) -> tuple[int, int]:
    """The decades that are shown: 1 and something on either side of it always."""
    exponents = [_decade(y) for y in values]
    return min(-1, math.floor(min(exponents))), max(1, math.ceil(max(exponents)))


def _decade(y: float) -> float:
    return min(max(math.log10(y), FLOOR), CEILING) if 0 < y < math.inf else CEILING if y > 0 else FLOOR


def _scale(first: float, last: float, start: float, end: float) -> Callable[[float], float]:
    return lambda x: start + (end - start) * ((x - first) / (last - first) if last > first else 0.5)


def _ticks(low: int, high: int) -> list[int]:
    step = max(1, math.ceil((high - low) / TICKS))
    return [d for d in range(low, high + 1) if d % step == 0]


def _tick(decade: int, y: float) -> str:
    power = "1" if decade == 0 else f'10<tspan dy="-4" font-size="8">{str(decade).replace("-", "−")}</tspan>'
    return f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"></line><text class="y" x="{LEFT - 6}" y="{y + 4:.1f}">{power}</text>'


def _some(times: list[int]) -> list[int]:
    if len(times) <= 10:
        return times
    step = math.ceil(len(times) / 8)
    return times[::step]


def _line(points: Points, name: str, across: Callable[[float], float], up: Callable[[float], float], low: int, high: int) -> str:
    if not points:
        return ""
    places = [(across(t), up(min(max(_decade(y), low), high))) for t, y in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6"></circle>' for x, y in places) if len(places) <= 40 else ""
    return f'<g class="{name}"><polyline points="{path}"></polyline>{dots}</g>'
