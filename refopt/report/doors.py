"""The doors of a schedule in words: through which its rates were had, and which of them leads to others."""

from __future__ import annotations

from refopt.conformance.verdict.entered import Entered
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.verdict import Verdict
from refopt.report import commands
from refopt.report.lines import text_of
from refopt.report.phrases import DOORS, phrase
from refopt.report.words import told, told_or_none
from refopt.report.wrap import folded


def how(finding: Finding) -> list[str]:
    """A line on the doors through which the same rates came; none where there is no other door."""
    return folded(phrase("doors", doors=", ".join(_place(x, finding) for x in finding.doors if x.fits)), 2) if finding.doors else []


def wrong(finding: Finding) -> list[str]:
    """The doors that lead to other rates, one sentence each, without a full stop."""
    return [_sentence(x) for x in finding.wrong_doors]


def _place(x: Entered, finding: Finding) -> str:
    """A door, with what makes the rates behind it less precise than those of the cases."""
    return DOORS[x.door] if x.cause in (None, finding.diagnosis.cause) else f"{DOORS[x.door]} ({told(x.cause)})"


def _sentence(x: Entered) -> str:
    where = DOORS[x.door]
    return phrase("raises behind a door", door=where, message=x.raised[1]) if x.raised is not None else phrase("other rates behind a door", door=where)


def page(verdict: Verdict, finding: Finding) -> list[str]:
    """The part of a page that says which door is wrong, and shows the first rate that is another one."""
    lines = [line for text in wrong(finding) for line in folded(f"{text[:1].upper()}{text[1:]}.", 2)]
    lines += ["", *folded(phrase("stepped it is", name=told_or_none(finding.diagnosis.nearest)), 2)]
    lines += [] if len(finding.wrong_doors) == len(finding.doors) else how(finding)
    x = next((x for x in finding.wrong_doors if x.first is not None), finding.wrong_doors[0])
    if (d := x.first) is not None:
        lines += ["", f"First difference: case {d.case}, k={d.place.t}, {DOORS[x.door]}"]
        lines += [f"  exact     {text_of(d.exact):>26}", f"  yours     {text_of(d.theirs):>26}"]
    if commands.can_be_named(verdict):
        lines += ["Reproduce:", f"  {commands.reproduce(verdict, finding, x.case or '')}"]
    return lines
