"""A program behind the protocol as an implementation: only what it declares is sent, whatever it answers is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from refopt.conformance.programs.declaration import DeclaredRule
from refopt.conformance.programs.dialogue import Dialogue
from refopt.conformance.programs.unreadable import Lost, Unreadable
from refopt.conformance.protocol.implementation import Answer, NoAnswer, Ran, Rates, Request, Sent, Skipped, Snapshot, View
from refopt.conformance.protocol.observe import comes_and_goes
from refopt.conformance.protocol.plain import encode
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.protocol.saved import NotSaved, Saved
from refopt.language.rule import Rule

A_NUMBER = 400
"""Bytes that a number may have in a large answer: the smallest numbers of binary64, written in full, have some 330."""


@dataclass
class OptimizerProgram:
    """A program that offers a rule.

    called    the rule by the name that the program declared
    declared  what it takes and shows
    patient   a question in which the program was lost is asked once more, of a fresh one: whether it answers, and not whether
              it lives, is asked before the cases, each of which it may cost
    """

    name: str
    version: str
    rule: str | None
    called: str
    declared: DeclaredRule
    dtypes: tuple[str, ...]
    dialogue: Dialogue
    settings: Mapping[str, float] = field(default_factory=dict)
    patient: bool = False
    _shows: bool | None = None
    _seq: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def takes(self) -> frozenset[str]:
        """The hyperparameters that it declares."""
        return frozenset(self.declared.hyper)

    @property
    def follows_courses(self) -> bool:
        """True: of one that does not declare it, `run` says so."""
        return True

    @property
    def resumes(self) -> bool:
        """True where it declares that it can start from a given state."""
        return self.declared.resume

    def views(self, rule: Rule) -> Mapping[str, View]:
        """The state variables that it declares under the rule's names."""
        return {name: View(name) for name in rule.state_names if name in self.declared.state}

    def run(self, request: Request) -> Answer:
        """Carry out a run. What the program does not declare is not asked of it."""
        if lacking := self._lacking(request):
            return Skipped(lacking)
        if request.load is not None:
            request = replace(request, state0=tuple(request.load.value()), load=None)
        answer = self._whole(request)
        if isinstance(answer, Ran) and request.save is not None and not comes_and_goes(request):
            return replace(answer, saved=self._saved(answer.after[request.save - 1], request))
        return answer

    def _whole(self, request: Request) -> Answer:
        """Carry out a run of all tensors, one after another where the wire carries only one; of an empty one there is nothing to ask."""
        if not self.dialogue.wire.one_tensor or len(request.theta0) == 1:
            return self._ran(request)
        answers = []
        for p in range(len(request.theta0)):
            one = alone(request, p)
            answer = self._ran(one) if one.theta0[0].size else unmoved(one)
            if not isinstance(answer, Ran):
                return answer
            answers.append(answer)
        return together(answers)

    def _ran(self, request: Request) -> Answer:
        """Carry out a run that the wire can carry."""
        seq = next(self._seq)
        line = self.dialogue.wire.run(seq, self.called, self.declared, request)
        if isinstance(line, Skipped):
            return line
        size = sum(x.size for x in request.theta0) * len(request.grads) * (1 + len(self.declared.state))
        try:
            answer = self._asked(line, A_NUMBER * size, lambda found: self.dialogue.wire.answer(found, seq, self.declared, request))
        except (Lost, Unreadable) as error:
            return NoAnswer(str(error), broken=True)
        return self._shown(answer)

    def start_again(self) -> None:
        """End the program: the next question is asked of a fresh one."""
        self.dialogue.close()

    def _saved(self, snapshot: Snapshot, request: Request) -> Saved | NotSaved:
        """The state that it shows, which by its word it goes on from."""
        if not self.resumes:
            return NotSaved(Reason(Why.DECLARES_NO_RESUME))
        names = {n for s in snapshot.state for n in s}
        if request.state_names and not names & set(request.state_names):
            return NotSaved(Reason(Why.SHOWS_ONLY, tuple(sorted(names))) if names else Reason(Why.SHOWS_NO_STATE))
        parts = [dict(s) for s in snapshot.state]
        return Saved(encode(parts), tuple(tuple(s) for s in parts))

    def _asked(self, line: bytes, limit: int, read: Callable[[bytes], Answer]) -> Answer:
        try:
            return self.dialogue.ask(line, limit, read)
        except Lost as error:
            if not self.patient:
                raise
            lost = error.why
        answer = self.dialogue.ask(line, limit, read)
        self.dialogue.remark(f"broke off in the check at the start ({lost})")
        return answer

    def _lacking(self, request: Request) -> Reason | None:
        if request.format.name not in self.dtypes:
            return Reason(Why.DECLARES_NO, (request.format.name,))
        sent = {*request.hyper, *([request.rate_name] if request.lr is not None else [])}
        if unknown := [n for n in sent if n not in self.declared.hyper]:
            return Reason(Why.DECLARES_NO, tuple(sorted(unknown)))
        if unknown := [n for n in request.inputs if n not in self.declared.inputs]:
            return Reason(Why.DECLARES_NO_INPUT, tuple(unknown))
        if not self.resumes and (request.state0 is not None or request.t0 > 1):
            return Reason(Why.DECLARED_AND_STARTS)
        if request.courses and not self.declared.courses:
            return Reason(Why.DECLARES_NO_COURSES, tuple(request.courses))
        return None

    def _shown(self, answer: Answer) -> Answer:
        """State is shown always or never: an answer without it would be taken for the start."""
        if isinstance(answer, Ran) and self.declared.state:
            shows = [bool(s) for snapshot in answer.after for s in snapshot.state]
            if shows and self._shows is None:
                self._shows = shows[0]
            if any(x != self._shows for x in shows):
                return NoAnswer(f"its answer has {'no' if self._shows else 'a'} state, and an earlier one had {'one' if self._shows else 'none'}", broken=True)
        return answer


def alone(request: Request, p: int) -> Request:
    """The run of one tensor by itself."""
    state0 = None if request.state0 is None else (request.state0[p],)
    return replace(request.each_row(lambda row: (row[p],)), theta0=(request.theta0[p],), state0=state0)


def unmoved(request: Request) -> Ran:
    """The run of a tensor without elements."""
    still = Snapshot(request.theta0, tuple({} for _ in request.theta0))
    return Ran(still, (still,) * len(request.grads))


def together(answers: Sequence[Ran]) -> Ran:
    """Runs of one tensor each, as one of all of them."""

    def joined(snapshots: Sequence[Snapshot]) -> Snapshot:
        return Snapshot(tuple(x for s in snapshots for x in s.theta), tuple(x for s in snapshots for x in s.state))

    return Ran(joined([a.before for a in answers]), tuple(joined(row) for row in zip(*(a.after for a in answers), strict=True)))


@dataclass
class ScheduleProgram:
    """A program that offers a schedule."""

    name: str
    version: str
    rule: str | None
    called: str
    hyper: tuple[str, ...]
    dialogue: Dialogue
    settings: Mapping[str, float] = field(default_factory=dict)
    _seq: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def takes(self) -> frozenset[str]:
        """The hyperparameters that it declares."""
        return frozenset(self.hyper)

    def rates(self, hyper: Mapping[str, Sent], steps: Sequence[int]) -> Rates | Skipped | NoAnswer:
        """The rates at these steps."""
        if unknown := [n for n in hyper if n not in self.hyper]:
            return Skipped(Reason(Why.DECLARES_NO, tuple(unknown)))
        seq = next(self._seq)
        line = self.dialogue.wire.schedule(seq, self.called, hyper, steps)
        if isinstance(line, Skipped):
            return line
        try:
            return self.dialogue.ask(line, A_NUMBER * len(steps), lambda found: self.dialogue.wire.rates(found, seq, steps))
        except (Lost, Unreadable) as error:
            return NoAnswer(str(error), broken=True)
