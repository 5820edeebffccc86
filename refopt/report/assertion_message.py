"""Message where an implementation is not what was expected: the first line alone carries the diagnosis.

pytest's short summary shows only that line; the rest says where, how sure, and how to see it again.
"""

from __future__ import annotations

from refopt.catalogue import find
from refopt.conformance.judge.summary import Difference
from refopt.conformance.verdict.conformance import Conformance, Precision
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.verdict import Verdict, rank
from refopt.report import commands, doors, words
from refopt.report.beside import defaults_told
from refopt.report.lines import first_difference, text_of
from refopt.report.plain import plain
from refopt.report.resuming import losses
from refopt.report.terminal import consequence


def complaint(verdict: Verdict, wanted: str = "conforms") -> str | None:
    """Message on a verdict that is not the one wanted; None where it is in every format.

    wanted  `conforms`, another verdict, the name of the rule (the same as conforms) or of a variant
    """
    less = any(f.precision == Precision.REDUCED or f.hyperparameters.defaults_differ for f in verdict.findings)
    if wanted == verdict.worst.verdict and not (verdict.strict and less):
        return None
    wrong = [f for f in verdict.findings if not as_wanted(verdict, f, wanted)]
    judged = [f for f in verdict.findings if f.verdict != Conformance.SKIPPED]
    if not wrong and (judged or wanted == "skipped"):
        return None
    return plain(told(verdict, min(wrong or verdict.findings, key=rank), wanted))


def as_wanted(verdict: Verdict, finding: Finding, wanted: str) -> bool:
    """True where one format is what was wanted. A format in which nothing can be claimed says nothing against it."""
    wanted = "conforms" if wanted == verdict.rule else wanted
    if finding.verdict == Conformance.SKIPPED:
        return True
    if (
        verdict.strict
        and finding.verdict in (Conformance.CONFORMS, Conformance.VARIANT)
        and (finding.precision == Precision.REDUCED or finding.hyperparameters.defaults_differ)
    ):
        return False
    if finding.ground.lost and wanted != "no_answer":
        return False
    fitting = (*finding.diagnosis.matches, *(finding.diagnosis.also_fits if finding.verdict == Conformance.CONFORMS else ()))
    return wanted == finding.verdict or wanted in fitting


def told(verdict: Verdict, finding: Finding, wanted: str = "conforms", d: Difference | None = None) -> str:
    """The diagnosis of one format in a few lines, the first of which stands for all; `d`: the difference to show, else the clearest."""
    lines = [f"{_short(verdict)} {diagnosis(verdict, finding, wanted)}"]
    d = d or first_difference(finding)
    if d is not None:
        exact = text_of(d.exact) if d.exact is not None else "not finite"
        lines += [f"first at {d.case}, t={d.place.t}, {d.place.variable}[{d.place.element}], {finding.dtype}:", f"  {text_of(d.theirs)}, exact {exact}"]
    explanation = finding.diagnosis.explanation
    failing = sum(not r.fits for r in explanation.reference.results) if explanation else 0
    if explanation and explanation.found and failing:
        lines.append(f"explains {failing} of {failing} failing cases")
    if d is not None and commands.can_be_named(verdict):
        lines += ["rerun:", f"  {commands.reproduce(verdict, finding, d.case)}"]
    return "\n".join(lines)


def diagnosis(verdict: Verdict, finding: Finding, wanted: str = "conforms") -> str:
    """The formula that an implementation computes instead, in one line."""
    others = [f for f in verdict.findings if f.verdict != finding.verdict]
    where = f" in {finding.dtype}" if others else ""
    if finding.verdict == Conformance.VARIANT and not (wanted in finding.diagnosis.matches and finding.ground.lost):
        names = " or ".join(finding.diagnosis.matches)
        found = find(finding.diagnosis.matches[0]) if len(finding.diagnosis.matches) == 1 else None
        differs = f": {found.differs}" if found is not None and found.differs else ""
        short = f" ({words.told_or_none(finding.diagnosis.cause)})" if finding.precision == Precision.REDUCED else ""
        return f"is {names}{where}, not {verdict.rule if wanted == 'conforms' else wanted}{differs}{short}"
    if finding.only_loses:
        return f"deviates from {verdict.rule}{where}: {'; '.join(losses(verdict, finding))}"
    if finding.wrong_doors:
        return f"deviates from {verdict.rule}{where}: {'; '.join(doors.wrong(finding))}"
    if finding.verdict == Conformance.DEVIATES:
        if finding.diagnosis.edit is not None:
            return f"deviates from {words.told(finding.diagnosis.nearest or verdict.rule)}{where}: {words.told(finding.diagnosis.edit)}"
        d = first_difference(finding)
        seen = consequence(d) if d is not None else None
        return f"deviates from {verdict.rule}{where}" + (f": {seen.rstrip('.')}" if seen else "")
    if finding.verdict == Conformance.NO_ANSWER or (finding.verdict == Conformance.VARIANT and finding.ground.lost):
        first = next((x for x in finding.ground.lines if x.verdict == Conformance.NO_ANSWER), None)
        why = words.told_or_none(finding.reason) if first is None else f"{first.case.id}: {words.told_or_none(first.reason)}"
        return f"gives no answer{where}: {why}"
    if finding.verdict == Conformance.SKIPPED:
        return f"was not judged: {words.told_or_none(finding.reason)}"
    if finding.hyperparameters.defaults is not None and finding.hyperparameters.defaults_differ and verdict.strict:
        return f"is {verdict.rule}{where}; its defaults {defaults_told(finding.hyperparameters.defaults)}"
    if finding.precision == Precision.REDUCED and verdict.strict:
        return f"is less precise than {finding.dtype} allows: {words.told_or_none(finding.diagnosis.cause)}"
    return f"is {verdict.rule}{where}, not {wanted}"


def _short(verdict: Verdict) -> str:
    """The implementation's name without the way to it: `my_adam:make`, `torch.optim.Adam`."""
    module, colon, factory = verdict.implementation.removeprefix("python:").rpartition(":")
    return f"{module.rpartition('.')[2]}:{factory}" if colon else factory
