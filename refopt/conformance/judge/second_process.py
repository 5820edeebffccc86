"""A second process that judges part of a long run, or one format while another is run, so that a check keeps two cores busy.

Updates are judged one by one, each from the implementation's own values before it, so that any part of them can be judged
elsewhere. The exact values are the same; of a bound, the last bits of 53 may depend on which elements are computed together
(`rounding.ways` takes a short way where all of them allow it). What cannot be sent (a cause that is a closure), or comes back as an error,
is judged here.
"""

from __future__ import annotations

import copyreg
import os
import pickle
import select
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any

from refopt.conformance.protocol.python_process import collect_rarely, started

if TYPE_CHECKING:  # the process starts before anything heavy is loaded
    from refopt.conformance.judge.model import Hyper, Model
    from refopt.conformance.judge.updates import Update
    from refopt.conformance.protocol.implementation import View
    from refopt.rounding.formats import Format

SHORTEST = 128
"""Updates of one parameter from which on a run is shared. Fewer are not worth the way; and each part stays so long that its
scalars are computed for many steps at once, as those of the whole are (`rounding.scalar_table.MANY`)."""

VARIABLE = "REFOPT_PROCESSES"
"""The environment variable that says how many processes `check` uses where the command line does not."""


def usual() -> int:
    """Number of processes by default: that of the environment, else two where there are two cores."""
    said = os.environ.get(VARIABLE, "")
    if said.isdigit() and int(said) > 0:
        return int(said)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, 2)


@contextmanager
def second_process(processes: int) -> Iterator[None]:
    """While it lasts, long runs are shared with a second process, if there are to be two."""
    global _RUNNING
    before = _RUNNING
    _RUNNING = SecondProcess() if processes > 1 else None
    try:
        yield
    finally:
        if _RUNNING is not None:
            _RUNNING.close()
        _RUNNING = before


def begun(model: Model, found: list[Update], hypers: Sequence[Hyper], views: Mapping[str, View], f: Format) -> bool:
    """Hand all updates over to the second process; the same list of them is then judged by its answer. False where there is none that is free."""
    return _RUNNING is not None and len(found) >= SHORTEST and _RUNNING.begin(model, found, hypers, views, f)


def shared(
    judge: Callable[[Model, Sequence[Update], Sequence[Hyper], Mapping[str, View], Format], list[Any]],
    model: Model,
    found: Sequence[Update],
    hypers: Sequence[Hyper],
    views: Mapping[str, View],
    f: Format,
) -> list[Any]:
    """Results of `judge` for all updates, in their order; part of a long run is judged in the second process, if there is one."""
    if _RUNNING is not None and (known := _RUNNING.known(model, found, hypers)) is not None:
        return known
    away = _part(found) if _RUNNING is not None and _RUNNING.is_free else []
    if _RUNNING is None or not away or not _RUNNING.asked(model, [found[i] for i in away], hypers, views, f):
        return judge(model, found, hypers, views, f)
    elsewhere = set(away)
    here = [i for i in range(len(found)) if i not in elsewhere]
    judged: dict[int, Any] = dict(zip(here, judge(model, [found[i] for i in here], hypers, views, f), strict=True))
    answer = _RUNNING.answer()
    if answer is None:
        _RUNNING.close()
        answer = judge(model, [found[i] for i in away], hypers, views, f)
    judged |= {i: replace(j, update=found[i]) for i, j in zip(away, answer, strict=True)}
    return [judged[i] for i in range(len(found))]


def _part(found: Sequence[Update]) -> list[int]:
    """The later updates of the longest run, up to half of all updates; SHORTEST of its updates at least stay."""
    runs: dict[tuple[int, int], list[int]] = {}
    for i, u in enumerate(found):
        runs.setdefault((u.case, u.parameter), []).append(i)
    longest = max(runs.values(), key=len, default=[])
    size = min(len(found) // 2, len(longest) - SHORTEST)
    return longest[-size:] if size >= SHORTEST else []


@dataclass
class Begun:
    """A request that was sent early. The updates are told by their list, which is held here so that it stays the one of that number.

    is_read  the answer is here: None where there came none
    """

    model: Model
    found: list[Update]
    hypers: Sequence[Hyper]
    is_read: bool = False
    answer: list[Any] | None = None


class SecondProcess:
    """A process that answers requests one after the other; both are pickles between two pipes of our own."""

    def __init__(self) -> None:
        self._begun: Begun | None = None
        self._process: subprocess.Popen[bytes] | None = None
        with suppress(OSError):
            self._process = started(__name__, own_group=True)

    @property
    def is_free(self) -> bool:
        """False while it works at what was sent early."""
        if self._begun is None or self._begun.is_read or self._process is None or self._process.stdout is None:
            return True
        ready, _, _ = select.select([self._process.stdout], [], [], 0.0)
        if ready:
            self._read()
        return bool(ready)

    def begin(self, model: Model, found: list[Update], hypers: Sequence[Hyper], views: Mapping[str, View], f: Format) -> bool:
        """Send a request early; False where it is still at work, or takes none."""
        if not self.is_free or not self.asked(model, found, hypers, views, f):
            return False
        self._begun = Begun(model, found, hypers)
        return True

    def known(self, model: Model, found: Sequence[Update], hypers: Sequence[Hyper]) -> list[Any] | None:
        """The answer to what was sent early, as soon as it is there; None where this was not, or no answer came."""
        begun = self._begun
        if begun is None or begun.found is not found or begun.model != model or begun.hypers != hypers:
            return None
        if not begun.is_read:
            self._read()
        self._begun = None
        return None if begun.answer is None else [replace(j, update=u) for j, u in zip(begun.answer, found, strict=True)]

    def _read(self) -> None:
        assert self._begun is not None
        self._begun.answer, self._begun.is_read = self.answer(), True

    def asked(self, model: Model, found: Sequence[Update], hypers: Sequence[Hyper], views: Mapping[str, View], f: Format) -> bool:
        """True where a request could be sent. Which element of the tensor is which stays here: nothing that is judged asks for it."""
        if self._process is None or self._process.stdin is None:
            return False
        import numpy as np

        nowhere = np.zeros(0, dtype=np.intp)
        try:
            _write(self._process.stdin, (model, [replace(u, inverse=nowhere) for u in found], hypers, dict(views), f))
        except (pickle.PicklingError, AttributeError, TypeError):  # nothing was sent: a request is made before it is written
            return False
        except OSError:
            self.close()
            return False
        return True

    def answer(self) -> list[Any] | None:
        """The answer to the last request; None where there is none."""
        if self._process is None or self._process.stdout is None:
            return None
        try:
            answer: list[Any] | None = pickle.load(self._process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError):
            return None
        return answer

    def close(self) -> None:
        """End the process."""
        if self._process is None:
            return
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._process.kill()
        self._process.wait()
        self._process = None


_RUNNING: SecondProcess | None = None


def main() -> None:
    """Answer requests until there are no more: the second process."""
    collect_rarely()
    from refopt.conformance.judge.stepwise import judged_here

    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing that prints gets between the answers
    while True:
        try:
            request = pickle.load(requests)
        except EOFError:
            return
        try:
            answer: list[Any] | None = [replace(j, update=None) for j in judged_here(*request)]  # type: ignore[arg-type]
        except Exception:  # whatever it is: it comes again where the whole is judged
            answer = None
        _write(answers, answer)


def _write(pipe: IO[bytes], what: Any) -> None:
    made = BytesIO()
    pickler = pickle.Pickler(made, protocol=pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _table()
    pickler.dump(what)
    pipe.write(made.getbuffer())
    pipe.flush()


def _table() -> dict[type, Callable[[Any], Any]]:
    """Dispatch table for pickling mpmath's numbers, whose class belongs to a context."""
    from refopt.exact.mpmath_numbers import MP

    return {**copyreg.dispatch_table, MP.mpf: lambda x: (partial(_number, x._mpf_), ())}


def _number(raw: Any) -> Any:
    from refopt.exact.mpmath_numbers import MP

    return MP.make_mpf(raw)
