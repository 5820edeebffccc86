"""Trees as LaTeX in the written order, with the paper's letters."""

from __future__ import annotations

from collections.abc import Mapping

from refopt.language.expression import Expression
from refopt.language.reduction_words import Word, said

_PRECEDENCE = {
    "where": 0, "and": 0, "or": 0, "lt": 1, "le": 1, "gt": 1, "ge": 1, "eq": 1,
    "add": 2, "sub": 2, "neg": 3, "mul": 4, "div": 5, "pow": 6, "square": 6,
}  # fmt: skip
_ATOM = 9
_CONDITION = {"lt": "<", "le": r"\le", "gt": ">", "ge": r"\ge", "eq": "=", "and": r"\wedge", "or": r"\vee"}
_CALL = {"max": r"\max", "min": r"\min", "exp": r"\exp", "log": r"\log", "cos": r"\cos", "sin": r"\sin", "tanh": r"\tanh",
         "sign": r"\operatorname{sign}"}  # fmt: skip


def latex(node: Expression, names: Mapping[str, str] | None = None) -> str:
    """The formula in LaTeX. `names` maps a symbol's name to what is printed for it (say `m_{t-1}`)."""
    return _latex(node, names or {}, 0, False)


def _latex(node: Expression, names: Mapping[str, str], outer: int, right: bool) -> str:
    op, args = node.op, node.args
    bind = _PRECEDENCE.get(op, _ATOM)

    def inner(x: Expression, level: int = 0, on_right: bool = False) -> str:
        return _latex(x, names, level, on_right)

    def base() -> str:
        text = inner(args[0], 7)  # a letter with a superscript of its own is kept together
        return f"{{{text}}}" if args[0].op == "symbol" and "^" in text and not text.startswith("{") else text

    reduction = said(node)
    if reduction is not None:
        return _reduction(reduction.word, inner(reduction.operand, 4), reduction.over_all)
    if op == "literal":
        assert node.value is not None
        n, d = node.value.numerator, node.value.denominator
        text = str(n) if d == 1 else rf"\tfrac{{{n}}}{{{d}}}"
        bind = _PRECEDENCE["neg"] if n < 0 else _PRECEDENCE["div"] if d != 1 else _ATOM
    elif op in ("symbol", "constant"):
        text = names.get(node.name or "", node.letter or node.name or "")
    elif op in ("add", "sub"):
        text = f"{inner(args[0], 2)} {'+' if op == 'add' else '-'} {inner(args[1], 2, True)}"
    elif op == "neg":
        text = f"-{inner(args[0], 4)}"
    elif op == "mul":
        text = rf"{inner(args[0], 4)}\,{inner(args[1], 4, True)}"
    elif op == "div":
        text = rf"\frac{{{inner(args[0])}}}{{{inner(args[1])}}}"
    elif op == "square":
        text = f"{base()}^{{2}}"
    elif op == "pow":
        text = f"{base()}^{{{inner(args[1])}}}"
    elif op == "sqrt":
        text = rf"\sqrt{{{inner(args[0])}}}"
    elif op == "cbrt":
        text = rf"\sqrt[3]{{{inner(args[0])}}}"
    elif op == "abs":
        text = rf"\left\lvert {inner(args[0])} \right\rvert"
    elif op == "floor":
        text = rf"\left\lfloor {inner(args[0])} \right\rfloor"
    elif op in _CONDITION:
        text = f"{inner(args[0], bind + 1)} {_CONDITION[op]} {inner(args[1], bind + 1)}"
    elif op == "where":
        text = rf"\begin{{cases}} {inner(args[1])} & {inner(args[0])} \\ {inner(args[2])} & \text{{otherwise}} \end{{cases}}"
    elif op == "ilog":
        text = rf"\left\lfloor \log_{{{inner(args[1])}}} {inner(args[0], 4)} \right\rfloor"
    elif op in _CALL:
        text = rf"{_CALL[op]}\left({', '.join(inner(a) for a in args)}\right)"
    else:
        text = rf"\operatorname{{{op.replace('_', ' ')}}}\left({', '.join(inner(a) for a in args)}\right)"
    return rf"\left({text}\right)" if bind < outer or (right and bind == outer) else text


def _reduction(word: Word, operand: str, over_all: bool) -> str:
    """A reduction of an operand; over all tensors it carries an index."""
    index = r"_{\mathrm{all}}" if over_all else ""
    if word is Word.NORM:
        return rf"\left\lVert {operand} \right\rVert{index}"
    name = {Word.SUM: r"\sum", Word.LARGEST: r"\max"}.get(word, rf"\operatorname{{{word.value}}}")
    return rf"{name}{index}\left({operand}\right)"
