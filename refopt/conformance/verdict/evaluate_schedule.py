"""Examining a schedule: its rates at the steps of every golden case, in binary64."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from refopt.conformance.diagnose.budget import SECONDS, Budget
from refopt.conformance.diagnose.search import Explanation
from refopt.conformance.diagnose.search_schedule import explain_schedule
from refopt.conformance.judge.mode import Mode
from refopt.conformance.protocol.door import HasDoors
from refopt.conformance.protocol.implementation import NoAnswer, Rates, ScheduleImplementation, Sent, Skipped
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.verdict.approach import Approach
from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.diagnosis import Diagnosis
from refopt.conformance.verdict.doors import entered, with_doors
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.ground import CaseLine, Ground
from refopt.conformance.verdict.remarks import Remarks
from refopt.golden.description import Name
from refopt.golden.model import Case, Result
from refopt.language.expression import Kind
from refopt.language.lists import gathered
from refopt.language.schedule import Schedule


def evaluate_schedule(
    implementation: ScheduleImplementation,
    schedule: Schedule,
    cases: Sequence[Case],
    *,
    expected: str | None = None,
    tell: Callable[[Name], None] = lambda _: None,
    seconds: float = SECONDS,
) -> Finding:
    """Ask for the rates of every case, and explain them; what is known to be wrong is told beside the verdict."""
    answers: list[tuple[Case, Rates | Skipped | NoAnswer, float]] = []
    for case in cases:
        tell(case.id)
        began = time.perf_counter()
        sent = _sent(schedule, case)
        answers.append((case, _refused(implementation.rates(sent, case.steps), sent, case), time.perf_counter() - began))
    bugs = tuple(dict.fromkeys(a.reason for _, a, _ in answers if isinstance(a, Skipped) and a.bug))
    found = _finding(schedule, implementation, answers, expected, seconds)
    if isinstance(implementation, HasDoors) and found.verdict in (Conformance.CONFORMS, Conformance.VARIANT):
        asked = [(c, _sent(schedule, c)) for c, a, _ in answers if isinstance(a, Rates) and c.result == Result.MUST]
        found = with_doors(found, entered(implementation, found.diagnosis.found[0], asked, implementation.settings, tell))
    return replace(found, remarks=Remarks(known_bugs=bugs))


Answers = Sequence[tuple[Case, Rates | Skipped | NoAnswer, float]]
"""The answer to each case, and the seconds it took."""


def _finding(schedule: Schedule, implementation: ScheduleImplementation, answers: Answers, expected: str | None, seconds: float) -> Finding:
    answered = [(c, a.values) for c, a, _ in answers if isinstance(a, Rates) and c.result == Result.MUST]
    explanation = explain_schedule(schedule, answered, implementation.settings, expected, Budget(seconds)) if answered else None
    broken = any(isinstance(a, NoAnswer) and (c.result == Result.MUST or a.broken) for c, a, _ in answers)
    approach, ground = Approach(Mode.SCHEDULE), Ground(tuple(_line(c, a, elapsed, explanation) for c, a, elapsed in answers))
    if explanation is None:
        reasons = [a.reason for _, a, _ in answers if isinstance(a, Skipped)]
        verdict = Conformance.NO_ANSWER if broken else Conformance.SKIPPED
        return Finding("float64", verdict, approach, ground=ground, reason=reasons[0] if reasons else Reason(Why.NO_CASE_ANSWERED))
    if (edited := Diagnosis.edited(explanation)) is not None:
        return Finding("float64", Conformance.DEVIATES, approach, edited, ground)
    names = tuple(a.model.rule.name for a in explanation.found if a.edit is None)
    conforming = Conformance.NO_ANSWER if broken else Conformance.CONFORMS  # where the formula is another one, that stays the verdict
    verdict = Conformance.DEVIATES if not names else conforming if names == (schedule.name,) else Conformance.VARIANT
    cause = explanation.found[0].cause if names and verdict != Conformance.NO_ANSWER else None
    return Finding("float64", verdict, approach, Diagnosis(explanation, names, cause=cause, also_fits=explanation.also_fits), ground)


def _refused(answer: Rates | Skipped | NoAnswer, sent: Mapping[str, Sent], case: Case) -> Rates | Skipped | NoAnswer:
    """The answer; a schedule that is refused before its first rate, with a hyperparameter at 0, has a narrower domain, as an optimizer may have."""
    zeros = tuple(f"{n} = 0" for n, x in sent.items() if x == 0)
    if isinstance(answer, NoAnswer) and case.result == Result.MUST and answer.refuses and answer.t is None and zeros:
        return Skipped(Reason(Why.REFUSES, zeros, answer.message))
    return answer


def _sent(schedule: Schedule, case: Case) -> dict[str, Sent]:
    return gathered({n: int(x) if schedule.kind_of(n) is Kind.INTEGER else float(x) for n, x in case.hyper.items()})


def _line(case: Case, answer: Rates | Skipped | NoAnswer, elapsed: float, explanation: Explanation | None) -> CaseLine:
    if isinstance(answer, NoAnswer):
        refused = case.result in (Result.MAY, Result.REJECT) and not answer.broken
        return CaseLine(case, Conformance.CONFORMS if refused else Conformance.NO_ANSWER, elapsed, None, answer.message, answer.message)
    if isinstance(answer, Skipped):
        return CaseLine(case, Conformance.SKIPPED, elapsed, None, answer.reason)
    if case.result == Result.MAY:
        return CaseLine(case, Conformance.CONFORMS, elapsed)
    if case.result == Result.REJECT or explanation is None:
        return CaseLine(case, Conformance.SKIPPED, elapsed, None, Reason(Why.ACCEPTS))
    result = next(r for r in explanation.reference.results if r.case == case.id)
    named = any(a.edit is None for a in explanation.found)
    verdict = Conformance.CONFORMS if result.fits else Conformance.VARIANT if named else Conformance.DEVIATES
    return CaseLine(case, verdict, elapsed, result)
