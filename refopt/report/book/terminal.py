"""A derivation as lines of 80 columns, ASCII only."""

from __future__ import annotations

import re
import textwrap

from refopt.derivation.derivation import Shown
from refopt.derivation.library import Entry, Outcome
from refopt.derivation.step import Kind, Step
from refopt.language.rule import Rule
from refopt.language.text import infix
from refopt.report.book.ascii import ascii_text
from refopt.report.book.statement import pieces, printed, remark, witness
from refopt.report.wrap import WIDTH

_WORDS = {"~": "has the sign of"}


def page(outcome: Outcome, following: Entry | None = None) -> list[str]:
    """The derivation as far as it was proved, and how it ended."""
    d = outcome.derivation
    lines = [d.title]
    lines += _wrapped("; ".join(str(s) for s in d.source), "  ")
    lines += ["", *_wrapped(outcome.entry.words, "")] if outcome.entry.words else []
    lines += ["", *_wrapped(d.plain_claim, "  claim     ", 12), ""]
    for number, row in d.numbered():
        if isinstance(row, Step):
            lines += _step(number, row)
        elif isinstance(row, Shown):
            lines += [*_shown(row), ""]
        else:
            lines += ["" if lines[-1] else None, *_wrapped(row.replace("`", ""), "  ", 2)]  # type: ignore[list-item]
    return [x for x in lines if x is not None] + ["", *ending(outcome, following)]


def ending(outcome: Outcome, following: Entry | None = None) -> list[str]:
    """The last lines: what was proved, or what was refused."""
    steps = outcome.derivation.steps
    assumed = list(dict.fromkeys(a.text for s in steps for a in s.assumptions))
    told = _wrapped(f"for       {', '.join(assumed)}", "  ", 12) if assumed else []
    if outcome.refused is not None:
        no = f"Refused at step {len(steps) + 1}, {outcome.refused.step}: {outcome.refused.reason}"
        return [*told, *_wrapped(no, "", 2), "exit 1: the claim is not proved"]
    sampled = [s.points for s in steps if s.points > 1]
    count = f"Proved: {len(steps)} steps" + (f", {len(sampled)} of them sampled at {sum(sampled)} random points to 30 digits." if sampled else ".")
    lines = [*told, f"{count:<72}{f'{outcome.seconds:.1f} s':>8}" if len(count) < 72 else f"{count} {outcome.seconds:.1f} s"]
    more = f"       Next: refopt derive {following.name}" if following else ""
    return [*lines, *([f"As a page: --as markdown | latex | html{more}"] if len(more) < 40 else ["As a page: --as markdown | latex | html", more.strip()])]


def _step(number: int, step: Step) -> list[str]:
    tactic = "exact run" if step.kind is Kind.RUN else step.tactic
    head = textwrap.wrap(step.name, WIDTH - 22) or [""]
    lines = [f"{number:>3}  {head[0]:<{WIDTH - 22}} {tactic:>12}  ok"[:WIDTH], *(f"     {x}" for x in head[1:])]
    for parts in (pieces(step), witness(step)):
        if parts:
            text = " ".join(_WORDS.get(x, x) for x, _ in printed(parts, ascii_text)).replace(" ,", ",").replace(" :", ":")
            lines += _wrapped(text, "       ", 9)
    if told := remark(step):
        lines += _wrapped(f"({told})", "       ", 8)
    known = ", ".join(f"{ascii_text(low)} < {ascii_text(x)} < {ascii_text(high)}" for x, low, high in step.known)
    lines += _wrapped(f"({known})", "       ", 8) if known else []
    return lines


def _shown(row: Shown) -> list[str]:
    names = {name: ascii_text(x) for name, x in row.letters.items()}
    names = {name: x if re.fullmatch(r"\w+", x) else f"({x})" for name, x in names.items()}
    if isinstance(row.concept, Rule):
        texts = [f"{let.name} <- {infix(let.value, names)}" for let in row.concept.steps]
    else:
        texts = [f"rate of step k: {infix(row.concept.rate, names)}"]
    lines = []
    for i, text in enumerate(texts):
        lines += _wrapped(text, "  rule      " if i == 0 else "            ", 16)
    lines[0] = lines[0] if len(lines[0]) + len(row.concept.name) + 4 > WIDTH else f"{lines[0]:<{WIDTH - len(row.concept.name) - 3}} ({row.concept.name})"
    return lines


def _wrapped(text: str, indent: str, hanging: int = 2) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=" " * hanging, break_long_words=False, break_on_hyphens=False)
