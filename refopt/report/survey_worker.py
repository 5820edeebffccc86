"""Processes that judge the entries of a survey: each takes the next one as soon as it has answered.

The frameworks are imported there, and not here, so that one that ends its process costs one entry its answer.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from refopt.conformance.protocol import frames
from refopt.conformance.protocol.python_process import collect_rarely, end_group, ended, started
from refopt.errors import RefoptError

if TYPE_CHECKING:  # the processes start before anything heavy is loaded
    from refopt.conformance.verdict.verdict import Verdict


@dataclass(frozen=True)
class Entry:
    """An entry to judge: its spelling, the number formats, and the seconds that a search for an edit may take in each."""

    spelling: str
    dtypes: tuple[str, ...]
    search: float


def judged(entry: Entry) -> tuple[Verdict | None, str | None]:
    """The verdict on an entry, in this process; or why there is none."""
    from refopt.conformance.verdict.judgement import judge
    from refopt.frameworks import load
    from refopt.report.lift_hint import with_readable

    try:
        loaded = load(entry.spelling)
        return with_readable(judge(loaded, dtypes=entry.dtypes, search=entry.search), loaded), None
    except RefoptError as error:
        return None, error.message


def shared(entries: Sequence[Entry], processes: int, tell: Callable[[str, int, int], None]) -> list[tuple[Verdict | None, str | None]]:
    """Answers to the entries, in their order, by so many processes.

    tell  is called with a spelling, the number of entries begun before it, and that of all
    """
    lock, workers = Lock(), [Worker() for _ in range(processes)]
    free, begun = list(workers), 0

    def answer(entry: Entry) -> tuple[Verdict | None, str | None]:
        nonlocal begun
        with lock:
            worker = free.pop()
            tell(entry.spelling, begun, len(entries))
            begun += 1
        try:
            return worker.answer(entry)
        finally:
            with lock:
                free.append(worker)

    pool = ThreadPoolExecutor(processes)
    try:
        return list(pool.map(answer, entries))
    finally:  # a thread that waits for a process ends with it
        for worker in workers:
            worker.close()
        pool.shutdown(cancel_futures=True)


class Worker:
    """A process that judges one entry after the other. It is started again where it ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def answer(self, entry: Entry) -> tuple[Verdict | None, str | None]:
        """Its answer; where it ends, the reason."""
        if self._process is None:
            if self._closed:
                return None, "the survey was ended"
            try:
                self._process = started(__name__, own_group=True)
            except OSError as error:
                return None, f"no process could be started: {error.strerror}"
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        text: bytes | None = None
        with suppress(OSError):
            frames.write(process.stdin, pickle.dumps(entry))
            text = frames.read(process.stdout)
        if text is None:
            code = ended(process)
            self._process = None
            return None, f"its process ended with {f'signal {signal.Signals(-code).name}' if code < 0 else f'exit code {code}'}"
        from refopt.report.transport import unpacked

        told, message = pickle.loads(text)
        return (None, message) if told is None else (unpacked(told)[0].found, None)

    def close(self) -> None:
        """End it, and all that it started."""
        self._closed = True
        if self._process is not None:
            end_group(self._process)


def main() -> None:
    """Answer entries until there are no more."""
    collect_rarely()
    from refopt.report.report import Report
    from refopt.report.transport import packed

    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing that prints gets between the answers
    while (text := frames.read(requests)) is not None:
        verdict, message = judged(pickle.loads(text))
        try:
            told = None if verdict is None else packed([Report(verdict)])
        except RefoptError as error:
            told, message = None, error.message
        frames.write(answers, pickle.dumps((told, message)))
