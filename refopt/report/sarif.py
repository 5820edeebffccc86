"""A report as SARIF 2.1.0, the form in which code-scanning services take annotations: one result for each implementation that fails.

Format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.verdict import Verdict
from refopt.frameworks.in_folder import line_of, module_file
from refopt.report.lines import installed
from refopt.report.plain import plain
from refopt.report.terminal import answer, screen

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MEANINGS = {
    Conformance.CONFORMS: "The reference formula, but not all that was asked for.",
    Conformance.VARIANT: "Another known formula than the reference.",
    Conformance.DEVIATES: "No known formula.",
    Conformance.NO_ANSWER: "It raised, hung, died, or returned a wrong shape or format.",
    Conformance.SKIPPED: "Nothing could be judged.",
}


def sarif(verdicts: Sequence[Verdict]) -> str:
    """The document. What passes has no result; what is skipped is a note."""
    driver = {
        "name": "refopt",
        "version": installed("refopt") or "source",
        "rules": [{"id": c.value, "shortDescription": {"text": text}} for c, text in MEANINGS.items()],
    }
    results = [_result(v) for v in verdicts if v.exit]
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}, indent=1) + "\n"


def _result(verdict: Verdict) -> dict[str, Any]:
    worst = Conformance(verdict.worst.verdict)
    text = f"{verdict.implementation}: {answer(verdict)}\n\n" + "\n".join(screen(verdict))
    return {
        "ruleId": worst.value,
        "level": "note" if worst == Conformance.SKIPPED else "error",
        "message": {"text": plain(text)},
        "locations": [_location(verdict)],
        "partialFingerprints": {"refopt/1": f"{verdict.implementation} {verdict.rule}"},
    }


def _location(verdict: Verdict) -> dict[str, Any]:
    """Its file in the current folder, with the line of its definition, where it has one; else its name."""
    found: dict[str, Any] = {"logicalLocations": [{"fullyQualifiedName": verdict.implementation}]}
    module, _, name = verdict.implementation.removeprefix("python:").partition(":")
    file = module_file(module) if verdict.program is None else None
    if file is not None:
        where = {"artifactLocation": {"uri": file.as_posix()}, "region": {"startLine": line_of(file, name.partition("(")[0])}}
        return {"physicalLocation": where} | found
    return found
