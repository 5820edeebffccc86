"""States of one value in a bound: scalars that are known with an error, as a hyperparameter is that was formed elsewhere."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from refopt.language.expression import Kind
from refopt.language.rule import Rule
from refopt.rounding.error_bounds import as_fraction

if TYPE_CHECKING:
    from refopt.rounding.bound import Block

UNKNOWN = Fraction(2) ** 2000
"""The error of a state about which no claim is made."""
STORED = "state"
"""The attribute of a cast to the format in which a state is kept."""


def with_scalar_state(rule: Rule, block: Block) -> Block:
    """The block with the rule's states of one value among its scalars: integers exactly, real numbers with the error that they may have."""
    if not rule.scalar_state:
        return block
    hyper, slack = dict(block.hyper), dict(block.slack)
    for state in rule.scalar_state:
        name = state.name
        value = _exactly(block.before[name][0]) if len(block.before[name]) else Fraction(0)
        hyper[name] = Fraction(0) if value is None else value
        if state.kind is not Kind.INTEGER:
            error = block.radii[name].exact()[0] if block.radii is not None and len(block.g) else Fraction(0)
            slack[name] = UNKNOWN if error is None or value is None else error
    return replace(block, hyper=hyper, slack=slack)


def _exactly(x: Any) -> Fraction | None:
    """A number of any sort as a fraction; None where it is not finite."""
    raw = getattr(x, "_mpf_", None)
    is_finite = bool(raw[1]) or not raw[2] if raw is not None else not isinstance(x, float) or math.isfinite(x)
    return as_fraction(x) if is_finite else None
