"""Reasons why foreign code cannot be read as a formula.

Foreign code may catch what is raised inside it and go on another way, which it never goes with numbers. So every refusal is written
down, and a run in which there was one is no reading, whatever came out of it.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import FrameType

from refopt.lifting.look import Look
from refopt.lifting.obstacle import Hindrance, Obstacle, brief

_refused: ContextVar[list[CannotRead] | None] = ContextVar("refopt_proof_refused", default=None)


class CannotRead(Exception):
    """The code did something with a symbol that no formula of the language stands for; `reason` says what.

    where  the line of the person's file that was being run, `mine.py line 12`; "" where it was none
    """

    def __init__(self, what: Obstacle | Hindrance, *names: object, where: str | None = None) -> None:
        self.reason = what if isinstance(what, Hindrance) else Hindrance(what, tuple(x if isinstance(x, Look) else str(x) for x in names))
        super().__init__(brief(self.reason))
        self.where = line_in(_frames(sys._getframe(1))) if where is None else where
        if (written := _refused.get()) is not None:
            written.append(self)


class Raised(CannotRead):
    """The code itself raised an exception; the reason says which."""


OWN = str(Path(__file__).parents[1])


def inside(folders: Iterable[str]) -> tuple[str, ...]:
    """Beginnings of the paths of what lies in one of the folders."""
    return tuple(f"{folder}{os.sep}" for folder in folders)


LIBRARIES = inside((OWN, *{sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib", "scripts")}))
"""Folders of code that is no person's of their own: of scripts that call it, too."""
READER = "quietly"
"""The function of refopt that calls what reads: what called it in its turn is not read."""


def _frames(frame: FrameType | None) -> Iterator[tuple[str, int]]:
    """File and line of a frame and of those that called it, as far as the code that is read."""
    while frame is not None and not (frame.f_code.co_name == READER and frame.f_code.co_filename.startswith(LIBRARIES[0])):
        yield frame.f_code.co_filename, frame.f_lineno
        frame = frame.f_back


def line_in(frames: Iterable[tuple[str, int]], libraries: tuple[str, ...] = LIBRARIES) -> str:
    """The first file and line that are a person's own, so in none of the libraries; "" where none is."""
    found = ((Path(file).name, line) for file, line in frames if not file.startswith(("<", *libraries)))
    return next((f"{name} line {line}" for name, line in found), "")


def raised_at(error: BaseException) -> str:
    """The line of the person's file in which an exception was raised, or that called what raised it."""
    frames, trace = list[tuple[str, int]](), error.__traceback__
    while trace is not None:
        frames.append((trace.tb_frame.f_code.co_filename, trace.tb_lineno))
        trace = trace.tb_next
    return line_in(reversed(frames))


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
        raise CannotRead(written[0].reason, where=written[0].where)


@contextmanager
def tolerated() -> Iterator[None]:
    """Inside, our own code tries something and does without it where it is refused: that is no refusal of the code that is read."""
    token = _refused.set(None)
    try:
        yield
    finally:
        _refused.reset(token)
