"""Mathematics in claims and sentences: what stands between backticks, read as it is written in ASCII and set as mathematics.

`x_t`, `gamma^(t-i)`, `sum_{i=1..t}`, `sqrt(...)` and the names of Greek letters are understood; a word of several letters stays a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from refopt.language.mathml import GREEK

_TOKEN = re.compile(r"\s*(\d+(?:\.\d+)?|[A-Za-z]+(?:_[A-Za-z0-9]+)?\d*'*|<=|>=|!=|->|<-|\.\.\.|\.\.|.)", re.S)
_SIGNS = {"<=": ("≤", r"\le "), ">=": ("≥", r"\ge "), "!=": ("≠", r"\neq "), "->": ("→", r"\to "), "<-": ("←", r"\leftarrow "), "-": (chr(0x2212), "-"),
          "*": ("·", r"\cdot "), "..": ("…", r"\ldots "), "...": ("…", r"\ldots "), ".": ("·", r"\cdot "), "<": ("<", "<"), ">": (">", ">")}  # fmt: skip
_LETTERS = {**GREEK, "eps": "ε", "infinity": "∞"}
_LATEX = {"eps": r"\epsilon", "infinity": r"\infty"}


@dataclass(frozen=True)
class _Piece:
    """A piece of mathematics in both ways of writing; `group` is what brackets that only hold it together enclose."""

    mathml: str
    latex: str
    group: tuple[str, str] | None = None


def as_mathml(text: str) -> str:
    """A sentence as HTML: mathematics between backticks as `<math>`."""
    parts = text.split("`")
    return "".join(_formulas(p) if i % 2 else escape(p) for i, p in enumerate(parts))


def _formulas(text: str) -> str:
    """A formula, a `<math>` from one relation to the next: a line can end between two of them."""
    depth, cuts = 0, [0]
    for m in re.finditer(r"[({})]| (?=(?:=|<=|>=|!=|<|>|->|<-) )", text):
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(m[0], 0)
        if m[0] == " " and depth == 0 and m.start():
            cuts.append(m.start())
    pieces = [text[a:b].strip() for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True)]
    told = [(p, _read(p)[0]) for p in pieces if p]
    told[1:] = [(p, x.replace("<mo>", '<mo form="infix">', 1)) for p, x in told[1:]]  # as far from what stands before it as from what follows
    return "<wbr>".join(f'<math alttext="{escape(p)}"><mrow>{x}</mrow></math>' for p, x in told)


def as_latex(text: str) -> str:
    """A sentence as LaTeX: mathematics between backticks between dollars."""
    from refopt.report.book.latex import escaped as plain

    parts = text.split("`")
    return "".join(f"${_read(p)[1].strip()}$" if i % 2 else plain(p) for i, p in enumerate(parts))


def _read(text: str) -> tuple[str, str]:
    tokens = [t for t in _TOKEN.findall(text) if t.strip()]
    pieces, at = list[_Piece](), 0
    while at < len(tokens):
        piece, at = _scripted(tokens, at)
        pieces.append(piece)
    return "".join(p.mathml for p in pieces), " ".join(p.latex for p in pieces)


def _scripted(tokens: list[str], at: int) -> tuple[_Piece, int]:
    """An atom with what stands below and above it."""
    base, at = _atom(tokens, at)
    below, above = None, None
    while at < len(tokens) and tokens[at] in "^_":
        mark = tokens[at]
        found, at = _atom(tokens, at + 1) if at + 1 < len(tokens) else (_Piece("", ""), at + 1)
        shown = found.group or (found.mathml, found.latex)
        below, above = (shown, above) if mark == "_" else (below, shown)
    if below is None and above is None:
        return base, at
    latex = base.latex + (f"_{{{below[1]}}}" if below else "") + (f"^{{{above[1]}}}" if above else "")
    inner = [base.mathml, *(f"<mrow>{x[0]}</mrow>" for x in (below, above) if x)]
    name = "msubsup" if below and above else "msub" if below else "msup"
    return _Piece(f"<{name}>{''.join(inner)}</{name}>", latex), at


def _atom(tokens: list[str], at: int) -> tuple[_Piece, int]:
    token = tokens[at]
    if token in ("(", "{"):
        close = {"(": ")", "{": "}"}[token]
        inside, at = list[_Piece](), at + 1
        while at < len(tokens) and tokens[at] != close:
            piece, at = _scripted(tokens, at)
            inside.append(piece)
        group = "".join(p.mathml for p in inside), " ".join(p.latex for p in inside)
        if token == "{":
            return _Piece(f"<mrow>{group[0]}</mrow>", f"{{{group[1]}}}", group), at + 1
        return _Piece(f"<mrow><mo>(</mo>{group[0]}<mo>)</mo></mrow>", rf"\left({group[1]}\right)", group), at + 1
    if token == "sqrt" and at + 1 < len(tokens) and tokens[at + 1] == "(":
        found, at = _atom(tokens, at + 1)
        inner = found.group or ("", "")
        return _Piece(f"<msqrt><mrow>{inner[0]}</mrow></msqrt>", rf"\sqrt{{{inner[1]}}}"), at
    return _simple(token), at + 1


def _simple(token: str) -> _Piece:
    if token[0].isdigit():
        return _Piece(f"<mn>{token}</mn>", token)
    if token[0].isalpha():
        return _named(token)
    shown, latex = _SIGNS.get(token, (token, token))
    return _Piece(f"<mo>{escape(shown)}</mo>", latex)


def _named(token: str) -> _Piece:
    """A letter, with digits or a subscript at its end; the sign of a sum; or a word."""
    base, _, below = token.partition("_")
    if not below and (m := re.fullmatch(r"([A-Za-z]+?)(\d+)", base)):
        base, below = m[1], m[2]
    primes = len(base) - len(base.rstrip("'"))
    base = base.rstrip("'")
    if base == "sum":
        piece = _Piece("<mo>∑</mo>", r"\sum")
    elif base in _LETTERS:
        piece = _Piece(f"<mi>{_LETTERS[base]}</mi>", _LATEX.get(base, "\\" + base))
    elif len(base) == 1:
        piece = _Piece(f"<mi>{base}</mi>", base)
    else:
        space = '<mspace width="0.22em"></mspace>'
        return _Piece(f"{space}<mtext>{escape(token)}</mtext>{space}", rf"\ \text{{{token}}}\ ".replace("_", r"\_"))
    piece = _Piece(piece.mathml[:-5] + chr(0x2032) * primes + piece.mathml[-5:], piece.latex + "'" * primes) if primes else piece
    if not below:
        return piece
    low = f"<mn>{below}</mn>" if below.isdigit() else f"<mi>{escape(_LETTERS.get(below, below))}</mi>"
    told = below if below.isdigit() or len(below) == 1 else rf"\text{{{below}}}"
    return _Piece(f"<msub>{piece.mathml}{low}</msub>", f"{piece.latex}_{{{told}}}")
