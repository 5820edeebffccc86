"""A transformation: a function from a rule to a rule, and the word by which what it makes is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from refopt.language.rule import Rule, Source


def takes_any(rule: Rule) -> bool:
    """True: nothing is asked of the rule, but that its formula lets the function be put in."""
    return True


def has_rate(rule: Rule) -> bool:
    """True where a rule has a learning rate."""
    return rule.learning_rate is not None


@dataclass(frozen=True)
class Transformation:
    """Something that is put into a rule.

    word    the last word of a composed name, and the function that a person may write: `adam+lookahead`, `lookahead(adam)`
    made    the rule with it; raises RefoptError where the rule's formula does not let it be put in
    source  where it is published
    needs   whether a rule has what it is about
    """

    word: str
    made: Callable[[Rule], Rule]
    source: Source
    needs: Callable[[Rule], bool] = takes_any
