"""Saving and loading in words: what is lost, how it was seen, and why it was not judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from refopt.conformance.judge.resume.loss import Exchanged, Forgotten, Ignored, Loss, Miscounted, Narrowed, Refused, Reset, What
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.verdict import Verdict
from refopt.language.rule import Rule
from refopt.report.concepts import rule_named
from refopt.report.words import told_or_none

WAY_OUT = "where they are only a view: resumes = False on the object, or other names"


def losses(verdict: Verdict, finding: Finding) -> list[str]:
    """Losses in one format, one sentence each, without a full stop."""
    rule = rule_named(verdict.rule)
    return [told(loss, rule) for loss in finding.losses]


def told(loss: Loss, rule: Rule | None) -> str:
    """A loss in one sentence."""
    return lost(loss.what, rule) + (", in some elements" if loss.partial else "")


def lost(what: What, rule: Rule | None) -> str:
    """Text on a loss."""
    if isinstance(what, Reset):
        if what.whole and (what.count or len(what.states) > 1):
            return "everything is lost when its state is loaded: it starts from nothing"
        if what.count and not what.states:
            return "the count of updates starts anew when its state is loaded"
        things = [_meaning(s, rule) for s in what.states] + (["the count of updates"] if what.count else [])
        return f"{_listed(things)} {'is' if len(things) == 1 else 'are'} lost when its state is loaded"
    if isinstance(what, Miscounted):
        return f"the count of updates is one too {'large' if what.by > 0 else 'small'} after its state is loaded"
    if isinstance(what, Narrowed):
        every = rule is not None and len(what.states) == len(rule.state_names) and len(what.states) > 1
        names = "state" if every else _listed(what.states)
        verb = "is" if every or len(what.states) == 1 else "are"
        return f"{names} {verb} kept in {what.format.name} after loading" if what.kept else f"{names} {verb} rounded to {what.format.name} when loaded"
    if isinstance(what, Forgotten):
        name = "the rate" if rule is not None and what.hyper in rule.at_rate(None) else what.hyper
        return f"{name} is lost when its state is loaded: it is {float(what.value):g} again"
    if isinstance(what, Exchanged):
        return f"{what.first} and {what.second} are exchanged when its state is loaded"
    if isinstance(what, Ignored):
        return f"{_listed(what.states)} {'has' if len(what.states) == 1 else 'have'} no effect when loaded"
    if isinstance(what, Refused):
        return f"its own saved state cannot be loaded: {what.message}"
    return "it does not go on from its own saved state"


def _meaning(state: str, rule: Rule | None) -> str:
    found = next((s.meaning for s in rule.state if s.name == state), "") if rule is not None else ""
    return f"the {found}" if found else state


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def sentence(text: str) -> str:
    """A text with a capital letter and a full stop; a name in the formula stays as it is."""
    is_word = text.partition(" ")[0] in ("the", "it", "its", "everything", "state")
    return f"{text[:1].upper() + text[1:] if is_word else text}."


def how(finding: Finding) -> str | None:
    """Text on the saving and loading in one format, or why it was not judged; None where nobody looked."""
    r = finding.resumption
    if r is None:
        return None
    if not r.runs:
        return f"Saving and loading was not judged: {told_or_none(r.skipped)}."
    where = "a fresh process" if r.afresh else "a fresh object"
    runs = f"{r.runs} run{'s' if r.runs != 1 else ''}"
    if r.skipped is not None:
        return f"Saved and loaded in {where}: {runs}, not judged: {told_or_none(r.skipped)}."
    if r.losses:
        return f"{runs} {'was' if r.runs == 1 else 'were'} cut in two, saved, loaded in {where} and continued."
    if r.within:
        return f"Saved, loaded in {where}, continued: {runs}, {r.within} with other bits, within rounding."
    return f"Saved, loaded in {where}, continued: {runs}, the same bits."


def fields(verdict: Verdict, finding: Finding) -> dict[str, Any] | None:
    """Saving and loading in one format, for a report in JSON."""
    r = finding.resumption
    if r is None:
        return None
    return {
        "runs": r.runs, "fresh_process": r.afresh, "within_rounding": r.within, "skipped": told_or_none(r.skipped), "lost": losses(verdict, finding),
        "seen_in": [{"case": x.case, "after_update": x.cut} for x in r.losses],
    }  # fmt: skip
