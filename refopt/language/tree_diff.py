"""Difference of two trees: the smallest sub-trees that differ, as paths."""

from __future__ import annotations

from refopt.language.expression import Expression
from refopt.language.mathml import Path
from refopt.language.rule import Rule

Paths = tuple[Path, ...]


def parting(first: Expression, second: Expression) -> tuple[Paths, Paths]:
    """Paths of the smallest sub-trees of each in which it differs from the other; empty where they are the same."""
    if first == second:
        return (), ()
    if first.op != second.op or len(first.args) != len(second.args) or not first.args or first.attribute != second.attribute:
        return ((),), ((),)
    left: list[Path] = []
    right: list[Path] = []
    for i, (a, b) in enumerate(zip(first.args, second.args, strict=True)):
        one, other = parting(a, b)
        left += [(i, *path) for path in one]
        right += [(i, *path) for path in other]
    return tuple(left), tuple(right)


def parting_rules(first: Rule, second: Rule) -> tuple[dict[int, Paths], dict[int, Paths]]:
    """By number of the assignment, where each of two rules differs from the other; an assignment that only one has is marked whole."""
    marks: tuple[dict[int, Paths], dict[int, Paths]] = ({}, {})
    theirs = {let.name: (j, let) for j, let in enumerate(second.steps)}
    for i, let in enumerate(first.steps):
        if let.name not in theirs:
            marks[0][i] = ((),)
            continue
        j, other = theirs[let.name]
        marks[0][i], marks[1][j] = parting(let.value, other.value)
    known = {let.name for let in first.steps}
    marks[1].update({j: ((),) for name, (j, _) in theirs.items() if name not in known})
    return marks
