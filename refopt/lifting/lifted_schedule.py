"""The formula that the code of a learning-rate schedule really computes, read from a run on symbols."""

from __future__ import annotations

from dataclasses import dataclass

from refopt.language.expression import Expression
from refopt.language.hyper import Hyper
from refopt.lifting.assumption import Assumed


@dataclass(frozen=True)
class LiftedSchedule:
    """A schedule's rate, for all values of the symbols.

    hyper      the hyperparameters that stayed symbols
    closed     the rate of step k in k and the hyperparameters, None where the code has no such form
    recursion  the rate of step k >= 1 in `lr_prev`, k and the hyperparameters, None where the code has no such form
    start      the rate of step 0 that the recursion begins with
    assumed    what the trees take for granted beside the domains of the hyperparameters
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
    nonzero: frozenset[str] = frozenset()
    catches: bool = False
