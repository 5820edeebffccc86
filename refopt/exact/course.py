"""The course of a hyperparameter: a value for each update, from a schedule or from a list.

The learning rate is not the only one that moves: momentum goes down while the rate goes up (one-cycle), weight decay follows the rate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from refopt.errors import OutsideDomain, RefoptError, unknown_name
from refopt.exact.mpmath_numbers import to_fraction
from refopt.exact.numbers import Numbers, mpmath_numbers
from refopt.exact.run import rate_of
from refopt.language.expression import Kind
from refopt.language.hyper import Written
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule


@dataclass(frozen=True)
class Course:
    """Values of one hyperparameter, one an update.

    schedule  the schedule that gives them, with its hyperparameters in `hyper`; None: they are `values`
    """

    schedule: Schedule | None = None
    hyper: Mapping[str, Fraction] = field(default_factory=dict)
    values: tuple[Fraction, ...] = ()
    whole: bool = False

    def in_numbers(self, numbers: Numbers) -> Callable[[int], Any]:
        """The value of step k = t - 1, as a function of k. At the precision that is in force when it is asked."""
        if self.schedule is not None:
            return rate_of(self.schedule, self.hyper, numbers)
        return lambda k: int(self.values[k]) if self.whole else numbers.number(self.values[k])


Followed = Schedule | tuple[Schedule, Mapping[str, Written]] | Sequence[Written]
"""The thing that a hyperparameter follows: a schedule, one with values of its own hyperparameters, or its values themselves, one an update."""


def course(rule: Rule, name: str, follows: Followed, start: Fraction, steps: int) -> Course:
    """The course of a rule's hyperparameter over so many updates; a schedule begins at `start`, the hyperparameter's own value.

    Raises UnknownName for a hyperparameter that there is not, RefoptError for values that are too few, OutsideDomain for one that the
    hyperparameter may not have, with the update at which it would have it.
    """
    declared = next((h for h in rule.hyper if h.name == name), None)
    if declared is None:
        raise unknown_name(f"hyperparameter of {rule.name}", name, rule.hyper_names)
    given: Mapping[str, Written] = {}
    pair: Any = follows
    if isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], Schedule) and isinstance(pair[1], Mapping):
        follows, given = pair
    if isinstance(follows, Schedule):
        made = Course(follows, follows.values({**follows.at_rate(start), **given}))
        rate = made.in_numbers(mpmath_numbers())
        with mpmath_numbers().precision(30):
            values = [to_fraction(rate(k)) for k in range(steps)]
        for k, value in enumerate(values):
            if not declared.holds(value):
                gives = f"update {k + 1}: {follows.name} gives {name} = {float(value):.6g}, outside {declared.domain_text}"
                raise OutsideDomain(gives, note=declared.why or None)
        return made
    if isinstance(follows, str) or not isinstance(follows, Sequence):
        raise RefoptError(f"{name} cannot follow {follows!r}", help=f"a schedule, (schedule, values), or a list of {steps} values")
    if len(follows) != steps:
        raise RefoptError(f"{len(follows)} values of {name} for {steps} updates", help=f"give {steps}, one an update")
    listed = []
    for k, written in enumerate(follows):
        try:
            listed.append(declared.value(written))  # type: ignore[arg-type]
        except OutsideDomain as error:
            raise OutsideDomain(f"update {k + 1}: {error.message}", help=error.help) from None
    return Course(values=tuple(listed), whole=declared.symbol.kind is Kind.INTEGER)
