"""The dialogue with a program: started when it is needed, asked line by line, started again after it was lost.

What goes wrong while a question is open costs that question. What a program does between two questions costs none: it is
started again, and that is remarked on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import TypeVar

from refopt.conformance.programs.declaration import Declaration
from refopt.conformance.programs.process import Process
from refopt.conformance.programs.transcript import Transcript
from refopt.conformance.programs.unreadable import Garbled, Lost, Unheard, Unreadable, plain
from refopt.conformance.programs.wire import Wire
from refopt.errors import RefoptError

START_FACTOR = 4
"""A program may take so many times the limit of a case to start: interpreters and frameworks are slow to load."""
SMALL = 1 << 20
"""Bytes that any answer may have."""
STARTS = 3
"""After so many starts in a row that failed no further one is tried."""

T = TypeVar("T")


@dataclass
class Dialogue:
    """A conversation with one program.

    command     the program and its arguments
    wire        how lines are written
    timeout     seconds that an answer may take
    transcript  where every line is recorded
    remarks     what was odd and cost no case, each once
    lost        how many questions had no answer, and how many of them because time ran out
    last_sent   the line that was open when an answer was lost last, and the program's last words then
    """

    command: Sequence[str]
    wire: Wire
    timeout: float
    transcript: Transcript | None = None
    remarks: dict[str, int] = field(default_factory=dict)
    lost: int = 0
    timed_out: int = 0
    last_sent: bytes = b""
    last_words: str = ""
    _process: Process | None = None
    _lines: int = 0
    _failed_starts: int = 0

    def __enter__(self) -> Dialogue:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def start(self) -> Declaration:
        """Start the program and let it say what it offers. Raises Lost or Unreadable where it does not, RefoptError where it cannot be started."""
        self._process, self._lines = Process(self.command), 0
        self._record("event", "started")
        return self._introduced()

    def _introduced(self) -> Declaration:
        try:
            return self._exchange(self.wire.start(), self.timeout * START_FACTOR, SMALL, self.wire.declaration)
        except Unreadable:
            self._end("after its answer to start")
            raise

    def ask(self, line: bytes, limit: int, read: Callable[[bytes], T]) -> T:
        """One question. Raises Lost or Unreadable, one line that says what came instead of an answer."""
        self._ready()
        try:
            return self._exchange(line, self.timeout, SMALL + limit, read)
        except Unheard as error:
            self.remark(str(error))
            self._ready()
            return self._exchange(line, self.timeout, SMALL + limit, read)

    def _ready(self) -> None:
        """A program that can be asked."""
        if self._process is not None and (odd := self._process.leftover()) is not None:
            self.remark(odd)
            self._end(odd)
        if self._process is not None:
            return
        if self._failed_starts >= STARTS:
            raise Lost(f"not asked: it could not be started again {STARTS} times")
        try:
            self._process, self._lines = Process(self.command), 0
        except RefoptError as error:
            self._failed_starts += 1
            raise Lost(error.message) from None
        self._record("event", "started again")
        try:
            self._introduced()
        except (Lost, Unreadable) as error:
            self._failed_starts += 1
            why, ended = (error.why, error.ended) if isinstance(error, Lost) else (str(error), None)
            raise Lost(f"started again, but {why}", ended) from None
        self._failed_starts = 0

    def _exchange(self, line: bytes, seconds: float, limit: int, read: Callable[[bytes], T]) -> T:
        assert self._process is not None
        self._record("sent", line)
        try:
            answer = self._process.ask(line, seconds, limit)
        except Unheard as error:
            self._end(str(error))
            raise
        except Lost as error:
            self.lost += 1
            self.timed_out += error.timed_out
            self._keep(line)
            raise Lost(error.why, self._end(str(error)), timed_out=error.timed_out) from None
        self._lines += 1
        self._record("received", answer)
        try:
            return read(answer)
        except Unreadable as error:
            self._keep(line)
            told = str(error)
            if isinstance(error, Garbled):
                told = f"answered line {self._lines} {told}"
            if not error.in_step:
                self._end(told)
            raise type(error)(told, in_step=error.in_step) from None

    def _keep(self, line: bytes) -> None:
        self.last_sent = line
        if self._process is not None and (words := self._process.last_words()):
            self.last_words = plain(words, 60)

    def remark(self, text: str) -> None:
        """Note something odd that cost no case: the program was started again for it."""
        self.remarks[text] = self.remarks.get(text, 0) + 1

    def _end(self, why: str) -> str | None:
        """End the program; how that went, None where it had ended by itself."""
        if self._process is None:
            return None
        ended = self._process.end()
        self._process = None
        self._record("event", f"{why}; {ended or 'already ended'}")
        return ended

    def close(self) -> None:
        """Say goodbye; whatever is left of the program's group is ended. A question after that starts it again."""
        if self._process is not None:
            process, self._process = self._process, None
            try:
                self._record("sent", self.wire.stop())
            finally:
                process.farewell(self.wire.stop())

    def _record(self, what: str, line: bytes | str) -> None:
        if self.transcript is not None:
            self.transcript.write(what, line)
