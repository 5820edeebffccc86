"""Judging a program: it is started, says what it offers, is asked three questions, and then judged like any implementation."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Unpack

from refopt.conformance.judge.mode import Mode
from refopt.conformance.programs.declaration import Declaration
from refopt.conformance.programs.dialogue import Dialogue
from refopt.conformance.programs.flat_wire import FlatWire
from refopt.conformance.programs.json_wire import JsonWire
from refopt.conformance.programs.program import OptimizerProgram, ScheduleProgram
from refopt.conformance.programs.questions import questions
from refopt.conformance.programs.transcript import Transcript
from refopt.conformance.programs.unreadable import Lost, NotJson, Unreadable
from refopt.conformance.programs.validation import schema_check
from refopt.conformance.programs.wire import Wire
from refopt.conformance.protocol.record import ProgramRecord, Question
from refopt.conformance.verdict.approach import Approach
from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.judgement import Wanted, judge
from refopt.conformance.verdict.question import judged_by
from refopt.conformance.verdict.verdict import Verdict
from refopt.errors import RefoptError, unknown_name
from refopt.language.rule import Rule
from refopt.rounding.formats import FORMATS, number_format

TIMEOUT = 5.0
"""Seconds that an answer may take where nothing else is said."""
PROBE = 2.0
"""Seconds that a program may take to answer in the other wire, where it has not answered in the one that was asked for."""
WIRES = ("json", "flat")
AUTO = "auto"
"""JSON, or the flat wire for a program that does not answer in JSON and does on it."""


@dataclass(frozen=True)
class Program:
    """A program to judge, not started yet.

    command     the program and its arguments
    wire        json, flat, or auto
    timeout     seconds that an answer may take
    transcript  a file for the dialogue
    validate    every answer is held against the JSON Schema
    """

    command: tuple[str, ...]
    wire: str = "json"
    timeout: float = TIMEOUT
    transcript: Path | None = None
    validate: bool = False

    def __str__(self) -> str:
        return shlex.join(self.command)


def judge_program(program: Program, rule: str | None = None, **wanted: Unpack[Wanted]) -> Verdict:
    """The verdict on a program; what is wanted are the arguments of `judge`. Nothing of the program is left running, whatever happens.

    Raises RefoptError where it cannot be started, its first line is not even JSON, or it does not offer the rule.
    """
    wire = _wire(program)
    for name in wanted.get("dtypes", ()):
        number_format(name)
    if rule is not None:
        judged_by(rule)
    transcript = None if program.transcript is None else Transcript(program.transcript)
    try:
        with Dialogue(program.command, wire, program.timeout, transcript) as dialogue:
            verdict = _judged(program, dialogue, rule, wanted)
        return verdict
    except _SpeaksFlat:
        pass
    finally:
        if transcript is not None:
            transcript.close()
    return judge_program(replace(program, wire="flat"), rule, **wanted)


class _SpeaksFlat(Exception):
    """A program that was to find its wire answers on the flat one alone."""


def _wire(program: Program) -> Wire:
    if program.wire not in (*WIRES, AUTO):
        raise unknown_name("wire", program.wire, (*WIRES, AUTO))
    if program.wire == "flat":
        if program.validate:
            raise RefoptError("--validate reads JSON, and the flat wire has none", help="leave out --validate or --wire flat")
        return FlatWire()
    return JsonWire(schema_check()) if program.validate else JsonWire()


def _judged(program: Program, dialogue: Dialogue, rule: str | None, wanted: Wanted) -> Verdict:
    dtypes = wanted.get("dtypes", ())
    try:
        declaration = dialogue.start()
    except (Lost, Unreadable) as error:
        if _speaks(other := replace(program, wire="json" if program.wire == "flat" else "flat", transcript=None, validate=False)):
            if program.wire == AUTO:
                raise _SpeaksFlat from None
            spoken = {"json": "JSON", "flat": "the flat wire"}
            again = f"refopt check {'--wire flat ' if other.wire == 'flat' else ''}{f'--rule {rule} ' if rule else ''}-- {program}"
            raise RefoptError(f"{program} speaks {spoken[other.wire]}, not {spoken[program.wire]}", help=again) from None
        if not isinstance(error, NotJson):
            return _broken(program, dialogue, "", rule or "", dtypes or ("float64",), f"did not start: {error}", None)
        raise RefoptError(f"{program} {error}", help=_free_text(program)) from None
    called, name = _chosen(program, declaration, rule)
    concept, _ = judged_by(name)
    if not isinstance(concept, Rule):
        schedule = ScheduleProgram(str(program), declaration.version, name, called, declaration.schedules[called], dialogue)
        of_schedules: Wanted = {**wanted, "dtypes": (), "mode": None}
        found = judge(schedule, **of_schedules)
        return replace(found, program=_record(program, dialogue, ()))
    optimizer = OptimizerProgram(str(program), declaration.version, name, called, declaration.rules[called], declaration.dtypes, dialogue,
                                 declaration.rules[called].defaults, patient=True)  # fmt: skip
    formats = tuple(dtypes) or tuple(d for d in FORMATS if d in declaration.dtypes)
    first = next((d for d in formats if d in declaration.dtypes), None)
    asked = questions(optimizer, concept, FORMATS[first], declaration) if first is not None else ()
    if any(not q.passed for q in asked):
        return _broken(program, dialogue, declaration.version, name, formats, "harness check failed", asked)
    of_formats: Wanted = {**wanted, "dtypes": formats}
    found = judge(replace(optimizer, patient=False), **of_formats)
    return replace(found, program=_record(program, dialogue, asked))


def _speaks(program: Program) -> bool:
    """True where a program says in this wire what it offers."""
    try:
        with Dialogue(program.command, _wire(program), min(program.timeout, PROBE), None) as dialogue:
            dialogue.start()
    except (Lost, Unreadable, RefoptError):
        return False
    return True


def _free_text(program: Program) -> str:
    if program.wire == "flat":
        return "write free text to stderr; the flat wire has one line a message: ok, skip, reject or err"
    return "write free text to stderr; stdout carries one JSON object a line (for a program without JSON: --wire flat)"


def _chosen(program: Program, declaration: Declaration, rule: str | None) -> tuple[str, str]:
    """The rule or schedule under the program's name and under ours. A variant is asked of a program that offers its rule."""
    offers = declaration.offers
    if rule is None:
        if len(offers) > 1:
            raise RefoptError(f"{program} declares {', '.join(offers)}: which is to be judged?", help=f"add --rule {offers[0]}")
        judged_by(offers[0])
        return offers[0], offers[0]
    for called in dict.fromkeys((rule, judged_by(rule)[0].family, rule.partition("+")[0].partition("/")[0])):
        if called in offers:
            concept, _ = judged_by(called)
            if (called in declaration.rules) != isinstance(concept, Rule):
                raise RefoptError(f"{program} declares {called} as a {'rule' if called in declaration.rules else 'schedule'}, which it is not")
            return called, rule
    raise RefoptError(f"{program} does not declare {rule}", help=f"it declares {', '.join(offers)}")


def _broken(
    program: Program, dialogue: Dialogue, version: str, rule: str, dtypes: Sequence[str], reason: str, asked: tuple[Question, ...] | None
) -> Verdict:  # fmt: skip
    """The verdict on a program that was not judged; `asked` is None where it did not start."""
    findings = tuple(Finding(d, Conformance.NO_ANSWER, Approach(Mode.OPEN_LOOP), reason=reason) for d in dtypes)
    return Verdict(str(program), version, rule, findings, program=replace(_record(program, dialogue, asked or (), reason), started=asked is not None))


def _record(program: Program, dialogue: Dialogue, asked: tuple[Question, ...], failed: str | None = None) -> ProgramRecord:
    return ProgramRecord(
        program.command, program.wire, program.timeout, asked, failed, remarks=tuple(_remark(t, n) for t, n in dialogue.remarks.items()),
        lost=dialogue.lost, timed_out=dialogue.timed_out, last_sent=dialogue.last_sent, last_words=dialogue.last_words,
    )  # fmt: skip


def _remark(text: str, times: int) -> str:
    return f"it {text}; started again" if times == 1 else f"it {text}; started again ({times} times)"
