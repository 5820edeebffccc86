"""The role of a hyperparameter: the part that it plays in a formula, whatever letter a paper gives it.

Inputs of golden cases, mutants and diagnoses go by role. A rule in new letters therefore gets the same cases as in the old ones.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import Enum


class Role(Enum):
    """The part that a hyperparameter plays."""

    RATE = "rate"
    """The learning rate: what a schedule may change at each update."""
    RATE_START = "start of a rate"
    """The share of the first rate that a schedule rises from."""
    RATE_END = "end of a rate"
    """The last rate of a schedule, or the least."""
    DECAY = "decay of an average"
    """The share of an exponential moving average that is kept: beta1, beta2, rho."""
    MOMENTUM = "momentum"
    """The share of a velocity that is kept."""
    SHARE = "share"
    """A share of something that is held back or mixed in: dampening."""
    EPSILON = "epsilon"
    """A small term that keeps a division finite."""
    WEIGHT_DECAY = "weight decay"
    """The strength of the pull of the parameters towards zero."""
    FACTOR = "factor"
    """A number that something is multiplied by."""
    COUNT = "count of steps"
    """An integer number of steps: a period, the length of a warm-up."""
    THRESHOLD = "threshold"
    """A size at which something is cut off."""
    EXPONENT = "exponent"
    """A power that something is raised to."""
    METRIC = "metric"
    """The list of what is measured after each step, for a schedule that waits for it."""


LONG = 0.99
"""An average whose decay is at least this by default remembers hundreds of updates: its samples are of that length too."""


@dataclass(frozen=True)
class Samples:
    """Values of a hyperparameter for golden inputs and searches, as written numbers; None or empty: derived from its role.

    dyadic     exact in every format, near the default: an error of the formula stands alone
    low        felt within ten steps
    slow       of a decay: felt after tens of thousands of steps
    outside    outside the domain; None where none is sent
    fixed      values at which a program may hold it that does not pass it on, beside the default
    schedules  one for each of the sets of hyperparameters that a schedule's cases run at: exact in every format, usual, usual,
               exact, large (a limit would cut the rate, a floor is felt), and beside a hyperparameter at 0
    """

    dyadic: str | None = None
    low: str | None = None
    slow: str | None = None
    outside: str | None = None
    fixed: tuple[str, ...] = ()
    schedules: tuple[str, ...] = ()


BY_ROLE = Samples()
"""No samples of its own: all are those of the role."""
_SHORT_DECAY = Samples("0.875", "0.75", "0.99", "1", ("0.8", "0.95", "0.99"))
_LONG_DECAY = Samples("0.9921875", "0.875", "0.9999", "1", ("0.9", "0.95", "0.98", "0.99", "0.9999"))
_OF = {
    Role.RATE: Samples("0.0009765625", "0.125", None, "nan", ("0.0001", "0.01", "0.1"), ("0.5", "0.1", "0.003", "0.25", "4", "0.75")),
    Role.RATE_START: Samples(schedules=("0.25", "0.1", "0", "0", "0.5", "0.25")),
    Role.RATE_END: Samples(schedules=("0.0625", "0", "0.00001", "0", "2", "0.125")),
    Role.DECAY: _SHORT_DECAY,
    Role.MOMENTUM: Samples("0.875", "0.75", "0.99", "-0.5", ("0.5", "0.8", "0.9", "0.95", "0.99")),
    Role.SHARE: Samples("0.25", "0.5", None, "2"),
    Role.EPSILON: Samples("5.960464477539063e-08", "0.125", None, "-1e-08", ("1e-10", "1e-7", "1e-6", "1e-5", "1e-4", "0.001")),
    Role.WEIGHT_DECAY: Samples("0.03125", "0.5", None, "-0.5", ("0.0001", "0.001", "0.05", "0.1")),
    Role.FACTOR: Samples(schedules=("0.5", "0.1", "0.97", "0.5", "0.75", "0.5")),
    Role.COUNT: Samples(schedules=("3", "30", "7", "4", "3", "2")),
}


def samples_of(role: Role, default: str, given: Samples) -> Samples:
    """The samples of a hyperparameter: the given ones, and for the rest those of its role."""
    derived = _LONG_DECAY if role is Role.DECAY and float(default) >= LONG else _OF.get(role, BY_ROLE)
    return replace(derived, **{f.name: getattr(given, f.name) for f in fields(Samples) if getattr(given, f.name)})
