"""The screens about a program that gave no answer: which cases, what they have in common, and where to look."""

from __future__ import annotations

from refopt.conformance.protocol.record import ProgramRecord, Question
from refopt.conformance.verdict.ground import CaseLine
from refopt.report.words import told as told_of

FEW = 6
"""Cases that are listed."""


def told(program: ProgramRecord) -> str:
    """Reason why there is no answer, in a few words."""
    if program.failed is not None:
        return program.failed if program.started else "did not start"
    return "timed out" if program.timed_out and program.timed_out == program.lost else "in some cases"


def failed(program: ProgramRecord) -> list[str]:
    """A program that was not judged at all."""
    lines = []
    if program.questions:
        lines += ["Before any optimizer case, three questions that every harness can answer:", *map(_line, program.questions)]
        worst = next(q for q in program.questions if not q.passed)
        lines += [f"Nothing was said about the optimizer. {worst.advice}".rstrip()]
    elif program.failed:
        lines.append(f"It {program.failed}")
    return [*lines, *traces(program)]


def _line(q: Question) -> str:
    return f"  {q.text:<33} {'yes' if q.passed else 'no':<4} {told_of(q.told)}".rstrip()


def no_answers(program: ProgramRecord, broken: list[CaseLine]) -> list[str]:
    """Advice on cases without an answer: what they have in common, and how to look at them."""
    common = [p for p in broken[0].case.probes if all(p in x.case.probes for x in broken)] if len(broken) > 1 else []
    starts = {x.case.t0 for x in broken}
    lines = []
    if len(broken) > 1 and common:
        where = f" start at t0 = {starts.pop()}" if len(starts) == 1 and starts != {1} else ""
        lines.append(f"All {len(broken)}{where or ' have this in common'} (probe: {common[0]}).")
    return [*lines, *traces(program)]


def traces(program: ProgramRecord) -> list[str]:
    """The last line that was sent, the last that was on stderr, and what to paste to see more."""
    lines = []
    if program.last_sent:
        start = program.last_sent[:45].decode("ascii", "replace").rstrip()
        lines.append(f"Last line sent:      {start}{'...' if len(program.last_sent) > 46 else ''}  ({len(program.last_sent)} bytes)")
    if program.last_words:
        lines.append(f"Last on its stderr:  {program.last_words}")
    if program.last_sent:
        lines.append(f"See the dialogue:    {program.invocation('--transcript t.jsonl')}")
    if program.timed_out:
        lines.append(f"Allow more time:     --timeout {max(60, round(12 * program.timeout))}")
    return lines
