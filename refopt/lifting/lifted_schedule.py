"""The formula that the code of a learning-rate schedule really computes, read from a run on symbols."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from refopt.language.compose import substitute
from refopt.language.expression import Expression, literal
from refopt.language.hyper import Hyper
from refopt.language.schedule import Schedule
from refopt.lifting.assumption import Assumed


@dataclass(frozen=True)
class LiftedSchedule:
    """A schedule's rate, for all values of the symbols.

    hyper      the hyperparameters that stayed symbols
    closed     the rate of step k in k and the hyperparameters, None where the code has no such form
    recursion  the rate of step k >= 1 in `lr_prev`, k and the hyperparameters, None where the code has no such form
    start      the rate of step 0 that the recursion begins with
    assumed    what the trees take for granted beside the domains of the hyperparameters
    held       hyperparameters that the code has not, and the value at which it computes
    nonzero    hyperparameters that are taken not to be 0; `assumed` says so
    catches    whether the code catches exceptions: where its formula has no value it may go another way
    """

    name: str
    version: str
    route: str
    hyper: tuple[Hyper, ...]
    closed: Expression | None = None
    recursion: Expression | None = None
    start: Expression | None = None
    assumed: tuple[Assumed, ...] = ()
    held: Mapping[str, Fraction] = field(default_factory=dict)
    nonzero: frozenset[str] = frozenset()
    catches: bool = False

    def at_what_is_held(self, schedule: Schedule) -> Schedule:
        """The schedule with the values that the code holds in the place of hyperparameters."""
        held = {n: literal(x) for n, x in self.held.items() if n in schedule.hyper_names}
        if not held:
            return schedule
        recursion = None if schedule.recursion is None else substitute(schedule.recursion, held)
        hyper = tuple(h for h in schedule.hyper if h.name not in held)
        return replace(schedule, hyper=hyper, rate=substitute(schedule.rate, held), recursion=recursion)
