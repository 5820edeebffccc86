"""A badge: the worst verdict in two words, as the JSON that an endpoint of shields.io serves.

Format: https://shields.io/badges/endpoint-badge
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from refopt.conformance.verdict.conformance import Conformance, Precision
from refopt.conformance.verdict.verdict import Verdict, rank
from refopt.report.faults import why

COLOURS = {
    Conformance.CONFORMS: "brightgreen",
    Conformance.VARIANT: "blue",
    Conformance.DEVIATES: "red",
    Conformance.NO_ANSWER: "lightgrey",
    Conformance.SKIPPED: "lightgrey",
}


def badge(verdicts: Sequence[Verdict]) -> str:
    """The document: `conforms` where all that was judged does, else the worst verdict; of several implementations, how many conform.

    A known formula that is not the reference keeps its name, and one that was expected with `--as` is green. Nothing judged: `not run`.
    """
    if not verdicts:
        message, colour = "not run", "lightgrey"
    else:
        worst = min(verdicts, key=lambda v: (v.exit != 1, rank(v.worst)))
        message, colour = _of_one(worst)
        if len(verdicts) > 1:
            good = sum(v.exit == 0 for v in verdicts)
            message = f"{good} of {len(verdicts)} as meant" if good < len(verdicts) else f"{good} as meant"
    return json.dumps({"schemaVersion": 1, "label": "refopt", "message": message, "color": colour}, indent=1) + "\n"


def _of_one(verdict: Verdict) -> tuple[str, str]:
    worst = verdict.worst
    found = Conformance(worst.verdict)
    if found == Conformance.VARIANT:
        return worst.diagnosis.matches[0], COLOURS[Conformance.VARIANT if verdict.exit else Conformance.CONFORMS]
    imprecise = found == Conformance.CONFORMS and worst.precision == Precision.REDUCED
    message = "conforms, imprecise" if imprecise else found.value.replace("_", " ")
    if found == Conformance.CONFORMS and verdict.exit:
        return f"{message}, but {why(verdict)}", "red"
    return message, "green" if imprecise else COLOURS[found]
