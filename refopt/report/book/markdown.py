"""A derivation as Markdown with LaTeX formulas between dollars."""

from __future__ import annotations

from refopt.derivation.derivation import Shown
from refopt.derivation.library import Outcome
from refopt.derivation.step import Step
from refopt.report.book.latex import formula
from refopt.report.book.statement import pieces, remark, shown_concept, witness


def page(outcome: Outcome) -> str:
    """The derivation as a page."""
    d = outcome.derivation
    lines = [f"# {d.title}", "", f"*{'; '.join(str(s) for s in d.source)}*", "", " ".join(outcome.entry.words.split()), "", f"**Claim.** {d.claim}", ""]
    for number, row in d.numbered():
        if isinstance(row, Step):
            lines += _step(number, row)
        elif isinstance(row, Shown):
            lines += [f"`{row.concept.name}`:", "", *(line for x in shown_concept(row, "latex") for line in (f"$$ {x} $$", ""))]
        else:
            lines += [row, ""]
    assumed = list(dict.fromkeys(a.text for s in d.steps for a in s.assumptions))
    lines += [f"For `{', '.join(assumed)}`.", ""] if assumed else []
    return "\n".join(lines)


def _step(number: int, step: Step) -> list[str]:
    sampled = f"; {step.points} points" if step.points > 1 else ""
    lines = [f"**({number}) {step.name}** *[{step.tactic}{sampled}]*", "", f"$$ {formula(pieces(step))} $$", ""]
    if at := witness(step):
        lines += [f"$$ {formula(at)} $$", ""]
    if told := remark(step):
        lines += [told, ""]
    return lines


def contents(outcomes: list[Outcome]) -> str:
    """The contents page of the book."""
    lines, chapter = ["# Why it works", ""], ""
    for o in outcomes:
        if o.entry.chapter != chapter:
            chapter = o.entry.chapter
            lines += ["", f"## {chapter}", ""]
        lines.append(f"* [{o.entry.title}]({o.entry.name}.md)")
    return "\n".join([*lines, ""])
