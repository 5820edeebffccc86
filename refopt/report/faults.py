"""Reason of an exit code that is not 0, in words: the last line of a report."""

from __future__ import annotations

from refopt.conformance.verdict.conformance import Fault
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.verdict import NOTHING_ASKED, Verdict
from refopt.report.phrases import FAULTS, phrase
from refopt.report.words import told_or_none


def why(verdict: Verdict) -> str:
    """Reason of an exit code that is not 0; "" where it is."""
    if not verdict.exit:
        return ""
    if verdict.identified is not None:
        return phrase("no rule named")
    if verdict.exit == NOTHING_ASKED:
        return phrase("nothing judged", reason=told_or_none(verdict.worst.reason))
    finding, fault = verdict.faults[0]
    return of(verdict, finding, fault)


def fault_told(verdict: Verdict, finding: Finding) -> str:
    """The fault of one format; "" where there is none."""
    fault = verdict.fault(finding)
    return "" if fault is None else of(verdict, finding, fault)


def of(verdict: Verdict, finding: Finding, fault: Fault) -> str:
    """A fault in words."""
    if fault is Fault.NO_ANSWER:
        return phrase("no answer because", reason=told_or_none(finding.reason)) if finding.reason else FAULTS[fault]
    if fault is Fault.LOST:
        return phrase("lost one") if finding.ground.lost == 1 else FAULTS[fault].format(count=finding.ground.lost)
    off = f"{finding.diagnosis.explanation.reference.ratio:.2g}" if finding.diagnosis.explanation is not None else ""
    return FAULTS[fault].format(expected=verdict.expected, rule=verdict.rule, dtype=finding.dtype, off=off)
