"""Colour: it emphasises words that are there anyway, and only where a person looks."""

from __future__ import annotations

import os
from typing import TextIO

from refopt.report.plain import plain

GOOD, WARNING, OTHER, BAD, NOTHING = "32", "33", "34", "31", "35"
"""Green, olive, blue, red, magenta: conforms, imprecise, a variant, deviates, no answer."""


def wanted(choice: str, stream: TextIO) -> bool:
    """True where colours are to be used: `always`, `never`, or `auto`: on a terminal, unless NO_COLOR is set or TERM is dumb."""
    if choice != "auto":
        return choice == "always"
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and stream.isatty()


class Painted(str):
    """A line that was made harmless before a word of it was coloured."""


def painted(line: str, word: str, code: str) -> Painted:
    """A line with a word coloured where it stands first; whatever else would steer a terminal is written out."""
    harmless = plain(line)
    return Painted(harmless.replace(word, paint(word, code, True), 1))


def paint(text: str, code: str, on: bool) -> str:
    """The text in a colour, or as it is."""
    return f"\033[{code}m{text}\033[0m" if on else text
