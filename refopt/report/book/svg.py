"""Pictures as inline SVG without a script: axes, curves, contours."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

from refopt.derivation.picture import Contours, Curve, Picture

WIDTH, HEIGHT = 560, 300
HALF = 400, 230
"""Width and height of a picture where several are side by side."""
LEFT, RIGHT, TOP, BOTTOM = 52, 14, 12, 40
SHADES = 5
"""Curves have colours c0 ... c4."""
MOST_DOTS = 80
MOST_DECADES = 9
"""So many powers of ten stand at an axis."""
LONGEST = 3
"""Powers of ten further from 1 than this are written as such."""

Scale = Callable[[float], float]


def svg(picture: Picture, size: tuple[int, int] = (WIDTH, HEIGHT)) -> str:
    """The picture as an inline `<svg>`."""
    width, height = size
    seen = [_down(c, picture.log_y) for c in picture.curves]
    points = [p for c in seen for p in c]
    x_low, x_high = picture.x_range or (min(x for x, _ in points), max(x for x, _ in points))
    y_low, y_high = picture.y_range or _margins([y for _, y in points], picture.log_y)
    across, up = _scale(x_low, x_high, LEFT, width - RIGHT), _scale(y_low, y_high, height - BOTTOM, TOP)
    name = "clip" + "".join(c for c in picture.title if c.isalnum())
    frame = f'x="{LEFT}" y="{TOP}" width="{width - LEFT - RIGHT}" height="{height - TOP - BOTTOM}"'
    drawn = [
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(told(picture))}">',
        f'<clipPath id="{name}"><rect {frame}></rect></clipPath>',
        *(_across(v, across(v), height) for v in _ticks(x_low, x_high)),
        *(_up(v, up(v), picture.log_y, width) for v in (_decades(y_low, y_high) if picture.log_y else _ticks(y_low, y_high))),
        f'<g clip-path="url(#{name})">',
        *(_ellipses(picture.contours, across, up) if picture.contours else []),
        *(_lines(picture.pieces, across, up) if picture.pieces else []),
        *(_line(c, p, i, across, up) for i, (c, p) in enumerate(zip(picture.curves, seen, strict=True))),
        "</g>",
        f'<text class="x" x="{(LEFT + width - RIGHT) / 2:.0f}" y="{height - 6}">{escape(picture.x)}</text>',
        f'<text class="x" transform="translate(11 {(TOP + height - BOTTOM) / 2:.0f}) rotate(-90)">{escape(picture.y)}</text>',
        "</svg>",
    ]
    return "".join(drawn)


def figure(picture: Picture, size: tuple[int, int] = (WIDTH, HEIGHT)) -> str:
    """The picture with its title and the names of its curves."""
    keys = "".join(f'<span class="key c{i % SHADES}">{escape(c.name)}</span>' for i, c in enumerate(picture.curves)) if len(picture.curves) > 1 else ""
    return f"<figure>{svg(picture, size)}<figcaption>{escape(picture.title)}{'<br>' if keys else ''}{keys}</figcaption></figure>"


def told(picture: Picture) -> str:
    """The picture in words: where each curve starts and ends."""
    ends = [(c.name, *(f"({_number(x)}, {_number(y)})" for x, y in (c.points[0], c.points[-1]))) for c in picture.curves]
    parts = [f"{name} from {start} to {end}" for name, start, end in ends]
    return f"{picture.title}. {picture.y} over {picture.x}: {'; '.join(parts)}"


def _down(curve: Curve, log: bool) -> list[tuple[float, float]]:
    """The points as they are drawn: logarithms where the axis has them, at most 1200."""
    points = [(x, math.log10(y)) for x, y in curve.points if y > 0] if log else list(curve.points)
    step = max(1, math.ceil(len(points) / 1200))
    return points if step == 1 else [*points[::step], points[-1]]


def _margins(values: Sequence[float], log: bool) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = 0.05 * (high - low) or 1.0
    return (low - room, high + room) if log or low < 0 else (0 if low < 0.3 * high else low - room, high + room)


def _scale(first: float, last: float, start: float, end: float) -> Scale:
    return lambda x: start + (end - start) * ((x - first) / (last - first) if last > first else 0.5)


def _ticks(low: float, high: float) -> list[float]:
    """About six round numbers."""
    if not low < high:
        return [low]
    raw = (high - low) / 6
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= raw)
    return [i * step for i in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def _decades(low: float, high: float) -> list[float]:
    found = [float(d) for d in range(math.ceil(low), math.floor(high) + 1)]
    found = found[:: math.ceil(len(found) / MOST_DECADES)] if found else found
    if len(found) < 3:
        found = [math.log10(m * 10.0**d) for d in range(math.floor(low), math.ceil(high)) for m in (1, 2, 5) if low <= math.log10(m * 10.0**d) <= high]
    return found


def _number(x: float) -> str:
    return f"{x:.4g}".replace("-", "−")


def _across(value: float, x: float, height: int) -> str:
    line = f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{height - BOTTOM}"></line>'
    return f'{line}<text class="x" x="{x:.1f}" y="{height - BOTTOM + 14}">{_number(value)}</text>'


def _up(value: float, y: float, log: bool, width: int) -> str:
    line = f'<line class="grid" x1="{LEFT}" x2="{width - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"></line>'
    told = _power(int(value)) if log and value.is_integer() and abs(value) > LONGEST else _number(10**value if log else value)
    return f'{line}<text class="y" x="{LEFT - 6}" y="{y + 4:.1f}">{told}</text>'


def _power(exponent: int) -> str:
    """A power of ten, shorter than its digits are."""
    return f'10<tspan dy="-4" font-size="8">{str(exponent).replace("-", "−")}</tspan>'


def _ellipses(contours: Contours, across: Scale, up: Scale) -> list[str]:
    made = []
    for level in contours.levels:
        rx = abs(across(math.sqrt(level / contours.a)) - across(0))
        ry = abs(up(math.sqrt(level / contours.b)) - up(0))
        made.append(f'<ellipse class="contour" cx="{across(0):.1f}" cy="{up(0):.1f}" rx="{rx:.1f}" ry="{ry:.1f}"></ellipse>')
    return made


def _lines(pieces: Sequence[tuple[tuple[float, float], tuple[float, float]]], across: Scale, up: Scale) -> list[str]:
    path = "".join(f"M{across(a):.1f} {up(b):.1f}L{across(c):.1f} {up(d):.1f}" for (a, b), (c, d) in pieces)
    return [f'<path class="contour" d="{path}"></path>']


def _line(curve: Curve, points: Sequence[tuple[float, float]], number: int, across: Scale, up: Scale) -> str:
    places = [(across(x), up(y)) for x, y in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.2"></circle>' for x, y in places[:MOST_DOTS]) if curve.dots else ""
    dashed = " dashed" if curve.dashed else ""
    return f'<g class="curve c{number % SHADES}{dashed}"><polyline points="{path}"></polyline>{dots}</g>'
