"""Why foreign code cannot be read as a formula."""

from __future__ import annotations


class CannotRead(Exception):
    """The code did something with a symbol that no formula of the language stands for; the message says what."""
