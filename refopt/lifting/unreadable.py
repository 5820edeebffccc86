"""Reasons why foreign code cannot be read as a formula.

Foreign code may catch what is raised inside it and go on another way, which it never goes with numbers. So every refusal is written
down, and a run in which there was one is no reading, whatever came out of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_refused: ContextVar[list[CannotRead] | None] = ContextVar("refopt_proof_refused", default=None)


class CannotRead(Exception):
    """The code did something with a symbol that no formula of the language stands for; the message says what."""

    def __init__(self, *what: object) -> None:
        super().__init__(*what)
        if (written := _refused.get()) is not None:
            written.append(self)


class Raised(CannotRead):
    """The code itself raised an exception; the message says which."""


@contextmanager
def unswallowed() -> Iterator[None]:
    """Raises the first CannotRead that was made inside, also where the code inside caught it and went on."""
    written: list[CannotRead] = []
    token = _refused.set(written)
    try:
        yield
    finally:
        _refused.reset(token)
    if written:
        raise CannotRead(str(written[0]))


@contextmanager
def tolerated() -> Iterator[None]:
    """Inside, our own code tries something and does without it where it is refused: that is no refusal of the code that is read."""
    token = _refused.set(None)
    try:
        yield
    finally:
        _refused.reset(token)
