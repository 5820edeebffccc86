"""The cases that gave no answer, beside the verdict: counts that add up, and equal errors in one line with their count."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.ground import CaseLine
from refopt.conformance.verdict.verdict import Verdict
from refopt.report.words import told_or_none
from refopt.report.wrap import WIDTH

FEW = 6
"""Different errors that are listed."""


@dataclass(frozen=True)
class Same:
    """Cases that gave no answer in the same words, and the formats in which they did."""

    told: str
    cases: tuple[str, ...]
    formats: tuple[str, ...]
    count: int

    def __str__(self) -> str:
        formats = f", {', '.join(self.formats)}" if self.formats else ""
        if len(self.cases) == 1:
            return f"{self.cases[0]}{formats}  {self.told}"
        return f"{len(self.cases)} cases{formats}  {self.told}  (first: {self.cases[0]})"


def lost(verdict: Verdict) -> list[CaseLine]:
    """Every case that gave no answer, in every format."""
    return [line for f in verdict.findings for line in f.ground.lines if line.verdict == Conformance.NO_ANSWER]


def folded_errors(verdict: Verdict) -> list[Same]:
    """The errors, equal ones as one, the most frequent first. The formats are told where there is more than one."""
    found: dict[str, list[tuple[str, CaseLine]]] = {}
    for f in verdict.findings:
        for line in f.ground.lines:
            if line.verdict == Conformance.NO_ANSWER:
                found.setdefault(line.message or told_or_none(line.reason) or "no answer", []).append((f.dtype, line))
    several = len([f for f in verdict.findings if f.verdict != Conformance.SKIPPED]) > 1
    every = [_same(told, places, several) for told, places in found.items()]
    return sorted(every, key=lambda s: -s.count)


def _same(message: str, places: Sequence[tuple[str, CaseLine]], several: bool) -> Same:
    """Told with the update where all broke in the same one."""
    reasons = {line.reason for _, line in places}
    told = told_or_none(reasons.pop()) or message if len(reasons) == 1 else message
    cases = tuple(dict.fromkeys(line.case.id for _, line in places))
    return Same(told, cases, tuple(dict.fromkeys(dtype for dtype, _ in places)) if several else (), len(places))


def unanswered(verdict: Verdict) -> list[str]:
    """The counts of every format that has cases without an answer, then why."""
    rows = _counted(verdict)
    errors = folded_errors(verdict)
    lines = [line for row in rows for line in textwrap.wrap(row, WIDTH, subsequent_indent="  ")]
    for same in errors[:FEW]:
        lines += textwrap.wrap(str(same), WIDTH, initial_indent="  ", subsequent_indent="    ", break_long_words=False)
    rest = sum(same.count for same in errors[FEW:])
    return [*lines, f"  and {len(errors) - FEW} other errors in {rest} cases (-v)"] if rest else lines


def beside_a_diagnosis(verdict: Verdict) -> list[str]:
    """The same in one sentence, where something else is to be told first."""
    errors = folded_errors(verdict)
    if not errors:
        return []
    runs = sum(len(f.ground.lines) for f in verdict.findings)
    more = f" and {len(errors) - 1} other error{'s' if len(errors) > 2 else ''} (-v)" if len(errors) > 1 else ""
    told = f"No answer in {sum(e.count for e in errors)} of {runs} runs (a case in a format): {errors[0].told}{more}"
    return textwrap.wrap(told, WIDTH, subsequent_indent="  ", break_long_words=False)


def _counted(verdict: Verdict) -> list[str]:
    """One line a count; formats of the same counts share it."""
    told: dict[str, list[str]] = {}
    for f in verdict.findings:
        if any(line.verdict == Conformance.NO_ANSWER for line in f.ground.lines):
            told.setdefault(_counts(f), []).append(f.dtype)
    several = len([f for f in verdict.findings if f.verdict != Conformance.SKIPPED]) > 1
    return [f"{', '.join(formats)}: {counts}" if several else counts for counts, formats in told.items()]


def _counts(finding: Finding) -> str:
    verdicts = [line.verdict for line in finding.ground.lines]
    fine, without, skipped = (verdicts.count(v) for v in (Conformance.CONFORMS, Conformance.NO_ANSWER, Conformance.SKIPPED))
    other = len(verdicts) - fine - without - skipped
    refused = bool(fine) and all(line.result is None for line in finding.ground.lines)  # as they may be, or are to be: none was answered
    conform = "conforms" if fine == len(verdicts) == 1 else "conform"
    parts = [f"{fine} of {len(verdicts)} cases {'were refused, as they may be' if refused else conform}"]
    parts += [f"{other} {'does' if other == 1 else 'do'} not"] if other else []
    parts += [f"{skipped} {'was' if skipped == 1 else 'were'} skipped"] if skipped else []
    return f"{', '.join(parts)}. {without} gave no answer:"
