"""The whole page: a sentence, the matrix, a card for everything that has a story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.verdict import Verdict
from refopt.report.context_lines import has_story
from refopt.report.html.card import WORDS, anchor, card
from refopt.report.html.style import CSS, scoped
from refopt.report.lines import environment
from refopt.report.matrix import Cell, Matrix
from refopt.report.plain import plain

LEGEND = (
    ("good", "conforms", "the reference formula, up to rounding"),
    ("other", "a name", "another known formula"),
    ("bad", "deviates", "no known formula"),
    ("none", "no answer", "it broke, or did not answer"),
    ("", "*", "the right formula, less precise than its number format allows"),
)

COUNTED = (
    (Conformance.CONFORMS, "conforms", "conform"),
    (Conformance.VARIANT, "computes another known formula", "compute another known formula"),
    (Conformance.DEVIATES, "deviates", "deviate"),
    (Conformance.NO_ANSWER, "gave no answer", "gave no answer"),
    (Conformance.SKIPPED, "was skipped", "were skipped"),
)

POLICY = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">"""
"""The browser is told what is true anyway: no script runs and nothing is fetched."""


def page(matrix: Matrix, verdicts: Sequence[Verdict]) -> str:
    """One HTML page about everything that was judged."""
    told = [v for v in verdicts if has_story(v)]
    identifiers = _identifiers(told)
    body = [
        "<h1>What these optimizers compute</h1>",
        f'<p class="lead">{escape(summary(verdicts))}</p>',
        _matrix(matrix, {id(v): identifiers[i] for i, v in enumerate(told)}),
        *(card(v, identifiers[i]) for i, v in enumerate(told)),
        _footer(verdicts),
    ]
    head = f'<meta charset="utf-8">{POLICY}<meta name="viewport" content="width=device-width, initial-scale=1">'
    top = f'<!doctype html>\n<html lang="en">\n<head>{head}<title>refopt report</title>\n<style>{CSS}</style></head>'
    return plain("\n".join([top, "<body><main>", *body, "</main></body>", "</html>", ""]))


def fragment(verdict: Verdict) -> str:
    """The card alone, with its style, to stand inside another page."""
    return plain(f'<div class="refopt"><style>{scoped()}</style>{card(verdict, anchor(verdict.implementation))}</div>')


def summary(verdicts: Sequence[Verdict]) -> str:
    """Result of all verdicts in one sentence."""
    words = [v.worst.verdict for v in verdicts]
    parts = [f"{words.count(word)} {one if words.count(word) == 1 else many}" for word, one, many in COUNTED if word in words]
    return f"Checked against exact mathematics: {', '.join(parts)}." if parts else "Nothing was judged."


def _identifiers(verdicts: Sequence[Verdict]) -> list[str]:
    found: list[str] = []
    for v in verdicts:
        name, i = anchor(v.implementation), 1
        while name in found:
            i += 1
            name = f"{anchor(v.implementation)}-{i}"
        found.append(name)
    return found


def _matrix(matrix: Matrix, cards: Mapping[int, str]) -> str:
    head = "".join(f"<th>{escape(c)}</th>" for c in matrix.columns)
    rows = "".join(f"<tr><th>{escape(name)}</th>{''.join(_cell(c, cards) for c in cells)}</tr>" for name, cells in matrix.rows)
    used = {c.verdict for _, cells in matrix.rows for c in cells}
    starred = any(c.text.endswith("*") for _, cells in matrix.rows for c in cells)
    shown = [x for x in LEGEND if (starred if x[1] == "*" else x[0] in {WORDS[v] for v in used if v})]
    legend = "<br>".join(f'<span class="{c}">{word}</span> {meaning}' for c, word, meaning in shown)
    return f'<div class="wide"><table class="matrix"><tr><th></th>{head}</tr>{rows}</table></div><p class="legend"><small>{legend}</small></p>'


def _cell(cell: Cell, cards: Mapping[int, str]) -> str:
    text = escape(cell.text)
    if cell.subject is not None and id(cell.subject) in cards:
        text = f'<a href="#{cards[id(cell.subject)]}">{text}</a>'
    return f'<td class="{WORDS.get(cell.verdict, "")}">{text}</td>'


def _footer(verdicts: Sequence[Verdict]) -> str:
    if not verdicts:
        return ""
    line = environment()
    versions = ", ".join(f"{n} {v}" for n, v in line["versions"].items())
    host = f"{line['host']['system']} {line['host']['machine']}, Python {line['host']['python']}"
    return f"<footer>refopt {escape(line['refopt'])}; golden files {escape(line['manifest'][:12])}; {escape(versions)}; {escape(host)}</footer>"
