"""The place where a saved state is loaded: a fresh process where there can be one, else a fresh object in this one."""

from __future__ import annotations

import atexit
import contextlib
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

from refopt.conformance.protocol import frames
from refopt.conformance.protocol.implementation import Answer, Implementation, NoAnswer, Request
from refopt.conformance.protocol.meanwhile import Meanwhile
from refopt.conformance.protocol.message import answer_of, packed
from refopt.conformance.protocol.plain import decode, encode
from refopt.conformance.protocol.python_process import started
from refopt.frameworks.installed import is_installed
from refopt.frameworks.isolated.pair import package
from refopt.frameworks.isolated.paired import Paired


@dataclass
class Worker:
    """A Python process that makes implementations; `unread`: how many of its answers are to come that nobody waits for."""

    process: subprocess.Popen[bytes]
    unread: int = 0

    def sent(self, text: bytes) -> bool:
        """True where it takes a message."""
        assert self.process.stdin is not None
        try:
            frames.write(self.process.stdin, text)
        except OSError:
            return False
        return True

    def answer(self) -> Any:
        """Its answer to the last message; None where there is none in time."""
        while self.unread:
            self.unread -= 1
            if self._read() is None:
                return None
        return self._read()

    def _read(self) -> Any:
        assert self.process.stdout is not None
        try:
            return decode(frames.read_before(self.process.stdout.fileno(), time.monotonic() + PATIENCE))
        except (OSError, EOFError, ValueError):  # too late is an OSError
            return None

    def prepare(self, spelled: str, rule: str | None, maps: Mapping[str, str], per_tensor: bool) -> None:
        """Have it make an implementation that is asked for later: what has to be imported for it is imported meanwhile."""
        if self.sent(message(spelled, rule, maps, per_tensor, ())):
            self.unread += 1


_IDLE: dict[str, list[Worker]] = {}
PATIENCE = 120.0
"""Seconds that all requests together may take: a framework has to be imported for them."""


class Elsewhere(Protocol):
    """A place where requests are carried out by fresh objects; `afresh`: in a process of its own."""

    @property
    def afresh(self) -> bool:
        """True where it was a fresh process that answered last."""

    def run(self, requests: Sequence[Request]) -> list[Answer]:
        """The answers, in order."""

    def anew(self) -> Elsewhere:
        """Another one that has answered nothing yet."""

    def close(self) -> None:
        """End it."""


class Here:
    """Fresh objects in this process."""

    afresh = False

    def __init__(self, implementation: Implementation) -> None:
        self.implementation = implementation

    def run(self, requests: Sequence[Request]) -> list[Answer]:
        """One fresh object a request."""
        return [self.implementation.run(r) for r in requests]

    def anew(self) -> Elsewhere:
        """The same: there is nothing to forget."""
        return self

    def close(self) -> None:
        """Nothing to end."""


class Restartable(Protocol):
    """A program that can be started again."""

    def start_again(self) -> None:
        """End it; the next question starts it."""

    def run(self, request: Request) -> Answer:
        """Carry out a run."""


class Restarted:
    """A program behind the harness, started again before it is asked."""

    afresh = True

    def __init__(self, program: Restartable) -> None:
        self.program = program

    def run(self, requests: Sequence[Request]) -> list[Answer]:
        """All of one start."""
        self.program.start_again()
        return [self.program.run(r) for r in requests]

    def anew(self) -> Elsewhere:
        """It is started again in any case."""
        return self

    def close(self) -> None:
        """The dialogue ends it."""


class Isolating(Protocol):
    """An implementation that runs in a process of its own, and can be made in another one."""

    def another(self) -> Isolating:
        """The same in another process, in which nothing was run yet."""

    def run(self, request: Request) -> Answer:
        """Carry out a run."""

    def close(self) -> None:
        """End its process."""


class Another:
    """Another process of what runs in one of its own. It is started at once, and loads while nobody waits."""

    afresh = True

    def __init__(self, implementation: Isolating) -> None:
        self.implementation = implementation
        self.other = implementation.another()

    def run(self, requests: Sequence[Request]) -> list[Answer]:
        """One after the other."""
        return [self.other.run(r) for r in requests]

    def anew(self) -> Elsewhere:
        """One more."""
        return Another(self.implementation)

    def close(self) -> None:
        """End that process."""
        self.other.close()


class Partner:
    """The other process of a pair: it has run other formats than the one whose runs it goes on with.

    Where it breaks, fresh objects in the first process answer instead.
    """

    def __init__(self, implementation: Implementation, partner: Paired) -> None:
        self.implementation, self.partner, self.afresh = implementation, partner, True
        self._begun: list[tuple[list[Request], Meanwhile[list[Answer]]]] = []

    def begin(self, requests: Sequence[Request]) -> None:
        """Hand requests over for which `run` will ask later, so that they are worked at meanwhile."""
        asked = list(requests)
        self._begun.append((asked, Meanwhile(lambda: self._answers(asked))))

    def _answers(self, requests: Sequence[Request]) -> list[Answer]:
        return [self.partner.run(r) for r in requests]

    def run(self, requests: Sequence[Request]) -> list[Answer]:
        """The answers to what was handed over, or one after the other."""
        begun = next((found for asked, found in self._begun if _same(asked, requests)), None)
        answers = self._answers(requests) if begun is None else begun.result()
        if any(isinstance(a, NoAnswer) and a.broken for a in answers):
            self.afresh = False
            return Here(self.implementation).run(requests)
        return answers

    def anew(self) -> Elsewhere:
        """One more process, in which nothing was run yet."""
        return Another(self.partner) if self.afresh else Here(self.implementation)

    def close(self) -> None:
        """It ends with the implementation."""


def _same(asked: Sequence[Request], requests: Sequence[Request]) -> bool:
    return len(asked) == len(requests) and all(a is b for a, b in zip(asked, requests, strict=True))


class FreshProcess:
    """A Python process that makes the implementation by its name. It is started at once, and asked later: its imports take no time then.

    Where it cannot make the implementation, breaks or is too slow, fresh objects in this process answer instead.
    """

    def __init__(self, implementation: Implementation, spelled: str) -> None:
        self.implementation, self.spelled, self.afresh = implementation, spelled, True
        self._package = package(spelled)
        self._worker = _idle(self._package) or _prepared(spelled, implementation.rule, self._maps, self._per_tensor)
        self._waiting: list[Request] | None = None
        self._known: list[tuple[list[Request], list[Answer]]] = []

    def begin(self, requests: Sequence[Request]) -> None:
        """Hand requests over for which `run` will ask later, so that they are worked at meanwhile."""
        self._collect()
        if self._worker is not None:
            if self._worker.sent(message(self.spelled, self.implementation.rule, self._maps, self._per_tensor, requests)):
                self._waiting = list(requests)
            else:
                self._give_up()

    @property
    def _maps(self) -> dict[str, str]:
        return dict(getattr(self.implementation, "maps", {}))

    @property
    def _per_tensor(self) -> bool:
        return getattr(self.implementation, "per_tensor", False) is True

    def run(self, requests: Sequence[Request]) -> list[Answer]:
        """All in one message, unless they were handed over before."""
        for fresh in (False, True):
            if fresh:
                self.begin(requests)
            self._collect()  # one answer at a time: a process that waits until its answer is read reads no question
            for asked, answers in self._known:
                if _same(asked, requests):
                    return answers
        self._give_up()
        return Here(self.implementation).run(requests)

    def _collect(self) -> None:
        """Read the answer that is still to come."""
        if self._waiting is None or self._worker is None:
            return
        found = self._worker.answer()
        if isinstance(found, list) and len(found) == len(self._waiting):
            self._known.append((self._waiting, [answer_of(x) for x in found]))
        else:
            self._give_up()
        self._waiting = None

    def _give_up(self) -> None:
        self.afresh = False
        self.close()

    def anew(self) -> Elsewhere:
        """Another process."""
        return FreshProcess(self.implementation, self.spelled) if self.afresh else Here(self.implementation)

    def close(self) -> None:
        """End it; one that has a framework in it is kept for the next implementation of that framework."""
        worker, self._worker = self._worker, None
        if worker is None:
            return
        if self.afresh and self._waiting is None and self._package is not None:
            _IDLE.setdefault(self._package, []).append(worker)
        else:
            _ended(worker.process)


def elsewhere(implementation: Implementation) -> Elsewhere:
    """The place for an implementation: a program is started again, what has a name is made in a fresh process."""
    if not implementation.resumes:
        return Here(implementation)
    if callable(getattr(implementation, "start_again", None)):
        return Restarted(cast(Restartable, implementation))
    if isinstance(partner := getattr(implementation, "partner", None), Paired):
        return Partner(implementation, partner)
    if callable(getattr(implementation, "another", None)):
        return Another(cast(Isolating, implementation))
    spelled = getattr(implementation, "spelled", None)
    return FreshProcess(implementation, spelled) if isinstance(spelled, str) and sys.executable else Here(implementation)


def make_ready(spelled: str) -> None:
    """Start a process for what a person named, before anything of it is imported here: a framework is imported in both at the same time."""
    name = package(spelled)
    if name is None or _IDLE.get(name) or not (sys.executable and is_installed(name)):
        return
    if (worker := _prepared(spelled, None, {}, False)) is not None:
        _IDLE.setdefault(name, []).append(worker)


def message(spelled: str, rule: str | None, maps: Mapping[str, str], per_tensor: bool, requests: Sequence[Request]) -> bytes:
    """Text that asks a process to make an implementation and to carry out requests."""
    asked = {"spelled": spelled, "rule": rule, "maps": dict(maps), "per_tensor": per_tensor, "path": list(sys.path)}
    return encode({**asked, "requests": [packed(r) for r in requests]})


def _idle(package: str | None) -> Worker | None:
    waiting = _IDLE.get(package, []) if package is not None else []
    return waiting.pop() if waiting else None


@atexit.register
def _end_all() -> None:
    for worker in (w for waiting in _IDLE.values() for w in waiting):
        _ended(worker.process, 0.0)  # there is a framework in it, which needs longer to end than it has anything to end
    _IDLE.clear()


def _prepared(spelled: str, rule: str | None, maps: Mapping[str, str], per_tensor: bool) -> Worker | None:
    """A new process that makes an implementation; None where none can be started."""
    try:
        worker = Worker(started("refopt.conformance.verdict.resume.worker"))
    except OSError:
        return None
    worker.prepare(spelled, rule, maps, per_tensor)
    return worker


def _ended(process: subprocess.Popen[bytes], patience: float = 0.2) -> None:
    """End a process, by force after so many seconds."""
    assert process.stdin is not None and process.stdout is not None
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):  # what it did not read any more
            pipe.close()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
