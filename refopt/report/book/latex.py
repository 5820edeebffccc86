"""Formulas of SymPy as LaTeX, and a derivation as a LaTeX document."""

from __future__ import annotations

import re
from typing import Any

from sympy.printing.latex import LatexPrinter

from refopt.derivation.derivation import Shown
from refopt.derivation.library import Outcome
from refopt.derivation.step import Step
from refopt.report.book.inline import as_latex
from refopt.report.book.ordered import Ordered
from refopt.report.book.rows import Plus, rows
from refopt.report.book.statement import pieces, printed, remark, shown_concept, witness

_RELATION = {"=": "=", "!=": r"\neq", "<": "<", "<=": r"\le", ">": ">", ">=": r"\ge", ",": ",", "~": r"\quad\text{has the sign of}\quad"}
_SPECIAL = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
            **{c: "\\" + c for c in "&%$#_{}"}}  # fmt: skip
HEAD = r"""\documentclass{article}
\usepackage{amsmath,amssymb}
\usepackage[T1]{fontenc}
\begin{document}
"""


class _Latex(Ordered, LatexPrinter):  # type: ignore[misc]
    pass


def latex(expression: Any) -> str:
    """The formula in LaTeX."""
    return str(_Latex({"mul_symbol": r"\,"}).doprint(expression))


def formula(parts: list[Any]) -> str:
    """The pieces of a statement in LaTeX, a wide one in rows."""
    lines = [_row(row) for row in rows(parts)]
    joined = r" \\ & \quad ".join(lines)
    return joined if len(lines) == 1 else rf"\begin{{aligned}} & {joined} \end{{aligned}}"


def _row(row: list[Any]) -> str:
    def show(part: Any) -> str:
        return latex(part)

    plus = isinstance(row[0], Plus)
    parts = row[1:] if plus else row
    from refopt.report.book.statement import Word

    told = [Word(rf"\text{{{escaped(p.text)}}}") if isinstance(p, Word) and re.search("[a-z]", p.text) else p for p in parts]
    written = " ".join(_RELATION[text] if is_relation else text for text, is_relation in printed(told, show))
    return f"+ {written}" if plus and not written.startswith("-") else written


def escaped(text: str) -> str:
    """Plain text for LaTeX."""
    return "".join(_SPECIAL.get(c, c) for c in text)


def section(outcome: Outcome) -> str:
    """The derivation as a section."""
    d = outcome.derivation
    lines = [rf"\section*{{{escaped(d.title)}}}", rf"\emph{{{escaped('; '.join(str(s) for s in d.source))}}}", "", escaped(outcome.entry.words), ""]
    lines += [rf"\textbf{{Claim.}} {as_latex(d.claim)}", ""]
    for number, row in d.numbered():
        if isinstance(row, Step):
            lines += _step(number, row)
        elif isinstance(row, Shown):
            lines += [rf"\[ {x} \]" for x in shown_concept(row, "latex")]
        else:
            lines += ["", as_latex(row), ""]
    return "\n".join(lines) + "\n"


def document(outcomes: list[Outcome]) -> str:
    """A whole document."""
    return HEAD + "\n".join(section(o) for o in outcomes) + "\\end{document}\n"


def _step(number: int, step: Step) -> list[str]:
    sampled = f"; {step.points} points" if step.points > 1 else ""
    lines = ["", rf"({number}) {escaped(step.name)} \hfill \emph{{{escaped(step.tactic)}{sampled}}}", rf"\[ {formula(pieces(step))} \]"]
    if at := witness(step):
        lines.append(rf"\[ {formula(at)} \]")
    if told := remark(step):
        lines.append(rf"({as_latex(told)})")
    return lines
