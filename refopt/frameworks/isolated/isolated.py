"""An implementation whose code runs in a process of its own, started again for the next case where one hung or died."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from refopt.conformance.protocol.door import Answers, Door
from refopt.conformance.protocol.implementation import Answer, NoAnswer, Rates, Request, Sent, Skipped, View
from refopt.conformance.protocol.watch import LONGEST
from refopt.errors import RefoptError
from refopt.frameworks.isolated.process import Ended, Process, TooLong
from refopt.frameworks.isolated.wire import Described, Failed, Load, Read, Run, RunSchedule, Switches, Told, Views
from refopt.language.rule import Rule

LOADING = 120.0
"""Seconds that loading may take: a framework has to be imported for it."""
READING = 15.0
"""Seconds that reading its code may take."""
MOST = 2
"""Runs that may hang, and in which the process may die, before none that is as long is tried."""


@dataclass
class Session:
    """The process of one implementation, and what became of it. Threads may ask: one question is answered at a time.

    broken   why the last runs gave no answer, one line each
    shortest number of updates of the shortest of those: shorter runs are still tried
    printed  characters that were printed in processes that are no more
    patience seconds that an answer may take at least
    over     no other process is started for it
    """

    load: Load
    process: Process | None = None
    described: Described | None = None
    longest: float = 0.0
    broken: list[str] = field(default_factory=list)
    shortest: int = sys.maxsize
    printed: int = 0
    loading: bool = False
    patience: float = 0.0
    over: bool = False
    _asking: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def breaks(self, how: str, length: int) -> None:
        """Remember a run of so many updates in which it hung or its process died."""
        self.broken.append(how)
        self.shortest = min(self.shortest, length)

    def begin(self) -> None:
        """Start the process, and let it load: the answer is read when it is asked."""
        if self.over:
            raise Ended("its process was ended")
        if self.process is None:
            self.process = Process()
            self.process.send(self.load)
            self.loading = True

    def asked(self, message: Any, seconds: float) -> Any:
        """The answer. Raises TooLong or Ended; the process is ended then, and started again for the next question."""
        with self._asking:
            try:
                process = self._ready()
                began = time.monotonic()
                process.send(message)
                answer = process.answer(max(seconds, self.patience, 10 * self.longest))
                self.longest = max(self.longest, time.monotonic() - began)
                return answer
            except BaseException:  # an interrupt, too: what is still to come is no answer to the next question
                self.close()
                raise

    def released(self) -> Process | None:
        """Its process, for another session: this one is over. None where there is none that can be asked again; it is ended then."""
        if self.broken or not self._asking.acquire(blocking=False):
            self.end()
            return None
        try:
            process, self.process, self.over = self.process, None, True
        finally:
            self._asking.release()
        return process

    def _ready(self) -> Process:
        """The process, once it has loaded. Raises TooLong, Ended, or RefoptError where the implementation cannot be made."""
        self.begin()
        assert self.process is not None
        process = self.process
        if self.loading:
            self.described = self._described(process.answer(LOADING))
            self.loading = False
        return process

    def loaded(self) -> Described:
        """The implementation's own description. Raises RefoptError where it cannot be made."""
        try:
            self._ready()
        except TooLong:
            self.close()
            told = f"{self.load.text} gave no answer in {LOADING:g} s while it was loaded"
            raise RefoptError(told, help="what hangs there hangs when it is imported") from None
        except Ended as error:
            self.close()
            raise RefoptError(f"{self.load.text} cannot be loaded: {error}", help="what ends the process is done when it is imported or constructed") from None
        assert self.described is not None
        return self.described

    def _described(self, answer: Any) -> Described:
        if isinstance(answer, Described):
            return answer
        self.close()
        if isinstance(answer, Failed):
            raise RefoptError(answer.message, help=answer.help, note=answer.note)
        raise RefoptError(f"{self.load.text} cannot be loaded: it sent something else")

    def end(self) -> None:
        """The same, and start none again: a thread that still asks has no answer."""
        self.over = True
        self.close()

    def close(self) -> None:
        """End the process and all that it started."""
        process, self.process, self.loading = self.process, None, False
        if process is not None:
            self.printed += process.printed
            process.close()


class _OfAProcess:
    """The common part of optimizers and schedules of a process of their own: they are what it says of them."""

    def __init__(self, session: Session, says: Described | None = None) -> None:
        self.session = session
        self._says = session.loaded() if says is None else says

    name = property(lambda self: self._says.name, doc="The name, as a person spells it.")
    version = property(lambda self: self._says.version, doc="The version of the package it is from.")
    rule = property(lambda self: self._says.rule, doc="The rule or schedule it is judged by.")
    settings = property(lambda self: self._says.settings, doc="Hyperparameters in force where a case sends none.")
    takes = property(lambda self: self._says.takes, doc="The hyperparameters that it takes; None where it takes any.")
    constants_are_chosen = property(lambda self: self._says.constants_are_chosen, doc="True where constants that cannot be sent are the person's own choice.")

    constants = property(lambda self: self._says.constants, doc="Constants by name.")

    @property
    def follows_courses(self) -> bool:
        """True where hyperparameters other than the rate may change in a run."""
        return self._says.follows_courses

    def read(self, rule: str, by: str) -> object | None:
        """The formula that the function named `by` reads from its code; None where it cannot be read in time."""
        try:
            found: object = self.session.asked(Read(rule, by), READING)
        except (TooLong, Ended, RefoptError):
            return None
        return None if isinstance(found, Failed) else found

    @property
    def told(self) -> tuple[str, ...]:
        """The remarks that it has by now on how it was called; what it hangs or dies in was told before, and an error is told in their place."""
        try:
            found = self.session.asked(Told(), LONGEST)
        except (TooLong, Ended, RefoptError):
            return ()
        if isinstance(found, Failed):
            return (f"remarks raised {found.message}",)
        return found if isinstance(found, tuple) else ()

    def close(self) -> None:
        """End its process."""
        self.session.end()


class Isolated(_OfAProcess):
    """An optimizer of a person's own, in a process of its own."""

    def __init__(self, session: Session, says: Described | None = None) -> None:
        super().__init__(session, says)
        self._views: dict[tuple[str, tuple[str, ...]], Mapping[str, View]] = {}
        self._broke = False

    resumes = property(lambda self: self._says.resumes, doc="True where it can start from a given state.")
    asks = property(lambda self: self._says.asks, doc="True where it says where it takes its gradients.")
    spelled = property(lambda self: self._says.spelled, doc="The spelling by which another process makes it again.")

    @property
    def told(self) -> tuple[str, ...]:
        """Remarks on how it was called, and on what it did beside."""
        printed = self.session.printed + (self.session.process.printed if self.session.process is not None else 0)
        return (*super().told, *([f"it printed {printed / 1e6:.2g} MB, which are not shown"] if printed > MUCH else []))

    @property
    def switches(self) -> tuple[tuple[str, str], ...]:
        """The arguments that make another rule of it, each with that rule; none where it hangs or dies in that."""
        try:
            found = self.session.asked(Switches(), LONGEST)
        except (TooLong, Ended, RefoptError):
            return ()
        return found if isinstance(found, tuple) else ()

    def views(self, rule: Rule) -> Mapping[str, View]:
        """Views of the state variables of `rule`."""
        key = (rule.name, rule.state_names)
        if key not in self._views:
            found = None
            if not self._broke:
                try:
                    found = self.session.asked(Views(rule), LONGEST)
                except (TooLong, Ended):  # views may be measured, by a run: no other is tried
                    self._broke = True
            self._views[key] = found if isinstance(found, dict) else {name: View(name) for name in rule.state_names}
        return self._views[key]

    def run(self, request: Request) -> Answer:
        """Carry out a run; where it hangs or its process dies, that is one case's answer."""
        answer = _ran(self.session, Run(request))
        return answer if isinstance(answer, Answer) else NoAnswer("its process sent something else", broken=True)

    def judged_by(self, rule: str) -> Isolated:
        """The same, made again in the same process to be judged by a rule. Raises RefoptError where it cannot be."""
        return Isolated(loaded_again(self.session, rule))

    def another(self) -> Isolated:
        """The same implementation in another process, in which nothing was run yet."""
        session = Session(self.session.load, broken=self.session.broken, shortest=self.session.shortest)
        session.begin()  # it loads while nobody waits for it
        other = Isolated(session, self._says)
        other._views, other._broke = self._views, self._broke
        return other


OTHERWISE = NoAnswer("its process sent something else", broken=True)


class IsolatedSchedule(_OfAProcess):
    """A schedule of a person's own, in a process of its own."""

    @property
    def doors(self) -> tuple[Door, ...]:
        """The doors that it has."""
        return self._says.doors

    def rates(self, hyper: Mapping[str, Sent], steps: Sequence[int]) -> Rates | Skipped | NoAnswer:
        """The rates at these steps."""
        answer = _ran(self.session, RunSchedule(dict(hyper), tuple(steps)))
        return answer if isinstance(answer, Rates | Skipped | NoAnswer) else OTHERWISE

    def through(self, door: Door, hyper: Mapping[str, Sent], steps: Sequence[int]) -> Answers:
        """The rates behind one of its doors."""
        answer = _ran(self.session, RunSchedule(dict(hyper), tuple(steps), door))
        return answer if isinstance(answer, tuple) else (answer if isinstance(answer, NoAnswer) else OTHERWISE,)

    def judged_by(self, rule: str) -> IsolatedSchedule:
        """The same, made again in the same process to be judged by a schedule. Raises RefoptError where it cannot be."""
        return IsolatedSchedule(loaded_again(self.session, rule))


MUCH = 100_000
"""Characters from which on a person is told how much was printed."""


def loaded_again(session: Session, rule: str) -> Session:
    """The session with its implementation made for another rule. Raises RefoptError where it cannot be."""
    session.load = replace(session.load, rule=rule)
    try:
        found = session.asked(session.load, LOADING)
    except (TooLong, Ended) as error:
        raise RefoptError(f"{session.load.text} cannot be loaded: {error or 'no answer in time'}") from None
    session.described = session._described(found)
    return session


def _ran(session: Session, message: Run | RunSchedule) -> Any:
    length = len(message.request.grads) if isinstance(message, Run) else len(message.steps)
    if len(session.broken) >= MOST and length >= session.shortest:
        return NoAnswer(f"not run: {session.broken[-1]} in {len(session.broken)} cases before", broken=True)
    try:
        answer = session.asked(message, LONGEST)
    except TooLong:
        session.breaks(f"no answer in {LONGEST:g} s", length)
        return NoAnswer(f"no answer in {LONGEST:g} s; its process was ended", broken=True)
    except Ended as error:
        session.breaks(str(error), length)
        return NoAnswer(str(error), broken=True)
    except RefoptError as error:
        return NoAnswer(error.message, broken=True)
    return NoAnswer(f"raised {answer.message}", raised=True) if isinstance(answer, Failed) else answer


def isolated(text: str, rule: str | None, maps: Mapping[str, str], per_tensor: bool = False) -> Isolated | IsolatedSchedule:
    """The implementation of a spelling, made in a process of its own. Raises RefoptError where it cannot be made."""
    session = Session(Load(text, rule, dict(maps), os.getcwd(), tuple(sys.path), per_tensor))
    try:
        return IsolatedSchedule(session) if session.loaded().is_schedule else Isolated(session)
    except BaseException:
        session.close()
        raise
