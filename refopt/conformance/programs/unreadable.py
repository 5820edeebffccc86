"""Errors between refopt and a program, each one line that a person can act on."""

from __future__ import annotations

LONGEST = 60
"""Characters that are shown of what a program wrote."""


class Unreadable(Exception):
    """An answer that is no answer. `in_step` says that it was at least the answer to what was asked: the program can go on."""

    def __init__(self, text: str, *, in_step: bool = False) -> None:
        super().__init__(text)
        self.in_step = in_step


class Garbled(Unreadable):
    """A line of which nothing can be read; the text says what it came with: `with JSON that is no object`."""


class Lost(Exception):
    """No answer came: too late, too much, or the program ended. It must be started again.

    why        what came instead of an answer
    ended      how the program was ended then; None where it had ended by itself
    timed_out  whether time ran out
    """

    def __init__(self, why: str, ended: str | None = None, *, timed_out: bool = False) -> None:
        super().__init__(why if ended is None else f"{why}; {ended}")
        self.why, self.ended, self.timed_out = why, ended, timed_out


class Unheard(Lost):
    """The program did something by itself before it had read a word of the question: another one may be asked it."""


class NotJson(Garbled):
    """A line that is not JSON at all."""


def quoted(data: bytes | str) -> str:
    """Text that a program wrote, cut, in printable ASCII and quotes."""
    text = data[: 4 * LONGEST].decode("utf-8", "backslashreplace") if isinstance(data, bytes) else data[: 4 * LONGEST]
    shown = text.strip().encode("ascii", "backslashreplace").decode()
    shown = "".join(c if c.isprintable() else " " for c in shown)
    return f"'{shown}'" if len(shown) <= LONGEST else f"'{shown[: LONGEST - 3]}...'"


def plain(text: str, longest: int = 160) -> str:
    """A program's own words as one line of printable ASCII."""
    shown = " ".join(text[: 4 * longest].encode("ascii", "backslashreplace").decode().split())
    shown = "".join(c if c.isprintable() else "?" for c in shown)
    return shown if len(shown) <= longest else shown[: longest - 3] + "..."
