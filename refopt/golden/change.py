"""One change of a formula, as data: where, what was there before, and what is there now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto

from refopt.golden.description import Description
from refopt.language.expression import Expression


class Scope(Enum):
    """Scope of a change that is not made in one assignment alone."""

    EVERYWHERE = auto()
    AFTER_ITS_UPDATE = auto()
    RATE = auto()


class Kind(Enum):
    """Kind of a change. The fields that each one has are named beside it."""

    PART = auto()  # before, after: one part of a tree in place of another
    PREVIOUS = auto()  # before, names: the value of a state before its update
    EXCHANGED = auto()  # names: two symbols, each in the other's place
    COMPLEMENT = auto()  # names: h and 1 - h, each in the other's place
    COMPLEMENTS = auto()  # names: 1 - h for each h
    ALWAYS = auto()  # value: a hyperparameter is held at it
    ALWAYS_DEFAULT = auto()  # value: at its default
    STARTS_AT = auto()  # value: a state's first value
    STARTS_ANEW = auto()  # names: states at their first values again
    STOPS_AT = auto()  # number: the symbol t does not go on
    COUNT_STOPS = auto()  # number: the count of updates does not go on
    COUNT_ANEW = auto()  # the count of updates begins again
    COUNT_LESS = auto()  # the count of updates is one behind
    NEVER_UPDATED = auto()
    NEVER_STORED = auto()  # names: new values of states that are used and forgotten
    THETA_STAYS = auto()  # theta is never updated
    NOT_UPDATED = auto()
    NOTHING_UPDATED = auto()  # neither theta nor its state
    UPDATED_LATE = auto()
    ASSIGNED_AFTER = auto()  # names: the assignment that comes first
    ASSIGNED_TWICE = auto()
    MADE_TWICE = auto()
    SKIPPED_AT_ZERO = auto()  # elements whose gradient is 0
    CLIPPED = auto()  # value: the largest size
    FIRST_VALUE = auto()  # after: the value in the first update
    KEPT_IN_ITS_PLACE = auto()  # before: what is kept as the state
    ONE_BUFFER = auto()  # names: two states
    NOT_CORRECTED = auto()
    PUT_TO_NEW = auto()  # before: a term that sees the new theta
    PUT_TWICE = auto()  # before: a term
    DIVIDED_BY = auto()  # after
    DECAYS_AFTER = auto()  # after: by how much, when the step is made
    NOT_BEFORE = auto()  # and not where it was
    DECAY_LEFT_OUT = auto()
    TIMES_AS_LONG = auto()  # value: a factor of the step
    OTHER_VARIANT = auto()  # names: a variant of the rule
    RATE_FROM = auto()  # after, names: the rate from a count on
    RATE_BEYOND = auto()  # before, after: the rate from the end of the last part on
    LATE = auto()  # before, after: what follows a boundary comes one step late
    EARLY = auto()  # before, after
    SHORT_OF_ITS_END = auto()  # before, after
    TIMES_WHOLE = auto()  # before: a share that multiplies what follows, at most 1
    HELD_TIMES_WHOLE = auto()  # before, after: a share that is held at a count
    LESSER = auto()  # before: the lesser of two curves


@dataclass(frozen=True)
class Change(Description):
    """One change of a formula.

    where   name of the assignment or hyperparameter, or a wider scope
    before  the part as it was; `after`, as it is
    names   the names that it is about
    value   a number, as it was written; `number`, a count
    form    the form in which the assignment was written when it was changed
    also    what was changed besides, by the same mistake
    """

    kind: Kind
    where: str | Scope = Scope.EVERYWHERE
    before: Expression | None = None
    after: Expression | None = None
    names: tuple[str, ...] = ()
    value: str | None = None
    number: int | None = None
    form: Expression | None = None
    also: Change | None = None

    @property
    def is_replacement(self) -> bool:
        """True where one thing stands in the place of another in one assignment, so that it can be shown in its context."""
        return self.kind in (Kind.PART, Kind.PREVIOUS) and isinstance(self.where, str)

    def and_also(self, other: Change | None) -> Change:
        """The same change with another one besides."""
        return self if other is None else replace(self, also=other)


def part(where: str | Scope, before: Expression, after: Expression) -> Change:
    """One part of a tree in place of another."""
    return Change(Kind.PART, where, before, after)


def previous(where: str | Scope, before: Expression, state: str) -> Change:
    """The value of a state before its update in the place of a value."""
    return Change(Kind.PREVIOUS, where, before, names=(state,))


def exchanged(where: str | Scope, a: Expression, b: Expression) -> Change:
    """Two symbols, each in the other's place."""
    return Change(Kind.EXCHANGED, where, names=(str(a.name), str(b.name)))
