"""The whole page: a sentence, the matrix, a card for everything that has a story."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.verdict import Verdict, rank
from refopt.report.context_lines import has_story
from refopt.report.html.card import WORDS, anchor, brief_card, card
from refopt.report.html.style import CSS, scoped
from refopt.report.lines import environment
from refopt.report.matrix import Cell, Matrix
from refopt.report.plain import plain
from refopt.report.terminal import answer

LEGEND = (
    ("good", "conforms", "the reference formula, up to rounding"),
    ("other", "a name", "another known formula"),
    ("bad", "deviates", "no known formula"),
    ("none", "no answer", "it broke, or did not answer"),
    ("", "*", "the right formula, less precise than its number format allows"),
    ("", ".", "not run"),
    ("", "-", "not offered"),
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
    ordered = sorted(verdicts, key=lambda v: (not has_story(v), rank(v.worst)))  # a story first, and the worst
    identifiers = _identifiers(ordered)
    body = [
        "<h1>What these optimizers compute</h1>",
        f'<p class="lead">{escape(summary(verdicts))}</p>',
        *([f'<p class="lead">{escape(not_run(matrix.left))} <code>refopt check --full --html report.html</code></p>'] if matrix.left else []),
        _matrix(matrix, {id(v): identifiers[i] for i, v in enumerate(ordered)}),
        _contents(ordered, identifiers),
        '<div class="cards">',
        *(card(v, i) if has_story(v) else brief_card(v, i) for v, i in zip(ordered, identifiers, strict=True)),
        "</div>",
        _footer(verdicts),
    ]
    head = f'<meta charset="utf-8">{POLICY}<meta name="viewport" content="width=device-width, initial-scale=1">'
    top = f'<!doctype html>\n<html lang="en">\n<head>{head}<title>refopt report</title>\n<style>{CSS}</style></head>'
    return plain("\n".join([top, '<body><main class="whole">', *body, "</main></body>", "</html>", ""]))


def fragment(verdict: Verdict) -> str:
    """The card alone, with its style, to stand inside another page."""
    return plain(f'<div class="refopt"><style>{scoped()}</style>{card(verdict, anchor(verdict.implementation))}</div>')


def summary(verdicts: Sequence[Verdict]) -> str:
    """Result of all verdicts in one sentence."""
    words = [v.worst.verdict for v in verdicts]
    parts = [f"{words.count(word)} {one if words.count(word) == 1 else many}" for word, one, many in COUNTED if word in words]
    return f"Checked against exact mathematics: {', '.join(parts)}." if parts else "Nothing was judged."


def not_run(count: int) -> str:
    """The sentence on what a first survey had no time for."""
    return f"{count} other pair{'s' if count != 1 else ''} of an implementation and a rule {'were' if count != 1 else 'was'} not run; all of them:"


def _identifiers(verdicts: Sequence[Verdict]) -> list[str]:
    found: list[str] = []
    for v in verdicts:
        name, i = anchor(v.implementation), 1
        while name in found:
            i += 1
            name = f"{anchor(v.implementation)}-{i}"
        found.append(name)
    return found


def _contents(verdicts: Sequence[Verdict], identifiers: Sequence[str]) -> str:
    """A list of the cards, where there are several."""
    if len(verdicts) < 2:
        return ""
    rows = "".join(
        f'<li><a href="#{i}">{escape(v.implementation)}</a> <span class="{WORDS[v.worst.verdict]}">{escape(answer(v))}</span></li>'
        for v, i in zip(verdicts, identifiers, strict=True)
    )
    return f'<nav class="list"><h3>One by one</h3><ol>{rows}</ol></nav>'


def _matrix(matrix: Matrix, cards: Mapping[int, str]) -> str:
    head = "".join(f'<th scope="col">{escape(c)}</th>' for c in matrix.columns)
    rows = "".join(f'<tr><th scope="row">{escape(name)}</th>{"".join(_cell(c, cards) for c in cells)}</tr>' for name, cells in matrix.rows)
    every = [c for _, cells in matrix.rows for cell in cells for c in cell.every]
    used, starred = {c.verdict for c in every}, any(c.text.endswith("*") for c in every)
    marked = {"*": starred, **{mark: any(c.text == mark for c in every) for mark in (".", "-")}}
    shown = [x for x in LEGEND if (marked[x[1]] if x[1] in marked else x[0] in {WORDS[v] for v in used if v})]
    legend = "<br>".join(f'<span class="{c}">{word}</span> {meaning}' for c, word, meaning in shown)
    table = f'<table class="matrix"><thead><tr><th></th>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return f'<div class="wide all">{table}</div><p class="legend"><small>{legend}</small></p>'


def _cell(cell: Cell, cards: Mapping[int, str]) -> str:
    """Every implementation of a cell: its word, which leads to its card, and its full name where the row has another one."""
    lines = []
    for c in cell.every:
        text = escape(c.full or c.text)
        if c.subject is not None and id(c.subject) in cards:
            text = f'<a href="#{cards[id(c.subject)]}">{text}</a>'
        name = f"<small>{_breakable(c.name)}</small>" if c.name else ""
        lines.append(f'<div class="{WORDS[c.verdict] if c.verdict else ""}">{text}{name}</div>')
    return f"<td>{''.join(lines)}</td>"


def _breakable(name: str) -> str:
    """A name that may be broken behind a dot, a bracket, a comma or a colon, and nowhere else while a line holds it."""
    return re.sub(r"(\.(?!\d)|[(,:])", r"\1<wbr>", escape(name))


def _footer(verdicts: Sequence[Verdict]) -> str:
    if not verdicts:
        return ""
    line = environment()
    versions = ", ".join(f"{n} {v}" for n, v in line["versions"].items())
    host = f"{line['host']['system']} {line['host']['machine']}, Python {line['host']['python']}"
    return f"<footer>refopt {escape(line['refopt'])}; golden files {escape(line['manifest'][:12])}; {escape(versions)}; {escape(host)}</footer>"
