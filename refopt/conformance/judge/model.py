"""A formula to compare an implementation with: a rule, the hyperparameters in force, and perhaps one cause put in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from refopt.golden.description import Name
from refopt.language.evaluate import binary64
from refopt.language.expression import Kind
from refopt.language.lists import entries, spread
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.rounding.bound import BINARY64_SCALARS, Block, Profile
from refopt.rounding.error_bounds import ErrorBounds
from refopt.rounding.formats import FLOAT64, Format, number_format

Hyper = dict[str, Fraction]


@dataclass(frozen=True)
class Scalars:
    """The scalars of one update: exact values, and how far each may be off before it is rounded to the format (`slack`)."""

    hyper: Mapping[str, Fraction]
    slack: Mapping[str, Fraction] = field(default_factory=dict)


def as_they_are(hyper: Hyper, t: int, f: Format) -> Scalars:
    """No cause: hyperparameters as they were sent."""
    return Scalars(hyper)


@dataclass(frozen=True)
class Model:
    """A rule to evaluate exactly, with the error that an implementation of it is allowed.

    name       of the rule, as people spell it; of an edited one, what was edited
    rule       its formula
    profile    what rounding may do
    scalars    from the hyperparameters in force, the number of the update and the format: the exact scalars
    bound_in   the format whose bound holds, where it is not the implementation's own
    stored_in  the format, narrower than the implementation's own, whose numbers state variables must be, and by whose stored value
               the rest is judged; `stored`, which of them: all where it is empty
    formats    of state variables that are computed in another format than the implementation's own: what they are stored in
    excuses    a value that is not finite is accepted where no claim can be made because something underflows
    edited     its formula is a reference with an edit: step by step, where a state is so small that the format may have zero for it, a divisor
               of the edited formula may come out as zero, and a value that is not finite is accepted where no claim can be made
    bounds     the bounds after updates in open loop, where they are not those of the rule's own state
    """

    name: Name
    rule: Rule
    profile: Profile = BINARY64_SCALARS
    scalars: Callable[[Hyper, int, Format], Scalars] = as_they_are
    bound_in: Format | None = None
    stored_in: Format | None = None
    stored: tuple[str, ...] = ()
    formats: tuple[tuple[str, Format], ...] = ()
    excuses: bool = False
    edited: bool = False
    bounds: Callable[[Sequence[Block]], list[dict[str, ErrorBounds]]] | None = None

    @property
    def scalars_in(self) -> Format:
        """The narrowest format that a number of one value goes through, from operation to operation or from update to update."""
        is_kept = any(s.kind is Kind.REAL and (s.name in self.stored or not self.stored) for s in self.rule.scalar_state)
        kept = self.stored_in if is_kept and self.stored_in is not None else FLOAT64
        formed = number_format(self.profile.formed_in) if self.profile.formed_in is not None else FLOAT64
        return max(kept, formed, key=lambda f: f.u)


@dataclass(frozen=True)
class ScheduleModel:
    """A schedule to compare rates with."""

    name: Name
    rule: Schedule


def in_force(rule: Rule | Schedule, sent: Mapping[str, Any], settings: Mapping[str, Any], sends_nothing: bool = False) -> Hyper:
    """The hyperparameters of `rule` that hold in a case: what the case sends, else what the implementation is set to, else the default.

    Where a case sends nothing, `sent` is what the rule's own defaults would be, and the implementation's settings come first.
    Domains are not looked at: cases on the edge (eps = 0) are judged like any other.
    """
    first, second = (settings, sent) if sends_nothing else (sent, settings)
    values: Hyper = {}
    for h in rule.hyper:
        if h.is_list:
            written = entries(h.name, first) or entries(h.name, second) or h.values(h.default).values()
            values.update(spread(h.name, map(binary64, written)))
        else:
            values[h.name] = binary64(first.get(h.name, second.get(h.name, h.default)))
    return values
