"""The words for reductions in formulas: a norm is read where the root of a sum of squares is written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from refopt.language.expression import Expression
from refopt.language.operations import RECORD


class Word(Enum):
    """A reduction as people say it."""

    SUM = "sum"
    LARGEST = "largest"
    MEAN = "mean"
    NORM = "norm"
    RMS = "rms"


@dataclass(frozen=True)
class Said:
    """A reduction as it is said: its word, what is reduced, the way to that from the node, and whether it goes over all tensors."""

    word: Word
    operand: Expression
    path: tuple[int, ...]
    over_all: bool


def said(node: Expression) -> Said | None:
    """The reduction that a node is, as people say it; None where it is none."""
    if node.op == "sqrt":
        inner = said(node.args[0])
        if inner is not None and inner.word in (Word.SUM, Word.MEAN) and inner.operand.op == "square":
            word = Word.NORM if inner.word is Word.SUM else Word.RMS
            return Said(word, inner.operand.args[0], (0, *inner.path, 0), inner.over_all)
        return None
    if node.op == "div":
        inner = said(node.args[0])
        size = "size_all" if inner is not None and inner.over_all else "size"
        if inner is not None and inner.word is Word.SUM and node.args[1].op == "symbol" and node.args[1].name == size:
            return Said(Word.MEAN, inner.operand, (0, *inner.path), inner.over_all)
        return None
    if not node.args or not RECORD[node.op].reduces:
        return None
    return Said(Word.SUM if node.op == "sum" else Word.LARGEST, node.args[0], (0,), node.attribute == "all")
