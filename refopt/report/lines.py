"""A report as JSON lines: header, a line a case and format, a diagnosis where something failed, and a footer.

Everything else that is printed is made from the same findings. A report that was cut off has no footer.
"""

from __future__ import annotations

import math
import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from refopt.conformance.judge.exact_update import fraction
from refopt.conformance.judge.summary import Difference
from refopt.conformance.verdict.conformance import Conformance, Precision
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.ground import CaseLine
from refopt.conformance.verdict.verdict import Verdict
from refopt.exact.digits import digits, shortest
from refopt.frameworks import built_in
from refopt.frameworks.installed import DISTRIBUTIONS
from refopt.golden.model import Case, Result
from refopt.golden.store import manifest, packed_root
from refopt.language.hyper import Hyper
from refopt.proving.read_formula import ReadFormula
from refopt.report import resuming, words
from refopt.report.beside import defaults_told
from refopt.report.grounds import looked_at_line
from refopt.report.remarks import known_bugs
from refopt.report.whole_tensor import observed

NEEDED = ("numpy", "mpmath", "sympy", "python-flint", "ml_dtypes")
"""Packages that every figure depends on."""
LARGE = 10**300
"""Factors beyond this are said to be infinite."""


def lines(verdict: Verdict) -> Iterator[dict[str, Any]]:
    """Every line of the report, in order."""
    yield header(verdict)
    for finding in verdict.findings:
        for line in finding.ground.lines:
            yield case_line(verdict, finding, line)
    for finding in verdict.findings:
        found = diagnosis(verdict, finding)
        if found is not None:
            yield found
    yield footer(verdict)


def header(verdict: Verdict) -> dict[str, Any]:
    """Header of a report: the implementation, the libraries and the machine."""
    return environment() | {"implementation": {"name": verdict.implementation, "version": verdict.version}}


def environment() -> dict[str, Any]:
    """A header without an implementation: which refopt, which golden files, which machine."""
    return {
        "kind": "header",
        "refopt": installed("refopt") or "source",
        "manifest": manifest(packed_root())["hash"],
        "host": {"system": platform.system(), "machine": platform.machine(), "python": platform.python_version()},
        "versions": {p: v for p in dict.fromkeys((*NEEDED, *(a.package for f in built_in() for a in f.adapters))) if (v := installed(p))},
    }


def installed(package: str) -> str | None:
    """The version of an installed package."""
    try:
        return version(DISTRIBUTIONS.get(package, package))
    except PackageNotFoundError:
        return None


def number(x: float | None) -> str | None:
    """A ratio with three significant digits; `inf` where it is infinite."""
    if x is None or math.isnan(x):
        return None
    return "inf" if math.isinf(x) else f"{x:.3g}"


def case_line(verdict: Verdict, finding: Finding, line: CaseLine) -> dict[str, Any]:
    """One case in one format."""
    result = line.result
    worst = None if result is None else result.first or result.worst
    return {
        "kind": "case",
        "id": line.case.id,
        "rule": verdict.rule,
        "dtype": finding.dtype,
        "mode": finding.approach.mode,
        "verdict": line.verdict,
        "ratio": number(result.ratio) if result is not None else None,
        "where": None if worst is None else {
            "t": worst.place.t, "param": worst.place.parameter, "element": worst.place.element, "variable": worst.place.variable
        },
        "claims": result.claims if result is not None else 0,
        "no_claims": result.no_claims if result is not None else 0,
        "reason": words.told_or_none(line.reason),
        "probes": list(line.case.probes),
        "elapsed": round(line.elapsed, 4),
    }  # fmt: skip


def first_difference(finding: Finding) -> Difference | None:
    """The first difference from the reference in the case that teaches: the plainest of those in which it can be seen at a glance."""
    reference = finding.diagnosis.explanation.reference.results if finding.diagnosis.explanation else ()
    found = sorted((d for r in reference if (d := r.broken or r.first) is not None), key=lambda d: "-open-" not in d.case)
    broken = [d for d in found if isinstance(d.theirs, float) and not math.isfinite(d.theirs) and d.exact is not None and "-edge-" not in d.case]
    if broken:
        return broken[0]
    plain = [d for d in found if isinstance(d.theirs, float) and math.isfinite(d.theirs) and d.place.variable == "theta"]
    certain = [d for d in plain if "-edge-" not in d.case] or plain
    cases = {line.case.id: line.case for line in finding.ground.lines}
    usual = finding.diagnosis.explanation.reference.model.rule.hyper if finding.diagnosis.explanation else ()
    return min(certain, key=lambda d: (*_how_hard(d, cases.get(d.case), usual), -_how_wrong(d)), default=next(iter(found), None))


VISIBLE, EXTREME = math.log(1.05), math.log(1000)
"""Steps are seen to be wrong from 5 % on; a thousand times too long or too short teaches no more than 30 times does."""


def _how_hard(d: Difference, case: Case | None, usual: Sequence[Hyper]) -> tuple[bool, ...]:
    """Effort of learning from a difference, the weightiest part first: whether it is seen at all, how far it is from
    a usual step, and how unusual its case is."""
    wrong = _how_wrong(d)
    if case is None:
        return (wrong < VISIBLE, wrong > EXTREME)
    resumed = case.t0 > 1 or any(p.state0 is not None for p in case.params)
    unusual = any(float(case.hyper[h.name]) != float(h.default) for h in usual if h.name in case.hyper)
    return (wrong < VISIBLE, case.result != Result.MUST, resumed, wrong > EXTREME, case.lr is not None, unusual, d.place.t > 1, len(case.params) > 1)


def step_factor(d: Difference) -> float | None:
    """Length of theta's step in units of the exact one; None where it is no number, infinite where the exact one is 0."""
    if d.place.variable != "theta" or d.exact is None or not isinstance(d.theirs, float) or not math.isfinite(d.theirs):
        return None
    exact, theirs, before = fraction(d.exact), fraction(d.theirs), fraction(d.before)
    if exact == before:
        return math.inf if theirs != before else 1.0
    factor = (theirs - before) / (exact - before)
    return float(factor) if abs(factor) < LARGE else math.inf


def _how_wrong(d: Difference) -> float:
    """A step that does not come or goes the wrong way before one that is too long or too short, by how much."""
    factor = step_factor(d)
    return 0.0 if factor is None else math.inf if factor <= 0 or factor == math.inf else abs(math.log(factor))


def text_of(x: Any, significant: int = 22) -> str:
    """A value with all its digits, or an exact one with 22."""
    if isinstance(x, float):
        return shortest(x) if math.isfinite(x) else str(x)
    return digits(fraction(x), significant)


def diagnosis(verdict: Verdict, finding: Finding) -> dict[str, Any] | None:
    """Diagnosis of a format that is not the reference, in full precision; None where there is nothing to explain."""
    if finding.verdict in (Conformance.CONFORMS, Conformance.SKIPPED) and finding.precision == Precision.FULL:
        return None
    d = first_difference(finding)
    explanation = finding.diagnosis.explanation
    return {
        "kind": "diagnosis",
        "dtype": finding.dtype,
        "verdict": finding.verdict,
        "matches": list(finding.diagnosis.matches),
        "cause": words.told_or_none(finding.diagnosis.cause),
        "edit": words.told_or_none(finding.diagnosis.edit),
        "nearest": words.told_or_none(finding.diagnosis.nearest),
        "equal_edits": [words.told(e) for e in finding.diagnosis.equal_edits],
        "tried": explanation.tried if explanation else 0,
        "formula": formula_lines(verdict) if finding is verdict.worst else None,
        "search_stopped": None if explanation is None or explanation.stopped is None else
        {"seconds": explanation.stopped.seconds, "left_at_least": explanation.stopped.left},
        "observed": None if explanation is None or explanation.observed is None else observed(explanation.observed),
        "fails_where": None if explanation is None or explanation.area is None else words.told(explanation.area),
        "closest": None if explanation is None or explanation.closest is None else
        {"name": words.told(explanation.closest.model.name), "ratio": number(explanation.closest.ratio)},
        "first_difference": None if d is None else {
            "case": d.case, "t": d.place.t, "element": d.place.element, "variable": d.place.variable,
            "theirs": text_of(d.theirs), "exact": None if d.exact is None else text_of(d.exact), "ratio": number(d.ratio),
        },
        "lost": resuming.losses(verdict, finding),
        "no_answer": [f"{x.case.id}: {words.told_or_none(x.reason)}" for x in finding.ground.lines if x.verdict == Conformance.NO_ANSWER],
    }  # fmt: skip


def formula_lines(verdict: Verdict) -> list[str] | None:
    """The lines of the formula that was read from the code and that the reference does not have; None where none was read."""
    return [f"{x.name} <- {x.value}" for x in verdict.read.yours] if isinstance(verdict.read, ReadFormula) else None


def _matches(finding: Finding) -> str | list[str] | None:
    return None if not finding.diagnosis.matches else finding.diagnosis.matches[0] if len(finding.diagnosis.matches) == 1 else list(finding.diagnosis.matches)


def _deciding(f: Finding) -> dict[str, int]:
    """Number of claims about theta that decide, and of cases in which every element has one that does."""
    if f.diagnosis.explanation is None:
        return {}
    counts = f.diagnosis.explanation.deciding
    return {"theta_claims": counts.claims, "deciding_claims": counts.deciding, "cases": counts.cases, "decided_cases": counts.decided}


def _doors(finding: Finding) -> list[dict[str, Any]]:
    """The doors of a schedule, and what was found behind each."""
    return [
        {
            "door": x.door.name.lower(), "cases": x.cases, "fits": x.fits, "cause": words.told_or_none(x.cause), "worst_ratio": number(x.ratio),
            "first_difference": None if x.first is None else {
                "case": x.first.case, "k": x.first.place.t, "theirs": text_of(x.first.theirs), "exact": text_of(x.first.exact)
            },
            "raised": None if x.raised is None else {"case": x.raised[0], "message": x.raised[1]},
        }
        for x in finding.doors
    ]  # fmt: skip


def footer(verdict: Verdict) -> dict[str, Any]:
    """The last line: its keys are a contract. Those outside `dtypes` are the worst format's."""
    worst = verdict.worst
    return {
        "kind": "footer",
        "complete": True,
        "implementation": verdict.implementation,
        "rule": verdict.rule,
        "verdict": worst.verdict,
        "matches": _matches(worst),
        "ambiguous": worst.diagnosis.ambiguous,
        "edit": words.told_or_none(worst.diagnosis.edit),
        "nearest": words.told_or_none(worst.diagnosis.nearest),
        "indistinguishable_from": list(worst.diagnosis.also_fits),
        "precision": worst.precision if worst.verdict in (Conformance.CONFORMS, Conformance.VARIANT) else "full",
        "cause": words.told_or_none(worst.diagnosis.cause),
        "known_bugs": known_bugs(verdict),
        "isolated": verdict.isolated or verdict.program is not None,
        "hidden_state": any(f.approach.hidden for f in verdict.findings),
        "defaults": None if verdict.defaults is None else defaults_told(verdict.defaults),
        "fixed": {x.name: x.value for x in verdict.held},
        "looked_at": looked_at_line(verdict),
        "resume": resuming.fields(verdict, worst),
        "dtypes": {
            f.dtype: {
                "verdict": f.verdict,
                "matches": _matches(f),
                "edit": words.told_or_none(f.diagnosis.edit),
                "precision": f.precision if f.verdict in (Conformance.CONFORMS, Conformance.VARIANT) else "full",
                "cause": words.told_or_none(f.diagnosis.cause),
                "worst_ratio": number(f.diagnosis.ratio),
                "claims": f.diagnosis.claims,
                "no_claims": f.diagnosis.no_claims,
                **_deciding(f),
                **({"reason": words.told(f.reason)} if f.reason else {}),
                **({"stood_still": f.ground.still.elements} if f.ground.still is not None else {}),
                **({"resume": found} if (found := resuming.fields(verdict, f)) is not None else {}),
                **({"doors": _doors(f)} if f.doors else {}),
            }
            for f in verdict.findings
        },
        "exit": verdict.exit,
    }
