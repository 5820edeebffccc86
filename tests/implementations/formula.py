"""How the formula of a wrong program is written down: the catalogue's rule with some assignments written anew, by hand.

Nothing here searches or edits mechanically: whoever plants a bug writes what it computes.
"""

from __future__ import annotations

from dataclasses import replace

from refopt.language.expression import Expression, tensor
from refopt.language.hyper import Hyper
from refopt.language.rule import Let, Rule, State
from refopt.language.schedule import Schedule

m_before = tensor("m_before", "m_{t-1}")
v_before = tensor("v_before", "v_{t-1}")


def rewritten(rule: Rule, **values: Expression) -> Rule:
    """The rule with these assignments, by name, written anew."""
    unknown = set(values) - {let.name for let in rule.steps}
    if unknown:
        raise ValueError(f"{rule.name} does not assign {', '.join(sorted(unknown))}")
    return of_steps(rule, *(Let(let.symbol, values.get(let.name, let.value)) for let in rule.steps))


def of_steps(rule: Rule, *steps: Let, state: tuple[State, ...] | None = None) -> Rule:
    """A rule of the same hyperparameters, and the same state unless another is given, whose assignments are all written anew."""
    return replace(rule, name=f"{rule.family}/planted", steps=steps, state=rule.state if state is None else state)


def with_defaults(rule: Rule, **defaults: str) -> Rule:
    """The rule with other defaults."""
    unknown = set(defaults) - set(rule.hyper_names)
    if unknown:
        raise ValueError(f"{rule.name} has no {', '.join(sorted(unknown))}")
    hyper: tuple[Hyper, ...] = tuple(replace(h, default=defaults.get(h.name, h.default)) for h in rule.hyper)
    return replace(rule, name=f"{rule.family}/planted", hyper=hyper)


def with_rate(schedule: Schedule, rate: Expression) -> Schedule:
    """The schedule with another rate."""
    return replace(schedule, name=f"{schedule.family}/planted", rate=rate, recursion=None)
