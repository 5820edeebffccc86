"""Statement of a step, as pieces that every format prints its own way: formulas, relations between them, words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from refopt.derivation import sampling
from refopt.derivation.derivation import Shown
from refopt.derivation.step import Kind, Step


@dataclass(frozen=True)
class Word:
    """A piece that is no formula."""

    text: str


Piece = Any
"""A SymPy expression, a Word, or a relation: "=", "!=", "<", "<=", ">", ">=", "~" (has the sign of), "at", ","."""


def pieces(step: Step) -> list[Piece]:
    """The statement of a step."""
    called = [] if step.called is None else [step.called, "="]
    if step.kind is Kind.LIMIT:
        assert step.limit is not None
        return [*called, sp.Limit(step.left, step.limit.variable, step.limit.to), "=", step.right]
    if step.kind is Kind.RUN:
        return [Word(str(step.called)), "=", Word(sampling.shown(step.left)), step.relation, step.right]
    if step.kind is Kind.INDUCTION:
        return [step.left, "=", step.right]
    return [*called, step.left, step.relation, step.right]


def witness(step: Step) -> list[Piece]:
    """The point at which two formulas differ, and both values there; nothing for other kinds."""
    if step.kind is not Kind.WITNESS:
        return []
    found: list[Piece] = [Word("at")]
    for i, (symbol, value) in enumerate(step.at):
        found += [*([","] if i else []), symbol, "=", value]
    left, right = (Word(sampling.shown(sampling.value(x, dict(step.at), step.name))) for x in (step.left, step.right))
    return [*found, Word(":"), left, Word("against"), right]


def printed(parts: list[Piece], show: Callable[[Any], str]) -> list[tuple[str, bool]]:
    """(text, is it a relation) for each piece; of three sides two that look the same are said once, an equation keeps both of its own."""
    made: list[tuple[str, bool]] = []
    for part in parts:
        if isinstance(part, str):
            made.append((part, True))
            continue
        text = part.text if isinstance(part, Word) else show(part)
        if len(made) >= 4 and made[-1] == made[-3] == ("=", True) and made[-2][0] == text:
            made.pop()
        else:
            made.append((text, False))
    return made


def remark(step: Step) -> str:
    """Remark on a step: bounds that were used, its own remark, the arithmetic that decided a run."""
    told = [step.why] if step.why else []
    if step.kind is Kind.RUN:
        told.append(f"decided with {step.digits} digits by {'ball arithmetic' if step.certified else 'two precisions that agree'}")
    return "; ".join(told)


def shown_concept(row: Shown, form: str) -> list[str]:
    """The assignments of a shipped formula with the derivation's letters, in LaTeX or MathML."""
    from refopt.language import mathml
    from refopt.language.latex import latex as latex_tree
    from refopt.language.rule import Rule
    from refopt.language.text import infix

    if form == "mathml":
        from refopt.report.book.mathml import mathml as show
    else:
        from refopt.report.book.latex import latex as show
    if isinstance(row.concept, Rule):
        pairs = [(let.symbol.letter or let.name, let.name, let.value) for let in row.concept.steps]
    else:
        pairs = [(r"\eta_k", "lr_k", row.concept.rate)]
    written = {h.name: h.symbol.letter or h.name for h in row.concept.hyper}
    plain = {n: sp.latex(x) for n, x in row.letters.items() if _is_atom(x)}
    others = {written[n]: x for n, x in row.letters.items() if not _is_atom(x)}
    if form == "latex":
        return [*(rf"{letter} \leftarrow {latex_tree(tree, plain)}" for letter, _, tree in pairs), *(f"{letter} = {show(x)}" for letter, x in others.items())]
    lines = [mathml.math(mathml.assignment(mathml.letter(a), mathml.mathml(tree, plain)), f"{name} <- {infix(tree)}") for a, name, tree in pairs]
    return [*lines, *(mathml.math(f"<mrow>{mathml.letter(a)}<mo>=</mo>{show(x)}</mrow>", f"{a} = {x}") for a, x in others.items())]


def _is_atom(x: Any) -> bool:
    """True where it can stand in the place of a letter: a number there would leave `+ 0` behind."""
    return bool(sp.sympify(x).is_Symbol)
