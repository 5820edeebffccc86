"""A hyperparameter that an implementation does not take: one fixed value in every case and format, and what that makes of the formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from fractions import Fraction

from refopt.catalogue import rules
from refopt.conformance.diagnose.roles import KEEP_THE_RULE, MAKE_A_SMALLER_RULE
from refopt.conformance.judge.model import Hyper, in_force
from refopt.language.hyper import Hyper as Declared
from refopt.language.lists import is_written
from refopt.language.rule import Rule
from refopt.proof.same_formula import same_formula


class Effect(Enum):
    """Effect of a fixed value on a formula."""

    KEEPS = auto()  # the formula is the same
    SMALLER = auto()  # the part of it is left out
    OTHER = auto()  # a formula with a constant of its own


@dataclass(frozen=True)
class Held:
    """A hyperparameter that is not taken, its fixed value as a decimal, and the rule's default; `found`: that the value explains what was seen."""

    name: str
    value: str
    default: str
    meaning: str
    effect: Effect
    found: bool = True

    @property
    def is_default(self) -> bool:
        """True where the value is the rule's default."""
        return self.value == self.default or (not is_written(self.value) and float(self.value) == float(self.default))


def held(h: Declared, value: str) -> Held:
    """A hyperparameter held at a value."""
    number = None if h.is_list else Fraction(value)
    if h.role in KEEP_THE_RULE:
        effect = Effect.KEEPS
    elif number == 0 and h.role in MAKE_A_SMALLER_RULE:
        effect = Effect.SMALLER
    else:
        effect = Effect.KEEPS if value == h.default or number == Fraction(h.default) else Effect.OTHER
    return Held(h.name, value, h.default, h.meaning, effect)


def smaller(rule: Rule, left_out: Sequence[Held]) -> Rule | None:
    """The named rule that is left of a rule where some hyperparameters are 0; None where it has no name."""
    gone = {x.name for x in left_out}
    sent = {h.name: "0" if h.name in gone else _SOMETHING for h in rule.hyper}
    here: list[Hyper] = [in_force(rule, sent, {})]
    for other in sorted((r for r in rules(variants=True) if r.input_names == rule.input_names), key=lambda r: (r.is_variant, r.name)):
        if set(other.hyper_names) == set(rule.hyper_names) - gone and same_formula(rule, other, here, [in_force(other, sent, {})]):
            return other
    return None


_SOMETHING = "0.375"
"""A value of every hyperparameter that stays: what is proved is proved for all values."""


def as_chosen(implementation: object, kept: tuple[Held, ...]) -> tuple[Held, ...]:
    """The same where the implementation is a person's own object, whose constants are the person's choice: a constant of its own keeps the rule.

    Of anything else a value that was not found counts as one that was, the default: what differs is then looked for.
    """
    if not getattr(implementation, "constants_are_chosen", False):
        return tuple(replace(x, found=True) for x in kept)
    return tuple(replace(x, effect=Effect.KEEPS) if x.effect is Effect.OTHER else x for x in kept)
