"""Background of a verdict: who met it, what it does to people, and whether it is a bug. Same words everywhere."""

from __future__ import annotations

from refopt import catalogue
from refopt.conformance.verdict.conformance import Conformance, Precision
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.verdict import Verdict
from refopt.golden.probes import PROBES
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.report import words
from refopt.report.lines import first_difference

MET = "others met it: "


def has_story(verdict: Verdict) -> bool:
    """True where there is more to say than that it conforms: anything else, lost precision, or a known bug."""
    return any(f.verdict not in (Conformance.CONFORMS, Conformance.SKIPPED) or f.precision == Precision.REDUCED for f in verdict.findings) or bool(
        verdict.known_bugs
    )


def threads(finding: Finding) -> list[str]:
    """Threads where others met the variants that explain a finding: `keras-team/keras#17391`, perhaps with a remark."""
    variants = [found for m in finding.diagnosis.matches if "/" in m and (found := catalogue.find(m)) is not None]
    return [note.removeprefix(MET) for c in variants for note in c.notes if note.startswith(MET)]


def link(thread: str) -> str:
    """Web address of a thread."""
    place, _, number = thread.partition(" ")[0].partition("#")
    return f"https://github.com/{place}/issues/{number}"


def explaining(finding: Finding) -> Rule | Schedule | None:
    """The formula that explains a finding, where it is not `compared`: a named one, a combined one, or an edited one."""
    found = finding.diagnosis.best.written if finding.diagnosis.best is not None else None
    return None if found == compared(finding) else found


def compared(finding: Finding) -> Rule | Schedule | None:
    """The formula beside which what explains a finding is shown: the reference, or the one that was edited."""
    if isinstance(finding.diagnosis.nearest, str) and (edited := catalogue.find(finding.diagnosis.nearest)) is not None:
        return edited
    return finding.diagnosis.explanation.reference.model.rule if finding.diagnosis.explanation is not None else None


def effects(finding: Finding) -> list[str]:
    """Effects on people whose code fails as this does: those of the probes of the case shown."""
    d = first_difference(finding)
    probes = next((x.case.probes for x in finding.ground.lines if d is not None and x.case.id == d.case), ())
    telling = [p for p in probes if p in PROBES and PROBES[p].kind != "BASIC"]
    return [PROBES[p].effect for p in telling]


def is_it_a_bug(verdict: Verdict, finding: Finding) -> str:
    """A plain answer, from what was found and nothing else."""
    if finding.verdict == Conformance.VARIANT:
        return _of_a_variant(verdict, finding)
    if finding.only_loses:
        return "Yes: a run that is saved and loaded is another one than a run in one piece, though the formula is right."
    if finding.wrong_doors:
        return "Yes: the schedule has other rates there than where it is stepped from the start, though the formula is right."
    if finding.verdict == Conformance.DEVIATES:
        if finding.diagnosis.edit is not None:
            return "Very likely: no named formula computes this, and one edit explains every failing case."
        return "Very likely: no named formula computes this. If it is meant, it is a formula that has no name here yet."
    if finding.verdict == Conformance.NO_ANSWER:
        return "The program broke, so nothing was said about its formula in these cases."
    if finding.precision == Precision.REDUCED:
        cause = words.told_or_none(finding.diagnosis.cause)
        return f"Not of the formula: it is the reference. Steps are less exact than {finding.dtype} allows, because {cause}."
    if verdict.known_bugs:
        return "The values are right. What is listed as a known bug shows only in circumstances that these cases do not reach."
    return "No."


def _of_a_variant(verdict: Verdict, finding: Finding) -> str:
    found = catalogue.find(finding.diagnosis.matches[0])
    who = ", ".join(found.used_by) if found is not None else ""
    told = f"Only if {verdict.rule} is what is meant: {finding.diagnosis.matches[0]} is a formula of its own"
    told += f", and {who} mean{'s' if len(found.used_by) == 1 else ''} it." if found is not None and who else "."
    effect = effects(finding)
    return f"{told} Where it is not meant, {effect[0]}." if effect else told
