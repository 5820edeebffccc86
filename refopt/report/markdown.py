"""A report as Markdown, for the summary of a CI run: the matrix, then a screen to unfold for everything that has a story."""

from __future__ import annotations

import re
from collections.abc import Sequence

from refopt.conformance.verdict.conformance import Conformance, Precision
from refopt.conformance.verdict.verdict import Verdict
from refopt.report import words
from refopt.report.context_lines import has_story, is_it_a_bug, link, threads
from refopt.report.html.page import summary
from refopt.report.lines import number
from refopt.report.matrix import Matrix
from refopt.report.plain import plain
from refopt.report.terminal import answer, screen


def markdown(matrix: Matrix, verdicts: Sequence[Verdict]) -> str:
    """The whole document."""
    parts = ["## refopt", "", summary(verdicts), "", *_matrix(matrix), ""]
    if verdicts:
        parts += [*_ratios(verdicts), ""]
    for v in verdicts:
        if has_story(v):
            parts += [*_story(v), ""]
    return plain("\n".join(parts))


def _matrix(matrix: Matrix) -> list[str]:
    if not matrix.rows:
        return []
    rows = [f"| {' | '.join([''] + [_cell(c) for c in matrix.columns])} |", "|" + "---|" * (len(matrix.columns) + 1)]
    return rows + [f"| {' | '.join([_cell(name), *(_cell(c.text) for c in cells)])} |" for name, cells in matrix.rows]


def _ratios(verdicts: Sequence[Verdict]) -> list[str]:
    rows = ["| implementation | rule | format | verdict | error/bound | exit |", "|---|---|---|---|---|---|"]
    for v in verdicts:
        for f in v.findings:
            what = " or ".join(f.diagnosis.matches) if f.verdict == Conformance.VARIANT else f.verdict.replace("_", " ")
            star = f", imprecise: {words.told_or_none(f.diagnosis.cause)}" if f.precision == Precision.REDUCED else ""
            rows.append(f"| {_cell(v.implementation)} | {_cell(v.rule)} | {f.dtype} | {_cell(what + star)} | {number(f.diagnosis.ratio) or '-'} | {v.exit} |")
    return rows


def _story(verdict: Verdict) -> list[str]:
    text = "\n".join(screen(verdict))
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    met = ", ".join(f"[{_cell(t)}]({link(t)})" for t in threads(verdict.worst)[:4])
    return [
        f"<details><summary>{_html(verdict.implementation)}: {_html(answer(verdict))}</summary>", "",
        f"{fence}text", text, fence, "",
        f"Is it a bug? {_cell(is_it_a_bug(verdict, verdict.worst))}", *(["", f"Others met it: {met}"] if met else []), "", "</details>",
    ]  # fmt: skip


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cell(text: str) -> str:
    """Text that stays one cell and is taken literally."""
    one_line = " ".join(text.split())
    return re.sub(r"([\\`*_{}\[\]|~])", r"\\\1", _html(one_line))
