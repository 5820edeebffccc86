"""Values before the first update of a golden case."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from refopt.golden.model import Parameter
from refopt.language.evaluate import binary64
from refopt.language.rule import Rule
from refopt.language.start import first_state


def starting(rule: Rule, hyper: Mapping[str, Fraction], parameter: Parameter) -> dict[str, list[Fraction]]:
    """theta and every state before the first update, one value an element: as the case gives them, else where the rule says that they start."""
    theta = [binary64(x) for x in parameter.theta0]
    given = {n: [binary64(x) for x in row] for n, row in (parameter.state0 or {}).items()}
    return {"theta": theta, **first_state(rule, hyper, theta), **given}
