"""The card of one implementation: answer first, then what it does to people, why, where, and what to do next."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from refopt.conformance.verdict.conformance import Conformance, Precision
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.verdict import Verdict
from refopt.language.rule import Rule
from refopt.report import commands, doors, words
from refopt.report.context_lines import compared, explaining, is_it_a_bug, link, threads
from refopt.report.curve import curve
from refopt.report.grounds import claims_line, grounds
from refopt.report.html.formulas import formulas, rewritten
from refopt.report.html.plot import plot
from refopt.report.lines import first_difference, number, text_of
from refopt.report.remarks import known_bugs, notes
from refopt.report.resuming import losses, sentence
from refopt.report.terminal import answer, consequence
from refopt.report.unanswered import FEW, folded_errors

WORDS = {
    Conformance.CONFORMS: "good", Conformance.VARIANT: "other", Conformance.DEVIATES: "bad", Conformance.NO_ANSWER: "none", Conformance.SKIPPED: "none",
}  # fmt: skip
"""Verdict to CSS class; colour only emphasises words that are there."""


def anchor(name: str) -> str:
    """The id of a card."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-") or "card"


def card(verdict: Verdict, identifier: str) -> str:
    """Everything about one implementation, as one `<article>`."""
    worst = verdict.worst
    story = (*_meaning(verdict, worst), *_why(verdict, worst), *_where(worst), *_formats(verdict), *_grounds(verdict), *_next(verdict, worst))
    return _article(verdict, identifier, story)


def brief_card(verdict: Verdict, identifier: str) -> str:
    """The card of what there is no more to say of than that it conforms, or was skipped."""
    return _article(verdict, identifier, (*_formats(verdict), *_grounds(verdict)))


def _article(verdict: Verdict, identifier: str, story: Iterable[str]) -> str:
    head = f'<h2>{escape(verdict.implementation)} <span class="version">{escape(verdict.version)}</span></h2>'
    told = f'<p class="answer {WORDS[verdict.worst.verdict]}">{escape(answer(verdict))}</p>'
    return f'<article id="{identifier}">{head}{told}{"".join(story)}</article>'


def _broken(verdict: Verdict) -> list[str]:
    """List of errors of cases without an answer, equal errors as one."""
    errors = folded_errors(verdict)
    rows = "".join(f"<li>{escape(str(same))}</li>" for same in errors[:FEW])
    rest = f"<li>and {len(errors) - FEW} other errors</li>" if len(errors) > FEW else ""
    return [f'<ul class="broken">{rows}{rest}</ul>'] if errors else []


def _meaning(verdict: Verdict, worst: Finding) -> list[str]:
    if worst.verdict == Conformance.NO_ANSWER:
        return _broken(verdict)
    told = _broken(verdict)
    d = first_difference(worst)
    if d is not None and (meaning := consequence(d)):
        comment = next((x.case.comment for x in worst.ground.lines if x.case.id == d.case), "")
        told.append(f'<p class="meaning">{escape(meaning)}{f" <small>({escape(comment)})</small>" if comment else ""}</p>')
    elif d is not None and d.place.variable != "theta" and _theta_agrees(worst):
        told.append(f'<p class="meaning">theta is right in these cases; {escape(d.place.variable)} is another quantity.</p>')
    if worst.diagnosis.cause:
        told.append(f"<p>The formula is right, but {escape(words.told(worst.diagnosis.cause))}.</p>")
    return told


def _theta_agrees(worst: Finding) -> bool:
    results = worst.diagnosis.explanation.reference.results if worst.diagnosis.explanation else ()
    return all(r.agrees.get("theta", 0) is None for r in results)


def _why(verdict: Verdict, worst: Finding) -> list[str]:
    explanation = worst.diagnosis.explanation
    if explanation is None:
        return []
    parts = []
    results = explanation.reference.results
    failing = sum(not r.fits for r in results)
    reference, other = compared(worst), explaining(worst)
    if worst.diagnosis.edit is not None:
        of = f" of {words.told_or_none(worst.diagnosis.nearest)}" if worst.diagnosis.nearest not in (None, verdict.rule) else ""
        how_many = f"all {failing} failing cases" if failing != 1 else "the one failing case"
        what = f"One edit{escape(of)} explains" if worst.diagnosis.edits == 1 else f"{worst.diagnosis.edits} edits{escape(of)} explain"
        parts.append(f"<p>{what} {how_many} of {len(results)}:<br><code>{escape(words.told(worst.diagnosis.edit))}</code></p>")
        parts += [f"<p>These cases cannot tell it from: <code>{escape(words.told(e))}</code></p>" for e in worst.diagnosis.equal_edits[1:4]]
    elif worst.verdict == Conformance.VARIANT:
        one = "One difference explains" if len(worst.diagnosis.matches) == 1 else "Any of these explains"
        parts.append(f"<p>{one} {'all ' if failing > 1 else 'the '}{failing} failing case{'s' if failing != 1 else ''} of {len(results)}:</p>")
    elif worst.only_loses:
        parts += [f"<p>{escape(sentence(text))}</p>" for text in losses(verdict, worst)]
    elif worst.wrong_doors:
        parts += [f"<p>{escape(text)}</p>" for text in doors.page(verdict, worst)]
    elif worst.verdict == Conformance.DEVIATES:
        parts.append(f"<p>No named variant and no cause explains it; {explanation.tried} were tried.{_agrees(worst)}</p>")
    if reference is not None and other is not None:
        parts.append(formulas(reference, other, "this edit" if worst.diagnosis.edit is not None else other.name))
        if isinstance(reference, Rule) and isinstance(other, Rule) and worst.verdict == Conformance.VARIANT:
            parts.append(rewritten(reference, other))
    return [*parts, *_figure(worst)]


def _agrees(worst: Finding) -> str:
    good: dict[str, bool] = {}
    for r in worst.diagnosis.explanation.reference.results if worst.diagnosis.explanation else ():
        for name, t in r.agrees.items():
            good[name] = good.get(name, True) and t is None
    names = [escape(n) for n, fine in good.items() if fine]
    return f" What agrees: {', '.join(names)} at every step." if names else ""


def _figure(worst: Finding) -> list[str]:
    drawn = curve(worst) if worst.verdict != Conformance.CONFORMS or worst.precision == Precision.REDUCED else None
    if drawn is None or not (picture := plot(drawn)):
        return []
    legend = '<span class="key reference">beside the reference</span>'
    if drawn.explained:
        star = " with its cause" if worst.precision == Precision.REDUCED else ""
        legend += f' <span class="key explained">beside {escape(drawn.name)}{star}</span>'
    fits = _fits(worst)
    caption = f"error/bound at each update of <code>{escape(drawn.case)}</code>, {escape(worst.dtype)}."
    limit = "1 is the limit: the largest error that rounding can cause."
    return [f'<figure>{picture}<figcaption><p class="keys">{legend}</p><p>{caption} {limit}</p>{fits}</figcaption></figure>']


def _fits(worst: Finding) -> str:
    explanation = worst.diagnosis.explanation
    if explanation is None:
        return ""
    rows = [("this edit" if a.edit is not None else a.model.rule.name, a.ratio) for a in explanation.found[:3]]
    if not rows:
        rows = [(explanation.reference.model.rule.name, explanation.reference.ratio)]
    if explanation.closest is not None and explanation.closest.ratio > 1:
        rows.append((f"next best, {words.told(explanation.closest.name)}", explanation.closest.ratio))
    cells = "; ".join(f"{escape(name)} <b>{number(ratio)}</b>" for name, ratio in rows)
    return f"<p>Worst over all cases: {cells}.</p>"


def _where(worst: Finding) -> list[str]:
    d = first_difference(worst)
    if d is None:
        return []
    place = f"<code>{escape(d.case)}</code>, t={d.place.t}, {escape(d.place.variable)}[{d.place.element}], {escape(worst.dtype)}"
    rows = [("gradient", text_of(d.g))] if d.g is not None else []
    rows += [("exact", text_of(d.exact) if d.exact is not None else "not finite"), ("yours", text_of(d.theirs))]
    if d.allowed is not None and d.exact is not None:
        rows.append(("allowed", f"{float(d.allowed):.2g}"))
    cells = "".join(f"<tr><th>{a}</th><td>{escape(b)}</td></tr>" for a, b in rows)
    return [f'<h3>First difference</h3><p>{place}</p><table class="values">{cells}</table>']


def _formats(verdict: Verdict) -> list[str]:
    if len(verdict.findings) < 2:
        return []
    rows = []
    for f in verdict.findings:
        what = f.diagnosis.matches[0] if f.verdict == Conformance.VARIANT else f.verdict.replace("_", " ")
        rows.append(
            f'<tr><th>{escape(f.dtype)}</th><td class="{WORDS[f.verdict]}">{escape(what)}{"*" if f.precision == Precision.REDUCED else ""}</td>'
            f"<td>{number(f.diagnosis.ratio) or '-'}</td><td>{escape(words.told_or_none(f.diagnosis.cause or f.reason) or '')}</td></tr>"
        )
    head = "<tr><th>format</th><th>verdict</th><th>error/bound</th><th></th></tr>"
    return [f'<h3>By format</h3><div class="wide"><table class="formats">{head}{"".join(rows)}</table></div>']


def _grounds(verdict: Verdict) -> list[str]:
    rows = grounds(verdict)
    if (told := claims_line(verdict)) is not None:
        rows = [("claims", told), *rows]
    cells = "".join(f"<tr><th>{escape(label)}</th><td>{escape(text)}</td></tr>" for label, text in rows)
    return [f'<details><summary>What was looked at</summary><div class="wide"><table class="formats">{cells}</table></div></details>'] if rows else []


def _next(verdict: Verdict, worst: Finding) -> list[str]:
    parts = [f"<h3>Is it a bug?</h3><p>{escape(is_it_a_bug(verdict, worst))}</p>"]
    if met := threads(worst):
        links = ", ".join(f'<a href="{escape(link(t))}">{escape(t)}</a>' for t in met[:4])
        parts.append(f"<p>Others met it: {links}</p>")
    parts += [f"<p>Known bug: {escape(bug)}</p>" for bug in known_bugs(verdict)]
    parts += [f"<p>Note: {escape(note)}</p>" for note in notes(verdict)[:3]]
    d, named = first_difference(worst), commands.can_be_named(verdict)
    rows = [("Reproduce", commands.reproduce(verdict, worst, d.case))] if d is not None and named else []
    if worst.verdict == Conformance.VARIANT:
        rows += [("Meant so?", commands.meant(verdict, worst.diagnosis.matches[0]))] if named else []
        if len(worst.diagnosis.matches) == 1 and "+" not in worst.diagnosis.matches[0]:
            rows += [("How they differ", f"refopt diff {verdict.rule} {worst.diagnosis.matches[0]}")]
    if (formula := commands.formula(verdict)) is not None:
        rows.append(("Its formula", formula))
    cells = "".join(f"<dt>{label}</dt><dd><code>{escape(text)}</code></dd>" for label, text in rows)
    return [*parts, f"<dl>{cells}</dl>" if cells else ""]
