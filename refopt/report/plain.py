"""Text of other people that a terminal, a browser or a parser must not take as a command: control characters are written out."""

from __future__ import annotations

import re

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
"""Characters that steer a terminal or the direction of writing, that end a line in disguise, or that no document can hold; a newline and a tab stay."""


def plain(text: str) -> str:
    """The text with every such character written out: ESC is printed as `\\x1b`, BEL as `\\x07`."""
    return CONTROL.sub(lambda m: m[0].encode("unicode_escape").decode(), text)
