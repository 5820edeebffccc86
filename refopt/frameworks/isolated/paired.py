"""An optimizer of a framework in a pair of processes: what one of them ran is gone on with in the other."""

from __future__ import annotations

from refopt.errors import RefoptError
from refopt.frameworks.isolated.isolated import Isolated, IsolatedSchedule, Session, loaded_again
from refopt.frameworks.isolated.pair import Waiting, keep
from refopt.frameworks.isolated.process import Ended
from refopt.frameworks.isolated.wire import Described, Load

PATIENCE = 120.0
"""Seconds that an answer may take: a framework compiles for it, and is not ended for being slow."""


class Paired(Isolated):
    """One of two that are the same in different processes; `partner` is the other one."""

    partner: Paired

    @classmethod
    def of(cls, first: Session, second: Session, says: Described) -> Paired:
        """The one that has loaded, with its partner, which loads while nobody waits for it."""
        one, other = cls(first, says), cls(second, says)
        one.partner, other.partner = other, one
        other._views = one._views
        return one

    @property
    def broke(self) -> bool:
        """True where a run hung in its process, or the process died."""
        return bool(self.session.broken)

    def another(self) -> Isolated:
        """One more, in a process of its own in which nothing was run yet."""
        session = Session(self.session.load, patience=PATIENCE)
        session.begin()
        return Isolated(session, self._says)

    def judged_by(self, rule: str) -> Paired:
        """The same pair, made again to be judged by a rule. Raises RefoptError where it cannot be."""
        first, second = loaded_again(self.session, rule), loaded_again(self.partner.session, rule)
        return Paired.of(first, second, first.loaded())

    def close(self) -> None:
        """Let both processes wait for the next name; they are ended where something broke, or is still at work."""
        _left((self.session, self.partner.session))


class PairedSchedule(IsolatedSchedule):
    """A schedule of a framework in one of two processes; the other one has nothing to do."""

    def __init__(self, session: Session, idle: Session, says: Described) -> None:
        super().__init__(session, says)
        self._idle = idle

    def close(self) -> None:
        """Let both processes wait for the next name."""
        _left((self.session, self._idle))


def made_in(waiting: list[Waiting], load: Load) -> Paired | PairedSchedule:
    """The implementation in two processes that were waiting. Raises RefoptError where it cannot be made."""
    first, second = (_told_to_load(w, load) for w in waiting)
    try:
        says = first.loaded()
    except BaseException:
        first.end()
        second.end()
        raise
    return PairedSchedule(first, second, says) if says.is_schedule else Paired.of(first, second, says)


def _told_to_load(waiting: Waiting, load: Load) -> Session:
    """The session of a process that was waiting, in which this implementation is made, or will be."""
    session = Session(waiting.load, waiting.process, loading=waiting.unread, patience=PATIENCE)
    if load == waiting.load and waiting.unread:
        return session
    if waiting.unread:
        try:
            session.loaded()
        except RefoptError:  # of the name before; told when that was judged
            session.close()
    session.load, session.described = load, None
    if session.process is not None:
        try:
            session.process.send(load)
            session.loading = True
        except Ended:
            session.close()
    return session


def _left(sessions: tuple[Session, Session]) -> None:
    """Let the processes of sessions that are over wait, where both can be asked again; else end them."""
    left = [(s, s.released()) for s in sessions]
    keep(sessions[0].load.text, [Waiting(s.load, process, unread=s.loading) for s, process in left if process is not None])
