"""Record of a dialogue with a program: the screens and the commands to paste are made from it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from refopt.golden.description import Name


@dataclass(frozen=True)
class Question:
    """A question, whether the answer is as it must be, and what was told; `told` is "" where there is nothing to say."""

    text: str
    passed: bool
    told: Name = ""
    advice: str = ""


@dataclass(frozen=True)
class ProgramRecord:
    """A program that was judged.

    questions   those of the harness check, in order
    failed      why it was not judged at all; None where it was. `started` is False where it did not say what it offers
    remarks     what was odd between two questions and cost no case
    lost        questions without an answer; `timed_out` of them because time ran out
    last_sent   the line that was open when an answer was lost last, `last_words` the last on its stderr then
    """

    command: tuple[str, ...]
    wire: str
    timeout: float
    questions: tuple[Question, ...] = ()
    failed: str | None = None
    started: bool = True
    remarks: tuple[str, ...] = ()
    lost: int = 0
    timed_out: int = 0
    last_sent: bytes = b""
    last_words: str = ""

    def invocation(self, options: str = "") -> str:
        """The command that checks this program, with these options; everything stands before the program."""
        wire = " --wire flat" if self.wire == "flat" else ""
        return f"refopt check{wire}{f' {options}' if options else ''} -- {shlex.join(self.command)}"
