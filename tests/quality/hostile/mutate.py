"""How text, bytes and values are spoiled, by a seeded draw."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

ODD_WORDS = ("", "nan", "NaN", "inf", "-inf", "1e999", "-0", "0x1p-3", "1_000", "1,5", "null", "true", "\x00", "\ufeff", "\u202e", "é", "'", '"', "{", "}",
             "[[", "]]", ";", "%s", "../../x", "9" * 400, "1e-400", "-", "--", "\r", "\t", "#", "=", "0", "-1", "3.5", "2147483648", "1e308")  # fmt: skip
"""Words that stand where a number or a name should."""
ODD_VALUES: tuple[Any, ...] = (None, True, False, 0, -1, 2**63, -(2**63), 10**400, 1.5, 1e308, float("nan"), float("inf"), "", "nan", "x" * 500,
                               "\x1b[31m", [], [[]], {}, {"a": 1}, [None], ["0x1p0"], "1/0")  # fmt: skip
"""Values of every type."""


def spoiled_text(draw: Random, text: str) -> str:
    """A text with one to four places changed."""
    for _ in range(draw.randint(1, 4)):
        text = draw.choice(_TEXT)(draw, text)
    return text


def spoiled_bytes(draw: Random, data: bytes) -> bytes:
    """Bytes with some flipped, cut, doubled or put in; or a spoiled text."""
    how = draw.randrange(5)
    if how == 0 and data:
        spoiled = bytearray(data)
        for _ in range(draw.randint(1, 8)):
            spoiled[draw.randrange(len(spoiled))] = draw.randrange(256)
        return bytes(spoiled)
    if how == 1:
        return data[: draw.randint(0, len(data))]
    if how == 2:
        at = draw.randint(0, len(data))
        return data[:at] + draw.randbytes(draw.randint(1, 20)) + data[at:]
    return spoiled_text(draw, data.decode("utf-8", "replace")).encode("utf-8", "replace")


def spoiled_value(draw: Random, value: Any, places: int | None = None) -> Any:
    """A JSON value with one to three places changed: an entry replaced, dropped, doubled, renamed, moved or nested deeper."""
    value = copy.deepcopy(value)
    for _ in range(places or draw.randint(1, 3)):
        value = _changed(draw, value)
    return value


def nested(depth: int) -> str:
    """JSON that is nested deeper than a recursive reader can follow."""
    return "[" * depth + "]" * depth


def odd(draw: Random) -> Any:
    """A value that nobody expects."""
    return copy.deepcopy(draw.choice(ODD_VALUES))


def _changed(draw: Random, value: Any) -> Any:
    at, parent = _place(draw, value)
    if parent is None:
        return odd(draw)
    how = draw.randrange(6)
    if how == 0:
        del parent[at]
    elif how == 1 and isinstance(parent, dict):
        parent[draw.choice((*ODD_WORDS, f"{at}x", str(at).upper()))] = parent.pop(at)
    elif how == 1:
        parent.insert(at, copy.deepcopy(parent[at]))
    elif how == 2 and isinstance(parent[at], str):
        parent[at] = spoiled_text(draw, parent[at])
    elif how == 3 and isinstance(parent[at], int | float) and not isinstance(parent[at], bool):
        parent[at] = draw.choice((parent[at] + 1, -parent[at], str(parent[at]), parent[at] * 2**40))
    elif how == 4:
        parent[at] = [parent[at]]
    else:
        parent[at] = odd(draw)
    return value


def _place(draw: Random, value: Any) -> tuple[Any, Any]:
    """A random place within a value: its key, and what holds it."""
    at, parent = None, None
    while isinstance(value, dict | list) and value and (parent is None or draw.random() < 0.8):
        at, parent = draw.choice(list(value)) if isinstance(value, dict) else draw.randrange(len(value)), value
        value = value[at]
    return at, parent


def _cut(draw: Random, text: str) -> str:
    return text[: draw.randint(0, len(text))]


def _word(draw: Random, text: str) -> str:
    at = draw.randint(0, len(text))
    return text[:at] + draw.choice(ODD_WORDS) + text[at + draw.randint(0, 6) :]


def _line(draw: Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    at = draw.randrange(len(lines))
    how = draw.randrange(4)
    if how == 0:
        del lines[at]
    elif how == 1:
        lines.insert(at, lines[draw.randrange(len(lines))])
    elif how == 2:
        lines[at] = lines[at].replace(draw.choice((",", ";", " ", "=", ":", '"')), draw.choice((",", ";", "", "==", "\t")), draw.randint(1, 3))
    else:
        draw.shuffle(lines)
    return "".join(lines)


def _number(draw: Random, text: str) -> str:
    digits = [i for i, c in enumerate(text) if c.isdigit()]
    if not digits:
        return text
    at = draw.choice(digits)
    return text[:at] + draw.choice(("9", "-", ".", "e", "", "00", "nan")) + text[at + 1 :]


_TEXT = (_cut, _word, _word, _line, _line, _number, _number, _number)


def dumped(value: Any) -> str:
    """A value as JSON as Python writes it, NaN included."""
    return json.dumps(value)
