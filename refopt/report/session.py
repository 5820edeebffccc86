"""Report on everything that a run of pytest judged: lines of a summary, and files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from refopt.conformance.verdict.conformance import Conformance, Precision
from refopt.errors import RefoptError
from refopt.report.assertion_message import diagnosis
from refopt.report.files import write
from refopt.report.html.page import page
from refopt.report.junit import junit
from refopt.report.lines import number
from refopt.report.markdown import markdown
from refopt.report.matrix import by_format
from refopt.report.report import Report


def summary(judged: Sequence[Report]) -> list[str]:
    """A line for every implementation and format, worst error/bound and diagnosis."""
    lines = []
    for report, f in ((r, f) for r in judged for f in r.found.findings):
        accepted = report.found.fault(f) is None
        star = "*" if f.precision == Precision.REDUCED else ""
        what = (
            (f.diagnosis.matches[0] if f.verdict == Conformance.VARIANT else f.verdict) + star
            if accepted
            else diagnosis(report.found, f, report.found.expected or "conforms")
        )
        ratio = f"  error/bound {number(f.diagnosis.ratio)}" if f.diagnosis.ratio is not None else ""
        lines.append(f"{report.found.implementation} {f.dtype}: {what}{ratio}, {len(f.ground.lines)} case{'s' if len(f.ground.lines) != 1 else ''}")
    return list(dict.fromkeys(lines))


def not_among(judged: Sequence[Report], known: Sequence[Report]) -> list[Report]:
    """Reports without those that are known already: another process judged the same cases of the same implementation, with the same result."""
    seen = {_result(r) for r in known}
    return [r for r in judged if _result(r) not in seen]


def _result(report: Report) -> Any:
    return tuple(summary([report])), tuple((f.dtype, line.case.id, line.verdict) for f in report.found.findings for line in f.ground.lines)


def write_report(path: str, reports: Sequence[Report]) -> str:
    """Write what was judged to a file whose name says the form; returns a line that says so, or why it could not be written."""
    try:
        write(path, _text(path, reports))
    except RefoptError as error:
        return f"refopt: {error.message}"
    return f"refopt: wrote {path}"


def _text(path: str, reports: Sequence[Report]) -> str:
    verdicts = [r.found for r in reports]
    if path.endswith((".html", ".htm")):
        return page(by_format(verdicts), verdicts)
    if path.endswith((".md", ".markdown")):
        return markdown(by_format(verdicts), verdicts)
    if path.endswith(".xml"):
        return junit(verdicts)
    return "".join(json.dumps(line) + "\n" for r in reports for line in r.lines())
