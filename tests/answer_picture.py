"""The picture of an answer in the README: a screen as SVG, made by `python -m tests.answer_picture > answer.svg`."""

from __future__ import annotations

from html import escape

import refopt

SUBJECT, DTYPE = "refopt.examples.wrong_adam", "float32"
SIZE, LINE, MARGIN = 13, 18, 20
STYLE = """svg { --ink: #1c1e21; --soft: #5f6670; --page: #f5f6f8; --bad: #c62828; --good: #1a7f37; }
@media (prefers-color-scheme: dark) { svg { --ink: #e4e6ea; --soft: #9aa2ad; --page: #16181b; --bad: #ff7b72; --good: #57c271; } }
rect { fill: var(--page); } text { font: 13px ui-monospace, Menlo, Consolas, "Liberation Mono", monospace; fill: var(--ink); white-space: pre; }
.command { fill: var(--soft); } .bad { fill: var(--bad); } .good { fill: var(--good); }"""


def picture() -> str:
    """The screen of a wrong Adam that ships with refopt, under the command that gives it."""
    lines = [f"$ refopt check {SUBJECT} --dtype {DTYPE}", *str(refopt.check(SUBJECT, dtypes=[DTYPE])).splitlines()]
    width = round(max(map(len, lines)) * SIZE * 0.602) + 2 * MARGIN
    height = len(lines) * LINE + 2 * MARGIN
    rows = "\n".join(f'<text x="{MARGIN}" y="{MARGIN + LINE * i + SIZE}" class="{_sort(x, i)}">{escape(x)}</text>' for i, x in enumerate(lines) if x)
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    told = escape(" ".join(" ".join(lines).split()))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{told}">\n<style>{STYLE}</style>\n'
            f'<rect width="{width}" height="{height}" rx="8"></rect>\n{rows}\n</svg>\n')  # fmt: skip


def _sort(line: str, number: int) -> str:
    if number == 0:
        return "command"
    if number == 1 or line.lstrip().startswith("- "):
        return "bad"
    return "good" if line.lstrip().startswith("+ ") else "line"


if __name__ == "__main__":
    print(picture(), end="")
