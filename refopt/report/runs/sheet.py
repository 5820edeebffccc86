"""Several pictures as one SVG file that stands alone: it brings its own style, for light and for dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from refopt.derivation.picture import Picture
from refopt.report.book.svg import SHADES, svg, told

WIDTH, HEIGHT, HEAD, GAP = 480, 280, 20, 16
LINE = 16
"""Height of a line of names."""
COLUMNS = 2

STYLE = """svg { --ink: #1c1e21; --soft: #5f6670; --line: #e2e5e9; --page: #ffffff; --c0: #0a5dc2; --c1: #c62828; --c2: #1a7f37; --c3: #8a3ea8; --c4: #9a6700; }
@media (prefers-color-scheme: dark) { svg { --ink: #e4e6ea; --soft: #9aa2ad; --line: #33373d; --page: #16181b; --c0: #6cb0ff; --c1: #ff7b72; --c2: #57c271;
  --c3: #cf8fe8; --c4: #e3b341; } }
.page { fill: var(--page); } text { font: 10px system-ui, sans-serif; fill: var(--soft); } .title { font-size: 13px; fill: var(--ink); }
.y { text-anchor: end; } .x { text-anchor: middle; } .grid { stroke: var(--line); } polyline { fill: none; stroke-width: 1.6; }
.c0 { --curve: var(--c0); } .c1 { --curve: var(--c1); } .c2 { --curve: var(--c2); } .c3 { --curve: var(--c3); } .c4 { --curve: var(--c4); }
.curve polyline { stroke: var(--curve); } .curve circle { fill: var(--curve); } .dashed polyline { stroke-dasharray: 5 4; }
.contour { fill: none; stroke: var(--soft); opacity: .45; } .key { fill: var(--curve); }"""


def sheet(pictures: Sequence[Picture]) -> str:
    """The pictures in two columns, each under its title and the names of its curves."""
    columns = min(COLUMNS, len(pictures))
    rows = -(-len(pictures) // columns)
    head = HEAD + LINE * max(len(_key_lines(p)) for p in pictures)
    width, height = columns * (WIDTH + GAP) + GAP, rows * (head + HEIGHT + GAP) + GAP
    said = escape(" ".join(f"{told(p)}." for p in pictures))
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{said}">']
    parts += [f"<title>{escape('; '.join(p.title for p in pictures))}</title>", f"<style>{STYLE}</style>"]
    parts.append(f'<rect class="page" width="{width}" height="{height}"></rect>')
    for i, picture in enumerate(pictures):
        x, y = GAP + i % columns * (WIDTH + GAP), GAP + i // columns * (head + HEIGHT + GAP)
        parts.append(f'<g transform="translate({x} {y})"><text class="title" x="4" y="13">{escape(picture.title)}</text>{_keys(picture)}</g>')
        drawn = svg(picture, (WIDTH, HEIGHT)).replace("<svg ", f'<svg x="{x}" y="{y + head}" width="{WIDTH}" height="{HEIGHT}" ', 1)
        parts.append(drawn.replace('"clip', f'"clip{i}').replace("(#clip", f"(#clip{i}"))
    return "\n".join([*parts, "</svg>", ""])


def _keys(picture: Picture) -> str:
    parts = []
    for row, line in enumerate(_key_lines(picture)):
        for at, i in line:
            y = HEAD + LINE * row
            parts.append(f'<g class="c{i % SHADES}"><rect class="key" x="{at}" y="{y + 3}" width="14" height="3"></rect></g>')
            parts.append(f'<text x="{at + 18}" y="{y + 8}">{escape(picture.curves[i].name)}</text>')
    return "".join(parts)


def _key_lines(picture: Picture) -> list[list[tuple[int, int]]]:
    """The names of the curves in lines that fit: where each begins, and its number."""
    if len(picture.curves) < 2:
        return []
    lines: list[list[tuple[int, int]]] = [[]]
    at = 4
    for i, c in enumerate(picture.curves):
        room = 32 + 6 * len(c.name)
        if at + room > WIDTH and lines[-1]:
            lines, at = [*lines, []], 4
        lines[-1].append((at, i))
        at += room
    return lines
