"""Explanation of a verdict that is not the reference: two formulas side by side, one edit marked, or what was tried in vain."""

from __future__ import annotations

import difflib
import re
import textwrap

from refopt.catalogue.optimizers.momentum import MOMENTUM
from refopt.catalogue.optimizers.nesterov import NESTEROV
from refopt.conformance.diagnose.failing_regions import Where
from refopt.conformance.diagnose.formulas import rule_or_schedule
from refopt.conformance.diagnose.held import Effect
from refopt.conformance.diagnose.moments import When
from refopt.conformance.diagnose.search import Explanation
from refopt.conformance.diagnose.uphill import is_turned
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.verdict import Verdict
from refopt.errors import RefoptError
from refopt.golden.description import Within
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.language.text import infix
from refopt.proving.read_formula import ReadFormula
from refopt.report import words
from refopt.report.lines import number
from refopt.report.phrases import TURNED
from refopt.report.whole_tensor import observed
from refopt.report.wrap import WIDTH


def side_by_side(reference: Rule | Schedule, other: Rule | Schedule) -> list[str]:
    """Difference of two formulas: the updates of theta where those differ, else the assignments that only one of them has."""
    if isinstance(reference, Schedule) or isinstance(other, Schedule):
        schedules = [s for s in (reference, other) if isinstance(s, Schedule)]
        both = [tuple(f"{let.name} <- {infix(let.value)}" if s.waits else infix(s.rate) for let in s.lets) for s in schedules]
        apart = [[x for x in one if x not in two] for one, two in zip(both, both[::-1], strict=True)]
        return [line for label, rows in zip(("reference", "yours"), apart, strict=False) for row in rows for line in _labelled(label, row)]
    ours, theirs = ({let.name: infix(let.value) for let in rule.steps} for rule in (reference, other))
    if ours["theta"] != theirs["theta"]:
        return [*_labelled("reference", ours["theta"]), *_labelled("yours", theirs["theta"])]
    lines = []
    for label, these, those in (("reference", ours, theirs), ("yours", theirs, ours)):
        for name, value in these.items():
            lines += _labelled(label, f"{name} <- {value}") if those.get(name) != value else []
    return lines or _labelled("yours", other.name)


def _labelled(label: str, text: str) -> list[str]:
    return [f"  {line}" for line in textwrap.wrap(f"{label:<10} {text}", WIDTH - 2, subsequent_indent=" " * 13, break_long_words=False)]


def edited(worst: Finding, verdict_rule: str, failing: int, total: int) -> list[str]:
    """The one edit that explains it, in the formula that it was made in."""
    d, held = worst.diagnosis, worst.hyperparameters.held
    assert d.edit is not None and d.nearest is not None and d.best is not None
    edited, nearest = d.best.written, _edited_formula(worst)
    of_the_run = d.edit.of_the_run or (nearest is not None and nearest.text() == edited.text())
    count = d.edits
    what = f"{'One edit' if count == 1 else f'{count} edits'} of {'the run' if of_the_run else 'the formula'}"
    where = "" if d.nearest == verdict_rule else f" of {words.told_or_none(d.nearest)}"
    cases = f"all {failing} failing cases" if failing > 1 else "the one failing case"
    if held and not failing:
        kept = [x for x in held if x.effect is not Effect.KEEPS]
        return [f"{verdict_rule} with a constant of its own in every case:", "", *(f"  {x.name} is {x.value}; the rule's default is {x.default}" for x in kept)]
    lines = [f"{what}{where} explain{'s' if count == 1 else ''} {cases} of {total}:", ""]
    if d.best.where is not None:
        lines += [*textwrap.wrap(f"only {words.told(d.best.where)}:", WIDTH - 2, initial_indent="  ", subsequent_indent="    "), ""]
    if of_the_run or nearest is None:
        bare = d.edit.edit if isinstance(d.edit, Within) and d.edit.area == d.best.where else d.edit
        lines += textwrap.wrap(words.told(bare), WIDTH - 2, initial_indent="  ", subsequent_indent="    ", break_long_words=False)
    elif isinstance(edited, Rule) and isinstance(nearest, Rule):
        lines += marked(nearest, edited)
        lines += ["", f"  {TURNED}"] if is_turned(edited, nearest) else []
    else:
        lines += side_by_side(nearest, edited)
    if d.equal_edits:
        lines += [f"  {len(d.equal_edits)} edits fit that these cases cannot tell apart; another one:", f"  {words.told(d.equal_edits[1])}"]
    return lines


def _edited_formula(worst: Finding) -> Rule | Schedule | None:
    """The formula that was edited; None for one that was composed for the occasion and has no name of its own."""
    try:
        return rule_or_schedule(words.told(worst.diagnosis.nearest or ""))
    except RefoptError:
        return None


def marked(reference: Rule, edited: Rule) -> list[str]:
    """Both formulas as one list of assignments: `-` the reference's, `+` theirs, a caret under what differs."""
    ours, theirs = reference.text().splitlines(), edited.text().splitlines()
    lines: list[str] = []
    for op, a, b, c, d in difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if op == "equal":
            lines += [f"      {x}" for x in ours[a:b]]
            continue
        lines += [f"    - {x}" for x in ours[a:b]] + [f"    + {x}" for x in theirs[c:d]]
        if b - a == d - c == 1:
            lines.append("      " + carets(ours[a], theirs[c]))
    return lines


def carets(ours: str, theirs: str) -> str:
    """A line with carets under the words of `theirs` that `ours` does not have there."""
    a, b = (re.findall(r"[A-Za-z_0-9.]+|[^A-Za-z_0-9.]", x) for x in (ours, theirs))
    new: set[int] = set()
    for op, _, _, c, d in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        new |= set(range(c, max(d, c + 1))) if op != "equal" else set()
    named = {i for i in new if i < len(b) and re.match(r"\w", b[i])} or new
    return "".join(("^" if i in named and word.strip() else " ") * len(word) for i, word in enumerate(b)).rstrip()


def unexplained(worst: Finding) -> list[str]:
    explanation = worst.diagnosis.explanation
    if explanation is None:
        return []
    lines = textwrap.wrap(tried(explanation), WIDTH, subsequent_indent="  ")
    if explanation.closest and explanation.closest.ratio < explanation.reference.ratio and not explanation.is_too_close:
        closest = f"The closest, {words.told(explanation.closest.model.name)}, leaves {number(explanation.closest.ratio)} times the bound."
        lines += textwrap.wrap(closest, WIDTH, subsequent_indent="  ")
    if explanation.observed is not None:
        lines += textwrap.wrap(observed(explanation.observed), WIDTH, subsequent_indent="  ")
    if explanation.area is not None and not explanation.is_too_close:
        lines += textwrap.wrap(lies(explanation.area), WIDTH, subsequent_indent="  ")
    agrees: dict[str, int | None] = {}
    for r in explanation.reference.results:
        for name, t in r.agrees.items():
            agrees[name] = t if agrees.get(name) is None else agrees[name] if t is None else min(t, agrees[name] or t)
    good = [name for name, t in agrees.items() if t is None]
    if good:
        lines.append(f"What agrees: {', '.join(good)} at every step.")
    return lines


def lies(area: Where | When) -> str:
    """Place of all that fails, in a sentence."""
    return f"Where it fails: {words.told(area).rstrip(',')}; all else that was run is right."


def elsewhere(verdict: Verdict, worst: Finding) -> list[str]:
    """Advice for code that takes its gradient where momentum carries it: momentum at that point is Nesterov's rule."""
    if verdict.rule.partition("/")[0] != NESTEROV.name or not any(m.partition("/")[0] == MOMENTUM.name for m in worst.diagnosis.matches):
        return []
    advice = "If its gradient is meant at theta - momentum*v, it may be nesterov: a method propose(theta, state, t, **hyper) says where."
    return textwrap.wrap(advice, WIDTH, subsequent_indent="  ")


def formula_read(read: object | None) -> list[str]:
    """The formula that was read from the code, beside the reference's: only the lines that differ."""
    if not isinstance(read, ReadFormula):
        return []
    lines = ["", f"Read from {read.route}:"]
    for label, part in (("yours", read.yours), ("reference", read.reference)):
        lines += [line for x in part for line in _labelled(label, f"{x.name} <- {x.value}")]
    return lines


def tried(explanation: Explanation) -> str:
    """Number of formulas tried in vain, and whether the search was over; or that the difference is too small to tell one."""
    if explanation.is_too_close:
        off = f"{explanation.reference.ratio:.2g}"
        return f"Off by {off} bounds: no formula told; a form of the formula that we do not know, or an imprecise operation."
    stopped = explanation.stopped
    if stopped is None:
        return f"No named variant explains it: {explanation.tried} formulas and causes were tried."
    if stopped.seconds == 0:
        return f"No named variant explains it: {explanation.tried} formulas and causes were tried; no edit was searched for (--search 0)."
    count = f"{explanation.tried} of at least {explanation.tried + stopped.left}" if stopped.left > 1 else f"{explanation.tried}"
    more = "" if stopped.left > 1 else ", and not all"
    over = f"The search stopped after {stopped.seconds:g} s: {count} formulas and causes were tried{more}"
    return f"No named variant explains it. {over}; --search {4 * stopped.seconds:g} goes on."
