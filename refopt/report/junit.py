"""A report as JUnit XML: a test suite an implementation and format, a test case a golden case.

Nothing fails here that does not fail on the command line: what is expected (`--as`) passes, what is only noted in a survey
is skipped with its verdict. Where the whole fails and no single case shows it, a case named `verdict` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

from refopt.conformance.verdict.conformance import Conformance, Precision
from refopt.conformance.verdict.format_verdict import CaseLine, Finding
from refopt.conformance.verdict.verdict import Verdict
from refopt.report import commands
from refopt.report.lines import number, text_of
from refopt.report.plain import plain
from refopt.report.terminal import answer, screen


@dataclass(frozen=True)
class Outcome:
    """Outcome of a case: `kind` is failure, error, skipped or "" (passed)."""

    kind: str
    message: str = ""
    text: str = ""


def junit(verdicts: Sequence[Verdict], errors: Sequence[tuple[str, str]] = (), *, inventory: bool = False, strict: bool = False) -> str:
    """The document.

    errors     (implementation, message) of what could not be loaded
    inventory  a survey: nothing fails, unless it is `strict`, and then only what deviates or gives no answer
    """
    root = Xml.Element("testsuites", name="refopt")
    for verdict in verdicts:
        for finding in verdict.findings:
            _suite(root, f"{verdict.implementation} {finding.dtype}", list(_cases(verdict, finding, inventory, strict)))
    for name, message in errors:
        kind = "error" if strict or not inventory else "skipped"
        _suite(root, name, [("load", 0.0, Outcome(kind, message))])
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    root.set("time", f"{sum(float(suite.get('time', '0')) for suite in root):.3f}")
    Xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _suite(root: Xml.Element, name: str, cases: Sequence[tuple[str, float, Outcome]]) -> None:
    kinds = [outcome.kind for _, _, outcome in cases]
    counts = {"tests": len(kinds), "failures": kinds.count("failure"), "errors": kinds.count("error"), "skipped": kinds.count("skipped")}
    suite = Xml.SubElement(root, "testsuite", {"name": legal(name)} | {k: str(n) for k, n in counts.items()})
    suite.set("time", f"{sum(seconds for _, seconds, _ in cases):.3f}")
    for case, seconds, outcome in cases:
        element = Xml.SubElement(suite, "testcase", name=legal(case), classname=legal(name), time=f"{seconds:.3f}")
        if outcome.kind:
            inside = Xml.SubElement(element, outcome.kind, message=legal(" ".join(outcome.message.split())))
            if outcome.kind != "skipped":
                inside.set("type", outcome.kind)
            inside.text = legal(outcome.text) or None


def _cases(verdict: Verdict, finding: Finding, inventory: bool, strict: bool) -> Iterable[tuple[str, float, Outcome]]:
    made = [(x.case.id, x.elapsed, _outcome(verdict, finding, x, inventory, strict)) for x in finding.lines]
    yield from made
    fails = verdict.complaint(finding) if not inventory else finding.verdict in (Conformance.DEVIATES, Conformance.NO_ANSWER) and strict
    if fails and not any(outcome.kind in ("failure", "error") for _, _, outcome in made):
        yield "verdict", 0.0, Outcome("failure", f"{answer(verdict)}: {verdict.complaint(finding)}", "\n".join(screen(verdict)))
    elif not made:
        yield "verdict", 0.0, Outcome("skipped", finding.reason or finding.verdict)


def _outcome(verdict: Verdict, finding: Finding, line: CaseLine, inventory: bool, strict: bool) -> Outcome:
    if line.verdict == Conformance.SKIPPED:
        return Outcome("skipped", line.reason or "skipped")
    if line.verdict == Conformance.NO_ANSWER:
        return Outcome("error" if strict or not inventory else "skipped", line.reason or "no answer")
    imprecise = finding.precision == Precision.REDUCED and line.result is not None and not line.result.fits
    if line.verdict == Conformance.CONFORMS and not (imprecise and verdict.strict):
        return Outcome("")
    accepted = line.verdict == Conformance.VARIANT and verdict.expected in finding.matches
    if accepted and not (imprecise and verdict.strict):
        return Outcome("")
    told = answer(verdict) if line.verdict != Conformance.CONFORMS else verdict.complaint(finding)
    if inventory and not (strict and finding.verdict in (Conformance.DEVIATES, Conformance.NO_ANSWER)):
        return Outcome("skipped", f"{told} (noted in a survey)")
    return Outcome("failure", told, _differing(verdict, finding, line))


def _differing(verdict: Verdict, finding: Finding, line: CaseLine) -> str:
    d = line.result.first if line.result is not None else None
    rows = [f"error/bound {number(line.result.ratio)}"] if line.result is not None and line.result.ratio is not None else []
    if d is not None:
        exact = text_of(d.exact) if d.exact is not None else "not finite"
        rows += [f"t={d.place.t}, {d.place.variable}[{d.place.element}]", f"exact  {exact}", f"yours  {text_of(d.theirs)}"]
    return "\n".join([*rows, *([commands.reproduce(verdict, finding, line.case.id)] if commands.can_be_named(verdict) else [])])


def legal(text: str) -> str:
    """Text that XML can carry: what it cannot say is written out (`\\x1b`), and so is what steers a terminal."""
    return plain(text)
