"""A report as JUnit XML: a test suite an implementation and format, a test case a golden case; of a survey, a suite a package, a case a pair.

Nothing fails here that does not fail on the command line: what is expected (`--as`) passes, and so does what a survey only notes, with its
verdict among its properties. Where the whole fails and no single case shows it, a case named `verdict` does. Values outside the domain of a
hyperparameter that are taken, which is no fault, are properties. Skipped is what no claim could be made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

from refopt.conformance.verdict.conformance import Conformance, Precision
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.ground import CaseLine
from refopt.conformance.verdict.verdict import Verdict
from refopt.report import commands
from refopt.report.faults import fault_told
from refopt.report.lines import number, text_of
from refopt.report.plain import plain
from refopt.report.terminal import answer, screen
from refopt.report.words import told_or_none


@dataclass(frozen=True)
class Outcome:
    """Outcome of a case: `kind` is failure, error, skipped or "" (passed)."""

    kind: str
    message: str = ""
    text: str = ""


Properties = Sequence[tuple[str, str]]
Row = tuple[str, float, Outcome, Properties]


def junit(verdicts: Sequence[Verdict], errors: Sequence[tuple[str, str]] = (), *, inventory: bool = False, strict: bool = False) -> str:
    """The document.

    errors     (implementation, message) of what could not be loaded
    inventory  a survey: nothing fails, unless it is `strict`, and then only what deviates or gives no answer
    """
    root = Xml.Element("testsuites", name="refopt")
    if inventory:
        for package, rows in _pairs(verdicts, errors, strict).items():
            _suite(root, package, rows)
    else:
        for verdict in verdicts:
            for finding in verdict.findings:
                rows = [(name, seconds, outcome, ()) for name, seconds, outcome in _cases(verdict, finding)]
                _suite(root, f"{verdict.implementation} {finding.dtype}", rows, [("accepts", x) for x in finding.remarks.accepts])
        for name, message in errors:
            _suite(root, name, [("load", 0.0, Outcome("error", message), ())])
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    root.set("time", f"{sum(float(suite.get('time', '0')) for suite in root):.3f}")
    Xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _pairs(verdicts: Sequence[Verdict], errors: Sequence[tuple[str, str]], strict: bool) -> dict[str, list[Row]]:
    """The rows of a survey, by package."""
    found: dict[str, list[Row]] = {}
    for verdict in verdicts:
        seconds = sum(line.elapsed for f in verdict.findings for line in f.ground.lines)
        formats = [(f.dtype, " or ".join(f.diagnosis.matches) if f.verdict == Conformance.VARIANT else f.verdict) for f in verdict.findings]
        told = [("rule", verdict.rule), ("verdict", answer(verdict)), *formats, *(("accepts", x) for x in verdict.accepts)]
        found.setdefault(_package(verdict.implementation), []).append((verdict.implementation, seconds, _noted(verdict, strict), told))
    for name, message in errors:
        outcome = Outcome("error", message) if strict else Outcome("")
        found.setdefault(_package(name), []).append((name, 0.0, outcome, [("verdict", "no answer"), ("reason", message)]))
    return found


def _package(implementation: str) -> str:
    return implementation.partition(".")[0]


def _noted(verdict: Verdict, strict: bool) -> Outcome:
    worst = verdict.worst.verdict
    if worst == Conformance.SKIPPED:
        return Outcome("skipped", told_or_none(verdict.worst.reason) or "skipped")
    if strict and worst in (Conformance.DEVIATES, Conformance.NO_ANSWER):
        kind = "failure" if worst == Conformance.DEVIATES else "error"
        return Outcome(kind, answer(verdict), "\n".join(screen(verdict)))
    return Outcome("")


def _suite(root: Xml.Element, name: str, cases: Sequence[Row], properties: Properties = ()) -> None:
    kinds = [outcome.kind for _, _, outcome, _ in cases]
    counts = {"tests": len(kinds), "failures": kinds.count("failure"), "errors": kinds.count("error"), "skipped": kinds.count("skipped")}
    suite = Xml.SubElement(root, "testsuite", {"name": legal(name)} | {k: str(n) for k, n in counts.items()})
    suite.set("time", f"{sum(seconds for _, seconds, _, _ in cases):.3f}")
    _properties(suite, properties)
    for case, seconds, outcome, told in cases:
        element = Xml.SubElement(suite, "testcase", name=legal(case), classname=legal(name), time=f"{seconds:.3f}")
        _properties(element, told)
        if outcome.kind:
            inside = Xml.SubElement(element, outcome.kind, message=legal(" ".join(outcome.message.split())))
            if outcome.kind != "skipped":
                inside.set("type", outcome.kind)
            inside.text = legal(outcome.text) or None


def _properties(element: Xml.Element, properties: Properties) -> None:
    if properties:
        inside = Xml.SubElement(element, "properties")
        for name, value in properties:
            Xml.SubElement(inside, "property", name=legal(name), value=legal(" ".join(value.split())))


def _cases(verdict: Verdict, finding: Finding) -> Iterable[tuple[str, float, Outcome]]:
    made = [(x.case.id, x.elapsed, _outcome(verdict, finding, x)) for x in finding.ground.lines]
    yield from made
    if verdict.fault(finding) is not None and not any(outcome.kind in ("failure", "error") for _, _, outcome in made):
        yield "verdict", 0.0, Outcome("failure", f"{answer(verdict)}: {fault_told(verdict, finding)}", "\n".join(screen(verdict)))
    elif not made:
        yield "verdict", 0.0, Outcome("skipped", told_or_none(finding.reason) or finding.verdict)


def _outcome(verdict: Verdict, finding: Finding, line: CaseLine) -> Outcome:
    if line.verdict == Conformance.SKIPPED:
        return Outcome("skipped", told_or_none(line.reason) or "skipped")
    if line.verdict == Conformance.NO_ANSWER:
        return Outcome("error", told_or_none(line.reason) or "no answer")
    imprecise = finding.precision == Precision.REDUCED and line.result is not None and not line.result.fits
    if line.verdict == Conformance.CONFORMS and not (imprecise and verdict.strict):
        return Outcome("")
    accepted = line.verdict == Conformance.VARIANT and verdict.expected in finding.diagnosis.matches
    if accepted and not (imprecise and verdict.strict):
        return Outcome("")
    told = answer(verdict) if line.verdict != Conformance.CONFORMS else fault_told(verdict, finding)
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
