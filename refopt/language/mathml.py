"""Trees as MathML in the written order, with the paper's letters: what a browser draws without a script.

Only elements of MathML Core. A marked node stands in `<mrow class="mark">`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from html import escape

from refopt.language.expression import Expression
from refopt.language.reduction_words import Word, said
from refopt.language.rule import Rule
from refopt.language.text import ATOM, PRECEDENCE, infix

Path = tuple[int, ...]
"""The way from the root of a tree to a node: the numbers of the operands."""

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eta": "η", "theta": "θ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "kappa": "κ", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "omega": "ω", "Delta": "Δ",
}  # fmt: skip
"""Names of letters and what is printed for them."""
_ACCENT = {"hat": "^", "tilde": "~", "bar": "¯"}
_CONDITION = {"lt": "<", "le": "≤", "gt": ">", "ge": "≥", "eq": "=", "and": "∧", "or": "∨"}  # noqa: RUF001
_FENCE = {"abs": ("|", "|"), "floor": ("⌊", "⌋")}
_CHAIN = PRECEDENCE["mul"]
"""A product needs parentheses around a sum; a fraction bar needs none inside."""


def mathml(node: Expression, names: Mapping[str, str] | None = None, marked: Collection[Path] = ()) -> str:
    """The formula as MathML without the surrounding `<math>`.

    names   maps a symbol's name to the LaTeX letter that is printed for it (say `m_{t-1}`)
    marked  paths of nodes that are emphasised
    """
    return _Printer(names or {}, frozenset(marked)).write(node, (), 0, False)


def letter(latex: str) -> str:
    """A letter of the catalogue (`\\hat m_t`, `v^{\\max}`, `\\beta_1`) as MathML."""
    reader = _Letter(re.findall(r"\\[A-Za-z]+|[A-Za-z]|\d+|[{}_^]|[-+]", latex))
    return reader.whole()


def assignment(name: str, value: str) -> str:
    """name <- value, both given as MathML."""
    return f"<mrow>{name}<mo>←</mo>{value}</mrow>"


def math(content: str, alternative: str) -> str:
    """A whole `<math>` element; `alternative` is read where it cannot be shown."""
    return f'<math display="block" alttext="{escape(alternative)}">{content}</math>'


def rule_lines(rule: Rule, marked: Mapping[int, Collection[Path]] | None = None) -> list[str]:
    """The assignments of a rule, one `<math>` each; previous values carry the index t-1. `marked`: paths by number of the assignment."""
    kept = {s.name: s.symbol.letter or s.name for s in rule.state} | {"theta": r"\theta"}
    names = {name: f"{_braced(text)}_{{t-1}}" for name, text in kept.items()} | {"g": "g_t"}
    names |= {one.name: f"{_braced(one.symbol.letter or one.name)}_t" for one in rule.inputs}
    rows = []
    for i, let in enumerate(rule.steps):
        right = mathml(let.value, names, (marked or {}).get(i, ()))
        if let.name in kept:
            names[let.name] = f"{_braced(kept[let.name])}_t"
        left = letter(names.get(let.name, let.symbol.letter or let.name))
        rows.append(math(assignment(left, right), f"{let.name} <- {infix(let.value)}"))
    return rows


def _braced(text: str) -> str:
    return f"{{{text}}}" if "_" in text or "^" in text else text


class _Letter:
    """Reads the few forms of LaTeX that letters are written in."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def whole(self, end: str = "") -> str:
        parts = []
        while self.tokens and self.tokens[0] != end:
            parts.append(self.scripted())
        if end:
            self.tokens.pop(0)
        return parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"

    def scripted(self) -> str:
        base, below, above = self.one(), "", ""
        while self.tokens and self.tokens[0] in ("_", "^"):
            if self.tokens.pop(0) == "_":
                below = self.one()
            else:
                above = self.one()
        if below and above:
            return f"<msubsup>{base}{below}{above}</msubsup>"
        return f"<msub>{base}{below}</msub>" if below else f"<msup>{base}{above}</msup>" if above else base

    def one(self) -> str:
        token = self.tokens.pop(0)
        if token == "{":
            return self.whole("}")
        if token.startswith("\\"):
            word = token[1:]
            if word in _ACCENT:
                return f'<mover accent="true">{self.one()}<mo stretchy="false">{_ACCENT[word]}</mo></mover>'
            return f"<mi>{GREEK.get(word, word)}</mi>"
        if token in "+-":
            return f"<mo>{'−' if token == '-' else token}</mo>"
        return f"<mn>{token}</mn>" if token.isdigit() else f"<mi>{token}</mi>"


class _Printer:
    def __init__(self, names: Mapping[str, str], marked: frozenset[Path]) -> None:
        self.names = names
        self.marked = marked

    def write(self, node: Expression, path: Path, outer: int, right: bool) -> str:
        """The node, in parentheses where an operation that binds as tightly as `outer` stands around it."""
        text, bind = self.bare(node, path)
        if bind < outer or (right and bind == outer):
            text = f'<mrow><mo stretchy="true">(</mo>{text}<mo stretchy="true">)</mo></mrow>'
        return f'<mrow class="mark">{text}</mrow>' if path in self.marked else text

    def bare(self, node: Expression, path: Path) -> tuple[str, int]:
        op, args = node.op, node.args
        bind = PRECEDENCE.get(op, ATOM)

        def inner(i: int, level: int = 0, on_right: bool = False) -> str:
            return self.write(args[i], (*path, i), level, on_right)

        reduction = said(node)
        if reduction is not None:
            operand = self.write(reduction.operand, (*path, *reduction.path), 0, False)
            index = "<mtext>all</mtext>" if reduction.over_all else "<mrow></mrow>"
            if reduction.word is Word.NORM:
                return f"<msub><mrow><mo>‖</mo>{operand}<mo>‖</mo></mrow>{index}</msub>", ATOM
            name = {Word.SUM: "<mo>∑</mo>", Word.LARGEST: "<mi>max</mi>"}.get(reduction.word, f"<mi>{reduction.word.value}</mi>")
            return f"<mrow><msub>{name}{index}</msub><mo>(</mo>{operand}<mo>)</mo></mrow>", ATOM
        if op == "literal":
            assert node.value is not None
            n, d = node.value.numerator, node.value.denominator
            sign = "<mo>−</mo>" if n < 0 else ""
            number = f"<mn>{abs(n)}</mn>"
            text = f"<mrow>{sign}<mfrac>{number}<mn>{d}</mn></mfrac></mrow>" if d != 1 else f"<mrow>{sign}{number}</mrow>" if sign else number
            return text, PRECEDENCE["neg"] if n < 0 else 5 if d != 1 else ATOM
        if op in ("symbol", "constant"):
            return letter(self.names.get(node.name or "", node.letter or node.name or "")), ATOM
        if op in ("add", "sub"):
            return f"<mrow>{inner(0, 2)}<mo>{'+' if op == 'add' else '−'}</mo>{inner(1, 2, True)}</mrow>", bind
        if op == "neg":
            return f"<mrow><mo>−</mo>{inner(0, 4)}</mrow>", bind
        if op == "mul":
            return f'<mrow>{inner(0, _CHAIN)}<mspace width="0.17em"></mspace>{inner(1, _CHAIN, True)}</mrow>', bind
        if op == "div":
            return f"<mfrac>{inner(0)}{inner(1)}</mfrac>", 5
        if op in ("square", "pow"):
            return f"<msup>{inner(0, 7)}{'<mn>2</mn>' if op == 'square' else inner(1)}</msup>", bind
        if op == "sqrt":
            return f"<msqrt>{inner(0)}</msqrt>", ATOM
        if op in _FENCE:
            left, close = _FENCE[op]
            return f"<mrow><mo>{left}</mo>{inner(0)}<mo>{close}</mo></mrow>", ATOM
        if op in _CONDITION:
            return f"<mrow>{inner(0, bind + 1)}<mo>{escape(_CONDITION[op])}</mo>{inner(1, bind + 1)}</mrow>", bind
        if op == "where":
            rows = ((inner(1), inner(0)), (inner(2), "<mtext>otherwise</mtext>"))
            cells = "".join(f"<mtr><mtd>{value}</mtd><mtd>{condition}</mtd></mtr>" for value, condition in rows)
            return f'<mrow><mo stretchy="true">{{</mo><mtable>{cells}</mtable></mrow>', 0
        if op == "ilog":
            return f"<mrow><mo>⌊</mo><msub><mi>log</mi>{inner(1, ATOM)}</msub>{inner(0, _CHAIN)}<mo>⌋</mo></mrow>", ATOM
        operands = "<mo>,</mo>".join(inner(i) for i in range(len(args)))
        return f"<mrow><mi>{escape(op.replace('_', ' '))}</mi><mo>(</mo>{operands}<mo>)</mo></mrow>", ATOM
