"""What a step states, as pieces that every format prints its own way: formulas, relations between them, words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from refopt.derivation import sampling
from refopt.derivation.step import Kind, Step

SIGNIFICANT = 12
"""Digits of a number from a run or a witness."""


@dataclass(frozen=True)
class Word:
    """A piece that is no formula."""

    text: str


Piece = Any
"""A SymPy expression, a Word, or a relation: "=", "!=", "<", "<=", ">", ">=", "~" (has the sign of), "at", ","."""

RELATIONS = ("=", "!=", "<", "<=", ">", ">=", "~", ",", "at")


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
    """Where two formulas part, and both values there; nothing for other kinds."""
    if step.kind is not Kind.WITNESS:
        return []
    found: list[Piece] = [Word("at")]
    for i, (symbol, value) in enumerate(step.at):
        found += [*([","] if i else []), symbol, "=", value]
    left, right = (Word(sampling.shown(sampling.value(x, dict(step.at), step.name))) for x in (step.left, step.right))
    return [*found, Word(":"), left, Word("against"), right]


def printed(parts: list[Piece], show: Callable[[Any], str]) -> list[tuple[str, bool]]:
    """(text, is it a relation) for each piece; an equation whose two sides look the same is said once."""
    made: list[tuple[str, bool]] = []
    for part in parts:
        if isinstance(part, str):
            made.append((part, True))
            continue
        text = part.text if isinstance(part, Word) else show(part)
        if len(made) >= 2 and made[-1] == ("=", True) and made[-2][0] == text:
            made.pop()
        else:
            made.append((text, False))
    return made


def remark(step: Step) -> str:
    """What else is to be said: bounds that were used, the remark, what decided a run."""
    told = [step.why] if step.why else []
    if step.kind is Kind.RUN:
        told.append(f"decided with {step.digits} digits by {'ball arithmetic' if step.certified else 'two precisions that agree'}")
    return "; ".join(told)
